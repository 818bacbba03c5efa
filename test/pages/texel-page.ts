/** Runs in a browser: kernels on texels, and beside each what tfjs's own operations make of the same numbers on the CPU. */
import type {DigitBatch, DigitNetwork} from "../../lib/digits/digit-network.js";
import type {DigitShape, Parameter} from "../../lib/digits/digit-shape.js";
import {digitMatrices, digitParameters} from "../../lib/digits/digit-shape.js";
import {createTensorDigitNetwork} from "../../lib/digits/tensor-digit-network.js";
import {tensorMuon} from "../../lib/digits/tensor-muon.js";
import {block} from "../../lib/digits/tensor-unet.js";
import {texelBlock} from "../../lib/digits/texel-block.js";
import type {Parts} from "../../lib/digits/texel-convolution.js";
import {createTexelDigitNetwork} from "../../lib/digits/texel-digit-network.js";
import {texelLayout} from "../../lib/texels/texel-layout.js";
import {gatherGradients, orthogonal} from "../../lib/digits/texel-optimizer.js";
import {countLaunches} from "../../lib/launches.js";
import {muonScale} from "../../lib/muon.js";
import type {Random} from "../../lib/random.js";
import {seededRandom} from "../../lib/random.js";
import {toTexels} from "../../lib/texels/texel-kernel.js";
import type {BackendName} from "../../lib/tf.js";
import * as tf from "../../lib/tf.js";

export {start} from "./texel-start.js";

/** How far numbers are from what they should be, over the root mean square of these. */
export type Apart = Record<string, number>;

/** A residual block of random size: its answer, and the gradients of a random sum of it. */
export async function blockApart(backend: BackendName, seed: number): Promise<Apart> {
  const random = seededRandom(seed);
  const [n, side] = [1 + random.integer(3), 3 + random.integer(6)];
  const [from, to] = [8 * (1 + random.integer(3)), 8 * (1 + random.integer(3))];
  const {parameters, values} = weightsOf(random, {
    "b.norm.scale": [from],
    "b.norm.shift": [from],
    "b.first.kernel": [3, 3, from, to],
    "b.first.bias": [to],
    "b.second.kernel": [3, 3, to, to],
    "b.second.bias": [to],
    ...(from === to ? {} : {"b.skip": [from, to]})
  });
  const [x, told, dy] = [n * side ** 2 * from, n * 2 * to, n * side ** 2 * to].map((count) => normals(random, count));

  const layout = texelLayout(parameters, []);
  const fused = await read(() => {
    const weights = {texels: toTexels(layout.pack(values)), base: 0};
    const images = {texels: toTexels(x), n, places: side ** 2, width: from / 4};
    const run = texelBlock(images, "b", weights, layout, {texels: toTexels(told), stride: to / 2, at: 0});
    const parts: Parts[] = [];
    const {dx, told: dTold} = run.back(toTexels(dy), (own) => parts.push(own));
    return {y: run.y.texels, x: dx, told: dTold, weights: gatherGradients(parts, layout.size)};
  });

  await tf.useBackend("cpu");
  const plain = await read(() => {
    const weights = parameters.map((own) => tf.tensor(values.subarray(own.offset, own.offset + own.size), own.shape));
    const answer = (x: tf.Tensor, told: tf.Tensor, ...arrays: tf.Tensor[]) =>
      block(x as tf.Tensor4D, "b", told as tf.Tensor2D, <T extends tf.Tensor>(name: string) => {
        if (name === "b.condition.kernel") return tf.eye(2 * to) as tf.Tensor as T; // so that it is told what it is given
        if (name === "b.condition.bias") return tf.zeros([2 * to]) as tf.Tensor as T;
        return arrays[parameters.findIndex((own) => own.name === name)] as T;
      });
    const inputs = [tf.tensor(x, [n, side, side, from]), tf.tensor(told, [n, 2 * to]), ...weights];
    const [dX, dTold, ...rest] = tf.grads(answer)(inputs, tf.tensor(dy, [n, side, side, to]));
    return {
      y: answer(inputs[0], inputs[1], ...weights),
      x: dX,
      told: dTold,
      weights: tf.concat(rest.map((g) => g.flatten()))
    };
  });
  await tf.useBackend(backend);
  fused.weights = layout.unpack(fused.weights);
  return Object.fromEntries(Object.keys(plain).map((name) => [name, apart(fused[name], plain[name])]));
}

/** What Muon makes of random matrices, upright and lying, with rows that do not fill their texels. */
export async function muonApart(backend: BackendName, seed: number): Promise<Apart> {
  const random = seededRandom(seed);
  const side = () => 3 + random.integer(30);
  const shapes = Object.fromEntries([0, 1, 2, 3].map((i) => [`m${i}`, [side(), side()]]));
  const {parameters, values} = weightsOf(random, {...shapes, other: [7]});
  const matrices = parameters.slice(0, 4).map(({offset, shape}) => ({offset, rows: shape[0], columns: shape[1]}));
  const layout = texelLayout(parameters, matrices);
  const {moves} = await read(() => {
    const owners = toTexels(layout.owners);
    return {moves: orthogonal(toTexels(layout.pack(values)), {owners, squares: toTexels(layout.squares)})};
  });
  const fused = layout.unpack(moves);
  for (const own of matrices) {
    const scale = muonScale(own);
    for (let i = 0; i < own.rows * own.columns; ++i) fused[own.offset + i] *= scale;
  }
  for (let i = parameters[4].offset; i < values.length; ++i) if (fused[i] !== 0) throw new Error("another was moved");
  await tf.useBackend("cpu");
  const plain = await read(() => ({moves: tensorMuon(matrices, values.length)(tf.tensor1d(values))}));
  await tf.useBackend(backend);
  return {moves: apart(fused, plain.moves)};
}

