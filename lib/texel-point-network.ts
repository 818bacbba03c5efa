import {unlessLost} from "./backend.js";
import type {Batch} from "./batches.js";
import type {PointWeights} from "./plain-network.js";
import {featureCount, layerShapes, timeFeatures} from "./plain-network.js";
import * as tf from "./tf.js";
import {denseGradient, denseRelu, denseReluBack} from "./texels/texel-dense.js";
import type {Texels} from "./texels/texel-kernel.js";
import {texelKernel, toTexels} from "./texels/texel-kernel.js";
import {texelLayout} from "./texels/texel-layout.js";

/** A point network in training, on fused kernels: the one of ./point-network.js, its optimiser and its running average. */
export interface TexelPointNetwork {
  /** One step of Adam on squaredError, and of the running average, which keeps `decay` of what it was. 13 launches. */
  step(batch: Batch, learningRate: number, decay: number): void;
  /** The mean loss of the steps since the last call; NaN if there was none. */
  readLoss(): Promise<number>;
  save(): Promise<PointWeights>;
  /** Adam's running mean of the gradient of each array: after the first step a tenth of it. */
  gradientMeans(): Promise<Float32Array[]>;
  dispose(): void;
}

const adam = {beta1: 0.9, beta2: 0.99, epsilon: 1e-7}; // as the optimiser of ./training.js
const lossParts = 64;
const layers = 4;
const features = (featureCount - 2) / 4; // texels that say a time

// The first layer sees the point x_t, which is made of the batch as it is read, and the time, which a table holds.
const pointText = `vec4 noised(int row) {
  vec4 pair = batch(2 * row);
  vec4 level = batch(2 * row + 1);
  return vec4(level.y * pair.xy + level.z * pair.zw, 0.0, 0.0);
}`;

const firstKernel = texelKernel("PointFirst", {
  inputs: ["batch", "table", "w"],
  integers: ["at", "out", "features"],
  text: `${pointText}
vec4 texel(int i) {
  int row = i / $out;
  int o = i - row * $out;
  int k = $at + o;
  vec4 v = noised(row);
  vec4 sum = w(k + (4 * $features + 2) * $out) + v.x * w(k) + v.y * w(k + $out);
  k += 2 * $out;
  int time = int(batch(2 * row + 1).x + 0.5) * $features;
  for (int c = 0; c < $features; ++c) {
    vec4 f = table(time + c);
    sum += f.x * w(k) + f.y * w(k + $out) + f.z * w(k + 2 * $out) + f.w * w(k + 3 * $out);
    k += 4 * $out;
  }
  return max(sum, vec4(0.0));
}`
});

const firstFilter = texelKernel("PointFirstFilter", {
  inputs: ["dy", "batch", "table"],
  integers: ["out", "features", "rows", "chunks"],
  text: `${pointText}
vec4 texel(int i) {
  int size = (4 * $features + 3) * $out;
  int chunk = i / size;
  int j = i - chunk * size;
  int line = j / $out;
  int o = j - line * $out;
  int feature = max(line - 2, 0);
  int c = feature / 4;
  int part = feature - 4 * c;
  vec4 mask = vec4(float(part == 0), float(part == 1), float(part == 2), float(part == 3));
  vec4 side = vec4(float(line == 0), float(line == 1), 0.0, 0.0);
  vec4 sum = vec4(0.0);
  for (int row = chunk * $rows / $chunks; row < (chunk + 1) * $rows / $chunks; ++row) {
    vec4 d = dy(row * $out + o);
    if (line < 2) {
      d = d * dot(noised(row), side);
    } else if (c < $features) {
      d = d * dot(table(int(batch(2 * row + 1).x + 0.5) * $features + c), mask);
    }
    sum += d;
  }
  return sum;
}`
});

