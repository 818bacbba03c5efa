import {seededRandom} from "../random.js";

export interface ProjectionOptions {
  dim?: number; // numbers a point, 2
  directions?: number; // how many lines to project on, 100
  seed?: number; // of the lines, 0
}

/**
 * The sliced p-Wasserstein distance between two sets of points, a [n, dim] and b [m, dim]; n and m may differ.
 *
 * Both sets are projected on many lines; on a line the optimal transport matches them in order. The distance is (mean
 * over lines of W_p^p)^(1/p), in the unit of the points (Bonneel et al. 2015). `dim` defaults to 2, `directions` to
 * 100, `p` to 2 and `seed` to 0. Two sets of one distribution do not get 0: see noiseFloor. Throws a RangeError if a
 * set is empty or not of whole points.
 */
export function slicedWasserstein(
  a: Float64Array,
  b: Float64Array,
  {p = 2, ...options}: ProjectionOptions & {p?: 1 | 2} = {}
): number {
  return projectedWasserstein(projections(a, options), projections(b, options), p);
}

/**
 * A set of points [n, dim] projected on lines through the origin: for each of `directions` lines, [n] sorted numbers.
 *
 * In the plane the lines are evenly spaced, turned together by a random angle; in more dimensions they are random and
 * even on the sphere. Equal options give equal lines: keep the projections of a set that is compared often, as sorting
 * is most of the work.
 */
export function projections(
  points: Float64Array,
  {dim = 2, directions = 100, seed = 0}: ProjectionOptions = {}
): Float64Array[] {
  const count = points.length / dim;
  if (!Number.isInteger(count) || count === 0) {
    throw new RangeError(`a set has ${points.length} numbers: give whole points of ${dim}, and at least one`);
  }
  if (!(Number.isInteger(directions) && directions > 0)) {
    throw new RangeError(`directions is ${directions}: choose a whole number of at least 1`);
  }
  return linesOf(dim, directions, seed).map((line) => {
    const result = new Float64Array(count);
    for (let i = 0, j = 0; i < count; ++i) {
      for (let d = 0; d < dim; ++d) result[i] += points[j++] * line[d];
    }
    return result.sort();
  });
}

/** The sliced p-Wasserstein distance from the projections of two sets, made with the same options; `p` is 1 or 2. */
export function projectedWasserstein(a: Float64Array[], b: Float64Array[], p: 1 | 2): number {
  if (p !== 1 && p !== 2) throw new RangeError(`p is ${p}: choose 1 or 2`);
  if (a.length !== b.length)
    throw new RangeError(`the sets have ${a.length} and ${b.length} lines: use the same options`);
  return (a.reduce((sum, line, i) => sum + transportCost(line, b[i], p), 0) / a.length) ** (1 / p);
}

/** Unit vectors. */
function linesOf(dim: number, directions: number, seed: number): Float64Array[] {
  const random = seededRandom(seed);
  const offset = random.uniform();
  return Array.from({length: directions}, (_, i) => {
    if (dim === 2) {
      const angle = (Math.PI * (i + offset)) / directions;
      return Float64Array.of(Math.cos(angle), Math.sin(angle));
    }
    const line = random.normals(dim);
    const length = Math.hypot(...line);
    return line.map((value) => value / length);
  });
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
