import type {BackendStart} from "./backend.js";
import {restartBackend, unlessLost} from "./backend.js";
import type {PointNetwork, PointWeights} from "./point-network.js";
import * as tf from "./tf.js";

/** The state of a training run at one step, off the graphics card, which may lose it. */
export interface Checkpoint {
  step: number;
  weights: PointWeights;
  optimizer: {name: string; shape: number[]; dtype: tf.DataType; values: tf.TypedArray}[];
}

/** Keeps a run's optimiser and a copy of its state, so that it can go back when something breaks. */
export interface RunState {
  optimizer: tf.Optimizer;
  saved: Checkpoint;
  /** Copies the state after `step`, if it is sound and the last copy is two seconds old; `now` copies at once. */
  keep(step: number, options?: {now?: boolean}): Promise<void>;
  /** Puts the copy back, with a fresh optimiser that goes on from the copy's moments. */
  rollBack(): Promise<void>;
  /** Starts a backend in place of the one that was lost, and rolls back. */
  recover(): Promise<BackendStart>;
  /** Frees the optimiser; the network stays. */
  release(): void;
}

const keepEvery = 2000; // ms

/** Takes the first copy of a run, at step 0. */
export async function startRunState(network: PointNetwork, makeOptimizer: () => tf.Optimizer): Promise<RunState> {
  let optimizer = makeOptimizer();
  let keptAt = performance.now();
  let released = false;
  const first = await takeCheckpoint(0, network, optimizer).catch((error: unknown) => {
    free(optimizer);
    throw error;
  });
  if (first === undefined) {
    free(optimizer);
    throw new Error("The network's weights are not all finite numbers: reset it, then train.");
  }

  const state: RunState = {
    get optimizer() {
      return optimizer;
    },
    saved: first,
    async keep(step, {now = false} = {}) {
      if (!now && performance.now() - keptAt < keepEvery) return;
      const taken = await takeCheckpoint(step, network, optimizer);
      keptAt = performance.now();
      if (taken === undefined) return;
      state.saved = taken;
      network.copy = taken.weights;
    },
    async rollBack() {
      if (released) return;
      free(optimizer);
      optimizer = makeOptimizer();
      await restoreCheckpoint(state.saved, network, optimizer);
    },
    async recover() {
      const start = await restartBackend();
      await state.rollBack();
      return start;
    },
    release() {
      if (!released) free(optimizer);
      released = true;
    }
  };
  network.copy = first.weights;
  return state;
}

/** Reads the state of a run; undefined when it is not sound, since a number is not finite. */
async function takeCheckpoint(
  step: number,
  network: PointNetwork,
  optimizer: tf.Optimizer
): Promise<Checkpoint | undefined> {
  const state = await optimizer.getWeights().catch((error: Error) => {
    throw new TypeError(
      `the optimizer cannot be saved (${error.message}): take adam, sgd, momentum, rmsprop or adagrad`
    );
  });
  try {
    const [weights, values] = await Promise.all([network.save(), unlessLost(readAll(state))]);
    const saved = state.map(({name, tensor}, i) => ({
      name,
      shape: tensor.shape,
      dtype: tensor.dtype,
      values: values[i]
    }));
    if (![...weights.weights, ...weights.ema, ...values].every(allFinite)) return undefined;
    return {step, weights, optimizer: saved};
  } finally {
    state[0].tensor.dispose(); // the step count, which getWeights makes; the others are the optimiser's own
  }
}

// Momentum forgets a tensor that it has from plain gradient descent.
function free(optimizer: tf.Optimizer): void {
  const {c} = optimizer as unknown as {c?: tf.Tensor};
  optimizer.dispose();
  c?.dispose();
}

function readAll(state: {tensor: tf.Tensor}[]): Promise<tf.TypedArray[]> {
  return Promise.all(state.map(({tensor}) => tensor.data()));
}

/** Puts the state back: the weights into the network, the moments into an optimiser that has made no step yet. */
async function restoreCheckpoint(
  {weights, optimizer: state}: Checkpoint,
  network: PointNetwork,
  optimizer: tf.Optimizer
): Promise<void> {
  network.load(weights);
  const tensors = state.map(({name, shape, dtype, values}) => ({name, tensor: tf.tensor(values, shape, dtype)}));
  await optimizer.setWeights(tensors);
  tf.dispose(tensors.map(({tensor}) => tensor));
}

function allFinite(values: ArrayLike<number>): boolean {
  return Array.prototype.every.call(values, Number.isFinite);
}