// What the network should have said is a x_0 + b epsilon, whatever it predicts.
const errorKernel = texelKernel("PointError", {
  inputs: ["x", "w", "batch"],
  integers: ["at", "inputs", "velocity", "epsilon"],
  floats: ["factor"],
  text: `vec4 texel(int row) {
  int across = ($inputs + 3) / 4;
  vec4 sum = w($at + $inputs);
  for (int c = 0; c < across; ++c) {
    vec4 v = x(row * across + c);
    int k = $at + 4 * c;
    sum += v.x * w(k) + v.y * w(k + 1) + v.z * w(k + 2) + v.w * w(k + 3);
  }
  vec4 pair = batch(2 * row);
  vec4 level = batch(2 * row + 1);
  float a = 1.0;
  float b = 0.0;
  if ($epsilon == 1) {
    a = 0.0;
    b = 1.0;
  }
  if ($velocity == 1) {
    a = -level.z;
    b = level.y;
  }
  return (sum - vec4(a * pair.xy + b * pair.zw, 0.0, 0.0)) * $factor;
}`
});

const lossKernel = texelKernel("AddPointLoss", {
  inputs: ["before", "dy"],
  integers: ["rows", "parts"],
  floats: ["factor"],
  text: `vec4 texel(int i) {
  float sum = 0.0;
  for (int row = i; row < $rows; row += $parts) {
    vec4 d = dy(row);
    sum += dot(d, d);
  }
  return before(i) + vec4(sum * $factor, 0.0, 0.0, 0.0);
}`
});

const partsText = Array.from(
  {length: layers},
  (_, k) => `  if (j >= $start${k} && j < $start${k} + $size${k}) {
    for (int c = 0; c < $chunks; ++c) {
      sum += part${k}(c * $size${k} + j - $start${k});
    }
  }`
).join("\n");

// The state holds the weights, their average and Adam's two means, one after another.
const update = texelKernel("UpdatePoints", {
  inputs: ["state", ...Array.from({length: layers}, (_, k) => `part${k}`)],
  integers: ["quarter", "chunks", ...Array.from({length: layers}, (_, k) => [`start${k}`, `size${k}`]).flat()],
  floats: ["rate", "epsilon", "decay", "beta1", "beta2"],
  text: `vec4 gradientOf(int j) {
  vec4 sum = vec4(0.0);
${partsText}
  return sum;
}
vec4 texel(int i) {
  int part = i / $quarter;
  int j = i - part * $quarter;
  vec4 g = gradientOf(j);
  vec4 first = $beta1 * state(2 * $quarter + j) + (1.0 - $beta1) * g;
  vec4 second = $beta2 * state(3 * $quarter + j) + (1.0 - $beta2) * g * g;
  if (part == 2) {
    return first;
  }
  if (part == 3) {
    return second;
  }
  vec4 weights = state(j) - $rate * first / (sqrt(second) + $epsilon);
  if (part == 0) {
    return weights;
  }
  return $decay * state($quarter + j) + (1.0 - $decay) * weights;
}`
});

