import type {Denoiser} from "./denoiser.js";
import type {Prediction} from "./prediction.js";
import {seededRandom} from "./random.js";

/** The numbers of a point network: for each of its layers a kernel [in * out] and a bias [out]. */
export interface PointWeights {
  width: number;
  prediction: Prediction;
  timesteps: number;
  weights: ArrayLike<number>[]; // the weights in training
  ema: ArrayLike<number>[]; // their running average, which samples better
  ownForward?: true; // they belong to a network with a `forward` of its own: without it they mean nothing
}

/** Why such weights are refused. */
export const ownForwardText =
  "these weights were trained with another denoiser than the library's, and mean nothing without it: train with the " +
  "library's denoiser, or make the network with the `forward` that they were trained with";

const frequencyCount = 16;

/** The numbers that a point network sees: two coordinates, a sine and a cosine for each frequency. */
export const featureCount = 2 + 2 * frequencyCount;

/** The shapes of a point network's arrays: kernel [in, out] and bias [out] of each of its four layers. */
export function layerShapes(width: number): number[][] {
  const sizes = [featureCount, width, width, width, 2];
  return sizes.slice(1).flatMap((size, i) => [[sizes[i], size], [size]]);
}

/**
 * The first weights of a point network, the same on every backend (He et al. 2015, for ReLU): kernels are normal with
 * variance 2 / inputs, biases 0. The last layer starts small, so that the first guess is near 0.
 */
export function initialPointWeights(width: number, seed: number): Float32Array[] {
  const random = seededRandom(seed);
  const shapes = layerShapes(width);
  return shapes.map((shape, i) => {
    const [inputs, outputs] = shape;
    if (outputs === undefined) return new Float32Array(inputs); // a bias
    const std = i === shapes.length - 2 ? 0.1 / Math.sqrt(inputs) : Math.sqrt(2 / inputs);
    return Float32Array.from(random.normals(inputs * outputs), (z) => std * z);
  });
}

/** The frequencies of the time features: 16 from 1 to 30, each the one before times the same factor. */
export const timeFrequencies = Float32Array.from({length: frequencyCount}, (_, k) => 30 ** (k / (frequencyCount - 1)));

/**
 * A trained point network in plain numbers: the same function as `network.ema` of ./point-network.js, without tfjs and at
 * once. 1000 points take some tens of milliseconds a call. Throws a RangeError for weights of a network with its own
 * `forward`.
 */
export function plainNetwork({prediction, timesteps, ema, ownForward}: PointWeights): Denoiser<Float64Array> {
  if (ownForward) throw new RangeError(ownForwardText);
  return {
    prediction,
    predict(x, t) {
      const output = new Float64Array(x.length);
      const features = new Float64Array(featureCount);
      features.set(timeFeatures((t + 1) / timesteps), 2);
      for (let i = 0; i < x.length; i += 2) {
        features.set(x.subarray(i, i + 2));
        let h: Float64Array = features; // [34]
        for (let k = 0; k < ema.length; k += 2) h = layer(h, ema[k], ema[k + 1], k + 2 < ema.length);
        output.set(h, i);
      }
      return output;
    }
  };
}

/** sin(w s) for each frequency w, then cos(w s): what the network sees of the time s = (t + 1) / T. @eq-time-features. */
export function timeFeatures(s: number): Float64Array {
  const sines = Array.from(timeFrequencies, (w) => Math.sin(w * s));
  return Float64Array.of(...sines, ...Array.from(timeFrequencies, (w) => Math.cos(w * s)));
}

/** h times the kernel plus the bias; with ReLU, negative numbers become 0. */
function layer(h: Float64Array, kernel: ArrayLike<number>, bias: ArrayLike<number>, relu: boolean): Float64Array {
  const outputs = bias.length;
  const result = Float64Array.from(bias);
  for (let i = 0, at = 0; i < h.length; ++i, at += outputs) {
    if (h[i] === 0) continue; // half of the hidden units
    for (let j = 0; j < outputs; ++j) result[j] += h[i] * kernel[at + j];
  }
  if (relu) for (let j = 0; j < outputs; ++j) result[j] = Math.max(0, result[j]);
  return result;
}
