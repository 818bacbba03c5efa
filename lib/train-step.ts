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

/** The mean squared error of the network's answer on the noised points, over both coordinates (Ho et al. 2020, Eq. 14). */
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
    const n = batch.t.length;
    const tensors: TensorBatch = {
      x0: tf.tensor2d(batch.x0, [n, 2]),
      epsilon: tf.tensor2d(batch.epsilon, [n, 2]),
      t: tf.tensor1d(batch.t),
      signal: tf.tensor2d(batch.signal, [n, 1]),
      noise: tf.tensor2d(batch.noise, [n, 1])
    };
    try {
      return optimizer.minimize(() => oneNumber(loss(network, tensors)), true, network.variables)!;
    } catch (error) {
      freeTape();
      throw error;
    }
  });
}

function oneNumber(loss: unknown): tf.Scalar {
  if (loss instanceof tf.Tensor && loss.size === 1) return loss as tf.Scalar;
  const what = loss instanceof tf.Tensor ? `a tensor [${loss.shape}]` : loss === undefined ? "nothing" : typeof loss;
  throw new TypeError(`the loss returned ${what}, but it should return one number, such as a tensor's mean()`);
}

// When a loss throws, tfjs forgets to free the tensors that it had kept for the way back.
function freeTape(): void {
  const {state} = tf.engine();
  for (const {saved} of state.activeTape ?? []) tf.dispose(saved);
  state.activeTape = [];
}