/** Takes up a point network on the backend that runs, WebGL 2 or WebGPU; its optimiser begins anew. */
export function createTexelPointNetwork(from: PointWeights): TexelPointNetwork {
  const {width, prediction, timesteps} = from;
  const shapes = layerShapes(width);
  const sizes = shapes.map((shape) => shape.reduce((product, n) => product * n, 1));
  const offsets = sizes.map((_, i) => sizes.slice(0, i).reduce((sum, n) => sum + n, 0));
  const arrays = shapes.map((shape, i) => ({name: String(i), shape, offset: offsets[i], size: sizes[i]}));
  const layout = texelLayout(arrays, []);
  const {size} = layout;
  const kernels = [0, 2, 4, 6].map((i) => layout.find(String(i)));
  const table = toTexels(timeTable(timesteps));
  let state = toTexels(packed(from));
  let loss = toTexels(new Float32Array(4 * lossParts));
  let [steps, lossSteps] = [0, 0];
  return {step, readLoss, save, gradientMeans, dispose: () => tf.dispose([table, state, loss])};

  function packed({weights, ema}: PointWeights): Float32Array {
    const all = new Float32Array(16 * size);
    [weights, ema].forEach((list, part) => {
      const flat = new Float32Array(offsets.at(-1)! + sizes.at(-1)!);
      list.forEach((values, i) => flat.set(values, offsets[i]));
      all.set(layout.pack(flat), 4 * size * part);
    });
    return all;
  }

  function step(batch: Batch, learningRate: number, decay: number): void {
    const n = batch.t.length;
    const factor = 1 / n; // of the mean over both coordinates
    const correction = Math.sqrt(1 - adam.beta2 ** ++steps);
    const rate = (learningRate * correction) / (1 - adam.beta1 ** steps);
    const chunks = Math.min(8, n);
    const next = tf.tidy(() => {
      const points = upload(batch);
      const weights = kernels.map((kernel) => ({texels: state, kernel}));
      const [first, , , last] = kernels;
      const own = {features, out: first.width};
      const h = [firstKernel(n * first.width, {batch: points, table, w: state}, {...own, at: first.at})];
      for (const layer of weights.slice(1, 3)) h.push(denseRelu(n, h.at(-1)!, layer));
      const wanted = {velocity: Number(prediction === "v"), epsilon: Number(prediction === "epsilon")};
      const error = {at: last.at, inputs: last.rows, factor, ...wanted};
      let dy = errorKernel(n, {x: h[2], w: state, batch: points}, error);
      const sum = lossKernel(lossParts, {before: loss, dy}, {rows: n, parts: lossParts, factor: 1 / (2 * factor)});
      const parts: Record<string, Texels> = {};
      for (let k = layers - 1; k > 0; --k) {
        parts[`part${k}`] = denseGradient(n, dy, h[k - 1], kernels[k], chunks);
        dy = denseReluBack(n, dy, h[k - 1], weights[k]);
      }
      const firstSize = chunks * (first.rows + 1) * first.width;
      parts.part0 = firstFilter(firstSize, {dy, batch: points, table}, {...own, rows: n, chunks});
      const places = kernels.map(({at, rows, width}, k) => ({[`start${k}`]: at, [`size${k}`]: (rows + 1) * width}));
      const {beta1, beta2, epsilon} = adam;
      const numbers = {quarter: size, chunks, rate, epsilon: epsilon * correction, decay, beta1, beta2};
      return {state: update(4 * size, {state, ...parts}, Object.assign(numbers, ...places)), loss: sum};
    });
    tf.dispose([state, loss]);
    ({state, loss} = next);
    lossSteps += 1;
  }

  async function readLoss(): Promise<number> {
    const count = lossSteps;
    const own = loss;
    lossSteps = 0;
    loss = toTexels(new Float32Array(4 * lossParts));
    try {
      const sums = await unlessLost(own.data<"float32">());
      return count ? sums.reduce((total, value) => total + value, 0) / count : NaN;
    } finally {
      own.dispose();
    }
  }

  async function read(...parts: number[]): Promise<Float32Array[][]> {
    const all = await unlessLost(state.data<"float32">());
    return parts.map((part) => {
      const flat = layout.unpack(all.subarray(4 * size * part, 4 * size * (part + 1)));
      return offsets.map((offset, i) => flat.slice(offset, offset + sizes[i]));
    });
  }

  async function save(): Promise<PointWeights> {
    const [weights, ema] = await read(0, 1);
    return {width, prediction, timesteps, weights, ema};
  }

  async function gradientMeans(): Promise<Float32Array[]> {
    return (await read(2))[0];
  }
}

/** What the network sees of each time, a row each. */
function timeTable(timesteps: number): Float32Array {
  const table = new Float32Array(4 * features * timesteps);
  for (let t = 0; t < timesteps; ++t) table.set(timeFeatures((t + 1) / timesteps), 4 * features * t);
  return table;
}

/** Two texels for each point: x_0 and epsilon; the time and the two levels. */
function upload({x0, epsilon, t, signal, noise}: Batch): Texels {
  const values = new Float32Array(8 * t.length);
  for (let i = 0; i < t.length; ++i) {
    const [a, b] = [2 * i, 2 * i + 1];
    values.set([x0[a], x0[b], epsilon[a], epsilon[b], t[i], signal[i], noise[i]], 8 * i);
  }
  return toTexels(values);
}
