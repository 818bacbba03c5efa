/**
 * How much of the running average to keep at step n = 1, 2, …: min(largest, n / (10 + n)). It is small at first, so that
 * the average does not hang on to the initial weights; `largest` is 0.99.
 * @eq-running-average.
 */
export function emaDecay(n: number, largest = 0.99): number {
  return Math.min(largest, n / (10 + n));
}
