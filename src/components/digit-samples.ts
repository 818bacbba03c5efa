import {sampleDdimAsync} from "../lib/async-sampler.js";
import type {DigitPredictor} from "../lib/digits/digit-predictor.js";
import {guided} from "../lib/digits/digit-predictor.js";
import {digitPixels, digitSchedule, toPixels} from "../lib/digits/digit.js";
import {seededRandom} from "../lib/random.js";
import {timestepList} from "../lib/timesteps.js";

/** The samples of a training at one step: two rows of the digits 0 to 9, always from the same noise. */
export interface DigitSnapshot {
  step: number;
  pixels: Uint8Array; // [20 * 784], 255 is ink
  seen?: ArrayLike<number>; // [20], what the classifier takes them for
}

export const snapshotColumns = 10;
export const snapshotRows = 2;

/** The digits that a snapshot asks for [20]. */
export const snapshotLabels = Uint8Array.from({length: snapshotColumns * snapshotRows}, (_, k) => k % snapshotColumns);

/** How snapshots are drawn: DDIM in so many steps, with this guidance. */
export const snapshotSteps = 20;
export const snapshotGuidance = 1.5;

/** The noise that all snapshots start from [20 * 784]. */
export function snapshotNoise(): Float64Array {
  return seededRandom(28).normals(snapshotLabels.length * digitPixels);
}

/** Draws a snapshot with a network as it is now; undefined when `signal` aborts. */
export async function drawDigits(
  predictor: DigitPredictor,
  {steps = snapshotSteps, signal}: {steps?: number; signal?: AbortSignal} = {}
): Promise<Uint8Array | undefined> {
  const timesteps = timestepList("trailing", {timesteps: digitSchedule.timesteps, steps});
  const denoiser = guided(predictor, snapshotLabels, snapshotGuidance);
  let x: ArrayLike<number> | undefined;
  for await (const state of sampleDdimAsync(denoiser, snapshotNoise(), {schedule: digitSchedule, timesteps, signal})) {
    x = state.x;
  }
  return x && !signal?.aborted ? new Uint8Array(toPixels(x)) : undefined;
}
