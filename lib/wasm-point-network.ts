import type {Batch} from "./batches.js";
import type {Denoiser} from "./denoiser.js";
import {dense, rectify} from "./kernels/dense.js";
import type {FlatState} from "./kernels/flat-weights.js";
import {flatWeights} from "./kernels/flat-weights.js";
import {startKernels} from "./kernels/kernels.js";
import type {Layer, Value} from "./kernels/layers.js";
import {createLayers} from "./kernels/layers.js";
import type {PointWeights} from "./plain-network.js";
import {featureCount, initialPointWeights, layerShapes, ownForwardText, timeFeatures} from "./plain-network.js";
import type {Prediction} from "./prediction.js";

/** Options of `createWasmPointNetwork`; the first four are those of createPointNetwork. */
export interface WasmPointNetworkOptions {
  width?: number;
  prediction?: Prediction;
  timesteps?: number;
  seed?: number;
  training?: boolean; // makes room for gradients; defaults to true
  capacity?: number; // points at a time, so that they stay in the cache; more are taken in turns. Defaults to 128
}

/** A point network on our own WebAssembly kernels: the function of ./point-network.js without tfjs, on one core. */
export interface WasmPointNetwork extends Denoiser<Float64Array> {
  width: number;
  timesteps: number;
  /** One step of Adam along the gradient of the squared error, and of the running average, which keeps `decay` of what it was. */
  step(batch: Batch, learningRate: number, decay: number): void;
  /** The mean loss of the steps since it was last read. */
  readLoss(): number;
  /** The gradient of the last step, for each array of weights. */
  gradients(): Float32Array[];
  /** All weights, for other networks of this kind. */
  save(): PointWeights;
  /** Puts saved weights in place, and forgets what Adam has kept; a RangeError when they are of another network. */
  load(saved: PointWeights): void;
  /** All that a training is at one step. */
  saveState(): FlatState;
  loadState(state: FlatState): void;
}

/** Adam's settings for points: see ./training.js. */
const adam = {beta1: 0.9, beta2: 0.99, epsilon: 1e-7};

