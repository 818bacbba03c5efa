import type {Batch} from "./batches.js";
import type {RunState} from "./checkpoint.js";
import {cosineDecay} from "./cosine-decay.js";
import {emaDecay, updateAverage} from "./ema.js";
import type {PointNetwork} from "./point-network.js";
import * as tf from "./tf.js";
import type {PointLoss, TensorBatch} from "./train-step.js";
import {batchTensors, checkedLoss, freeTape} from "./train-step.js";

export {cosineDecay} from "./cosine-decay.js";

/** What a training loop works with. Tensors that the loop makes are freed after each of its steps. */
export interface TrainingTools {
  network: PointNetwork;
  optimizer: tf.Optimizer; // its state is kept with the weights, so that a lost graphics card costs little
  loss: PointLoss;
  /** The next batch: fresh points, times and noises. */
  nextBatch: () => TensorBatch;
  /** Sets the learning rate to this share of the one that the run was given. */
  setRate: (share: number) => void;
  /** Moves the running average of the weights, keeping this share of it (see emaDecay). */
  average: (keep: number) => void;
  from: number; // steps made before: 0, or those of the copy that the run goes on from
  steps: number; // the number of the last step
}

/** A training loop: a generator that makes one step at a time and yields its loss, a scalar. Its caller paces it. */
export type TrainingLoop = (tools: TrainingTools) => Iterator<tf.Scalar | null>;

/** The loop of Ho et al. 2020, Algorithm 1, with a falling learning rate and a running average of the weights. */
export function* trainingLoop(
  {network, optimizer, loss, nextBatch, setRate, average, from, steps}: TrainingTools,
  largestDecay?: number
): Generator<tf.Scalar, void> {
  for (let n = from + 1; n <= steps; ++n) {
    const batch = nextBatch();
    setRate(cosineDecay(1, n - 1, steps));
    const value = optimizer.minimize(() => loss(network, batch), true, network.variables)!;
    average(emaDecay(n, largestDecay));
    yield value;
  }
}

/** A loop at work. */
export interface RunningLoop {
  readonly learningRate: number; // of the last step
  /** Makes one step and returns its loss, which the caller disposes of; undefined when the loop has ended. */
  next(): tf.Scalar | undefined;
  end(): void;
}

export interface LoopOptions {
  network: PointNetwork;
  loop: TrainingLoop;
  loss: PointLoss;
  learningRate: number;
  steps: number;
  state: RunState;
  draw: () => Batch;
  from: number;
}

/** Starts a loop after step `from`. Throws a TypeError when it is no generator, or yields something other than a loss. */
export function startLoop({network, loop, loss, learningRate, steps, state, draw, from}: LoopOptions): RunningLoop {
  const {optimizer} = state;
  let rate = learningRate;
  const running: unknown = loop({
    network,
    optimizer,
    loss: checkedLoss(loss),
    nextBatch: () => batchTensors(draw()),
    setRate: (share) => setLearningRate(optimizer, (rate = learningRate * share)),
    average: (keep) => updateAverage(network.ema.variables, network.variables, keep),
    from,
    steps
  });
  if (!isIterator(running)) throw new TypeError(notAGenerator(running));
  return {
    get learningRate() {
      return rate;
    },
    next: () =>
      tf.tidy(() => {
        try {
          const {done, value} = running.next();
          return done ? undefined : oneLoss(value);
        } catch (error) {
          freeTape();
          throw error;
        }
      }),
    end: () => void running.return?.()
  };
}

function oneLoss(value: unknown): tf.Scalar {
  if (typeof value === "number") return tf.scalar(value);
  if (value instanceof tf.Tensor && value.size === 1) return value as tf.Scalar;
  const what = value instanceof tf.Tensor ? `a tensor [${value.shape}]` : value == null ? "nothing" : typeof value;
  throw new TypeError(
    `the training loop yielded ${what}, but it should yield the loss of each step: what minimize(…, true, …) returns`
  );
}

function isIterator(value: unknown): value is Iterator<unknown> {
  const {next} = (value ?? {}) as Partial<Iterator<unknown>>;
  return typeof next === "function" && !(Symbol.asyncIterator in (value as object));
}

function notAGenerator(value: unknown): string {
  if (typeof value === "object" && value !== null && (Symbol.asyncIterator in value || "then" in value)) {
    return "the training loop is async, but tfjs frees a step's tensors when the step ends: write function* without async";
  }
  return "the training loop is no generator: write function* in place of function, and yield the loss of each step";
}

// tfjs lets the rate change between steps, but its types do not say so, and two of its optimisers want to be told.
function setLearningRate(optimizer: tf.Optimizer, learningRate: number): void {
  const changed = optimizer as unknown as {learningRate: number; setLearningRate?: (learningRate: number) => void};
  if (changed.setLearningRate) changed.setLearningRate(learningRate);
  else changed.learningRate = learningRate;
}
