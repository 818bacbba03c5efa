import {isBackendLost, unlessLost} from "./backend.js";
import type {Batch, PointSource} from "./batches.js";
import {pointBatches} from "./batches.js";
import type {RunState} from "./checkpoint.js";
import {startRunState} from "./checkpoint.js";
import {updateAverage} from "./ema.js";
import {timeSlice} from "./event-loop.js";
import type {PointNetwork} from "./point-network.js";
import type {Schedule} from "./schedule.js";
import * as tf from "./tf.js";
import type {PointLoss} from "./train-step.js";
import {squaredError, trainStep} from "./train-step.js";
import type {RunningLoop, TrainingLoop} from "./training-loop.js";
import {TrainingDiverged} from "./training-diverged.js";
import {startLoop, trainingLoop} from "./training-loop.js";

export type {PointLoss, TensorBatch} from "./train-step.js";
export {squaredError, trainStep} from "./train-step.js";
export {TrainingDiverged} from "./training-diverged.js";
export type {TrainingLoop, TrainingTools} from "./training-loop.js";
export {cosineDecay, trainingLoop} from "./training-loop.js";

/** Makes an optimiser of tfjs for a learning rate. */
export type MakeOptimizer = (tfjs: typeof tf, learningRate: number) => tf.Optimizer;

/** Options of `trainPoints`. */
export interface TrainingOptions {
  network: PointNetwork;
  data: Float64Array | PointSource; // points [m, 2] or a point set, near mean 0 and scale 1
  schedule: Schedule;
  steps: number;
  batch?: number; // points in a step; defaults to 512
  learningRate?: number; // at the start; falls to 0 along half a cosine; defaults to 3e-3
  largestDecay?: number; // of the running average of the weights; defaults to 0.99; an own loop has its own
  seed?: number; // of the draws; defaults to 0
  signal?: AbortSignal; // stops at once
  reportEvery?: number; // steps between two reports; defaults to 10
  loss?: PointLoss; // to minimise instead of squaredError: a reader's edited version
  loop?: TrainingLoop; // instead of trainingLoop; it may end before `steps`
  optimizer?: MakeOptimizer; // instead of Adam with beta1 = 0.9, beta2 = 0.99 and epsilon = 1e-7
}

/** What the caller learns every few steps. */
export interface TrainingReport {
  step: number; // steps made so far
  steps: number; // steps in all
  loss: number; // mean over the steps since the last report; NaN when `restarted`
  learningRate: number; // of the last step
  stepsPerSecond: number; // since the last report, without the time the caller took
  backend: string;
  restarted?: string; // a sentence, when the graphics card was lost and training goes on from a copy
}

/**
 * Trains a network to predict what is under the noise (Ho et al. 2020, Algorithm 1), and yields a report every few steps.
 *
 * The steps are those of `loop`, which is asked for one at a time. The caller paces: between two reports nothing runs, and
 * the run goes on exactly where it was. Ends early, without an error, when `signal` aborts or the loop ends. When the
 * graphics card is lost, it starts the loop again from a copy that is at most about two seconds of work old. Throws
 * TrainingDiverged when the loss is NaN or infinite, and a TypeError when a loss, a loop or an optimiser is not one.
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
  const draw = pointBatches({data, schedule, batch, seed});
  const state = await startRunState(network, () => makeOptimizer(options));
  const run: Run = {options, state, draw};
  try {
    let step = 0;
    while (step < steps && !signal?.aborted) {
      const start = performance.now();
      const {loss, count, restarted} = await advance(run, step, Math.min(reportEvery, steps - step));
      if (signal?.aborted) return;
      if (count === 0 && restarted === undefined) return endOfLoop(step);
      step = restarted === undefined ? step + count : state.saved.step;
      const stepsPerSecond = (1000 * count) / (performance.now() - start);
      const rate = run.loop?.learningRate ?? learningRate;
      signal?.addEventListener("abort", state.release); // frees a run that is paused here
      yield {step, steps, loss, learningRate: rate, stepsPerSecond, backend: tf.getBackend(), restarted};
      signal?.removeEventListener("abort", state.release);
    }
  } finally {
    signal?.removeEventListener("abort", state.release);
    run.loop?.end();
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

/** What goes on from one report to the next. */
interface Run {
  options: TrainingOptions;
  state: RunState;
  draw: () => Batch;
  loop?: RunningLoop; // undefined before the first step, and after the graphics card was lost
}

