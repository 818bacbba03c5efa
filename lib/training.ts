import {isBackendLost, unlessLost} from "./backend.js";
import type {Batch, PointSource} from "./batches.js";
import {pointBatches} from "./batches.js";
import type {RunState} from "./checkpoint.js";
import {startRunState} from "./checkpoint.js";
import {emaDecay, updateAverage} from "./ema.js";
import {timeSlice} from "./event-loop.js";
import type {PointNetwork} from "./point-network.js";
import type {Schedule} from "./schedule.js";
import * as tf from "./tf.js";
import type {PointLoss} from "./train-step.js";
import {trainStep} from "./train-step.js";

export type {PointLoss, TensorBatch} from "./train-step.js";
export {squaredError, trainStep} from "./train-step.js";

/** Options of `trainPoints`. */
export interface TrainingOptions {
  network: PointNetwork;
  data: Float64Array | PointSource; // points [m, 2] or a point set, near mean 0 and scale 1
  schedule: Schedule;
  steps: number;
  batch?: number; // points in a step; defaults to 512
  learningRate?: number; // at the start; falls to 0 along half a cosine; defaults to 3e-3
  largestDecay?: number; // of the running average of the weights; defaults to 0.99
  seed?: number; // of the draws; defaults to 0
  signal?: AbortSignal; // stops at once
  reportEvery?: number; // steps between two reports; defaults to 10
  loss?: PointLoss; // to minimise instead of squaredError: a reader's edited version
}

/** What the caller learns every few steps. */
export interface TrainingReport {
  step: number; // steps made so far
  steps: number; // steps in all
  loss: number; // mean over the steps since the last report; NaN when `restarted`
  learningRate: number;
  stepsPerSecond: number; // since the last report, without the time the caller took
  backend: string;
  restarted?: string; // a sentence, when the graphics card was lost and training goes on from a copy
}

/** Thrown when the loss is no longer a number; the network has its last good weights back. */
export class TrainingDiverged extends Error {
  override name = "TrainingDiverged";
  /** The step whose report had the bad loss, and the step that the weights are from. */
  readonly step: number;
  readonly restoredStep: number;

  constructor(step: number, restoredStep: number, loss: number, learningRate: number) {
    super(
      `The loss became ${loss} at step ${step}: the steps were too long and the weights grew without bound. ` +
        `The weights of step ${restoredStep} are back. Choose a learning rate below ${learningRate} (0.003 works) and train again.`
    );
    this.step = step;
    this.restoredStep = restoredStep;
  }
}

/**
 * Trains a network to predict what is under the noise (Ho et al. 2020, Algorithm 1), and yields a report every few steps.
 *
 * The optimiser is Adam with beta1 = 0.9 and beta2 = 0.99. The caller paces: between two reports nothing runs, and the run
 * goes on exactly where it was. Ends early, without an error, when `signal` aborts. When the graphics card is lost, it goes
 * on from a copy that is at most about two seconds of work old. Throws TrainingDiverged when the loss is NaN or infinite.
 */
export async function* trainPoints(options: TrainingOptions): AsyncGenerator<TrainingReport, void> {
  const {
    network,
    data,
    schedule,
    steps,
    batch = 512,
    learningRate = 3e-3,
    seed = 0,
    reportEvery = 10,
    signal
  } = options;
  checkOptions(options);
  if (signal?.aborted) return;
  const nextBatch = pointBatches({data, schedule, batch, seed});
  // Adam's epsilon is given, since its default depends on the backend: WebGL takes 1e-4, the others 1e-7.
  const state = await startRunState(network, () => tf.train.adam(learningRate, 0.9, 0.99, 1e-7));
  try {
    let step = 0;
    while (step < steps && !signal?.aborted) {
      const start = performance.now();
      const count = Math.min(reportEvery, steps - step);
      const {loss, restarted} = await advance(options, state, nextBatch, step, count);
      if (signal?.aborted) return;
      step = restarted === undefined ? step + count : state.saved.step;
      const stepsPerSecond = (1000 * count) / (performance.now() - start);
      const rate = cosineDecay(learningRate, step, steps);
      signal?.addEventListener("abort", state.release); // frees a run that is paused here
      yield {step, steps, loss, learningRate: rate, stepsPerSecond, backend: tf.getBackend(), restarted};
      signal?.removeEventListener("abort", state.release);
    }
  } finally {
    signal?.removeEventListener("abort", state.release);
    state.release();
  }
}

/** One step, and the running average of the weights after it, which keeps `decay` of what it was. */
export function trainOnce(
  network: PointNetwork,
  optimizer: tf.Optimizer,
  batch: Batch,
  decay: number,
  loss?: PointLoss
): tf.Scalar {
  const value = trainStep(network, optimizer, batch, loss);
  updateAverage(network.ema.variables, network.variables, decay);
  return value;
}

/** The learning rate after `step` of `steps`: half a cosine from `start` down to 0. */
export function cosineDecay(start: number, step: number, steps: number): number {
  return (start / 2) * (1 + Math.cos((Math.PI * step) / steps));
}

interface Advance {
  loss: number; // NaN when the run was stopped or restarted
  restarted?: string;
}

/** Makes `count` steps after `step`, and returns their mean loss. The one reading from the graphics card is at the end. */
async function advance(
  options: TrainingOptions,
  state: RunState,
  nextBatch: () => Batch,
  step: number,
  count: number
): Promise<Advance> {
  const {network, steps, learningRate = 3e-3, largestDecay, loss: ownLoss, signal} = options;
  const losses: tf.Scalar[] = [];
  const slice = timeSlice();
  try {
    for (let n = step + 1; n <= step + count; ++n) {
      setLearningRate(state.optimizer, cosineDecay(learningRate, n - 1, steps));
      losses.push(trainOnce(network, state.optimizer, nextBatch(), emaDecay(n, largestDecay), ownLoss));
      await slice();
      if (signal?.aborted) return {loss: NaN};
    }
    const loss = await readMean(losses);
    if (signal?.aborted) return {loss};
    if (!Number.isFinite(loss)) {
      await state.rollBack();
      throw new TrainingDiverged(step + count, state.saved.step, loss, learningRate);
    }
    await state.keep(step + count, {now: step + count === steps});
    return {loss};
  } catch (error) {
    if (!isBackendLost()) throw error;
    const lost = tf.getBackend();
    const {reason} = await state.recover();
    return {
      loss: NaN,
      restarted: `the graphics card stopped ${lost}; going on from step ${state.saved.step}: ${reason}`
    };
  } finally {
    tf.dispose(losses);
  }
}

async function readMean(losses: tf.Scalar[]): Promise<number> {
  const mean = tf.tidy(() => tf.stack(losses).mean());
  try {
    return (await unlessLost(mean.data()))[0];
  } finally {
    mean.dispose();
  }
}

// tfjs lets Adam's rate change between steps, but its types do not say so.
function setLearningRate(optimizer: tf.AdamOptimizer, learningRate: number): void {
  (optimizer as unknown as {learningRate: number}).learningRate = learningRate;
}

function checkOptions({network, schedule, steps, learningRate = 3e-3, reportEvery = 10}: TrainingOptions): void {
  if (network.timesteps !== schedule.timesteps) {
    throw new RangeError(
      `the network is for ${network.timesteps} timesteps, but the schedule has ${schedule.timesteps}: ` +
        "make the network with the schedule's number"
    );
  }
  for (const [name, value] of Object.entries({steps, reportEvery})) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`${name} is ${value}: choose a whole number from 1`);
  }
  if (!(learningRate > 0))
    throw new RangeError(`learningRate is ${learningRate}: choose a number above 0, such as 0.003`);
}
