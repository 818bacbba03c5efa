import type {Layers} from "./layers.js";

/** All that a training is at one step: flat arrays of all weights. */
export interface FlatState {
  step: number;
  weights: Float32Array;
  average: Float32Array;
  first: Float32Array; // Adam's running mean of the gradient
  second: Float32Array; // and of its square
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
  /** One step of Adam along the gradients, and of the running average, which keeps `decay` of what it was. */
  adam(learningRate: number, decay: number): void;
  save(): FlatState;
  /** Throws a RangeError when the state is of another network. */
  load(state: FlatState): void;
  /** Takes these as weights and average, at step 0. */
  loadWeights(values: Float32Array): void;
}

/** Makes room for the weights; without `training` they cannot be trained, and use less of it. */
export function flatWeights(
  layers: Layers,
  {count, training, settings}: {count: number; training: boolean; settings: AdamSettings}
): FlatWeights {
  const {kernels} = layers;
  const buffer = () => kernels.take(count + 8);
  const [weights, average] = [buffer(), buffer()];
  const [first, second] = training ? [buffer(), buffer()] : [0, 0];
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
    adam(learningRate, decay) {
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
      return {step, weights: copy(weights), average: copy(average), first: copy(first), second: copy(second)};
    },
    load,
    loadWeights(values) {
      const zeros = new Float32Array(count);
      load({step: 0, weights: values, average: values, first: zeros, second: zeros});
    }
  };

  function load(state: FlatState): void {
    for (const key of ["weights", "average", "first", "second"] as const) checkCount(state[key], count);
    kernels.floats(weights, count).set(state.weights);
    kernels.floats(average, count).set(state.average);
    if (training) {
      kernels.floats(first, count).set(state.first);
      kernels.floats(second, count).set(state.second);
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
