import type {AsyncSamplerOptions} from "../lib/async-sampler.js";
import {sampleDdimAsync, sampleDdpmAsync} from "../lib/async-sampler.js";
import {digitSchedule} from "../lib/digits/digit.js";
import type {SampleStep} from "../lib/sampler.js";
import {timestepList} from "../lib/timesteps.js";
import type {DigitCode, DigitDenoiser} from "./digit-code.js";
import {ddimStepOf} from "./digit-code.js";
import {blame} from "./own-code.js";
import type {SamplerName} from "./paired-view.js";

export interface DigitRunOptions {
  sampler: SamplerName;
  denoiser: DigitDenoiser;
  code?: DigitCode;
  xT: Float64Array; // [n, 784]
  steps: number;
  eta?: number; // of DDIM, defaults to 0
  seed?: number; // of the noise on the way, defaults to 0
  signal: AbortSignal;
  /** Called with each state, the start included. */
  onState?: (state: SampleStep) => void;
}

export interface DigitRun {
  x: Float64Array; // [n, 784], the samples
  seconds: number; // on the clock
  evaluations: number; // of the network, for each digit
}

/** The S times of a run on digits, descending: equal steps that begin at pure noise. */
export function digitTimes(steps: number): number[] {
  return timestepList("trailing", {timesteps: digitSchedule.timesteps, steps});
}

/**
 * Runs a sampler on digits; undefined when `signal` aborts. The network is elsewhere, the loop here, so the reader's step
 * runs too. Throws an error of the reader's cell when its step makes what is no number.
 */
export async function runDigits(options: DigitRunOptions): Promise<DigitRun | undefined> {
  const {sampler, denoiser, code = {}, xT, steps, eta = 0, seed = 0, signal, onState} = options;
  const settings: AsyncSamplerOptions = {schedule: digitSchedule, timesteps: digitTimes(steps), eta, seed, signal};
  const own = sampler === "ddim" ? ddimStepOf(code) : undefined;
  const run = sampler === "ddim" ? sampleDdimAsync : sampleDdpmAsync;
  const start = performance.now();
  let x = xT;
  for await (const state of run(denoiser, xT, {...settings, step: own})) {
    if (!state.x.every(Number.isFinite)) throw notFinite(state.index, own !== undefined);
    x = state.x;
    onState?.(state);
  }
  if (signal.aborted) return undefined;
  return {x, seconds: (performance.now() - start) / 1000, evaluations: steps * denoiser.evaluations};
}

function notFinite(index: number, own: boolean): Error {
  const what = `step ${index} made numbers that are not finite`;
  return own ? blame("ddim-step", what) : new Error(`The sampler went astray: ${what}. Try other settings.`);
}

/** A time on the clock, for reading: `320 ms`, `14.2 s`. */
export function secondsText(seconds: number): string {
  return seconds < 1 ? `${Math.round(1000 * seconds)} ms` : `${seconds.toFixed(1)} s`;
}

/** The root mean square of the difference of two arrays of one length. */
export function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; ++i) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum / a.length);
}
