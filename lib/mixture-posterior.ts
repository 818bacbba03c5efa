import type {GaussianMixture} from "./mixture.js";

/** A checked mixture in typed arrays, for the loops. */
export interface FlatMixture {
  dim: number;
  weights: Float64Array; // [modes], sum 1
  means: Float64Array; // [modes, dim]
  stds: Float64Array; // [modes]
}

/** Copies a mixture into typed arrays; throws a RangeError that says what is wrong if it is not a mixture. */
export function flatten({weights, means, stds}: GaussianMixture): FlatMixture {
  const modes = weights.length;
  if (modes === 0) throw new RangeError("the mixture has no mode: give at least one weight, mean and std");
  if (means.length !== modes || stds.length !== modes) {
    const counts = `${modes} weights, ${means.length} means and ${stds.length} stds`;
    throw new RangeError(`the mixture has ${counts}: give one of each for every mode`);
  }
  const dim = means[0].length;
  const total = weights.reduce((sum, w) => sum + w, 0);
  if (!weights.every((w) => w >= 0) || !(total > 0 && total < Infinity)) {
    throw new RangeError(
      `the mixture's weights are ${weights.join(", ")}: none may be negative, and one must be above 0`
    );
  }
  if (!stds.every((s) => s >= 0 && s < Infinity)) {
    throw new RangeError(`the mixture's stds are ${stds.join(", ")}: each must be a number of at least 0`);
  }
  if (!means.every((mean) => mean.length === dim && mean.every(Number.isFinite))) {
    throw new RangeError(`the mixture's means must all be ${dim} finite numbers, like the first one`);
  }
  return {
    dim,
    weights: Float64Array.from(weights, (w) => w / total),
    means: Float64Array.from(means.flat()),
    stds: Float64Array.from(stds)
  };
}

/** How many points x [n, dim] has; throws a RangeError if they are not whole. */
export function pointCount({dim}: FlatMixture, x: Float64Array): number {
  const n = x.length / dim;
  if (Number.isInteger(n)) return n;
  throw new RangeError(
    `x has ${x.length} numbers, not a multiple of the mixture's ${dim} dimensions: give whole points`
  );
}

/** What the modes look like at a noise level; v_k = alphaBar s_k^2 + 1 - alphaBar. */
export interface Level {
  root: number; // sqrt(alphaBar)
  logWeight: Float64Array; // [modes] log w_k - dim/2 log v_k
  precision: Float64Array; // [modes] 1 / v_k
  halfPrecision: Float64Array; // [modes] 1 / (2 v_k)
}

/** The modes at the level alphaBar; throws a RangeError if it is not in [0, 1]. */
export function levelOf({dim, weights, stds}: FlatMixture, alphaBar: number): Level {
  if (!(alphaBar >= 0 && alphaBar <= 1)) throw new RangeError(`alphaBar is ${alphaBar}: it must be between 0 and 1`);
  const variance = stds.map((s) => alphaBar * s * s + (1 - alphaBar));
  return {
    root: Math.sqrt(alphaBar),
    logWeight: variance.map((v, k) => Math.log(weights[k]) - 0.5 * dim * Math.log(v)),
    precision: variance.map((v) => 1 / v),
    halfPrecision: variance.map((v) => 0.5 / v)
  };
}

/**
 * epsilon*, the score, or the posterior mean of x0, for x [n, dim] at the level alphaBar in [0, 1].
 *
 * Every mode k pulls x towards its own diffused mean: with r_k the responsibilities and p_k = 1/v_k, score(x) = sum_k
 * r_k p_k (sqrt(alphaBar) mu_k - x), and E[x_0|x] = sum_k r_k (mu_k + sqrt(alphaBar) s_k^2 p_k (x - sqrt(alphaBar)
 * mu_k)). Both are a(x) x + b(x), with a = sum_k r_k A_k and b = sum_k r_k B_k mu_k, so one loop does them all.
 */
export function evaluate(
  flat: FlatMixture,
  x: Float64Array,
  alphaBar: number,
  what: "epsilon" | "score" | "x0"
): Float64Array {
  pointCount(flat, x);
  const level = levelOf(flat, alphaBar);
  if (what !== "score" && alphaBar === 1) return what === "x0" ? x.slice() : new Float64Array(x.length);
  const {root, precision} = level;
  if (what === "x0") {
    const A = precision.map((p, k) => p * root * flat.stds[k] ** 2);
    return accumulate(
      flat,
      level,
      x,
      A,
      A.map((a) => 1 - root * a)
    );
  }
  const factor = what === "epsilon" ? Math.sqrt(1 - alphaBar) : -1;
  const A = precision.map((p) => p * factor);
  return accumulate(
    flat,
    level,
    x,
    A,
    A.map((a) => -root * a)
  );
}

