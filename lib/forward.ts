import {checkAlphaBar, checkSameLength} from "./prediction.js";

/**
 * A draw from q(x_t | x_0): x_t = sqrt(alphaBar) x0 + sqrt(1 - alphaBar) epsilon (Ho et al. 2020, equation 4).
 *
 * `x0` and `epsilon` (standard normal numbers) are [n, dim]; alphaBar is in 0..1. Throws a RangeError otherwise.
 * @eq-jump.
 */
export function diffuse(x0: Float64Array, epsilon: Float64Array, alphaBar: number): Float64Array {
  checkSameLength("epsilon", epsilon, x0);
  checkAlphaBar("alphaBar", alphaBar);
  const a = Math.sqrt(alphaBar);
  const b = Math.sqrt(1 - alphaBar);
  return x0.map((value, i) => a * value + b * epsilon[i]);
}

/**
 * The velocity of the pair: v = sqrt(alphaBar) epsilon - sqrt(1 - alphaBar) x0 (Salimans and Ho 2022).
 *
 * `x0` and `epsilon` are [n, dim]; alphaBar is in 0..1. Throws a RangeError otherwise.
 * @eq-velocity-target.
 */
export function velocity(x0: Float64Array, epsilon: Float64Array, alphaBar: number): Float64Array {
  checkSameLength("epsilon", epsilon, x0);
  checkAlphaBar("alphaBar", alphaBar);
  const a = Math.sqrt(alphaBar);
  const b = Math.sqrt(1 - alphaBar);
  return x0.map((value, i) => a * epsilon[i] - b * value);
}

/**
 * A draw from q(x_t | x_{t-1}), one step of the forward chain: sqrt(1 - beta) xPrev + sqrt(beta) epsilon
 * (Ho et al. 2020, equation 2).
 *
 * `xPrev` and `epsilon` (standard normal numbers) are [n, dim]; beta is in 0..1. Throws a RangeError otherwise.
 * @eq-one-step-draw.
 */
export function diffuseOneStep(xPrev: Float64Array, epsilon: Float64Array, beta: number): Float64Array {
  checkSameLength("epsilon", epsilon, xPrev);
  if (!(beta >= 0 && beta <= 1)) throw new RangeError(`beta is ${beta}: it must be from 0 to 1`);
  const a = Math.sqrt(1 - beta);
  const b = Math.sqrt(beta);
  return xPrev.map((value, i) => a * value + b * epsilon[i]);
}
