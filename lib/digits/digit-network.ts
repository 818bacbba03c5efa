import type {FlatState} from "../kernels/flat-weights.js";
import type {DigitPredictor} from "./digit-predictor.js";

/** Noised digits with what the network should say of them: one step of training. */
export interface DigitBatch {
  x: Float32Array; // [n, 784], noisy
  target: Float32Array; // [n, 784], the velocity v
  t: ArrayLike<number>; // [n], training indices
  labels: ArrayLike<number>; // [n], 0..9 or noLabel
}

/** All that a training is at one step; the arrays are in the order of ./digit-shape.js. */
export type DigitState = FlatState;

/** A digit network that can be trained. It answers with the running average of its weights. */
export interface DigitNetwork extends DigitPredictor {
  /** One step on the mean squared error, by Muon inside of the network and Adam at its ends, and the running average after it, which keeps `decay` of what it was. */
  step(batch: DigitBatch, learningRate: number, decay: number): void | Promise<void>;
  /** The mean loss of the steps since the last call; NaN if there was none. */
  readLoss(): Promise<number>;
  save(): Promise<DigitState>;
  /** Throws a RangeError when the state is of another network. */
  load(state: DigitState): void;
  /** Takes pretrained weights, as both the weights and their average, at step 0. */
  loadWeights(values: Float32Array): void;
  /** Whether the graphics card took its memory back. Absent where there is none. */
  isLost?(): boolean;
  /** Starts another backend; `load` a state after it. Returns a sentence about which. */
  recover?(): Promise<string>;
  dispose(): void;
}

/** Adam's settings, the same on every backend; a short memory of the squares (beta2), since a training is short. */
export const adamSettings = {beta1: 0.9, beta2: 0.95, epsilon: 1e-8};
