import type {Denoiser} from "../lib/denoiser.js";
import type {Prediction} from "../lib/prediction.js";
import {seededRandom} from "../lib/random.js";
import type {Schedule, ScheduleName} from "../lib/schedule.js";
import type {Tensor2D} from "../lib/tf.js";
import {timestepList} from "../lib/timesteps.js";

/** The samples of a network after so many training steps, all from the same noise x_T. */
export interface Snapshot {
  step: number;
  points: ArrayLike<number>; // [n, 2]
}

/** A training that was recorded earlier by data/record-training.ts, which runs the same code as the page. */
export interface RecordedTraining {
  data: string; // the name of the point set
  schedule: ScheduleName;
  prediction: Prediction;
  learningRate: number;
  steps: number;
  samplingSteps: number; // S
  seed: number; // of the network's first weights and of the draws
  backend: string;
  losses: [step: number, loss: number][];
  snapshots: Snapshot[];
}

/** How many points a snapshot has. */
export const snapshotCount = 500;

/** The noise that every snapshot starts from, [snapshotCount, 2]. */
export function snapshotNoise(): Float64Array {
  return seededRandom(1).normals(2 * snapshotCount);
}

/**
 * Samples with DDIM, eta 0, in S = `steps` steps from the fixed noise; undefined when `signal` aborts. Throws a RangeError
 * when S is not in 1..T, and BackendLost when the graphics card is lost.
 */
export async function drawSnapshot(
  denoiser: Denoiser<Tensor2D>,
  {schedule, steps, signal}: {schedule: Schedule; steps: number; signal?: AbortSignal}
): Promise<Float64Array | undefined> {
  const timesteps = timestepList("trailing", {timesteps: schedule.timesteps, steps});
  const {sampleDdimTensors} = await import("../lib/tensor-sampler.js"); // brings tfjs, so not before it is needed
  let x: Float64Array | undefined;
  for await (const state of sampleDdimTensors(denoiser, snapshotNoise(), {schedule, timesteps, signal})) x = state.x;
  return signal?.aborted ? undefined : x;
}
