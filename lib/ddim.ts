import type {Prediction} from "./prediction.js";
import {
  checkAlphaBar,
  checkSameLength,
  clipViews,
  predictionViews,
  viewCoefficients,
  weightedSum
} from "./prediction.js";

/** What one step needs to know beside x and the model's output. */
export interface StepOptions {
  alphaBar: number; // of x
  alphaBarPrev: number; // of the result: at least alphaBar, 1 for clean data
  eta?: number; // 0 (the default) adds no noise, 1 as much as DDPM's posterior
  prediction?: Prediction; // what the output is, defaults to epsilon
  noise?: Float64Array; // standard normal numbers, [n, dim]; needed where sigma > 0
  clip?: number; // clips x0 to [-clip, clip] and re-derives epsilon; by default x0 is not clipped
  keepEpsilonOnClip?: boolean; // keeps the epsilon of the unclipped x0 (diffusers' default), defaults to false
}

/** The result of one step; each array is new and has the shape of x, [n, dim]. */
export interface StepResult {
  x: Float64Array; // the next sample
  x0: Float64Array; // the predicted clean data, clipped if asked
  epsilon: Float64Array; // the noise that goes with it
  sigma: number; // the standard deviation of the noise added
}

/** x_prev = x * x_t + output * model_output + noise * z, where z is standard normal. */
export interface StepCoefficients {
  x: number;
  output: number;
  noise: number;
}

/**
 * The standard deviation of the noise that a step adds:
 * eta sqrt((1 - alphaBarPrev) / (1 - alphaBar)) sqrt(1 - alphaBar / alphaBarPrev) (Song et al. 2021, equation 16).
 *
 * It is 0 on the step to clean data, and between equal levels. Throws a RangeError unless
 * 0 <= alphaBar <= alphaBarPrev <= 1 and eta >= 0.
 * @eq-eta.
 */
export function ddimSigma(alphaBar: number, alphaBarPrev: number, eta: number): number {
  checkLevels(alphaBar, alphaBarPrev);
  if (!(eta >= 0 && eta < Infinity)) throw new RangeError(`eta is ${eta}: it must be 0 or a positive number`);
  if (alphaBar === alphaBarPrev) return 0;
  return eta * Math.sqrt((1 - alphaBarPrev) / (1 - alphaBar)) * Math.sqrt(1 - alphaBar / alphaBarPrev);
}

/**
 * The largest eta of a step, sqrt(1 - alphaBarPrev) / sigma(1): there the whole noise of x_prev is fresh.
 *
 * It is more than 1, and Infinity where sigma is 0 for every eta. Throws a RangeError where ddimSigma does.
 * @eq-eta-limit.
 */
export function etaLimit(alphaBar: number, alphaBarPrev: number): number {
  const sigma = ddimSigma(alphaBar, alphaBarPrev, 1);
  return sigma === 0 ? Infinity : Math.sqrt(1 - alphaBarPrev) / sigma;
}

/**
 * One DDIM step as three numbers, which depend on the schedule only: x_prev = x * x_t + output * model_output + noise * z.
 *
 * eta defaults to 0, prediction to epsilon. Clipping is not linear, so it is not in here. Throws a RangeError where
 * ddimStep does.
 * @eq-ddim-update.
 */
export function ddimCoefficients(options: {
  alphaBar: number;
  alphaBarPrev: number;
  eta?: number;
  prediction?: Prediction;
}): StepCoefficients {
  const {alphaBar, alphaBarPrev, eta = 0, prediction = "epsilon"} = options;
  const {signal, direction, sigma} = ddimWeights(alphaBar, alphaBarPrev, eta);
  const {x0, epsilon} = viewCoefficients(prediction, alphaBar);
  return {
    x: signal * x0.x + direction * epsilon.x,
    output: signal * x0.output + direction * epsilon.output,
    noise: sigma
  };
}

