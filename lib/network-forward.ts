import {unlessLost} from "./backend.js";
import {timeFrequencies} from "./plain-network.js";
import * as tf from "./tf.js";

/**
 * How a network of points answers: from the noisy points x [n, 2], a training index for each, t [n], and the weights, for
 * each of four layers a kernel [in, out] and a bias [out], the output [n, 2].
 */
export type Forward = (x: tf.Tensor2D, t: tf.Tensor1D, weights: tf.Tensor2D[]) => tf.Tensor;

type Answer = (x: tf.Tensor2D, t: tf.Tensor1D, variables: tf.Variable[]) => tf.Tensor2D;

/** The library's own: ReLU between the layers, nothing after the last. */
export function perceptron(timesteps: number): Answer {
  return (x, t, variables) => {
    let h = pointFeatures(x, t, timesteps); // [n, 34]
    for (let i = 0; i < variables.length; i += 2) {
      h = h.matMul<tf.Tensor2D>(variables[i]).add(variables[i + 1]); // [n, width], at last [n, 2]
      if (i + 2 < variables.length) h = h.relu();
    }
    return h;
  };
}

/**
 * What the network sees, [n, 34]: the point, and sin(w s), cos(w s) for each frequency w, at the time s = (t + 1) / T in
 * (0, 1]. The slow ones tell early from late, the fast ones neighbouring steps. @eq-time-features.
 */
export function pointFeatures(x: tf.Tensor2D, t: number | tf.Tensor1D, timesteps: number): tf.Tensor2D {
  const time = typeof t === "number" ? tf.fill([x.shape[0]], t) : t; // [n]
  const angle = time.add(1).div(timesteps).expandDims(1).mul(tf.tensor1d(timeFrequencies)); // [n, 16]
  return tf.concat([x, angle.sin(), angle.cos()] as tf.Tensor2D[], 1); // [n, 34]
}

/** The same function; it throws a TypeError, in words for its author, when it does not answer with [n, 2]. */
export function checkedForward(forward: Forward): Answer {
  return (x, t, variables) => {
    const output: unknown = forward(x, t, variables as unknown as tf.Tensor2D[]);
    if (output instanceof tf.Tensor && output.shape.join() === x.shape.join()) return output as tf.Tensor2D;
    const what =
      output instanceof tf.Tensor ? `a tensor [${output.shape}]` : output == null ? "nothing" : typeof output;
    throw new TypeError(
      `the denoiser returned ${what}, but it should return two numbers for each point, a tensor [${x.shape}]`
    );
  };
}

/** Whether two ways to answer agree, up to rounding, at some points and times, for the weights as they are. */
export async function sameForward(a: Answer, b: Answer, variables: tf.Variable[], timesteps: number): Promise<boolean> {
  const apart = tf.tidy(() => {
    const x = tf.tensor2d([-2, 1, -0.7, -1.3, 0.4, 0.9, 1.1, -0.2, 1.8, 2], [5, 2]);
    const t = tf.tensor1d([0, 0.2, 0.5, 0.8, 1].map((share) => Math.round(share * (timesteps - 1))));
    const [first, second] = [a(x, t, variables), b(x, t, variables)];
    return first.sub(second).abs().max().div(second.abs().max().add(1e-3));
  });
  try {
    return (await unlessLost(apart.data()))[0] < 1e-3;
  } finally {
    apart.dispose();
  }
}
