import {bend, dense} from "../kernels/dense.js";
import {createLayers} from "../kernels/layers.js";
import type {FlatState} from "../kernels/flat-weights.js";
import {flatWeights} from "../kernels/flat-weights.js";
import type {Grid, Layer, Value} from "../kernels/layers.js";
import type {Kernels} from "../kernels/kernels.js";
import {normalization} from "../kernels/normalization.js";
import {digitPixels} from "./digit.js";
import {adamSettings} from "./digit-network.js";
import type {Parameter} from "./digit-shape.js";
import {finder, initialWeights, parameterCount} from "./digit-shape.js";
import {toPatches} from "./patches.js";

/** Numbers that the classifier makes of a digit before it decides. */
export const featureCount = 64;

const narrow = 8; // channels that go into the features

/** The weights of the classifier: three convolutions, a dense layer, a decision. */
export function classifierParameters(): Parameter[] {
  const shapes: [string, number[], number][] = [
    ["stem.kernel", [3, 3, 4, 32], 1 / 6],
    ["stem.bias", [32], 0],
    ["one.scale", [32], 0],
    ["one.shift", [32], 0],
    ["one.kernel", [3, 3, 32, 32], 1.5 / Math.sqrt(288)],
    ["one.bias", [32], 0],
    ["two.scale", [32], 0],
    ["two.shift", [32], 0],
    ["shrink.kernel", [2, 2, 32, 64], 1.5 / Math.sqrt(128)],
    ["shrink.bias", [64], 0],
    ["three.scale", [64], 0],
    ["three.shift", [64], 0],
    ["three.kernel", [3, 3, 64, 64], 1.5 / Math.sqrt(576)],
    ["three.bias", [64], 0],
    ["four.scale", [64], 0],
    ["four.shift", [64], 0],
    ["narrow.kernel", [64, narrow], 1.5 / 8],
    ["narrow.bias", [narrow], 0],
    ["features.kernel", [49 * narrow, featureCount], 1 / Math.sqrt(49 * narrow)],
    ["features.bias", [featureCount], 0],
    ["decide.kernel", [featureCount, 10], 1.5 / 8],
    ["decide.bias", [10], 0]
  ];
  let offset = 0;
  return shapes.map(([name, shape, std]) => {
    const size = shape.reduce((product, n) => product * n, 1);
    offset += size;
    return {name, shape, std, offset: offset - size, size};
  });
}

/** The classifier on our kernels, for up to `capacity` digits at a time. */
export interface ClassifierNetwork {
  /** Scores [n, 10] and features [n, 64] of digits [n, 784] in [-1, 1]. */
  look(x: Float32Array): {scores: Float32Array; features: Float32Array};
  /** One step of training on digits and their labels; returns the mean cross-entropy. */
  step(x: Float32Array, labels: ArrayLike<number>, learningRate: number, decay: number): number;
  save(): FlatState;
  load(state: FlatState): void;
  loadWeights(values: Float32Array): void;
}

