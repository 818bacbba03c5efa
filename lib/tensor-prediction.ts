import type {Prediction} from "./prediction.js";
import * as tf from "./tf.js";

/** What a network's output says about x_t, both ways round: the clean points and the noise, each [n, dim]. */
export type TensorViews = {
  x0: tf.Tensor2D;
  epsilon: tf.Tensor2D;
};

/**
 * The clean points and the noise that an output means, by x_t = sqrt(alphaBar) x_0 + sqrt(1 - alphaBar) epsilon and
 * v = sqrt(alphaBar) epsilon - sqrt(1 - alphaBar) x_0; `x` and `output` are [n, dim], `alphaBar` is in (0, 1).
 * The caller disposes of both results.
 */
export function tensorViews(
  prediction: Prediction,
  output: tf.Tensor2D,
  x: tf.Tensor2D,
  alphaBar: number
): TensorViews {
  const signal = Math.sqrt(alphaBar);
  const noise = Math.sqrt(1 - alphaBar);
  return tf.tidy((): TensorViews => {
    switch (prediction) {
      case "epsilon":
        return {x0: x.sub(output.mul(noise)).div(signal), epsilon: output.clone()};
      case "x0":
        return {x0: output.clone(), epsilon: x.sub(output.mul(signal)).div(noise)};
      case "v":
        return {x0: x.mul(signal).sub(output.mul(noise)), epsilon: x.mul(noise).add(output.mul(signal))};
    }
  });
}

/**
 * What a network of this prediction should answer for x_t = signal x_0 + noise epsilon: the target of its loss, [n, dim].
 * `signal` and `noise` are sqrt(alphaBar) and sqrt(1 - alphaBar), [n, 1].
 */
export function predictionTarget(
  prediction: Prediction,
  {x0, epsilon, signal, noise}: {x0: tf.Tensor2D; epsilon: tf.Tensor2D; signal: tf.Tensor2D; noise: tf.Tensor2D}
): tf.Tensor2D {
  switch (prediction) {
    case "epsilon":
      return epsilon;
    case "x0":
      return x0;
    case "v":
      return signal.mul(epsilon).sub(noise.mul(x0));
  }
}
