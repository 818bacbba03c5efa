/** What a step of an exhibit may use: one coordinate of one point, since a sampler treats all coordinates alike. */
export interface Step {
  x: number; // of x_t
  output: number; // of the network: the predicted noise
  x0: number; // of the clean data that go with it
  epsilon: number; // of the noise that goes with it
  alphaBar: number; // the level of x_t
  alphaBarPrev: number; // the level to go to; 1 is clean data
  eta: number; // 0 is DDIM, 1 is DDPM
  variance: number; // of the noise that DDPM would add, beta tilde
  z: number; // fresh standard normal noise
}

/** A step of a sampler, for one coordinate: x_t in, x at the next level out. */
export type StepCode = (input: Step) => number;

/** The timesteps to visit out of 0..T-1, descending, for a wish of S steps. */
export type ListCode = (T: number, S: number) => number[];

/** The steps of a run, each from an index t to an index that may be -1, clean data. */
export type PairsCode = (list: number[], T: number, S: number) => number[][];

/** alphaBar of each timestep, from the betas, both [T]. */
export type TableCode = (betas: number[]) => number[];

/** The betas of a schedule with T timesteps, [T]. */
export type BetasCode = (T: number) => number[];

/** What a whole sampler may use. Its times run from 1 to T, as in the papers, and 0 is clean data. */
export interface Loop {
  x: Float64Array; // x_T, [n, 2] flat
  predictX0(x: Float64Array, t: number): Promise<Float64Array>;
  predictNoise(x: Float64Array, t: number): Promise<Float64Array>;
  alphaBar(t: number): number; // alphaBar(0) is 1
  betas: number[]; // betas[0] is the papers' beta_1
  times: number[]; // the S times to visit, descending, T first
  normals(count: number): Float64Array; // fresh standard normal numbers
}

/** A whole sampler: x_T in, samples out. */
export type LoopCode = (input: Loop) => Promise<Float64Array>;

/** Code of any form. */
export type Code = StepCode | ListCode | PairsCode | TableCode | BetasCode | LoopCode;
