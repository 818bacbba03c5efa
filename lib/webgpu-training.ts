import type {PointSource} from "./batches.js";
import {checkScale} from "./batches.js";
import {cosineDecay} from "./cosine-decay.js";
import {emaDecay} from "./ema-decay.js";
import type {FlatState} from "./kernels/flat-weights.js";
import type {KernelProgress} from "./kernel-training.js";
import {seededRandom} from "./random.js";
import {TrainingDiverged} from "./training-diverged.js";
import type {StepPlan, WebgpuPointNetwork} from "./webgpu-point-network.js";
import {mostPoints} from "./webgpu-point-network.js";

/** Options of `webgpuTraining`: those of kernelTraining of ./kernel-training.js, without what the network knows. */
export interface WebgpuTrainingOptions {
  network: WebgpuPointNetwork;
  data: Float64Array | PointSource; // points [m, 2] or a point set, near mean 0 and scale 1
  steps: number;
  learningRate?: number; // at the start; falls to 0 along half a cosine; defaults to 3e-3
  largestDecay?: number; // of the running average of the weights; defaults to 0.99
  seed?: number; // of the draws; defaults to 0
}

/** A training in our shaders, which makes steps when it is asked for some. */
export interface WebgpuTraining {
  readonly step: number;
  readonly steps: number;
  /** What the training was at one step, off the graphics card: at most some two seconds old. */
  readonly copy: {step: number; state: FlatState};
  /**
   * Makes so many steps, none beyond the end. Throws TrainingDiverged when their loss is no number, with the copy's weights
   * back in the network, and BackendLost when the graphics card is lost.
   */
  advance(count: number): Promise<KernelProgress>;
}

const keepEvery = 2000; // ms

/**
 * Trains a point network in our shaders: Ho et al. 2020, Algorithm 1, as kernelTraining of ./kernel-training.js. The
 * graphics card draws times, noises and clean points itself, the last from the 32,768 that are sampled at the start;
 * so the losses are those of the other ways in the mean only. The same seed gives the same weights on the same card, however the
 * steps are asked for. Adam begins anew. Throws a RangeError for options that cannot be.
 */
export async function webgpuTraining(options: WebgpuTrainingOptions): Promise<WebgpuTraining> {
  const {network, data, steps, learningRate = 3e-3, largestDecay, seed = 0} = options;
  if (!Number.isInteger(steps) || steps < 1) throw new RangeError(`steps is ${steps}: choose a whole number from 1`);
  if (!(learningRate > 0 && learningRate < Infinity))
    throw new RangeError(`learningRate is ${learningRate}: choose a number above 0`);
  network.feed(pointPool(data, seed));
  let step = 0;
  let rate = learningRate;
  const {weights, average} = await network.saveState();
  const zeros = new Float32Array(weights.length);
  let copy: WebgpuTraining["copy"] = {step: 0, state: {step: 0, weights, average, first: zeros, second: zeros}};
  let copied = performance.now();
  network.loadState(copy.state);
  await network.readLoss();

  return {
    get step() {
      return step;
    },
    steps,
    get copy() {
      return copy;
    },
    async advance(count) {
      const before = step;
      const plans: StepPlan[] = [];
      while (step < Math.min(steps, before + count)) {
        rate = cosineDecay(learningRate, step, steps);
        plans.push({draw: step, learningRate: rate, decay: emaDecay(++step, largestDecay)});
      }
      network.train(plans, seed);
      const loss = await network.readLoss();
      if (plans.length && !Number.isFinite(loss)) rollBack(loss);
      if (performance.now() - copied > keepEvery || step === steps) await keep();
      return {step, count: plans.length, loss, learningRate: rate};
    }
  };

  async function keep(): Promise<void> {
    const state = await network.saveState();
    // A shader may take NaN for any other number: the loss does not tell for certain.
    if (![state.weights, state.second].every((values) => values.every(Number.isFinite))) rollBack(NaN);
    copy = {step, state};
    copied = performance.now();
  }

  function rollBack(loss: number): never {
    network.loadState(copy.state);
    const reached = step;
    step = copy.step;
    throw new TrainingDiverged(reached, copy.step, loss, learningRate);
  }
}

/** The clean points that a training chooses from; a RangeError when they are not of the scale of the noise. */
function pointPool(data: Float64Array | PointSource, seed: number): Float32Array<ArrayBuffer> {
  const random = seededRandom(seed).fork(1);
  const given = data instanceof Float64Array;
  if (given && (data.length < 2 || data.length % 2)) {
    throw new RangeError(`the data hold ${data.length} numbers: give at least one point, and two numbers for each`);
  }
  const points = given ? data : data.sample(mostPoints, random);
  checkScale(points);
  if (points.length <= 2 * mostPoints) return Float32Array.from(points);
  const pool = new Float32Array(2 * mostPoints);
  for (let i = 0; i < pool.length; i += 2) pool.set(at(points, random.integer(points.length / 2)), i);
  return pool;
}

function at(points: Float64Array, i: number): Float64Array {
  return points.subarray(2 * i, 2 * i + 2);
}

/** Training steps of 512 points a second on this device, from work of some milliseconds. */
export async function webgpuStepRate(network: WebgpuPointNetwork, milliseconds = 100): Promise<number> {
  network.feed(pointPool({sample: (count, random) => random.normals(2 * count)}, 0));
  const run = async (count: number): Promise<number> => {
    const began = performance.now();
    network.train(
      Array.from({length: count}, (_, draw) => ({draw, learningRate: 1e-3, decay: 0.5})),
      0
    );
    await network.readLoss();
    return performance.now() - began;
  };
  await run(1); // whatever is done once
  let count = 1;
  let taken = await run(count);
  while (taken < milliseconds && count < 4096) {
    count = Math.min(4096, Math.ceil(count * Math.min(10, (1.2 * milliseconds) / Math.max(taken, 0.1))));
    taken = await run(count);
  }
  return (1000 * count) / taken;
}
