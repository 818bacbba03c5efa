import type {GaussianMixture} from "./mixture.js";
import {mixtureResponsibilities} from "./mixture.js";

/**
 * p(x_0 | x_t = x) of a mixture, which is a mixture again (@eq-clean-posterior): mode k has the weight r_k of its
 * responsibility, the mean mu_k + sqrt(alphaBar) s_k^2 / v_k (x - sqrt(alphaBar) mu_k) and the variance s_k^2 (1 -
 * alphaBar) / v_k, with v_k = alphaBar s_k^2 + 1 - alphaBar. Its mean is the best guess of x_0.
 *
 * `x` is one point [dim]; alphaBar is in [0, 1). Throws a RangeError otherwise.
 */
export function cleanPosterior(mixture: GaussianMixture, x: readonly number[], alphaBar: number): GaussianMixture {
  if (!(alphaBar >= 0 && alphaBar < 1))
    throw new RangeError(`alphaBar is ${alphaBar}: choose a level from 0 to below 1, since clean data leave no doubt`);
  const {means, stds} = mixture;
  const root = Math.sqrt(alphaBar);
  const total = stds.map((s) => alphaBar * s ** 2 + 1 - alphaBar);
  return {
    weights: Array.from(mixtureResponsibilities(mixture, Float64Array.from(x), alphaBar)),
    means: means.map((mu, k) => mu.map((m, d) => m + ((root * stds[k] ** 2) / total[k]) * (x[d] - root * m))),
    stds: stds.map((s, k) => s * Math.sqrt((1 - alphaBar) / total[k]))
  };
}
