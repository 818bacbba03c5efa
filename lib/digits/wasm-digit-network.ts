import {flatWeights} from "../kernels/flat-weights.js";
import {startKernels} from "../kernels/kernels.js";
import {createLayers} from "../kernels/layers.js";
import {digitPixels} from "./digit.js";
import type {DigitBatch, DigitNetwork} from "./digit-network.js";
import {adamSettings} from "./digit-network.js";
import type {DigitShape} from "./digit-shape.js";
import {
  digitMatrices,
  digitParameters,
  digitShape,
  finder,
  initialWeights,
  parameterCount,
  timeFeaturesOf
} from "./digit-shape.js";
import {framedPlace, patchPixel, toPatches} from "./patches.js";
import {wasmUnet} from "./wasm-unet.js";

/** Options of `createWasmDigitNetwork`. */
export interface WasmDigitNetworkOptions {
  shape?: DigitShape;
  seed?: number; // of the first weights; defaults to 0
  training?: boolean; // makes room for gradients; defaults to true
  capacity?: number; // digits at a time; more are taken in turns; defaults to 16
}

/** A network whose step can be taken apart, so that others may take a share of it. */
export interface WasmDigitNetwork extends DigitNetwork {
  step(batch: DigitBatch, learningRate: number, decay: number): void;
  /** Takes the gradient of these digits as a part of a batch of `of`. Returns the sum of the squares of the errors. */
  differentiate(batch: DigitBatch, of: number): number;
  /** The gradient that was taken, a view: it is good until the next one, and `update` steps along what it holds then. */
  gradient(): Float32Array;
  /** A copy of the weights in training. */
  weights(): Float32Array;
  /** The step that follows a gradient; `loss` is the mean square of the batch. */
  update(loss: number, learningRate: number, decay: number): void;
}

/**
 * A digit network on our own WebAssembly kernels: one core of the processor, no graphics card, no tfjs. All but `save` and
 * `predict` is done when it returns, and these two are as well: they are promises because other networks need them to be.
 */
export async function createWasmDigitNetwork(options: WasmDigitNetworkOptions = {}): Promise<WasmDigitNetwork> {
  const {shape = digitShape, seed = 0, training = true, capacity = 16} = options;
  const kernels = await startKernels();
  const parameters = digitParameters(shape);
  const count = parameterCount(parameters);
  const layers = createLayers(kernels, {count, capacity, training});
  const unet = wasmUnet(layers, shape, finder(parameters));
  const flat = flatWeights(layers, {count, training, settings: adamSettings, matrices: digitMatrices(parameters)});
  let loss = {sum: 0, count: 0};
  flat.loadWeights(initialWeights(parameters, seed));
  return {
    backend: "wasm",
    predict,
    step(batch, rate, decay) {
      const n = batch.x.length / digitPixels;
      update(differentiate(batch, n) / (n * digitPixels), rate, decay);
    },
    differentiate,
    gradient: flat.gradients,
    weights: flat.weights,
    update,
    readLoss,
    save: async () => flat.save(),
    load(state) {
      flat.load(state);
      loss = {sum: 0, count: 0};
    },
    loadWeights: flat.loadWeights,
    dispose() {}
  };

  async function predict(x: Float32Array, t: number | ArrayLike<number>, labels: ArrayLike<number>) {
    const n = x.length / digitPixels;
    flat.use("average");
    const times = typeof t === "number" ? new Float32Array(n).fill(t) : t;
    const answer = new Float32Array(x.length);
    for (let from = 0; from < n; from += capacity) {
      const size = Math.min(capacity, n - from);
      forward(x, times, labels, from, size);
      read(answer, from, size);
    }
    return answer;
  }

  /** Digits from..from+size of a batch, through the network. Returns their labels. */
  function forward(x: Float32Array, t: ArrayLike<number>, labels: ArrayLike<number>, from: number, size: number) {
    const own = Array.prototype.slice.call(labels, from, from + size) as number[];
    toPatches(x, from, size, kernels.floats(unet.input.at, capacity * 1024));
    const times = timeFeaturesOf(Array.prototype.slice.call(t, from, from + size) as number[]);
    kernels.floats(unet.times, times.length).set(times);
    unet.forward(size, own);
    return own;
  }

  function read(answer: Float32Array, from: number, size: number): void {
    const values = kernels.floats(unet.output.at, size * digitPixels);
    for (let i = 0; i < size * digitPixels; ++i) answer[from * digitPixels + patchPixel(i)] = values[i];
  }

  function differentiate({x, target, t, labels}: DigitBatch, of: number): number {
    const n = x.length / digitPixels;
    flat.clearGradients();
    flat.use("weights");
    let total = 0;
    for (let from = 0; from < n; from += capacity) {
      const size = Math.min(capacity, n - from);
      const own = forward(x, t, labels, from, size);
      total += compare(target, from, size, of);
      unet.back(size, own);
    }
    return total;
  }

  function update(mean: number, rate: number, decay: number): void {
    loss = {sum: loss.sum + mean, count: loss.count + 1};
    flat.update(rate, decay);
  }

  /** The gradient of the loss with respect to the output, and the sum of its squares. */
  function compare(target: Float32Array, from: number, size: number, of: number): number {
    const values = kernels.floats(unet.output.at, size * digitPixels);
    const {gradient} = unet.output;
    const to = kernels.floats(gradient.at, capacity * 1024);
    const factor = 2 / (of * digitPixels);
    let total = 0;
    for (let i = 0; i < size * digitPixels; ++i) {
      const difference = values[i] - target[from * digitPixels + patchPixel(i)];
      total += difference * difference;
      to[framedPlace(i)] = factor * difference;
    }
    return total;
  }

  async function readLoss(): Promise<number> {
    const mean = loss.sum / loss.count;
    loss = {sum: 0, count: 0};
    return mean;
  }
}
