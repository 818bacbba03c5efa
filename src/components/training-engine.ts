import type {PointWeights} from "../lib/plain-network.js";
import type {TrainingReport} from "../lib/training.js";
import type {TrainingCode} from "./training-code.js";
import type {TrainingPlan} from "./training-plan.js";

/** One round of training: steps on from what the engine has learned. */
export interface Round {
  learningRate: number;
  steps: number;
  seed: number; // of the draws
  from?: number; // steps of this round that were made elsewhere; defaults to 0. Only our kernels go on so
  code: TrainingCode; // the reader's; an engine that cannot run it is not asked
}

/** A network at work: what trains it, and what answers with it. */
export interface TrainingEngine {
  /** What it runs on, as the reader is told: a backend of tfjs, or our kernels. */
  readonly name: string;
  /** Whether it can run the reader's own code. */
  readonly takesCode: boolean;
  /** Trains when it is asked for the next report, and not between two. */
  round(round: Round): AsyncGenerator<TrainingReport, void>;
  /** Samples with DDIM in S = `steps` steps, [n, 2]; undefined when the page is gone. */
  sample(steps: number): Promise<Float64Array | undefined>;
  /** The noise that the network sees at the places of a grid [n, 2]; undefined when there is no answer now. */
  field(grid: Float64Array, t: number): Promise<Float64Array | undefined>;
  weights(): Promise<PointWeights | undefined>;
  dispose(): void;
}

/** What an engine is made for. */
export interface EngineOptions {
  plan: TrainingPlan;
  weights?: PointWeights; // to begin with; defaults to the first ones
  isTraining: () => boolean; // whether the next report will be asked for
  signal: AbortSignal;
}
