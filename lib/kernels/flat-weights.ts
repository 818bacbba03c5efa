import type {Matrix} from "../muon.js";
import type {Layers} from "./layers.js";
import {kernelMuon} from "./muon.js";

/** All that a training is at one step: flat arrays of all weights. */
export interface FlatState {
  step: number;
  weights: Float32Array;
  average: Float32Array;
  first: Float32Array; // the running mean of the gradient, Adam's or Muon's
  second: Float32Array; // and of its square; 0 where Muon steps
}

/** Settings of Adam (Kingma and Ba 2015). */
export interface AdamSettings {
  beta1: number;
  beta2: number;
  epsilon: number;
}

/** The weights of a network on our kernels, with their running average and the optimiser. */
export interface FlatWeights {
  count: number;
  /** Lays out the weights in training, or their average, in the layers; takes no time when they are. */
  use(which: "weights" | "average"): void;
  clearGradients(): void;
  /** The gradients that the layers have gathered; a view, good until the kernels' memory grows. */
  gradients(): Float32Array;
  /** A copy of the weights in training. */
  weights(): Float32Array;
  /** One step of Muon on the matrices and of Adam on the rest, and of the running average, which keeps `decay` of what it was. */
  update(learningRate: number, decay: number): void;
  save(): FlatState;
  /** Throws a RangeError when the state is of another network. */
  load(state: FlatState): void;
  /** Takes these as weights and average, at step 0. */
  loadWeights(values: Float32Array): void;
}

export interface FlatWeightsOptions {
  count: number;
  training: boolean;
  settings: AdamSettings;
  matrices?: readonly Matrix[]; // that Muon moves; defaults to none
}

/** Makes room for the weights; without `training` they cannot be trained, and use less of it. */
export function flatWeights(
  layers: Layers,
  {count, training, settings, matrices = []}: FlatWeightsOptions
): FlatWeights {
  const {kernels} = layers;
  const buffer = () => kernels.take(count + 8);
  const [weights, average] = [buffer(), buffer()];
  const [first, second, momentum] = training ? [buffer(), buffer(), buffer()] : [0, 0, 0];
  const muon = training && matrices.length ? kernelMuon(kernels, matrices) : undefined;
  let step = 0;
  let used: "weights" | "average" | undefined;

  return {
    count,
    use(which) {
      if (used === which) return;
      kernels.floats(layers.weights, count).set(kernels.floats(which === "weights" ? weights : average, count));
      layers.prepare();
      used = which;
    },
    clearGradients() {
      if (!training) throw new Error("this network cannot be trained: make it with training: true");
      kernels.floats(layers.gradients, count + 8).fill(0);
    },
    gradients: () => kernels.floats(layers.gradients, count),
    weights: () => kernels.floats(weights, count).slice(),
    update(learningRate, decay) {
      muon?.({weights, gradients: layers.gradients, momentum, count}, learningRate);
      const {beta1, beta2, epsilon} = settings;
      const correction = Math.sqrt(1 - beta2 ** ++step);
      const rate = (learningRate * correction) / (1 - beta1 ** step);
      const [gradients, padded] = [layers.gradients, 4 * Math.ceil(count / 4)];
      const scaled = epsilon * correction;
      kernels.adam(weights, average, gradients, first, second, padded, rate, beta1, beta2, scaled, decay);
      used = undefined;
    },
    save() {
      const copy = (at: number) => (at ? kernels.floats(at, count).slice() : new Float32Array(count));
      const means = copy(first);
      for (const {from, to} of places()) means.set(kernels.floats(momentum, count).subarray(from, to), from);
      return {step, weights: copy(weights), average: copy(average), first: means, second: copy(second)};
    },
    load,
    loadWeights(values) {
      const zeros = new Float32Array(count);
      load({step: 0, weights: values, average: values, first: zeros, second: zeros});
    }
  };

  function places() {
    if (!training) return [];
    return matrices.map(({offset, rows, columns}) => ({from: offset, to: offset + rows * columns}));
  }

  function load(state: FlatState): void {
    for (const key of ["weights", "average", "first", "second"] as const) checkCount(state[key], count);
    kernels.floats(weights, count).set(state.weights);
    kernels.floats(average, count).set(state.average);
    if (training) {
      kernels.floats(first, count).set(state.first);
      kernels.floats(second, count).set(state.second);
      for (const {from, to} of places()) {
        kernels.floats(momentum, count).set(state.first.subarray(from, to), from);
        for (const at of [first, second]) kernels.floats(at, count).fill(0, from, to); // Adam leaves them alone
      }
    }
    step = state.step;
    used = undefined;
  }
}

/** Throws a RangeError unless there are as many values as a network has weights. */
export function checkCount(values: ArrayLike<number>, count: number): void {
  if (values.length === count) return;
  throw new RangeError(`these are ${values.length} weights, but the network has ${count}: they are of another version`);
}
