import type {Denoiser} from "./denoiser.js";
import type {GaussianMixture} from "./mixture.js";
import type {Schedule} from "./schedule.js";
import {alphaBarAt} from "./schedule.js";

/** The noise that is to be seen in one point [dim] at the level alphaBar, for data that are this mixture: [dim] numbers. */
export type PointEpsilon = (point: number[], alphaBar: number, mixture: GaussianMixture) => ArrayLike<number>;

/**
 * A denoiser made of a function that looks at one point at a time, such as a reader's own for a mixture; mixtureDenoiser
 * does the same faster. `predict` throws a TypeError when the function does not return a finite number for each coordinate
 * of a finite point.
 */
export function pointwiseDenoiser(
  epsilon: PointEpsilon,
  mixture: GaussianMixture,
  schedule: Schedule
): Denoiser<Float64Array> {
  const dim = mixture.means[0].length;
  return {
    prediction: "epsilon",
    predict(x, t) {
      const alphaBar = alphaBarAt(schedule, t);
      const output = new Float64Array(x.length);
      for (let i = 0; i < x.length; i += dim) {
        const point = Array.from(x.subarray(i, i + dim));
        const answer: unknown = epsilon(point, alphaBar, mixture);
        check(answer, point);
        output.set(answer, i);
      }
      return output;
    }
  };
}

function check(answer: unknown, point: number[]): asserts answer is ArrayLike<number> {
  const numbers = Array.isArray(answer) || ArrayBuffer.isView(answer) ? Array.from(answer as unknown as number[]) : [];
  const fits = numbers.length === point.length && numbers.every((value) => typeof value === "number");
  if (fits && (numbers.every(Number.isFinite) || !point.every(Number.isFinite))) return;
  const at = `(${point.map((value) => value.toPrecision(3)).join(", ")})`;
  const what = fits ? `(${numbers.join(", ")})` : answer === undefined ? "nothing" : JSON.stringify(answer);
  throw new TypeError(`the denoiser returned ${what} at ${at}, but it should return ${point.length} finite numbers`);
}
