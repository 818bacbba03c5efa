import type {Denoiser} from "./denoiser.js";
import {evaluate, flatten, levelOf, pointCount, shares} from "./mixture-posterior.js";
import type {Random} from "./random.js";
import type {Schedule} from "./schedule.js";
import {alphaBarAt} from "./schedule.js";

/**
 * A mixture of round Gaussians in any dimension: sum_k weights[k] N(means[k], stds[k]^2 I).
 *
 * Weights are at least 0 and need not sum to 1 (they are divided by their sum). A std may be 0: a mode is then one
 * point. The diffused mixture is again one, with means sqrt(alphaBar) mu_k and variances alphaBar s_k^2 + 1 - alphaBar,
 * so its score and its best denoiser are known exactly, at every noise level.
 */
export interface GaussianMixture {
  weights: number[];
  means: number[][];
  stds: number[];
}

/**
 * The exact denoiser of a mixture: it predicts epsilon*(x, t) = E[epsilon | x_t = x], what a perfectly trained network
 * would.
 *
 * `predict` takes x [n, dim] and t in 0..T-1 and returns epsilon [n, dim]. The mixture is copied: later changes to it
 * have no effect. Throws a RangeError if the mixture is not one (see GaussianMixture).
 */
export function mixtureDenoiser(mixture: GaussianMixture, schedule: Schedule): Denoiser<Float64Array> {
  const flat = flatten(mixture);
  return {prediction: "epsilon", predict: (x, t) => evaluate(flat, x, alphaBarAt(schedule, t), "epsilon")};
}

/**
 * epsilon*(x) = E[epsilon | x_t = x] = -sqrt(1 - alphaBar) score(x), for x [n, dim] at the level alphaBar in [0, 1].
 * @eq-exact-noise.
 */
export function mixtureEpsilon(mixture: GaussianMixture, x: Float64Array, alphaBar: number): Float64Array {
  return evaluate(flatten(mixture), x, alphaBar, "epsilon");
}

/**
 * E[x_0 | x_t = x], the posterior mean of the clean data, for x [n, dim] at the level alphaBar in [0, 1].
 * @eq-tweedie.
 */
export function mixtureX0(mixture: GaussianMixture, x: Float64Array, alphaBar: number): Float64Array {
  return evaluate(flatten(mixture), x, alphaBar, "x0");
}

/**
 * The score grad log p_t(x) of the diffused mixture, for x [n, dim] at the level alphaBar in [0, 1].
 * A mode of std 0 has no score at alphaBar = 1: the result is then not finite.
 * @eq-score-noise.
 */
export function mixtureScore(mixture: GaussianMixture, x: Float64Array, alphaBar: number): Float64Array {
  return evaluate(flatten(mixture), x, alphaBar, "score");
}

/** The probability of each mode given x_t = x, as a [n, modes] array of rows that sum to 1, for x [n, dim]. */
export function mixtureResponsibilities(mixture: GaussianMixture, x: Float64Array, alphaBar: number): Float64Array {
  const flat = flatten(mixture);
  pointCount(flat, x);
  return shares(flat, levelOf(flat, alphaBar), x);
}

/** Draws `count` points from a mixture, as a [count, dim] array. */
export function sampleMixture(mixture: GaussianMixture, count: number, random: Random): Float64Array {
  const {dim, weights, means, stds} = flatten(mixture);
  const x = new Float64Array(count * dim);
  for (let i = 0; i < count; ++i) {
    const k = drawMode(weights, random.uniform());
    for (let d = 0; d < dim; ++d) x[i * dim + d] = means[k * dim + d] + stds[k] * random.normal();
  }
  return x;
}

/** The index of the mode whose mean is nearest to each point of x [n, dim], as a [n] array; the first of equals. */
export function nearestMode(mixture: GaussianMixture, x: Float64Array): Int32Array {
  const flat = flatten(mixture);
  const n = pointCount(flat, x);
  const {dim, means, stds} = flat;
  const result = new Int32Array(n);
  for (let i = 0; i < n; ++i) {
    let nearest = Infinity;
    for (let k = 0; k < stds.length; ++k) {
      let square = 0;
      for (let d = 0; d < dim; ++d) square += (x[i * dim + d] - means[k * dim + d]) ** 2;
      if (square < nearest) {
        nearest = square;
        result[i] = k;
      }
    }
  }
  return result;
}

/** The mean of a mixture, as a [dim] array, and its covariance, as a row-major [dim, dim] array. */
export function mixtureMoments(mixture: GaussianMixture): {mean: Float64Array; covariance: Float64Array} {
  const {dim, weights, means, stds} = flatten(mixture);
  const mean = new Float64Array(dim);
  const covariance = new Float64Array(dim * dim);
  weights.forEach((w, k) => {
    for (let a = 0; a < dim; ++a) mean[a] += w * means[k * dim + a];
  });
  weights.forEach((w, k) => {
    for (let a = 0; a < dim; ++a) {
      for (let b = 0; b < dim; ++b) {
        covariance[a * dim + b] += w * (means[k * dim + a] - mean[a]) * (means[k * dim + b] - mean[b]);
      }
      covariance[a * dim + a] += w * stds[k] ** 2;
    }
  });
  return {mean, covariance};
}

/**
 * The mixture with one equal mode of width `std` (at least 0) at each of the points [n, dim]: a kernel density
 * estimate. Its denoiser is the exact one for the points smoothed by `std`; with std 0 it is the denoiser that knows
 * the points by heart. `dim` defaults to 2.
 */
export function mixtureOfPoints(points: Float64Array, std: number, dim = 2): GaussianMixture {
  const n = points.length / dim;
  const means = Array.from({length: n}, (_, i) => Array.from(points.subarray(i * dim, (i + 1) * dim)));
  return {weights: means.map(() => 1 / n), means, stds: means.map(() => std)};
}

function drawMode(weights: Float64Array, u: number): number {
  let k = 0;
  while (k < weights.length - 1 && u >= weights[k]) u -= weights[k++];
  return k;
}
