import type {Random} from "../random.js";
import {seededRandom} from "../random.js";

/**
 * What a metric gives between two sets that are both right: nothing below mean + 2 sd or so can be told from perfect.
 */
export interface NoiseFloor {
  mean: number;
  sd: number; // over repeats, with repeats - 1
  values: number[]; // [repeats]
}

/**
 * The noise floor of a metric: its mean and sd between two independent sets of the true distribution.
 *
 * `metric` compares two sets of points, `draw` draws one; draw as many points as the figure compares. `repeats` is how
 * often, at least 2, by default 20; `seed` defaults to 0. Throws a RangeError for fewer repeats.
 */
export function noiseFloor(
  metric: (a: Float64Array, b: Float64Array) => number,
  draw: (random: Random) => Float64Array,
  {repeats = 20, seed = 0}: {repeats?: number; seed?: number} = {}
): NoiseFloor {
  if (!(Number.isInteger(repeats) && repeats >= 2)) {
    throw new RangeError(`repeats is ${repeats}: a spread needs a whole number of at least 2`);
  }
  const random = seededRandom(seed);
  const values = Array.from({length: repeats}, (_, i) => {
    const a = draw(random.fork(2 * i));
    return metric(a, draw(random.fork(2 * i + 1)));
  });
  const mean = values.reduce((sum, value) => sum + value, 0) / repeats;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {mean, sd: Math.sqrt(square / (repeats - 1)), values};
}
