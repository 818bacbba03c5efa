/** Mean [dim] and covariance [dim, dim] of points. */
export interface Gaussian {
  mean: Float64Array;
  covariance: Float64Array;
}

/** The mean and the covariance (over n - 1) of points [n, dim]. Throws a RangeError for fewer than 2 points. */
export function gaussianOf(points: ArrayLike<number>, dim: number): Gaussian {
  const n = points.length / dim;
  if (!Number.isInteger(n) || n < 2) {
    throw new RangeError(`there are ${points.length} numbers: give at least two points of ${dim} numbers each`);
  }
  const mean = new Float64Array(dim);
  for (let i = 0; i < points.length; ++i) mean[i % dim] += points[i] / n;
  const covariance = new Float64Array(dim * dim);
  const row = new Float64Array(dim);
  for (let i = 0; i < n; ++i) {
    for (let j = 0; j < dim; ++j) row[j] = points[i * dim + j] - mean[j];
    for (let j = 0; j < dim; ++j) {
      for (let k = 0; k <= j; ++k) covariance[j * dim + k] += (row[j] * row[k]) / (n - 1);
    }
  }
  for (let j = 0; j < dim; ++j) for (let k = 0; k < j; ++k) covariance[k * dim + j] = covariance[j * dim + k];
  return {mean, covariance};
}

/**
 * The Fréchet distance of two normal distributions (Dowson and Landau 1982), which FID applies to features (Heusel et al.
 * 2017): |m - n|^2 + tr(C + D - 2 (C^1/2 D C^1/2)^1/2). 0 for equal ones; in the units of the features, squared.
 * @eq-frechet.
 */
export function gaussianFrechet(a: Gaussian, b: Gaussian): number {
  const dim = a.mean.length;
  if (b.mean.length !== dim)
    throw new RangeError(`the points have ${dim} and ${b.mean.length} numbers: compare equals`);
  const root = symmetricFunction(a.covariance, dim, (value) => Math.sqrt(Math.max(0, value)));
  const middle = multiply(multiply(root, b.covariance, dim), root, dim);
  const shared = eigen(middle, dim).values.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
  const apart = a.mean.reduce((sum, value, i) => sum + (value - b.mean[i]) ** 2, 0);
  return Math.max(0, apart + trace(a.covariance, dim) + trace(b.covariance, dim) - 2 * shared);
}

/**
 * The Fréchet distance of two clouds of points [n, dim] and [m, dim], taken for normal ones. It is biased upwards, by an
 * amount that grows as the counts fall: compare it with that of two true samples of the same counts.
 */
export function frechetDistance(a: ArrayLike<number>, b: ArrayLike<number>, dim: number): number {
  return gaussianFrechet(gaussianOf(a, dim), gaussianOf(b, dim));
}

function trace(matrix: Float64Array, dim: number): number {
  let sum = 0;
  for (let i = 0; i < dim; ++i) sum += matrix[i * dim + i];
  return sum;
}

function multiply(a: Float64Array, b: Float64Array, dim: number): Float64Array {
  const product = new Float64Array(dim * dim);
  for (let i = 0; i < dim; ++i) {
    for (let k = 0; k < dim; ++k) {
      const factor = a[i * dim + k];
      for (let j = 0; j < dim; ++j) product[i * dim + j] += factor * b[k * dim + j];
    }
  }
  return product;
}

/** f of a symmetric matrix: f of its eigenvalues, between its eigenvectors. */
function symmetricFunction(matrix: Float64Array, dim: number, f: (value: number) => number): Float64Array {
  const {values, vectors} = eigen(matrix, dim);
  const result = new Float64Array(dim * dim);
  for (let k = 0; k < dim; ++k) {
    const factor = f(values[k]);
    for (let i = 0; i < dim; ++i) {
      for (let j = 0; j < dim; ++j) result[i * dim + j] += factor * vectors[i * dim + k] * vectors[j * dim + k];
    }
  }
  return result;
}

/** Eigenvalues and eigenvectors (in columns) of a symmetric matrix, by Jacobi's rotations (Golub and Van Loan, 8.5). */
function eigen(matrix: Float64Array, dim: number): {values: Float64Array; vectors: Float64Array} {
  const a = matrix.slice();
  const vectors = Float64Array.from({length: dim * dim}, (_, i) => (i % (dim + 1) === 0 ? 1 : 0));
  const size = Math.sqrt(a.reduce((sum, x) => sum + x * x, 0));
  for (let sweep = 0; sweep < 30; ++sweep) {
    let off = 0;
    for (let p = 0; p < dim; ++p) for (let q = p + 1; q < dim; ++q) off += a[p * dim + q] ** 2;
    if (Math.sqrt(off) <= 1e-14 * size) break;
    for (let p = 0; p < dim; ++p) for (let q = p + 1; q < dim; ++q) rotate(a, vectors, dim, p, q);
  }
  return {values: Float64Array.from({length: dim}, (_, i) => a[i * dim + i]), vectors};
}

/** Turns the plane of p and q so that a[p, q] becomes 0. */
function rotate(a: Float64Array, vectors: Float64Array, dim: number, p: number, q: number): void {
  const apart = a[p * dim + q];
  if (apart === 0) return;
  const theta = (a[q * dim + q] - a[p * dim + p]) / (2 * apart);
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  const turn = (m: Float64Array, i: number, j: number) => {
    const [x, y] = [m[i], m[j]];
    m[i] = c * x - s * y;
    m[j] = s * x + c * y;
  };
  for (let k = 0; k < dim; ++k) turn(a, k * dim + p, k * dim + q);
  for (let k = 0; k < dim; ++k) turn(a, p * dim + k, q * dim + k);
  for (let k = 0; k < dim; ++k) turn(vectors, k * dim + p, k * dim + q);
}
