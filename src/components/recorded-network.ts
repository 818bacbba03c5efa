import type {Denoiser} from "../lib/denoiser.js";
import type {PackedWeights} from "../lib/packed-weights.js";
import {unpackWeights} from "../lib/packed-weights.js";
import {predictionViews} from "../lib/prediction.js";
import {sampleDdim} from "../lib/sampler.js";
import type {Schedule} from "../lib/schedule.js";
import {alphaBarAt} from "../lib/schedule.js";
import {timestepList} from "../lib/timesteps.js";
import {nextFrame} from "./lifetime.js";
import {networkDenoiser} from "./network-denoiser.js";
import {snapshotNoise} from "./training-samples.js";

/** A network that was trained earlier, at work in plain numbers: it needs no tfjs, and its file is loaded when asked. */
export interface RecordedNetwork {
  /** The noise that it sees at the places of a grid [n, 2]. */
  field(grid: Float64Array, t: number): Promise<Float64Array>;
  /** Samples with DDIM from the snapshots' noise, one step a frame; undefined when `signal` aborts. */
  sample(steps: number, signal: AbortSignal): Promise<Float64Array | undefined>;
}

export function recordedNetwork(load: () => Promise<PackedWeights>, schedule: Schedule): RecordedNetwork {
  let loaded: Promise<Denoiser<Float64Array>> | undefined;
  const denoiser = () =>
    (loaded ??= load()
      .then((packed) => networkDenoiser(unpackWeights(packed)))
      .catch((error) => {
        loaded = undefined; // the next one who asks tries again
        throw error;
      }));
  return {
    async field(grid, t) {
      const {prediction, predict} = await denoiser();
      return predictionViews(prediction, predict(grid, t), grid, alphaBarAt(schedule, t)).epsilon;
    },
    async sample(steps, signal) {
      const timesteps = timestepList("trailing", {timesteps: schedule.timesteps, steps});
      let x: Float64Array | undefined;
      for (const state of sampleDdim(await denoiser(), snapshotNoise(), {schedule, timesteps})) {
        await nextFrame();
        if (signal.aborted) return undefined;
        x = state.x;
      }
      return x;
    }
  };
}
