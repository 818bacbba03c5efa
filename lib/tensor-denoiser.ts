import {BackendLost, isBackendLost, unlessLost} from "./backend.js";
import type {Denoiser} from "./denoiser.js";
import type {Schedule} from "./schedule.js";
import {alphaBarAt} from "./schedule.js";
import type {TensorViews} from "./tensor-prediction.js";
import {tensorViews} from "./tensor-prediction.js";
import * as tf from "./tf.js";

/** A denoiser on tensors that wraps one on plain numbers. */
export interface WrappedDenoiser extends Denoiser<tf.Tensor2D> {
  numbers: Denoiser<Float64Array>;
}

/**
 * A denoiser on plain numbers, such as the exact one of a mixture, for whatever takes tensors. Its predictions come from
 * float64 numbers; the samplers and predictField spare it the way over the graphics card.
 */
export function tensorDenoiser(numbers: Denoiser<Float64Array>): WrappedDenoiser {
  return {
    numbers,
    prediction: numbers.prediction,
    predict: (x, t) => tf.tensor2d(Float32Array.from(numbers.predict(Float64Array.from(readNow(x)), t)), x.shape)
  };
}

/**
 * A denoiser on tensors, such as a network, for whatever takes plain numbers [n, 2]. Every call waits for the graphics
 * card. Throws an Error on WebGPU, which cannot be read at once; `plainNetwork` of ./plain-network.js can do without.
 */
export function numberDenoiser(denoiser: Denoiser<tf.Tensor2D>): Denoiser<Float64Array> {
  return {
    prediction: denoiser.prediction,
    predict(x, t) {
      const output = tf.tidy(() => denoiser.predict(tf.tensor2d(Float32Array.from(x), [x.length / 2, 2]), t));
      try {
        return Float64Array.from(readNow(output));
      } finally {
        output.dispose();
      }
    }
  };
}

// WebGPU gives data only in time. tfjs then goes through a canvas, and loses the device in browsers without a screen.
function readNow(tensor: tf.Tensor): ArrayLike<number> {
  if (tf.getBackend() !== "webgpu") return tensor.dataSync();
  throw new Error(
    "numbers cannot be read from WebGPU at once: use plainNetwork(await network.save()), or the samplers on tensors"
  );
}

/**
 * What a denoiser sees at the points of a grid [n, 2] at the training index t: the clean points and the noise, [n, 2] each.
 * The noise, times -1 / sqrt(1 - alphaBar), is the score. Throws BackendLost when the graphics card is lost.
 */
export async function predictField(
  denoiser: Denoiser<tf.Tensor2D>,
  grid: Float64Array,
  {schedule, t}: {schedule: Schedule; t: number}
): Promise<{x0: Float64Array; epsilon: Float64Array}> {
  const [x0, epsilon] = await readTensors(() => {
    const views = denoiserViews(denoiser, grid, t, alphaBarAt(schedule, t));
    return [views.x0, views.epsilon];
  });
  return {x0, epsilon};
}

/** The two views of x [n, 2], as tensors that the caller's tidy frees. */
export function denoiserViews(
  denoiser: Denoiser<tf.Tensor2D>,
  x: Float64Array | Float32Array,
  t: number,
  alphaBar: number
): TensorViews & {x: tf.Tensor2D} {
  const tensor = tf.tensor2d(Float32Array.from(x), [x.length / 2, 2]);
  const output =
    "numbers" in denoiser
      ? tf.tensor2d(
          Float32Array.from((denoiser as WrappedDenoiser).numbers.predict(Float64Array.from(x), t)),
          tensor.shape
        )
      : denoiser.predict(tensor, t);
  return {x: tensor, ...tensorViews(denoiser.prediction, output, tensor, alphaBar)};
}

/**
 * Runs `make`, frees what it made, and reads the tensors [n, 2] that it returns in one go, as float64. Throws BackendLost
 * when the graphics card is lost meanwhile.
 */
export async function readTensors(make: () => tf.Tensor2D[]): Promise<Float64Array[]> {
  let packed: tf.Tensor | undefined;
  try {
    let count = 0;
    packed = tf.tidy(() => {
      const tensors = make();
      count = tensors.length;
      return tf.concat(tensors, 0);
    });
    const values = Float64Array.from(await unlessLost(packed.data()));
    const size = values.length / count;
    return Array.from({length: count}, (_, i) => values.slice(i * size, (i + 1) * size));
  } catch (error) {
    throw isBackendLost() ? new BackendLost(tf.getBackend()) : error;
  } finally {
    packed?.dispose();
  }
}
