import type {Random} from "./random.js";
import {seededRandom} from "./random.js";
import type {Schedule} from "./schedule.js";

/** Something to draw fresh points from, such as a point set: `sample(count, random)` returns [count, 2]. */
export interface PointSource {
  sample(count: number, random: Random): Float64Array;
}

/** What one training step learns from: n clean points, n noises, and a time for each. */
export interface Batch {
  x0: Float32Array; // [n, 2]
  epsilon: Float32Array; // [n, 2], standard normal
  t: Float32Array; // [n], training indices
  signal: Float32Array; // [n], sqrt(alphaBar[t])
  noise: Float32Array; // [n], sqrt(1 - alphaBar[t])
}

/** Options of `pointBatches`. */
export interface BatchOptions {
  data: Float64Array | PointSource; // points [m, 2] to choose from, or something to draw them from
  schedule: Schedule;
  batch: number; // n
  seed: number;
}

/**
 * A function that draws the next batch. The draws depend on the seed only, so training sees the same numbers on every
 * backend. Throws a RangeError for points far from the scale of the noise, which is 1.
 * @eq-training-point.
 */
export function pointBatches({data, schedule, batch, seed}: BatchOptions): () => Batch {
  if (!Number.isInteger(batch) || batch < 1) throw new RangeError(`batch is ${batch}: choose at least one point`);
  const random = seededRandom(seed);
  const [choice, gaussian, time] = [random.fork(1), random.fork(2), random.fork(3)];
  const source = data instanceof Float64Array ? pointsSource(data) : data;
  checkScale(source.sample(256, random.fork(4)));
  const signals = Float32Array.from(schedule.alphaBar, Math.sqrt);
  const noises = Float32Array.from(schedule.alphaBar, (alphaBar) => Math.sqrt(1 - alphaBar));
  return () => {
    const t = stratifiedTimesteps(batch, schedule.timesteps, time);
    return {
      x0: new Float32Array(source.sample(batch, choice)),
      epsilon: new Float32Array(gaussian.normals(2 * batch)),
      t,
      signal: chosen(signals, t),
      noise: chosen(noises, t)
    };
  };
}

function chosen(values: Float32Array, at: Float32Array): Float32Array {
  const picked = new Float32Array(at.length);
  for (let i = 0; i < at.length; ++i) picked[i] = values[at[i]];
  return picked;
}

/**
 * `count` training indices in 0..timesteps-1, one from each of `count` equal slices of the chain, in order, as [count].
 * Each is as likely as with independent draws, but the loss fluctuates less, since every batch sees all noise levels.
 */
export function stratifiedTimesteps(count: number, timesteps: number, random: Random): Float32Array {
  const t = new Float32Array(count);
  for (let i = 0; i < count; ++i) t[i] = Math.floor(((i + random.uniform()) / count) * timesteps);
  return t;
}

function pointsSource(points: Float64Array): PointSource {
  const total = points.length / 2;
  if (total < 1 || !Number.isInteger(total)) {
    throw new RangeError(`the data hold ${points.length} numbers: give at least one point, and two numbers for each`);
  }
  return {
    sample(count, random) {
      const x = new Float64Array(2 * count);
      for (let i = 0; i < x.length; i += 2) {
        const at = 2 * random.integer(total);
        x.set(points.subarray(at, at + 2), i);
      }
      return x;
    }
  };
}

/** Throws a RangeError for points far from the scale of the noise, which is 1. */
export function checkScale(points: Float64Array): void {
  const size = Math.sqrt(points.reduce((sum, x) => sum + x * x, 0) / points.length);
  if (size > 0.1 && size < 10) return;
  throw new RangeError(
    `the points have coordinates of size ${size.toPrecision(2)}, but the noise that hides them has size 1: ` +
      "move the points to mean 0 and scale 1 first, as the sets of lib/points do"
  );
}
