/** What the blank page of webgpu-points.test.ts runs: our shaders, and plain tfjs on its cpu backend beside them. */
import {startBackend, webgpuDevice} from "../../lib/backend.js";
import type {Batch} from "../../lib/batches.js";
import {pointBatches} from "../../lib/batches.js";
import type {PointWeights} from "../../lib/plain-network.js";
import {plainNetwork} from "../../lib/plain-network.js";
import {createPointNetwork} from "../../lib/point-network.js";
import {pointSet} from "../../lib/points/index.js";
import type {Prediction} from "../../lib/prediction.js";
import {seededRandom} from "../../lib/random.js";
import type {SamplerMove} from "../../lib/sampler-moves.js";
import {ddimMoves, ddpmMoves} from "../../lib/sampler-moves.js";
import {makeSchedule} from "../../lib/schedule.js";
import * as tf from "../../lib/tf.js";
import {timestepList} from "../../lib/timesteps.js";
import {batchTensors, squaredError} from "../../lib/train-step.js";
import {trainOnce} from "../../lib/training.js";
import {countLaunches} from "../../lib/launches.js";
import {createWebgpuPointNetwork} from "../../lib/webgpu-point-network.js";
import {webgpuTraining} from "../../lib/webgpu-training.js";

const schedule = makeSchedule("cosine");
const moons = pointSet("moons");

/** The device of tfjs, while its cpu backend runs. */
async function device(): Promise<GPUDevice> {
  await startBackend("webgpu");
  const device = webgpuDevice();
  await startBackend("cpu");
  return device;
}

/** The largest difference, as a share of the largest value. */
function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`there are ${a.length} numbers, not ${b.length}`);
  let [most, size] = [0, 1e-6];
  for (let i = 0; i < b.length; ++i) {
    most = Math.max(most, Math.abs(a[i] - b[i]));
    size = Math.max(size, Math.abs(b[i]));
  }
  return most / size;
}

export interface Case {
  width: number;
  batch: number;
  prediction: Prediction;
  seed: number;
}

/** One step from the same weights and batch, here and there: how far apart the answers, the loss, gradients and weights are. */
export async function compareStep({width, batch, prediction, seed}: Case) {
  const schedule = makeSchedule("cosine", {timesteps: 60});
  const own = await createWebgpuPointNetwork({device: await device(), schedule, width, batch, prediction, seed});
  const tensors = createPointNetwork({width, prediction, timesteps: 60, seed});
  const random = seededRandom(seed + 1);
  const saved = shaken(await tensors.save(), seed);
  tensors.load(saved);
  own.load(saved);
  const x = random.normals(2 * batch);
  const answer = await own.predict(x, 17);
  const theirAnswer = tensors.ema.predict(tf.tensor2d(Float32Array.from(x), [batch, 2]), 17).dataSync();
  const draws = pointBatches({data: pointSet("ring8"), schedule, batch, seed})();
  const [theirLoss, theirGradients] = tensorGradients(tensors, draws);
  const optimizer = tf.train.adam(3e-3, 0.9, 0.99, 1e-7);
  trainOnce(tensors, optimizer, draws, 0.7).dispose();
  await own.step(draws, 3e-3, 0.7);
  const loss = await own.readLoss();
  const gradients = await own.gradients();
  const [ours, theirs] = [await own.save(), await tensors.save()];
  optimizer.dispose();
  tensors.dispose();
  own.dispose();
  const eachApart = (a: ArrayLike<number>[], b: ArrayLike<number>[]) => a.map((values, i) => apart(values, b[i]));
  return {
    answer: apart(answer, theirAnswer),
    loss: Math.abs(loss / theirLoss - 1),
    gradients: eachApart(gradients, theirGradients),
    weights: eachApart(ours.weights, theirs.weights),
    ema: eachApart(ours.ema, theirs.ema),
    plain: apart(answer, plainNetwork(saved).predict(x, 17))
  };
}

/** Weights and an average that differ, and biases other than 0, so that they all matter. */
function shaken(saved: PointWeights, seed: number): PointWeights {
  const random = seededRandom(seed + 2);
  const shake = (values: ArrayLike<number>) => Float32Array.from(values, (v) => v + 0.1 * random.normal());
  return {...saved, weights: saved.weights.map(shake), ema: saved.weights.map(shake)};
}

function tensorGradients(network: ReturnType<typeof createPointNetwork>, batch: Batch): [number, Float32Array[]] {
  return tf.tidy(() => {
    const tensors = batchTensors(batch);
    const {value, grads} = tf.variableGrads(() => squaredError(network, tensors), network.variables);
    const gradients = network.variables.map(({name}) => grads[name].dataSync<"float32">().slice());
    return [value.dataSync()[0], gradients];
  });
}

/** What the card draws for some steps, and the points it draws from. */
export async function draws({seed, steps, batch}: {seed: number; steps: number[]; batch: number}) {
  const network = await createWebgpuPointNetwork({device: await device(), schedule, width: 4, batch});
  const pool = Float32Array.from(moons.sample(1000, seededRandom(9)));
  network.feed(pool);
  const drawn: Record<keyof Batch, number[]>[] = [];
  for (const step of steps) {
    const {x0, epsilon, t, signal, noise} = await network.drawn(step, seed);
    drawn.push({x0: [...x0], epsilon: [...epsilon], t: [...t], signal: [...signal], noise: [...noise]});
  }
  network.dispose();
  return {pool: [...pool], drawn};
}

