import type {Batch} from "./batches.js";
import type {PointNetwork} from "./point-network.js";
import {predictionTarget} from "./tensor-prediction.js";
import * as tf from "./tf.js";

/** A batch as tensors, as a loss sees it. */
export interface TensorBatch {
  x0: tf.Tensor2D; // [n, 2]
  epsilon: tf.Tensor2D; // [n, 2]
  t: tf.Tensor1D; // [n], training indices
  signal: tf.Tensor2D; // [n, 1], sqrt(alphaBar)
  noise: tf.Tensor2D; // [n, 1], sqrt(1 - alphaBar)
}

/** A loss: one number, a scalar, from what the network answers for a batch. */
export type PointLoss = (network: PointNetwork, batch: TensorBatch) => tf.Scalar;

/**
 * The mean squared error of the network's answer on the noised points, over both coordinates (Ho et al. 2020, Eq. 14).
 * @eq-noise-loss.
 */
export function squaredError(network: PointNetwork, {x0, epsilon, t, signal, noise}: TensorBatch): tf.Scalar {
  const xt = signal.mul(x0).add(noise.mul(epsilon)) as tf.Tensor2D; // [n, 2]
  const target = predictionTarget(network.prediction, {x0, epsilon, signal, noise}); // [n, 2]
  return network.predict(xt, t).sub(target).square().mean();
}

/** One step along the gradient of the loss, which defaults to squaredError. Returns the loss, a scalar. */
export function trainStep(
  network: PointNetwork,
  optimizer: tf.Optimizer,
  batch: Batch,
  loss: PointLoss = squaredError
): tf.Scalar {
  return tf.tidy(() => {
    const tensors = batchTensors(batch);
    try {
      return optimizer.minimize(() => checkedLoss(loss)(network, tensors), true, network.variables)!;
    } catch (error) {
      freeTape();
      throw error;
    }
  });
}

/** A batch as tensors, which the caller's tidy frees. */
export function batchTensors({x0, epsilon, t, signal, noise}: Batch): TensorBatch {
  const n = t.length;
  return {
    x0: tf.tensor2d(x0, [n, 2]),
    epsilon: tf.tensor2d(epsilon, [n, 2]),
    t: tf.tensor1d(t),
    signal: tf.tensor2d(signal, [n, 1]),
    noise: tf.tensor2d(noise, [n, 1])
  };
}

/** The same loss; it throws a TypeError, in words for its author, when it does not return one number. */
export function checkedLoss(loss: PointLoss): PointLoss {
  return (network, batch) => oneNumber(loss(network, batch));
}

function oneNumber(loss: unknown): tf.Scalar {
  if (loss instanceof tf.Tensor && loss.size === 1) return loss as tf.Scalar;
  const what = loss instanceof tf.Tensor ? `a tensor [${loss.shape}]` : loss === undefined ? "nothing" : typeof loss;
  throw new TypeError(`the loss returned ${what}, but it should return one number, such as a tensor's mean()`);
}

/** Frees what tfjs kept for the way back. It forgets to, when a loss throws. */
export function freeTape(): void {
  const {state} = tf.engine();
  for (const {saved} of state.activeTape ?? []) tf.dispose(saved);
  state.activeTape = [];
}
