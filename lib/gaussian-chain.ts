import type {VarianceType} from "./ddpm.js";
import {ddpmVariance} from "./ddpm.js";
import {posteriorBetween} from "./posterior.js";

// Data that are one Gaussian, N(0, std^2): everything about the reverse chain is known, in each coordinate by itself.

/**
 * The variance of q(x_prev | x_t) for data N(0, std^2), the true reverse step, which knows no x_0 (@eq-reverse-variance).
 * It is beta tilde for std 0 and beta for std 1.
 *
 * Throws a RangeError unless 0 < alphaBar < alphaBarPrev <= 1 and std is a number of at least 0.
 */
export function reverseVariance(alphaBar: number, alphaBarPrev: number, std: number): number {
  checkStd(std);
  ddpmVariance(alphaBar, alphaBarPrev); // for its check of the levels
  const {x0, variance} = posteriorBetween(alphaBar, alphaBarPrev);
  return variance + (x0 ** 2 * std ** 2 * (1 - alphaBar)) / (alphaBar * std ** 2 + 1 - alphaBar);
}

/** How a chain is run. */
export interface GaussianChainOptions {
  std: number; // of the data, above 0
  variance?: VarianceType | "none"; // of the added noise; defaults to fixed_small
}

/**
 * The variance of the samples of DDPM over that of the data N(0, std^2), with the exact denoiser, from x_T ~ N(0, 1) down
 * the given levels, the last of which is 1: 1 is right. No noise is added in the last step. "none" adds none at all.
 *
 * `alphaBars` ascend, from that of x_T to 1. Throws a RangeError otherwise.
 */
export function chainVarianceRatio(alphaBars: readonly number[], options: GaussianChainOptions): number {
  const {std, variance = "fixed_small"} = options;
  checkStd(std);
  if (alphaBars.at(-1) !== 1) throw new RangeError(`the last level is ${alphaBars.at(-1)}: end with 1, clean data`);
  let spread = 1;
  for (let i = 0; i + 1 < alphaBars.length; ++i) {
    const [alphaBar, alphaBarPrev] = [alphaBars[i], alphaBars[i + 1]];
    const added = alphaBarPrev === 1 || variance === "none" ? 0 : ddpmVariance(alphaBar, alphaBarPrev, variance);
    const {x0, xt} = posteriorBetween(alphaBar, alphaBarPrev);
    const guess = (Math.sqrt(alphaBar) * std ** 2) / (alphaBar * std ** 2 + 1 - alphaBar); // E[x_0 | x_t] over x_t
    spread = (x0 * guess + xt) ** 2 * spread + added;
  }
  return spread / std ** 2;
}

function checkStd(std: number): void {
  if (!(std >= 0 && std < Infinity)) throw new RangeError(`std is ${std}: it must be a number of at least 0`);
}