/** The same draws, once by the card as it trains, and once given to it: how far apart the losses and weights are. */
export async function compareDrawn({width, batch, prediction, seed}: Case) {
  const options = {device: await device(), schedule, width, batch, prediction, seed};
  const [one, two] = [await createWebgpuPointNetwork(options), await createWebgpuPointNetwork(options)];
  const pool = Float32Array.from(moons.sample(1000, seededRandom(9)));
  for (const network of [one, two]) network.feed(pool);
  const plans = [3, 4, 5].map((draw) => ({draw, learningRate: 3e-3, decay: 0.5}));
  one.train(plans, seed);
  for (const {draw, learningRate, decay} of plans) await two.step(await two.drawn(draw, seed), learningRate, decay);
  const losses = [await one.readLoss(), await two.readLoss()];
  const [a, b] = [await one.save(), await two.save()];
  for (const network of [one, two]) network.dispose();
  return {losses, ema: a.ema.map((values, i) => apart(values, b.ema[i]))};
}

/** A training, asked for in pieces of these sizes: its losses and what it ends with. */
export async function train(recipe: Recipe, pieces: number[], learningRate = 3e-3) {
  const {width, batch, seed, steps} = recipe;
  const network = await createWebgpuPointNetwork({device: await device(), schedule, width, batch, seed});
  const training = await webgpuTraining({network, data: moons, steps, seed, learningRate});
  const losses: number[] = [];
  let error = "";
  try {
    for (const count of pieces) losses.push((await training.advance(count)).loss);
  } catch (e) {
    error = `${(e as Error).name}: ${(e as Error).message}`;
  }
  const {weights, ema} = await network.save();
  network.dispose();
  return {losses, error, step: training.step, weights: weights.map(list), ema: ema.map(list)};
}

function list(values: ArrayLike<number>): number[] {
  return Array.from(values);
}

export interface Recipe {
  width: number;
  batch: number;
  seed: number;
  steps: number;
}

/** Runs of DDIM and DDPM by the card, with these weights. */
export async function sample(weights: PointWeights, xT: number[], {steps, eta, seed}: SampleOptions) {
  const {prediction, width} = weights;
  const network = await createWebgpuPointNetwork({device: await device(), schedule, width, prediction, batch: 8});
  network.load(weights);
  const options = {schedule, timesteps: timestepList("trailing", {timesteps: 1000, steps}), eta};
  const x = Float64Array.from(xT);
  let dispatches = 0;
  const counted = async (moves: SamplerMove[]) => {
    let points: Float64Array = new Float64Array();
    dispatches += await countLaunches(async () => (points = await network.sample(x, moves, seed)));
    return points;
  };
  const ddim = await counted(ddimMoves(prediction, options));
  const ddpm = await counted(ddpmMoves(prediction, options));
  network.dispose();
  return {ddim: [...ddim], ddpm: [...ddpm], dispatches};
}

export interface SampleOptions {
  steps: number;
  eta: number;
  seed: number;
}

/** How many buffers are left of a network that has done all it can, and how many there were. */
export async function buffersLeft() {
  const own = await device();
  const {createBuffer} = GPUDevice.prototype;
  const {destroy} = GPUBuffer.prototype;
  const living = new Set<GPUBuffer>();
  let made = 0;
  GPUDevice.prototype.createBuffer = function (descriptor) {
    const buffer = createBuffer.call(this, descriptor);
    made += 1;
    return (living.add(buffer), buffer);
  };
  GPUBuffer.prototype.destroy = function () {
    living.delete(this);
    return destroy.call(this);
  };
  try {
    const network = await createWebgpuPointNetwork({device: own, schedule, width: 8, batch: 20});
    const training = await webgpuTraining({network, data: moons, steps: 4});
    await training.advance(4);
    await network.step(await network.drawn(1, 2), 1e-3, 0.5);
    await network.predict(seededRandom(1).normals(10), 3);
    await network.save();
    const held = living.size;
    network.dispose();
    const late = await network.save().catch((error: Error) => error.message);
    return {made, held, left: living.size, late};
  } finally {
    GPUDevice.prototype.createBuffer = createBuffer;
    GPUBuffer.prototype.destroy = destroy;
  }
}

/** Takes the card away while a network waits for it: the error's name. */
export async function lose() {
  const own = await device();
  const network = await createWebgpuPointNetwork({device: own, schedule, width: 8, batch: 20});
  const training = await webgpuTraining({network, data: moons, steps: 400});
  await training.advance(2);
  const asked = training.advance(100).catch((error: Error) => error.name);
  own.destroy();
  return [await asked, await network.save().catch((error: Error) => error.name)];
}

/** The dispatches of a training step, when many are asked for at once. */
export async function dispatchesOfAStep() {
  const network = await createWebgpuPointNetwork({device: await device(), schedule, width: 8, batch: 20});
  network.feed(Float32Array.from(moons.sample(50, seededRandom(1))));
  const plans = Array.from({length: 70}, (_, draw) => ({draw, learningRate: 1e-3, decay: 0.9}));
  const count = await countLaunches(() => network.train(plans, 0));
  await network.readLoss();
  network.dispose();
  return count / plans.length;
}
