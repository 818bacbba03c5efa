import type {GaussianMixture} from "../mixture.js";
import {mixtureMoments} from "../mixture.js";

/**
 * The mean of points x [n, dim], as [dim], and their covariance (over n), as a row-major [dim, dim]; `dim` defaults to
 * 2.
 */
export function sampleMoments(x: Float64Array, dim = 2): {mean: Float64Array; covariance: Float64Array} {
  const n = x.length / dim;
  const mean = new Float64Array(dim);
  const covariance = new Float64Array(dim * dim);
  for (let o = 0; o < x.length; o += dim) {
    for (let a = 0; a < dim; ++a) mean[a] += x[o + a] / n;
  }
  for (let o = 0; o < x.length; o += dim) {
    for (let a = 0; a < dim; ++a) {
      for (let b = 0; b < dim; ++b) covariance[a * dim + b] += ((x[o + a] - mean[a]) * (x[o + b] - mean[b])) / n;
    }
  }
  return {mean, covariance};
}

/** How far the mean of x [n, dim] is from the mixture's own, in the unit of the points. */
export function meanError(mixture: GaussianMixture, x: Float64Array): number {
  const {mean} = mixtureMoments(mixture);
  return distance(sampleMoments(x, mean.length).mean, mean);
}

/**
 * How far the covariance of x [n, dim] is from the mixture's own (Frobenius norm), in the unit of the points squared.
 */
export function covarianceError(mixture: GaussianMixture, x: Float64Array): number {
  const {mean, covariance} = mixtureMoments(mixture);
  return distance(sampleMoments(x, mean.length).covariance, covariance);
}

function distance(a: Float64Array, b: Float64Array): number {
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0));
}
