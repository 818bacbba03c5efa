import type {CoordinateStep} from "./coordinate-step.js";
import type {Denoiser} from "./denoiser.js";
import type {SampleStep, SamplerOptions} from "./sampler.js";
import {sampleDdim, sampleDdpm} from "./sampler.js";

/** One sampler's run from x_T: every state, and where a second run from the same x_T ended. */
export interface PairedRun {
  states: Float32Array[]; // S + 1 states [n, dim]; the first is x_T, the last the sample
  sigma: number[]; // [S], the standard deviation of the noise added in each step
  secondEnd: Float32Array; // [n, dim]; the end of a run with the same x_T and other noise
}

export interface PairedRuns {
  ddpm: PairedRun;
  ddim: PairedRun;
}

export interface PairedOptions extends SamplerOptions {
  secondSeed: number; // the seed of the second run's noise
  steps?: {ddpm?: CoordinateStep; ddim?: CoordinateStep}; // instead of the samplers' own: a reader's edited versions
}

/**
 * Runs DDPM (variance beta tilde) and DDIM(eta) from one x_T over one step list with one noise sequence z, and each a second
 * time with other noise. At eta = 1 the two are the same chain, so their states agree point by point; at eta = 0 DDIM adds
 * no noise and its second run ends where the first did.
 *
 * Yields after every step, so that the caller can pace and stop; returns the runs. States are kept as float32: they are for
 * drawing and counting, not for further steps. Throws what the samplers throw, and what a step of the reader's throws.
 */
export function* pairedRuns(
  denoiser: Denoiser<Float64Array>,
  xT: Float64Array,
  {secondSeed, steps = {}, ...options}: PairedOptions
): Generator<void, PairedRuns> {
  const first = {ddpm: {...options, step: steps.ddpm}, ddim: {...options, step: steps.ddim}};
  const seed = secondSeed;
  const ddpm = yield* keep(sampleDdpm(denoiser, xT, first.ddpm), true);
  const ddpmAgain = yield* keep(sampleDdpm(denoiser, xT, {...first.ddpm, seed}), false);
  const ddim = yield* keep(sampleDdim(denoiser, xT, first.ddim), true);
  const deterministic = ddim.sigma.every((sigma) => sigma === 0);
  const ddimAgain = deterministic ? ddim : yield* keep(sampleDdim(denoiser, xT, {...first.ddim, seed}), false);
  return {
    ddpm: {...ddpm, secondEnd: ddpmAgain.states.at(-1)!},
    ddim: {...ddim, secondEnd: ddimAgain.states.at(-1)!}
  };
}

function* keep(steps: Iterable<SampleStep>, all: boolean): Generator<void, Omit<PairedRun, "secondEnd">> {
  const states: Float32Array[] = [];
  const sigma: number[] = [];
  for (const step of steps) {
    if (!all) states.length = 0;
    states.push(Float32Array.from(step.x));
    if (step.index > 0) sigma.push(step.sigma);
    yield;
  }
  return {states, sigma};
}