/** Makes the network, with the first weights that createPointNetwork has. Throws an Error where WebAssembly has no SIMD. */
export async function createWasmPointNetwork(options: WasmPointNetworkOptions = {}): Promise<WasmPointNetwork> {
  const {width = 128, prediction = "v", timesteps = 1000, seed = 0, training = true, capacity = 128} = options;
  const kernels = await startKernels();
  const shapes = layerShapes(width);
  const sizes = shapes.map((shape) => shape.reduce((a, b) => a * b));
  const offsets = sizes.map((_, i) => sizes.slice(0, i).reduce((a, b) => a + b, 0));
  const count = sizes.reduce((a, b) => a + b);
  const layers = createLayers(kernels, {count, capacity, training});
  const flat = flatWeights(layers, {count, training, settings: adam});
  const row = (channels: number) => layers.value({height: 1, width: 1, channels}, {gradientPad: 0});
  const values = [featureCount, width, width, width, 2].map(row);
  const [input, output] = [values[0], values[4]];
  const sequence = values.slice(1).flatMap((y, i): Layer[] => {
    const weights = {kernel: at(2 * i), bias: at(2 * i + 1)};
    const product = dense(layers, values[i], y, weights, {root: i === 0});
    return i < 3 ? [product, rectify(layers, y)] : [product];
  });
  const gathered = values.slice(1, 4); // whose gradients the layers add to
  const times = timeTable(timesteps);
  let loss = {sum: 0, count: 0};
  flat.loadWeights(flatten(initialPointWeights(width, seed)));

  return {
    prediction,
    width,
    timesteps,
    predict,
    step,
    readLoss() {
      const mean = loss.sum / loss.count;
      loss = {sum: 0, count: 0};
      return mean;
    },
    gradients: () => arrays(kernels.floats(layers.gradients, count)),
    save() {
      const {weights, average} = flat.save();
      return {width, prediction, timesteps, weights: arrays(weights), ema: arrays(average)};
    },
    load(saved) {
      for (const [key, own] of Object.entries({width, prediction, timesteps})) {
        const other = saved[key as "width"];
        if (other !== own) throw new RangeError(`these weights have ${key} ${other}, but this network has ${own}`);
      }
      if (saved.ownForward) throw new RangeError(ownForwardText);
      const zeros = new Float32Array(count);
      const [weights, average] = [flatten(saved.weights), flatten(saved.ema)];
      flat.load({step: 0, weights, average, first: zeros, second: zeros});
    },
    saveState: flat.save,
    loadState: flat.load
  };

  function at(i: number) {
    return {offset: offsets[i], size: sizes[i]};
  }

  function arrays(values: Float32Array): Float32Array[] {
    return sizes.map((size, i) => values.slice(offsets[i], offsets[i] + size));
  }

  function flatten(weights: ArrayLike<number>[]): Float32Array {
    const all = new Float32Array(weights.reduce((sum, {length}) => sum + length, 0)); // flat.load counts them
    let to = 0;
    for (const values of weights) {
      all.set(values, to);
      to += values.length;
    }
    return all;
  }

  function predict(x: Float64Array, t: number): Float64Array {
    flat.use("average");
    const n = x.length / 2;
    const answer = new Float64Array(x.length);
    const features = times.subarray(t * 32, (t + 1) * 32);
    for (let from = 0; from < n; from += capacity) {
      const size = Math.min(capacity, n - from);
      const rows = kernels.floats(input.at, size * featureCount);
      for (let i = 0, place = 0; i < size; ++i, place += featureCount) {
        rows[place] = x[2 * (from + i)];
        rows[place + 1] = x[2 * (from + i) + 1];
        rows.set(features, place + 2);
      }
      for (const layer of sequence) layer.forward(size);
      answer.set(kernels.floats(output.at, 2 * size), 2 * from);
    }
    return answer;
  }

  function step(batch: Batch, learningRate: number, decay: number): void {
    const n = batch.t.length;
    flat.clearGradients();
    flat.use("weights");
    let total = 0;
    for (let from = 0; from < n; from += capacity) {
      const size = Math.min(capacity, n - from);
      fill(batch, from, size);
      for (const layer of sequence) layer.forward(size);
      total += compare(batch, from, size);
      for (const {gradient} of gathered) layers.clear(gradient, size);
      for (const layer of [...sequence].reverse()) layer.back(size);
    }
    loss = {sum: loss.sum + total / (2 * n), count: loss.count + 1};
    flat.update(learningRate, decay);
  }

  /** The noised points of a batch from `from` on, with their times, as rows of the first layer. */
  function fill({x0, epsilon, t, signal, noise}: Batch, from: number, size: number): void {
    const rows = kernels.floats(input.at, size * featureCount);
    for (let i = 0, place = 0; i < size; ++i, place += featureCount) {
      const k = from + i;
      rows[place] = signal[k] * x0[2 * k] + noise[k] * epsilon[2 * k];
      rows[place + 1] = signal[k] * x0[2 * k + 1] + noise[k] * epsilon[2 * k + 1];
      rows.set(times.subarray(32 * t[k], 32 * t[k] + 32), place + 2);
    }
  }

  /** The gradient of the loss with respect to the output, and the sum of the squares. */
  function compare({x0, epsilon, signal, noise, t}: Batch, from: number, size: number): number {
    const answers = kernels.floats(output.at, 2 * size);
    const gradient = kernels.floats((output as Value).gradient.at, 2 * size);
    const factor = 1 / t.length; // 2 / (2 n)
    let total = 0;
    for (let i = 0; i < 2 * size; ++i) {
      const k = from + (i >> 1);
      const j = 2 * from + i;
      const target =
        prediction === "epsilon" ? epsilon[j] : prediction === "x0" ? x0[j] : signal[k] * epsilon[j] - noise[k] * x0[j];
      const difference = answers[i] - target;
      total += difference * difference;
      gradient[i] = factor * difference;
    }
    return total;
  }
}

/** The time features of each training index, [timesteps, 32]. */
function timeTable(timesteps: number): Float32Array {
  const table = new Float32Array(32 * timesteps);
  for (let t = 0; t < timesteps; ++t) table.set(timeFeatures((t + 1) / timesteps), 32 * t);
  return table;
}

/**
 * A trained point network on our kernels: what plainNetwork answers, rounded to 32 bits, 35 to 40 times as fast.
 * Throws a RangeError for weights of a network with its own `forward`.
 */
export async function wasmPointDenoiser(weights: PointWeights): Promise<Denoiser<Float64Array>> {
  const {width, prediction, timesteps} = weights;
  const network = await createWasmPointNetwork({width, prediction, timesteps, training: false});
  network.load({...weights, weights: weights.ema});
  return {prediction, predict: network.predict};
}
