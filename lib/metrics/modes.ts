import type {GaussianMixture} from "../mixture.js";

/** Which mode each point belongs to, and how far from its mean it is in that mode's own std; both are [n]. */
export interface ModeAssignment {
  mode: Int32Array;
  distance: Float64Array;
}

/**
 * Gives each point of x [n, dim] to the mode whose mean is nearest in units of the mode's std, the first of equals.
 * (Where all stds are equal this is nearestMode; where not, a wide mode reaches further.) A point that is not finite
 * goes to mode -1 at distance Infinity. Throws a RangeError if a std is not above 0, or x is not of whole points.
 */
export function assignModes({means, stds}: GaussianMixture, x: Float64Array): ModeAssignment {
  const dim = means[0].length;
  const n = x.length / dim;
  if (!Number.isInteger(n)) throw new RangeError(`x has ${x.length} numbers: give whole points of ${dim}`);
  if (!stds.every((s) => s > 0)) throw new RangeError("a mode has std 0: distances in stds need every std above 0");
  const centres = Float64Array.from(means.flat());
  const mode = new Int32Array(n).fill(-1);
  const distance = new Float64Array(n);
  for (let i = 0; i < n; ++i) {
    let nearest = Infinity;
    for (let k = 0; k < stds.length; ++k) {
      let square = 0;
      for (let d = 0; d < dim; ++d) square += (x[i * dim + d] - centres[k * dim + d]) ** 2;
      square /= stds[k] * stds[k];
      if (square < nearest) {
        nearest = square;
        mode[i] = k;
      }
    }
    distance[i] = Math.sqrt(nearest);
  }
  return {mode, distance};
}

/**
 * The share, 0 to 1, of the points x [n, dim] that lie within `sds` standard deviations of some mode; `sds` defaults to
 * 3. In the plane the true distribution scores 1 - exp(-sds^2 / 2), which is 0.989 for 3; not 0.997, which is for a
 * line. NaN for no points.
 */
export function fractionWithin(mixture: GaussianMixture, x: Float64Array, sds = 3): number {
  const {distance} = assignModes(mixture, x);
  return distance.reduce((count, d) => count + (d <= sds ? 1 : 0), 0) / distance.length;
}

/**
 * How wide the modes of x [n, dim] are against the true ones: the root mean square over points and axes of the distance
 * to the mode's mean, in the mode's std. 1 is right, below 1 is too narrow. Points further than `cut` stds from all
 * modes, by default 5, are strays and left out; NaN if none is left.
 */
export function withinModeStdRatio(mixture: GaussianMixture, x: Float64Array, cut = 5): number {
  const dim = mixture.means[0].length;
  const kept = assignModes(mixture, x).distance.filter((d) => d <= cut);
  return Math.sqrt(kept.reduce((sum, d) => sum + d * d, 0) / (kept.length * dim));
}

/**
 * How wrong the shares of the modes are: the total variation, 0 to 1, between the mixture's weights and the shares of
 * the points x [n, dim] that belong to each mode: half the sum of the absolute differences. NaN for no points.
 */
export function modeWeightTv(mixture: GaussianMixture, x: Float64Array): number {
  const {mode} = assignModes(mixture, x);
  const total = mixture.weights.reduce((sum, w) => sum + w, 0);
  const lost = mode.reduce((count, k) => count + (k < 0 ? 1 : 0), 0) / mode.length;
  const counts = new Float64Array(mixture.weights.length);
  for (const k of mode) if (k >= 0) ++counts[k];
  return mixture.weights.reduce((sum, w, k) => sum + Math.abs(w / total - counts[k] / mode.length), lost) / 2;
}

/**
 * The share, 0 to 1, of the points that belong to the same mode in two runs, a and b, both [n, dim], point by point: 1
 * if the start decides the mode, sum_k w_k^2 if it decides nothing. Throws a RangeError if the runs differ in length.
 */
export function sameModeShare(mixture: GaussianMixture, a: Float64Array, b: Float64Array): number {
  if (a.length !== b.length)
    throw new RangeError(`the runs have ${a.length} and ${b.length} numbers: compare equal ones`);
  const first = assignModes(mixture, a).mode;
  const second = assignModes(mixture, b).mode;
  return first.reduce((count, k, i) => count + (k === second[i] ? 1 : 0), 0) / first.length;
}