const NEGLIGIBLE = -40; // exp(-40) is far below the rounding of a double, relative to the largest term, which is 1
const EXP = Float64Array.from({length: 64 * 40 + 1}, (_, i) => Math.exp(-i / 64));

/** exp(x) for x from -40 to 0, to 7e-16 of it, in about 0.6 of the time of Math.exp: a table and a short series. */
function expNegative(x: number): number {
  const i = (0.5 - 64 * x) | 0;
  const r = x + i / 64; // at most 1/128
  return EXP[i] * (1 + r * (1 + r * (0.5 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120))))));
}

/** sum_k r_k (A_k x + B_k mu_k) for each point of x [n, dim]. This is the hot loop: nothing is allocated in it. */
function accumulate(flat: FlatMixture, level: Level, x: Float64Array, A: Float64Array, B: Float64Array): Float64Array {
  if (flat.dim === 2) return accumulate2(flat, level, x, A, B);
  const {dim, means} = flat;
  const {root, logWeight, halfPrecision} = level;
  const modes = logWeight.length;
  const result = new Float64Array(x.length);
  const logits = new Float64Array(modes);
  for (let o = 0; o < x.length; o += dim) {
    let top = -Infinity;
    for (let k = 0, m = 0; k < modes; ++k) {
      let square = 0;
      for (let d = 0; d < dim; ++d, ++m) {
        const delta = x[o + d] - root * means[m];
        square += delta * delta;
      }
      const logit = logWeight[k] - square * halfPrecision[k];
      logits[k] = logit;
      if (logit > top) top = logit;
    }
    let total = 0;
    let a = 0;
    for (let k = 0; k < modes; ++k) {
      const logit = logits[k] - top;
      if (logit < NEGLIGIBLE) continue;
      const r = expNegative(logit);
      total += r;
      a += r * A[k];
      for (let d = 0; d < dim; ++d) result[o + d] += r * B[k] * means[k * dim + d];
    }
    for (let d = 0; d < dim; ++d) result[o + d] = (result[o + d] + a * x[o + d]) / total;
  }
  return result;
}

/** The same loop for points in the plane, with everything in local variables: in about 0.6 of the time. */
function accumulate2(flat: FlatMixture, level: Level, x: Float64Array, A: Float64Array, B: Float64Array): Float64Array {
  const {means} = flat;
  const {logWeight, halfPrecision} = level;
  const modes = logWeight.length;
  const diffused = means.map((mu) => level.root * mu);
  const result = new Float64Array(x.length);
  const logits = new Float64Array(modes);
  for (let o = 0; o < x.length; o += 2) {
    const px = x[o];
    const py = x[o + 1];
    let top = -Infinity;
    for (let k = 0; k < modes; ++k) {
      const dx = px - diffused[2 * k];
      const dy = py - diffused[2 * k + 1];
      const logit = logWeight[k] - (dx * dx + dy * dy) * halfPrecision[k];
      logits[k] = logit;
      if (logit > top) top = logit;
    }
    let total = 0;
    let a = 0;
    let bx = 0;
    let by = 0;
    for (let k = 0; k < modes; ++k) {
      const logit = logits[k] - top;
      if (logit < NEGLIGIBLE) continue;
      const r = expNegative(logit);
      const b = r * B[k];
      total += r;
      a += r * A[k];
      bx += b * means[2 * k];
      by += b * means[2 * k + 1];
    }
    result[o] = (a * px + bx) / total;
    result[o + 1] = (a * py + by) / total;
  }
  return result;
}

/** The modes' shares r_k of each point of x [n, dim], as [n, modes]. */
export function shares(flat: FlatMixture, level: Level, x: Float64Array): Float64Array {
  const {dim, means} = flat;
  const {root, logWeight, halfPrecision} = level;
  const modes = logWeight.length;
  const result = new Float64Array((x.length / dim) * modes);
  for (let o = 0, row = 0; o < x.length; o += dim, row += modes) {
    let top = -Infinity;
    for (let k = 0, m = 0; k < modes; ++k) {
      let square = 0;
      for (let d = 0; d < dim; ++d, ++m) square += (x[o + d] - root * means[m]) ** 2;
      result[row + k] = logWeight[k] - square * halfPrecision[k];
      if (result[row + k] > top) top = result[row + k];
    }
    let total = 0;
    for (let k = row; k < row + modes; ++k) total += result[k] = Math.exp(result[k] - top);
    for (let k = row; k < row + modes; ++k) result[k] /= total;
  }
  return result;
}