/** Puts the network together. It answers with the running average of its weights. */
export function classifierNetwork(
  kernels: Kernels,
  {seed = 0, training = false, capacity = 16}: {seed?: number; training?: boolean; capacity?: number} = {}
): ClassifierNetwork {
  const parameters = classifierParameters();
  const count = parameterCount(parameters);
  const layers = createLayers(kernels, {count, capacity, training});
  const flat = flatWeights(layers, {count, training, settings: {...adamSettings, beta2: 0.99}});
  const find = finder(parameters);
  const grid = (size: number, channels: number): Grid => ({height: size, width: size, channels});
  const input: Value = {...layers.images(grid(14, 4), 1), gradient: {...grid(14, 4), pad: 0, at: 0}};
  const [a, b] = [layers.value(grid(14, 32)), layers.value(grid(14, 32))];
  const active = () => ({pad: 1, gradientPad: 0});
  const [aOn, bOn] = [layers.value(grid(14, 32), active()), layers.value(grid(14, 32), {gradientPad: 0})];
  const [c, d] = [layers.value(grid(7, 64)), layers.value(grid(7, 64))];
  const [cOn, dOn] = [layers.value(grid(7, 64), active()), layers.value(grid(7, 64), {gradientPad: 0})];
  const e = layers.value(grid(7, narrow), {gradientPad: 0});
  const list = (channels: number) => layers.value({height: 1, width: 1, channels}, {gradientPad: 0});
  const [bent, features, scores] = [list(featureCount), list(featureCount), list(10)];
  const flattened = {...e, ...{height: 1, width: 1, channels: 49 * narrow}};
  const flattenedGradient = {...e.gradient, height: 1, width: 1, channels: 49 * narrow};

  const norm = (name: string, x: Value, y: Value) =>
    normalization(layers, x, {scale: find(`${name}.scale`), shift: find(`${name}.shift`)}, y);
  const convolution = (name: string, x: Value, y: Value, first = false) =>
    layers.convolution(x, find(`${name}.kernel`), find(`${name}.bias`), y, {first});
  const full = (name: string, from: Value, to: Value) =>
    dense(layers, from, to, {kernel: find(`${name}.kernel`), bias: find(`${name}.bias`)});
  const corners = layers.table(
    Array.from({length: 49}, (_, i) => (2 * Math.floor(i / 7) * 14 + 2 * (i % 7)) * 32),
    196 * 32
  );
  const shrink = layers.product({
    a: {at: bOn.at, rows: corners},
    segments: 2,
    segment: 14 * 32,
    k: 64,
    y: {at: c.at, rows: layers.rows(c)},
    n: 64,
    kernel: find("shrink.kernel"),
    bias: find("shrink.bias"),
    gradient: {
      a: {at: bOn.gradient.at, rows: corners},
      y: {at: c.gradient.at, rows: layers.rows(c.gradient)}
    }
  });
  const sequence: Layer[] = [
    convolution("stem", input, a, true),
    norm("one", a, aOn),
    convolution("one", aOn, b),
    norm("two", b, bOn),
    shrink,
    norm("three", c, cOn),
    convolution("three", cOn, d),
    norm("four", d, dOn),
    full("narrow", dOn, e),
    full("features", {...flattened, gradient: flattenedGradient}, features),
    bend(layers, features, bent),
    full("decide", bent, scores)
  ];
  const gathered = [a, b, bOn, c, d, dOn, e, bent];
  flat.loadWeights(initialWeights(parameters, seed));
  return {look, step, save: flat.save, load: flat.load, loadWeights: flat.loadWeights};

  function forward(x: Float32Array, from: number, size: number): void {
    toPatches(x, from, size, kernels.floats(input.at, capacity * 1024));
    for (const layer of sequence) layer.forward(size);
  }

  function look(x: Float32Array) {
    const n = x.length / digitPixels;
    flat.use("average");
    const answer = {scores: new Float32Array(n * 10), features: new Float32Array(n * featureCount)};
    for (let from = 0; from < n; from += capacity) {
      const size = Math.min(capacity, n - from);
      forward(x, from, size);
      answer.scores.set(kernels.floats(scores.at, size * 10), from * 10);
      answer.features.set(kernels.floats(bent.at, size * featureCount), from * featureCount);
    }
    return answer;
  }

  function step(x: Float32Array, labels: ArrayLike<number>, learningRate: number, decay: number): number {
    const n = x.length / digitPixels;
    flat.clearGradients();
    flat.use("weights");
    let loss = 0;
    for (let from = 0; from < n; from += capacity) {
      const size = Math.min(capacity, n - from);
      forward(x, from, size);
      for (const {gradient} of gathered) layers.clear(gradient, size);
      loss += crossEntropy(labels, from, size, n);
      for (const layer of [...sequence].reverse()) layer.back(size);
    }
    flat.update(learningRate, decay);
    return loss / n;
  }

  /** The sum of -log p(label), and its gradient with respect to the scores, over n. */
  function crossEntropy(labels: ArrayLike<number>, from: number, size: number, n: number): number {
    const probabilities = softmax(kernels.floats(scores.at, size * 10));
    const g = kernels.floats(scores.gradient.at, size * 10);
    let loss = 0;
    for (let i = 0; i < size; ++i) {
      for (let j = 0; j < 10; ++j) {
        g[i * 10 + j] = (probabilities[i * 10 + j] - (labels[from + i] === j ? 1 : 0)) / n;
      }
      loss -= Math.log(Math.max(1e-12, probabilities[i * 10 + labels[from + i]]));
    }
    return loss;
  }
}

/** Probabilities [n, 10] of scores [n, 10]. */
export function softmax(scores: Float32Array): Float32Array {
  const probabilities = new Float32Array(scores.length);
  for (let i = 0; i < scores.length; i += 10) {
    const own = scores.subarray(i, i + 10);
    const largest = Math.max(...own);
    const parts = Array.from(own, (score) => Math.exp(score - largest));
    const total = parts.reduce((sum, part) => sum + part, 0);
    parts.forEach((part, j) => (probabilities[i + j] = part / total));
  }
  return probabilities;
}