/**
 * One DDIM step (Song et al. 2021, equation 12):
 * x_prev = sqrt(alphaBarPrev) x0 + sqrt(1 - alphaBarPrev - sigma^2) epsilon + sigma z.
 *
 * `x` and `output` are [n, dim] and are not changed. Throws a RangeError if eta is beyond etaLimit, where the second root
 * is of a negative number, or if an alphaBar or a shape does not fit; throws a TypeError if noise is needed and missing.
 * @eq-subsequence.
 */
export function ddimStep(x: Float64Array, output: Float64Array, options: StepOptions): StepResult {
  const {alphaBar, alphaBarPrev, eta = 0, prediction = "epsilon", noise, clip, keepEpsilonOnClip} = options;
  const {signal, direction, sigma} = ddimWeights(alphaBar, alphaBarPrev, eta);
  let views = predictionViews(prediction, output, x, alphaBar);
  if (clip !== undefined) views = clipViews(views, x, alphaBar, clip, keepEpsilonOnClip);
  const {x0, epsilon} = views;
  const mean = weightedSum(signal, x0, direction, epsilon);
  return {x: addNoise(mean, sigma, noise), x0, epsilon, sigma};
}

/**
 * One DDIM step towards the noise (encoding, or inversion), from alphaBar to a smaller or equal alphaBarNext:
 * sqrt(alphaBarNext) x0 + sqrt(1 - alphaBarNext) epsilon.
 *
 * It undoes ddimStep with eta 0 exactly if the model's epsilon is the same at both levels, and nearly if they are close.
 * `x` and `output` are [n, dim]; prediction defaults to epsilon. Throws a RangeError if an alphaBar or a shape does not fit.
 * @eq-euler, @eq-encode.
 */
export function ddimEncodeStep(
  x: Float64Array,
  output: Float64Array,
  options: {alphaBar: number; alphaBarNext: number; prediction?: Prediction}
): StepResult {
  const {alphaBar, alphaBarNext, prediction = "epsilon"} = options;
  checkAlphaBar("alphaBarNext", alphaBarNext);
  if (alphaBarNext > alphaBar)
    throw new RangeError(
      `alphaBarNext ${alphaBarNext} is more than alphaBar ${alphaBar}: encoding goes towards the noise`
    );
  const {x0, epsilon} = predictionViews(prediction, output, x, alphaBar);
  const a = Math.sqrt(alphaBarNext);
  const b = Math.sqrt(1 - alphaBarNext);
  return {x: weightedSum(a, x0, b, epsilon), x0, epsilon, sigma: 0};
}

/** x + sigma z as a new array, or x itself where sigma is 0; throws a TypeError if noise is needed and missing. */
export function addNoise(x: Float64Array, sigma: number, noise?: Float64Array): Float64Array {
  if (sigma === 0) return x;
  if (!noise) throw new TypeError(`this step adds noise (sigma is ${sigma}): give standard normal numbers as noise`);
  checkSameLength("noise", noise, x);
  return weightedSum(1, x, sigma, noise);
}

/** Throws a RangeError unless 0 <= alphaBar <= alphaBarPrev <= 1. */
export function checkLevels(alphaBar: number, alphaBarPrev: number): void {
  checkAlphaBar("alphaBar", alphaBar);
  checkAlphaBar("alphaBarPrev", alphaBarPrev);
  if (alphaBarPrev < alphaBar)
    throw new RangeError(
      `alphaBarPrev ${alphaBarPrev} is less than alphaBar ${alphaBar}: a sampling step goes towards the data`
    );
}

function ddimWeights(alphaBar: number, alphaBarPrev: number, eta: number) {
  const sigma = ddimSigma(alphaBar, alphaBarPrev, eta);
  const limit = etaLimit(alphaBar, alphaBarPrev);
  if (eta > limit * (1 + 1e-9))
    // room for rounding at the limit itself
    throw new RangeError(
      `eta is ${eta}, but this step allows at most ${limit}: beyond it sigma^2 is more than 1 - alphaBarPrev, ` +
        `and DDIM takes the root of their difference`
    );
  const direction = Math.sqrt(Math.max(0, 1 - alphaBarPrev - sigma * sigma));
  return {signal: Math.sqrt(alphaBarPrev), direction, sigma};
}
