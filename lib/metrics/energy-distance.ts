/**
 * The energy distance between two sets of points, a [n, dim] and b [m, dim]: 2 E|A - B| - E|A - A'| - E|B - B'|, in the
 * unit of the points (Szekely and Rizzo 2013).
 *
 * Pairs of a point with itself are left out, so the estimate is unbiased: for two sets of one distribution its mean is
 * 0, and it may be negative. It takes n m + n^2 / 2 + m^2 / 2 distances, so use a few thousand points at most. `dim`
 * defaults to 2. Throws a RangeError if a set has fewer than two points or is not of whole points.
 */
export function energyDistance(a: Float64Array, b: Float64Array, {dim = 2}: {dim?: number} = {}): number {
  for (const {length} of [a, b]) {
    if (!Number.isInteger(length / dim) || length < 2 * dim) {
      throw new RangeError(`a set has ${length} numbers: give whole points of ${dim}, and at least two`);
    }
  }
  return 2 * meanBetween(a, b, dim) - meanWithin(a, dim) - meanWithin(b, dim);
}

function meanBetween(a: Float64Array, b: Float64Array, dim: number): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += dim) sum += distanceSum(a, i, b, 0, dim);
  return sum / ((a.length / dim) * (b.length / dim));
}

function meanWithin(a: Float64Array, dim: number): number {
  const n = a.length / dim;
  let sum = 0;
  for (let i = 0; i < a.length; i += dim) sum += distanceSum(a, i, a, i + dim, dim);
  return sum / ((n * (n - 1)) / 2);
}

/** The sum of the distances from the point at a[i] to all points of b from b[from] on. */
function distanceSum(a: Float64Array, i: number, b: Float64Array, from: number, dim: number): number {
  let sum = 0;
  if (dim === 2) {
    const x = a[i];
    const y = a[i + 1];
    for (let j = from; j < b.length; j += 2) sum += Math.sqrt((x - b[j]) ** 2 + (y - b[j + 1]) ** 2);
    return sum;
  }
  for (let j = from; j < b.length; j += dim) {
    let square = 0;
    for (let d = 0; d < dim; ++d) square += (a[i + d] - b[j + d]) ** 2;
    sum += Math.sqrt(square);
  }
  return sum;
}