interface Advance {
  loss: number; // NaN when the run was stopped or restarted
  count: number; // steps made: fewer than asked for when the loop has ended
  restarted?: string;
}

/** Makes `count` steps after `step`, and returns their mean loss. The one reading from the graphics card is at the end. */
async function advance(run: Run, step: number, count: number): Promise<Advance> {
  const {options, state} = run;
  const {steps, learningRate = 3e-3, signal} = options;
  const losses: tf.Scalar[] = [];
  const slice = timeSlice();
  try {
    run.loop ??= startLoop({...loopOptions(options), state, draw: run.draw, from: step});
    while (losses.length < count) {
      const loss = run.loop.next();
      if (!loss) break;
      losses.push(loss);
      await slice();
      if (signal?.aborted) return {loss: NaN, count: losses.length};
    }
    if (!losses.length) return {loss: NaN, count: 0};
    const loss = await readMean(losses);
    const reached = step + losses.length;
    if (signal?.aborted) return {loss, count: losses.length};
    if (!Number.isFinite(loss)) {
      await state.rollBack();
      throw new TrainingDiverged(reached, state.saved.step, loss, learningRate);
    }
    await state.keep(reached, {now: reached === steps || losses.length < count});
    return {loss, count: losses.length};
  } catch (error) {
    if (!isBackendLost()) throw error;
    const lost = tf.getBackend();
    run.loop?.end();
    run.loop = undefined; // its optimiser went with the graphics card
    const {reason} = await state.recover();
    const restarted = `the graphics card stopped ${lost}; going on from step ${state.saved.step}: ${reason}`;
    return {loss: NaN, count, restarted};
  } finally {
    tf.dispose(losses);
  }
}

function loopOptions({network, steps, learningRate = 3e-3, largestDecay, loss = squaredError, loop}: TrainingOptions) {
  return {
    network,
    steps,
    learningRate,
    loss,
    loop: loop ?? ((tools) => trainingLoop(tools, largestDecay))
  } satisfies Partial<Parameters<typeof startLoop>[0]>;
}

/** What a loop that makes fewer steps than asked for means: an end, unless it has made none. */
function endOfLoop(step: number): void {
  if (step === 0) throw new Error("the training loop ended before its first step: yield the loss of each step");
}

function makeOptimizer({learningRate = 3e-3, optimizer}: TrainingOptions): tf.Optimizer {
  // Adam's epsilon is given, since its default depends on the backend: WebGL takes 1e-4, the others 1e-7.
  const made: unknown = optimizer ? optimizer(tf, learningRate) : tf.train.adam(learningRate, 0.9, 0.99, 1e-7);
  if (typeof made === "object" && made !== null && made instanceof tf.Optimizer) return made; // tfjs would ask null
  throw new TypeError("the optimizer is none of tfjs: return one, such as tf.train.adam(learningRate)");
}

async function readMean(losses: tf.Scalar[]): Promise<number> {
  const mean = tf.tidy(() => tf.stack(losses).mean());
  try {
    return (await unlessLost(mean.data()))[0];
  } finally {
    mean.dispose();
  }
}

/** Throws a RangeError for options that cannot be. */
export function checkOptions({network, schedule, steps, learningRate = 3e-3, reportEvery = 10}: TrainingOptions): void {
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
  if (!(learningRate > 0 && learningRate < Infinity))
    throw new RangeError(`learningRate is ${learningRate}: choose a number above 0, such as 0.003`);
}
