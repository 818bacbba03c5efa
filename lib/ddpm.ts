import type {StepCoefficients, StepResult} from "./ddim.js";
import {addNoise, checkLevels} from "./ddim.js";
import {posteriorBetween} from "./posterior.js";
import type {Prediction} from "./prediction.js";
import {clipViews, predictionViews, viewCoefficients, weightedSum} from "./prediction.js";

/**
 * The variance of a DDPM step: `fixed_small` is beta-tilde, that of the posterior; `fixed_large` is
 * 1 - alphaBar/alphaBarPrev, which is beta between neighbours (Ho et al. 2020, section 3.2).
 */
export type VarianceType = "fixed_small" | "fixed_large";

/** What one ancestral step needs to know beside x and the model's output. */
export interface DdpmStepOptions {
  alphaBar: number; // of x
  alphaBarPrev: number; // of the result: more than alphaBar, 1 for clean data
  variance?: VarianceType; // defaults to fixed_small
  prediction?: Prediction; // what the output is, defaults to epsilon
  noise?: Float64Array; // standard normal numbers, [n, dim]; not needed on the last step
  clip?: number; // clips x0 to [-clip, clip] before the mean is taken; by default x0 is not clipped
  last?: boolean; // adds no noise, defaults to whether alphaBarPrev is 1
}

/**
 * The variance of the noise of an ancestral step, at least 1e-20; defaults to `fixed_small`.
 *
 * Throws a RangeError unless 0 <= alphaBar < alphaBarPrev <= 1.
 * @eq-two-variances.
 */
export function ddpmVariance(alphaBar: number, alphaBarPrev: number, variance: VarianceType = "fixed_small"): number {
  checkDifferentLevels(alphaBar, alphaBarPrev);
  switch (variance) {
    case "fixed_small":
      return Math.max(posteriorBetween(alphaBar, alphaBarPrev).variance, 1e-20);
    case "fixed_large":
      return Math.max(1 - alphaBar / alphaBarPrev, 1e-20);
    default:
      throw new RangeError(`there is no variance ${JSON.stringify(variance)}: choose fixed_small or fixed_large`);
  }
}

/**
 * One ancestral step as three numbers, which depend on the schedule only: x_prev = x * x_t + output * model_output + noise * z.
 *
 * The defaults are those of ddpmStep. Clipping is not linear, so it is not in here. Throws a RangeError where ddpmStep does.
 */
export function ddpmCoefficients(options: Omit<DdpmStepOptions, "noise" | "clip">): StepCoefficients {
  const {alphaBar, alphaBarPrev, prediction = "epsilon"} = options;
  const sigma = ddpmSigma(options);
  const posterior = posteriorBetween(alphaBar, alphaBarPrev);
  const {x0} = viewCoefficients(prediction, alphaBar);
  return {x: posterior.x0 * x0.x + posterior.xt, output: posterior.x0 * x0.output, noise: sigma};
}

/**
 * One ancestral step: a draw from the posterior q(x_prev | x_t, x_0) with the predicted x_0 (Ho et al. 2020, Algorithm 2),
 * also between levels that are not neighbours.
 *
 * `x` and `output` are [n, dim] and are not changed. Throws a RangeError if an alphaBar or a shape does not fit, and a
 * TypeError if noise is needed and missing.
 * @eq-ancestral-step.
 */
export function ddpmStep(x: Float64Array, output: Float64Array, options: DdpmStepOptions): StepResult {
  const {alphaBar, alphaBarPrev, prediction = "epsilon", noise, clip} = options;
  const sigma = ddpmSigma(options);
  const posterior = posteriorBetween(alphaBar, alphaBarPrev);
  let views = predictionViews(prediction, output, x, alphaBar);
  if (clip !== undefined) views = clipViews(views, x, alphaBar, clip);
  const {x0, epsilon} = views;
  const mean = weightedSum(posterior.x0, x0, posterior.xt, x);
  return {x: addNoise(mean, sigma, noise), x0, epsilon, sigma};
}

function ddpmSigma({alphaBar, alphaBarPrev, variance, last = alphaBarPrev === 1}: DdpmStepOptions): number {
  const value = ddpmVariance(alphaBar, alphaBarPrev, variance);
  return last ? 0 : Math.sqrt(value);
}

function checkDifferentLevels(alphaBar: number, alphaBarPrev: number): void {
  checkLevels(alphaBar, alphaBarPrev);
  if (alphaBar === alphaBarPrev)
    throw new RangeError(`alphaBar and alphaBarPrev are both ${alphaBar}: a DDPM step must reach a cleaner level`);
}
