import type {PointSource} from "./batches.js";
import {pointBatches} from "./batches.js";
import {cosineDecay} from "./cosine-decay.js";
import {emaDecay} from "./ema-decay.js";
import type {FlatState} from "./kernels/flat-weights.js";
import type {Schedule} from "./schedule.js";
import {TrainingDiverged} from "./training-diverged.js";
import type {WasmPointNetwork} from "./wasm-point-network.js";

/** Options of `kernelTraining`: those of trainPoints that need no tfjs. */
export interface KernelTrainingOptions {
  network: WasmPointNetwork;
  data: Float64Array | PointSource; // points [m, 2] or a point set, near mean 0 and scale 1
  schedule: Schedule;
  steps: number;
  batch?: number; // defaults to 512
  learningRate?: number; // at the start; falls to 0 along half a cosine; defaults to 3e-3
  largestDecay?: number; // of the running average of the weights; defaults to 0.99
  seed?: number; // of the draws; defaults to 0
  from?: number; // steps of this training that were made before, in vain but for the weights; defaults to 0
}

/** What some steps have come to. */
export interface KernelProgress {
  step: number; // steps made so far
  count: number; // of them since the last call
  loss: number; // their mean; NaN of none
  learningRate: number; // of the last step
}

/** A training on our kernels, which makes steps when it is asked for some. */
export interface KernelTraining {
  readonly step: number;
  readonly steps: number;
  /**
   * Makes so many steps, none beyond the end. Throws TrainingDiverged when their loss is no number; the network then has
   * the weights of a copy back, which is at most about two seconds of work old.
   */
  advance(count: number): KernelProgress;
}

const keepEvery = 2000; // ms of work

/**
 * Trains a point network on our kernels: Ho et al. 2020, Algorithm 1, step by step as trainPoints of ./training.js does it
 * with the library's own loss, loop and optimiser, from the same draws. Adam begins anew. Throws a RangeError for options
 * that cannot be.
 */
export function kernelTraining(options: KernelTrainingOptions): KernelTraining {
  const {network, data, schedule, steps, batch = 512, learningRate = 3e-3, largestDecay, seed = 0, from = 0} = options;
  if (network.timesteps !== schedule.timesteps)
    throw new RangeError(`the network is for ${network.timesteps} timesteps, the schedule has ${schedule.timesteps}`);
  if (!Number.isInteger(steps) || steps < 1) throw new RangeError(`steps is ${steps}: choose a whole number from 1`);
  if (!(learningRate > 0 && learningRate < Infinity))
    throw new RangeError(`learningRate is ${learningRate}: choose a number above 0`);
  const draw = pointBatches({data, schedule, batch, seed});
  let step = from;
  let rate = learningRate;
  const {weights, average} = network.saveState();
  const zeros = new Float32Array(weights.length);
  let copy: {step: number; state: FlatState} = {
    step: from,
    state: {step: 0, weights, average, first: zeros, second: zeros}
  };
  network.loadState(copy.state);
  network.readLoss();
  let sinceCopy = 0;

  return {
    get step() {
      return step;
    },
    steps,
    advance(count) {
      const began = performance.now();
      const before = step;
      while (step < Math.min(steps, before + count)) makeStep();
      const loss = network.readLoss();
      if (!Number.isFinite(loss) && step > before) rollBack(loss);
      sinceCopy += performance.now() - began;
      if (sinceCopy > keepEvery || step === steps) keep();
      return {step, count: step - before, loss, learningRate: rate};
    }
  };

  function makeStep(): void {
    rate = cosineDecay(learningRate, step, steps);
    network.step(draw(), rate, emaDecay(++step, largestDecay));
  }

  function keep(): void {
    sinceCopy = 0;
    const state = network.saveState();
    if (state.weights.every(Number.isFinite) && state.second.every(Number.isFinite)) copy = {step, state};
  }

  function rollBack(loss: number): never {
    network.loadState(copy.state);
    const reached = step;
    step = copy.step;
    throw new TrainingDiverged(reached, copy.step, loss, learningRate);
  }
}
