import * as tf from "./tf.js";

/**
 * How much of the running average to keep at step n = 1, 2, …: min(largest, n / (10 + n)). It is small at first, so that
 * the average does not hang on to the initial weights; `largest` is 0.99.
 */
export function emaDecay(n: number, largest = 0.99): number {
  return Math.min(largest, n / (10 + n));
}

/** Moves each average towards its variable: average = decay * average + (1 - decay) * variable. */
export function updateAverage(average: tf.Variable[], variables: tf.Variable[], decay: number): void {
  tf.tidy(() => {
    average.forEach((mean, i) => mean.assign(mean.mul(decay).add(variables[i].mul(1 - decay))));
  });
}
