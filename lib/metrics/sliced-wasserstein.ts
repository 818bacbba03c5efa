import {seededRandom} from "../random.js";

export interface SlicedWassersteinOptions {
  dim?: number; // numbers a point, 2
  directions?: number; // how many lines to project on, 100
  p?: 1 | 2; // the exponent, 2
  seed?: number; // of the directions, 0
}

/**
 * The sliced p-Wasserstein distance between two sets of points, a [n, dim] and b [m, dim]; n and m may differ.
 *
 * Both sets are projected on random lines, where the optimal transport is to match them in order: the distance is
 * (mean over lines of W_p^p)^(1/p), in the unit of the points (Bonneel et al. 2015). `dim` defaults to 2, `directions` to
 * 100, `p` to 2 and `seed` to 0. Two sets of one distribution do not get 0: see noiseFloor. Throws a RangeError if a set
 * is empty or not of whole points.
 */
export function slicedWasserstein(a: Float64Array, b: Float64Array, options: SlicedWassersteinOptions = {}): number {
  return slicedWassersteinTo(b, options)(a);
}

/**
 * The sliced p-Wasserstein distance to one fixed set b [m, dim], as a function of a [n, dim]. It sorts b once for all, so
 * it is about twice as fast as slicedWasserstein where many sets are compared with one.
 */
export function slicedWassersteinTo(
  b: Float64Array,
  {dim = 2, directions = 100, p = 2, seed = 0}: SlicedWassersteinOptions = {}
): (a: Float64Array) => number {
  if (p !== 1 && p !== 2) throw new RangeError(`p is ${p}: choose 1 or 2`);
  if (!(Number.isInteger(directions) && directions > 0)) {
    throw new RangeError(`directions is ${directions}: choose a whole number of at least 1`);
  }
  const lines = randomDirections(directions, dim, seed);
  const targets = lines.map((line) => projectSorted(b, line));
  return (a) => {
    const total = lines.reduce((sum, line, i) => sum + transportCost(projectSorted(a, line), targets[i], p), 0);
    return (total / directions) ** (1 / p);
  };
}

/** Unit vectors, even on the sphere. */
function randomDirections(count: number, dim: number, seed: number): Float64Array[] {
  const random = seededRandom(seed);
  return Array.from({length: count}, () => {
    const v = random.normals(dim);
    const length = Math.hypot(...v);
    return v.map((value) => value / length);
  });
}

function projectSorted(points: Float64Array, line: Float64Array): Float64Array {
  const dim = line.length;
  const count = points.length / dim;
  if (!Number.isInteger(count) || count === 0) {
    throw new RangeError(`a set has ${points.length} numbers: give whole points of ${dim}, and at least one`);
  }
  const result = new Float64Array(count);
  for (let i = 0, j = 0; i < count; ++i) {
    for (let d = 0; d < dim; ++d) result[i] += points[j++] * line[d];
  }
  return result.sort();
}

/** W_p^p between two sorted lists on a line: the integral over u in [0, 1] of |A^-1(u) - B^-1(u)|^p. */
function transportCost(a: Float64Array, b: Float64Array, p: number): number {
  let sum = 0;
  if (a.length === b.length) {
    for (let i = 0; i < a.length; ++i) sum += p === 1 ? Math.abs(a[i] - b[i]) : (a[i] - b[i]) ** 2;
    return sum / a.length;
  }
  let u = 0; // how much mass has been moved
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const ends = (i + 1) * b.length - (j + 1) * a.length; // compares (i + 1) / n with (j + 1) / m without rounding
    const next = ends <= 0 ? (i + 1) / a.length : (j + 1) / b.length;
    sum += (next - u) * (p === 1 ? Math.abs(a[i] - b[j]) : (a[i] - b[j]) ** 2);
    u = next;
    if (ends <= 0) ++i;
    if (ends >= 0) ++j;
  }
  return sum;
}
