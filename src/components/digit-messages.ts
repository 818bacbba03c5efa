/** What a page and the worker of the digits say to each other. A request has an answer; a training also has events. */

import type {DigitBackend} from "../lib/digits/digit-backend-choice.js";
import type {DigitState} from "../lib/digits/digit-network.js";
import type {DigitTrainingReport} from "../lib/digits/digit-training.js";
import type {Failure} from "./travel.js";

export type {DigitBackend, DigitState};

/** Where the weights in use come from. */
export interface WeightsInfo {
  kind: "pretrained" | "trained" | "file";
  steps: number; // of training
  loss: number; // the smoothed one at its end; NaN where it is not known
  backend?: string; // that it was trained on
  accuracy?: number; // share of its samples that are the digit asked for, where that was measured
}

/** What answers now. */
export interface Serving {
  backend: string;
  weights: WeightsInfo;
}

/** How to train. */
export interface TrainingWish {
  steps: number; // in all, those of a state to go on from included
  batch: number;
  learningRate: number; // at the start
  seed: number;
  backend: DigitBackend | "auto";
  samplingSteps?: number; // of the samples on the way; 0 draws none
}

/** What a classifier sees in n digits. */
export interface Classified {
  labels: Uint8Array; // [n]
  probabilities: Float32Array; // [n, 10]
  features: Float32Array; // [n, 64]
}

export interface TrainingEnd {
  step: number; // of the weights that are there
  outcome: "finished" | "stopped";
}

/** What happens on the way of a training. */
export type TrainingEvent =
  | {kind: "starting"; line: string} // what is being tried now
  | {kind: "started"; backend: string; line: string; rates: Partial<Record<DigitBackend, string>>}
  | {kind: "state"; state: "training" | "paused"}
  | {kind: "report"; report: DigitTrainingReport}
  | {kind: "samples"; step: number; pixels: Uint8Array}; // [20 * 784], drawn from always the same noise

/** The requests: what each is sent, and what it is answered. */
export interface DigitTasks {
  open: [{weights: string; classifier: string}, Serving]; // addresses of files
  predict: [{x: Float32Array; t: number | Float32Array; labels: Uint8Array}, Float32Array];
  classify: [{x: Float32Array}, Classified];
  data: [{pixels: Uint8Array; labels: Uint8Array}, undefined]; // to train on
  train: [{wish: TrainingWish; state?: DigitState}, TrainingEnd]; // answered at its end
  pause: [undefined, undefined];
  goOn: [undefined, undefined];
  stop: [undefined, undefined];
  save: [undefined, DigitState | undefined];
  usePretrained: [undefined, Serving];
  useWeights: [{values: Float32Array; info: WeightsInfo}, Serving];
  useFile: [{bytes: Uint8Array}, {serving: Serving; values: Float32Array}]; // a file of weights, as `file` makes it
  file: [{values: Float32Array; info: WeightsInfo}, Uint8Array];
  useBackend: [{name: DigitBackend}, Serving];
}

export type DigitTask = keyof DigitTasks;

export type Request = {[K in DigitTask]: {id: number; task: K; content: DigitTasks[K][0]}}[DigitTask];

/** What the worker says. Not all of it answers a request: what serves may change by itself. */
export type Reply =
  | {kind: "serving"; serving: Serving}
  | {id: number; kind: "answer"; answer: unknown}
  | {id: number; kind: "failure"; failure: Failure}
  | {id: number; kind: "event"; event: TrainingEvent};
