/** What a network is trained on in a bench. */
export type BenchSubject = "points" | "digits";

/** One way to train and to sample the network of a subject: a backend, or kernels of our own. */
export interface BenchPath {
  id: string; // as in the rows, such as "tfjs_webgl"
  name: string; // for a reader
  counts: "launches" | "dispatches" | null; // what goes to the graphics card; null where there is none
  /** Makes a fresh network ready. Rejects, with a sentence, where the device cannot. */
  start(options: BenchStart): Promise<RunningPath>;
}

/** How a path starts. */
export interface BenchStart {
  steps?: number; // of the whole training, along which the learning rate falls; defaults to a million
  seed?: number; // of weights and draws; defaults to 0
}

/** The samplers that a bench times. */
export type BenchSampler = "ddim" | "ddpm";

/** A path that is ready. What it does on a graphics card may still go on when a call returns. */
export interface RunningPath {
  /** Makes this path's backend the one that runs, where others share it. */
  take(): Promise<void>;
  /** Makes steps of training, their draws included, or hands them to the graphics card. */
  train(count: number): void;
  /** Waits until all steps are done; the mean loss of those since the last call. */
  loss(): Promise<number>;
  /** Takes noise to data: `count` points or digits in S = `steps` steps; the states as numbers. */
  sample(sampler: BenchSampler, steps: number, count: number, seed: number): Promise<Float64Array>;
  /** Multiplies matrices of a size that suits it, `count` times, and waits: as fast as the path can be. */
  multiply(count: number): Promise<void>;
  multiplyFlops: number; // of one product
  stepFlops: number; // of one step: forward, and twice as many back
  atOnce?: number; // steps that a training hands to a fast card together, and a bench too, also to a slow one; defaults to 1
  dispose(): void;
}

/** What one turn of a path came to. */
export interface Turn {
  stepsPerSecond: number;
  threadMs: number; // a step, of the thread that calls; a graphics card works on meanwhile
  gflops: number;
  peakGflops: number; // of products of matrices, in the same turn
}
