import type {GaussianMixture} from "./mixture.js";
import {fractionWithin, modeWeightTv, withinModeStdRatio} from "./metrics/modes.js";
import {projectedWasserstein, projections} from "./metrics/sliced-wasserstein.js";

/** What can be measured of a set of samples. */
export type ScoreName = "distance" | "width" | "within" | "weights";

/**
 * The scores of a set of samples. `distance` is the sliced 2-Wasserstein distance to true points, in the unit of the
 * points. The others need a mixture, and are NaN without one: `width` is the std within the modes over the true one (1 is
 * right), `within` the share in three standard deviations of a mode (0.989 is right), `weights` how wrong the shares of
 * the modes are (0 is right).
 */
export type SampleScores = Record<ScoreName, number>;

/** All scores, in the order of a table. */
export const scoreNames: readonly ScoreName[] = ["distance", "width", "within", "weights"];

/** What samples are measured against: true points, sorted along many lines once, and their mixture if they are of one. */
export interface ScoreReference {
  lines: Float64Array[]; // as projections gives them
  mixture?: GaussianMixture;
}

/** A mean over repeats, and their standard deviation (with repeats - 1; 0 for a single one). */
export interface Spread {
  mean: number;
  sd: number;
}

/** The reference of true points [n, 2]. Give as many as will be measured: unequal sizes take another floor. */
export function scoreReference(truth: Float64Array, mixture?: GaussianMixture): ScoreReference {
  return {lines: projections(truth), mixture};
}

/** The scores of samples x [n, 2]. */
export function scoreSamples(x: Float64Array, {lines, mixture}: ScoreReference): SampleScores {
  return {
    distance: projectedWasserstein(projections(x), lines, 2),
    width: mixture ? withinModeStdRatio(mixture, x) : NaN,
    within: mixture ? fractionWithin(mixture, x) : NaN,
    weights: mixture ? modeWeightTv(mixture, x) : NaN
  };
}

/** Mean and standard deviation of one number measured again and again. Throws a RangeError if there is none. */
export function spreadOf(values: readonly number[]): Spread {
  if (!values.length) throw new RangeError("there are no values: a mean needs at least one");
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {mean, sd: values.length > 1 ? Math.sqrt(square / (values.length - 1)) : 0};
}
