/** What the tests of the samplers share. */
import assert from "node:assert/strict";
import type {Denoiser} from "../../lib/denoiser.js";

/** Fails unless both arrays are equally long and no two values are further apart than `tolerance`. */
export function closeTo(actual: Float64Array, expected: Float64Array, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) <= tolerance, `${value}, not ${expected[i]}`));
}

/** The variance about 0, the true mean of what these tests sample. */
export function variance(x: Float64Array): number {
  return x.reduce((sum, v) => sum + v * v, 0) / x.length;
}

/** A denoiser that notes the index of each call. */
export function recording(denoiser: Denoiser<Float64Array>) {
  const calls: number[] = [];
  const predict = (x: Float64Array, t: number) => {
    calls.push(t);
    return denoiser.predict(x, t);
  };
  return {...denoiser, predict, calls};
}
