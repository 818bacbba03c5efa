/**
 * Errors over random points that the file does not list: its figure and ours rest on different points, so they may
 * differ by sampling. Tolerances come from the errors of our own points, N of them, for n in the file:
 *
 * - a median: 10 % of the value, or where our errors have their quantiles 0.5 +- 4 sd, with sd = 0.5 sqrt(1/n + 1/N);
 * - a mean square (of which the rms is the root): 10 % (of the rms), or 4 sd of the mean square, sd^2 = var (1/n +
 *   1/N), beyond an interval. It is as wide as the few largest errors make it: they belong to points near a basin's
 *   border, make much of the mean square, and are other ones in another set. The lower end is our mean square without
 *   its largest hundredth. The upper end is our mean square, plus, where fewer than ten of n points end in another
 *   mode, what a Poisson bound of such points would add, each with the largest error there is. So a small rms is tested
 *   from below, and from above only roughly; the median is the sharp test, as the files' README says.
 */
import type {GaussianMixture} from "../../lib/mixture.js";
import type {Reader} from "./reading.js";
import {brief} from "./reading.js";
import {judge, meanOf, quantile, sdOf, within} from "./statistics.js";

/** Compares a median of errors over n points with ours, `errors`. */
export function compareMedian(read: Reader, name: string, errors: Float64Array, n: number): void {
  const sorted = errors.slice().sort();
  const median = quantile(sorted, 0.5);
  const shift = 4 * 0.5 * Math.sqrt(1 / n + 1 / errors.length);
  const [low, high] = [quantile(sorted, 0.5 - shift), quantile(sorted, 0.5 + shift)];
  within(read, name, median, (want) => Math.max(0.1 * Math.abs(want), want < median ? median - low : high - median));
}

/**
 * Compares a root mean square of errors over n points with ours; `perAxis` if the figure is the mean square per axis.
 */
export function compareMeanSquare(
  read: Reader,
  name: string,
  errors: Float64Array,
  n: number,
  mixture: GaussianMixture,
  perAxis = false
): void {
  const dim = mixture.means[0].length;
  const value = read.value(name);
  if (typeof value !== "number" || !(value >= 0)) return read.fail(`${name} is ${brief(value)}, not an error`);
  const want = perAxis ? value * dim : value ** 2; // the mean square
  const squares = errors.map((e) => e * e).sort();
  const trimmed = squares.subarray(0, Math.ceil(0.99 * squares.length));
  const sampling = 4 * sdOf(squares) * Math.sqrt(1 / n + 1 / squares.length);
  const tolerance = Math.max(sampling, (perAxis ? 0.1 : 0.21) * want); // 1.1^2 = 1.21
  const upper = meanOf(squares) + allowance(errors, n, mixture);
  const nearest = Math.min(Math.max(want, meanOf(trimmed)), upper);
  judge(read, `${name} (as a mean square)`, nearest, want, tolerance);
}

/** What points that change their mode may add to a mean square of n, where they are rare; 0 where they are not. */
function allowance(errors: Float64Array, n: number, mixture: GaussianMixture): number {
  if (mixture.means.length === 1) return 0;
  const {smallest, largest} = jumpSizes(mixture);
  const seen = errors.reduce((count, e) => count + (e >= smallest ? 1 : 0), 0);
  if ((seen / errors.length) * n >= 10) return 0;
  const expected = ((seen + 3 * Math.sqrt(seen + 1)) / errors.length) * n;
  return (poissonBound(expected) * largest ** 2) / n;
}

/** The errors of a change of mode: from a fifth of the way between the nearest two, as some stop on the border. */
function jumpSizes({means, stds}: GaussianMixture): {smallest: number; largest: number} {
  let [smallest, largest] = [Infinity, 0];
  for (const [i, a] of means.entries()) {
    for (const b of means.slice(i + 1)) {
      const distance = Math.hypot(...a.map((v, d) => v - b[d]));
      smallest = Math.min(smallest, distance / 5);
      largest = Math.max(largest, distance);
    }
  }
  return {smallest, largest: largest + 6 * Math.max(...stds)};
}

/** A count that a Poisson variable of this mean exceeds once in 10000 times. */
function poissonBound(mean: number): number {
  let [count, term] = [0, Math.exp(-mean)];
  for (let below = term; mean > 0 && below < 0.9999; below += term) term *= mean / ++count;
  return count;
}
