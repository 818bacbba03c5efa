import * as tf from "./tf.js";

export {emaDecay} from "./ema-decay.js";

/** Moves each average towards its variable: average = decay * average + (1 - decay) * variable. @eq-running-average. */
export function updateAverage(average: tf.Variable[], variables: tf.Variable[], decay: number): void {
  tf.tidy(() => {
    average.forEach((mean, i) => mean.assign(mean.mul(decay).add(variables[i].mul(1 - decay))));
  });
}