/** The whole network of a random shape: its answer, its loss, and the gradient of each of its weights. */
export async function networkApart(backend: BackendName, seed: number): Promise<Apart> {
  const random = seededRandom(seed);
  const size = (unit: number, most: number) => unit * (1 + random.integer(most));
  const shape: DigitShape = {outer: size(8, 2), inner: size(8, 3), embedding: size(4, 5), mixing: size(4, 4)};
  const batch = randomBatch(1 + random.integer(3), seed);
  const weights = (await onCpu(backend, () => createTensorDigitNetwork({shape}).save())).weights;
  weights.forEach((w, i) => (weights[i] = w + 0.1 * random.normal()));
  const ask = async (network: DigitNetwork) => {
    network.loadWeights(weights);
    const answer = await network.predict(batch.x, batch.t, batch.labels);
    await network.step(batch, 0, 0);
    const loss = await network.readLoss();
    const {first} = await network.save(); // a share of the gradient, the same in both
    network.dispose();
    return {answer, loss: [loss], first};
  };
  const fused = await ask(createTexelDigitNetwork({shape}));
  const plain = await onCpu(backend, () => ask(createTensorDigitNetwork({shape})));
  const gradients = digitParameters(shape).map(({name, offset, size}) => {
    const own = (values: Float32Array) => values.subarray(offset, offset + size);
    return [name, apart(own(fused.first), own(plain.first))] as const;
  });
  const {answer, loss} = fused;
  return {answer: apart(answer, plain.answer), loss: apart(loss, plain.loss), ...Object.fromEntries(gradients)};
}

/** The largest differences of two networks after some steps, and of their mean losses. */
export async function stepsApart(backend: BackendName, steps: number): Promise<Apart> {
  const shape: DigitShape = {outer: 8, inner: 16, embedding: 16, mixing: 12};
  const train = async (network: DigitNetwork) => {
    for (let i = 0; i < steps; ++i) await network.step(randomBatch(2, i), 1e-3, 0.4);
    const [state, loss] = [await network.save(), await network.readLoss()];
    network.dispose();
    return {...state, loss: [loss]};
  };
  const fused = await train(createTexelDigitNetwork({shape, seed: 3}));
  const plain = await onCpu(backend, () => train(createTensorDigitNetwork({shape, seed: 3})));
  const moved = digitMatrices(digitParameters(shape));
  if (fused.step !== steps || moved.some(({offset}) => fused.second[offset] !== 0))
    throw new Error("Adam moved a matrix");
  const names = ["weights", "average", "first", "second", "loss"] as const;
  return Object.fromEntries(names.map((name) => [name, apart(fused[name], plain[name])]));
}

/** Launches of a training step and of an answer for guided digits, of the network of the site; and what is left behind. */
export async function launchesOf(): Promise<{step: number; ddim: number; tensors: number; bytes: number}> {
  const before = tf.memory().numTensors;
  const network = createTexelDigitNetwork();
  const held: (number | undefined)[] = [];
  let [step, ddim] = [0, 0];
  for (let i = 0; i < 3; ++i) {
    const batch = randomBatch(1, i);
    step = await countLaunches(() => network.step(batch, 1e-3, 0.5));
    await network.readLoss();
    ddim = await countLaunches(() => network.predict(batch.x, 500, batch.labels));
    held.push((tf.memory() as {numBytesInGPUAllocated?: number}).numBytesInGPUAllocated);
  }
  network.dispose();
  return {step, ddim, tensors: tf.memory().numTensors - before, bytes: (held[2] ?? 0) - (held[1] ?? 0)};
}

async function onCpu<A>(backend: BackendName, work: () => Promise<A>): Promise<A> {
  await tf.useBackend("cpu");
  try {
    return await work();
  } finally {
    await tf.useBackend(backend);
  }
}

async function read(work: () => Record<string, tf.Tensor>): Promise<Record<string, Float32Array>> {
  const tensors = tf.tidy(work);
  const all = await Promise.all(Object.entries(tensors).map(async ([name, own]) => [name, await own.data()] as const));
  tf.dispose(tensors);
  return Object.fromEntries(all) as Record<string, Float32Array>;
}

function weightsOf(random: Random, shapes: Record<string, number[]>): {parameters: Parameter[]; values: Float32Array} {
  let offset = 0;
  const parameters = Object.entries(shapes).map(([name, shape]) => {
    const size = shape.reduce((product, n) => product * n, 1);
    offset += size;
    return {name, shape, std: 0, offset: offset - size, size};
  });
  return {parameters, values: normals(random, offset).map((z) => 0.3 * z)};
}

function randomBatch(n: number, seed: number): DigitBatch {
  const random = seededRandom(seed);
  return {
    x: normals(random, n * 784),
    target: normals(random, n * 784),
    t: Float32Array.from({length: n}, () => random.integer(1000)),
    labels: Uint8Array.from({length: n}, (_, i) => (i === 1 ? 10 : random.integer(10)))
  };
}

function normals(random: Random, count: number): Float32Array {
  return Float32Array.from(random.normals(count));
}

function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [worst, squares] = [0, 0];
  for (let i = 0; i < b.length; ++i) {
    worst = Math.max(worst, Math.abs(a[i] - b[i]));
    squares += b[i] ** 2;
  }
  return worst / Math.sqrt(squares / b.length);
}
