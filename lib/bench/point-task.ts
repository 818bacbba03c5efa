import {pointSet} from "../points/index.js";
import type {PointDenoiser} from "../point-network.js";
import {seededRandom} from "../random.js";
import type {SampleStep} from "../sampler.js";
import {makeSchedule} from "../schedule.js";
import {sampleDdimTensors, sampleDdpmTensors} from "../tensor-sampler.js";
import type * as tf from "../tf.js";
import {timestepList} from "../timesteps.js";
import type {BenchSampler} from "./bench-path.js";

const batch = 512;
const forward = 34 * 128 + 128 * 128 + 128 * 128 + 128 * 2;

/** What all paths of the points train: the same schedule, batch and learning rate. */
export const pointTask = {
  schedule: makeSchedule("linear"),
  batch,
  learningRate: 3e-3,
  stepFlops: 2 * batch * (3 * forward - 34 * 128) // nothing goes back into the input
};

/** Two moons, which all paths learn, 512 points a step. */
export const benchPoints = pointSet("moons");

/** The noise that samples begin with, [count, 2]. */
export function startNoise(count: number, seed: number): Float64Array {
  return seededRandom(seed).normals(2 * count);
}

/** The steps of a sampler that takes so many. */
export function steppedList(steps: number): number[] {
  return timestepList("trailing", {timesteps: pointTask.schedule.timesteps, steps});
}

/** Samples with a network of tfjs. */
export async function sampleTensors(
  denoiser: PointDenoiser,
  {sampler, steps, count, seed}: {sampler: BenchSampler; steps: number; count: number; seed: number}
): Promise<Float64Array> {
  const run = sampler === "ddim" ? sampleDdimTensors : sampleDdpmTensors;
  const options = {schedule: pointTask.schedule, timesteps: steppedList(steps), seed};
  let end: SampleStep | undefined;
  for await (const state of run(denoiser, startNoise(count, seed), options)) end = state;
  return end!.x;
}

/** As `startBackend` of ../backend.js, but no other than the one that is asked for. */
export async function startBackend(name: tf.BackendName): Promise<void> {
  const {tryBackend} = await import("../backend.js");
  const problem = await tryBackend(name);
  if (problem !== undefined) throw new Error(`${name} does not start: ${problem}`);
}
