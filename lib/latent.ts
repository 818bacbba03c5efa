import type {Denoiser} from "./denoiser.js";
import {sameModeShare} from "./metrics/modes.js";
import {sampleMoments} from "./metrics/moments.js";
import type {GaussianMixture} from "./mixture.js";
import type {SampleStep, SamplerOptions} from "./sampler.js";
import {encodeDdim, sampleDdim, sampleDdpm} from "./sampler.js";
import type {Schedule} from "./schedule.js";
import type {Blend} from "./slerp.js";
import {slerp} from "./slerp.js";
import {timestepList} from "./timesteps.js";

/** Which sampler reads the code. "ddpm" draws fresh noise in each step. */
export type Decoder = "ddim" | "ddpm";

/** What a run takes besides its start. */
export interface LatentOptions {
  schedule: Schedule;
  steps: number; // S, even steps (trailing)
  seed?: number; // of DDPM's noise; defaults to 0
}

/** Reads codes xT [n, 2]: the samples that a sampler makes of them. Yields after each step. */
export function* decodeLatent(
  decoder: Decoder,
  denoiser: Denoiser<Float64Array>,
  xT: Float64Array,
  options: LatentOptions
): Generator<void, Float64Array> {
  const run = settings(options);
  return yield* endOf(decoder === "ddim" ? sampleDdim(denoiser, xT, run) : sampleDdpm(denoiser, xT, run), xT);
}

/** Writes codes: the latents x_T [n, 2] of clean points x0 by DDIM's steps upwards (@eq-code-step). Yields after each step. */
export function* encodeLatent(
  denoiser: Denoiser<Float64Array>,
  x0: Float64Array,
  {at = "source", ...options}: LatentOptions & {at?: "source" | "target"}
): Generator<void, Float64Array> {
  return yield* endOf(encodeDdim(denoiser, x0, {...settings(options), at}), x0);
}

/** How far two decodings of the same codes lie apart. */
export interface Agreement {
  rms: number; // the root mean square of the distances between the two ends of a code
  same: number; // the share of codes, 0 to 1, whose ends lie in the same mode
}

/** Compares two sets of samples [n, 2], point by point. */
export function agreement(mixture: GaussianMixture, a: Float64Array, b: Float64Array): Agreement {
  const sum = a.reduce((total, value, i) => total + (value - b[i]) ** 2, 0);
  return {rms: Math.sqrt((2 * sum) / a.length), same: sameModeShare(mixture, a, b)};
}

/** What encoding with S steps and decoding with as many gives back. */
export interface RoundTrip {
  error: number; // the mean squared error of a coordinate
  variance: number; // of the codes, the mean of the two axes; 1 is what a sampler expects
}

/** Encodes clean points x0 [n, 2], decodes the codes again, and compares (Song et al. 2021, section 5.4). */
export function* roundTrip(
  decoder: Decoder,
  denoiser: Denoiser<Float64Array>,
  x0: Float64Array,
  options: LatentOptions & {at?: "source" | "target"}
): Generator<void, RoundTrip> {
  const code = yield* encodeLatent(denoiser, x0, options);
  const back = yield* decodeLatent(decoder, denoiser, code, options);
  const error = back.reduce((total, value, i) => total + (value - x0[i]) ** 2, 0) / x0.length;
  const {covariance} = sampleMoments(code);
  return {error, variance: (covariance[0] + covariance[3]) / 2};
}

/** Codes between those of a and b [n, 2], pair by pair, at `share` of the way. */
export function betweenCodes(blend: Blend, a: Float64Array, b: Float64Array, share: number): Float64Array {
  const between = new Float64Array(a.length);
  for (let i = 0; i < a.length; i += 2) between.set(blend(a.subarray(i, i + 2), b.subarray(i, i + 2), share), i);
  return between;
}

/** The straight way between two codes (@eq-lerp). */
export const lerp: Blend = (a, b, share) => a.map((value, i) => (1 - share) * value + share * b[i]);

/**
 * The way around the origin between two codes of any lengths: the direction turns as in slerp, the length goes in a line
 * (@eq-turn). Throws what slerp throws.
 */
export const turn: Blend = (a, b, share) => {
  const [from, to] = [Math.hypot(...a), Math.hypot(...b)];
  const direction = slerp(
    a.map((value) => value / from),
    b.map((value) => value / to),
    share
  );
  const length = (1 - share) * from + share * to;
  return direction.map((value) => length * value);
};

/**
 * The variance of the codes of Gaussian data of variance s^2 that are encoded in S even steps, each with epsilon at the
 * level that it leaves (@eq-code-variance). In exact arithmetic of the equation it would be near 1.
 */
export function gaussianCodeVariance(variance: number, {schedule, steps}: Omit<LatentOptions, "seed">): number {
  const levels = timestepList("trailing", {timesteps: schedule.timesteps, steps}).reverse();
  let rho = 0;
  let stretch = 1;
  let alphaBar = 1;
  for (const t of levels) {
    alphaBar = schedule.alphaBar[t];
    const next = Math.sqrt((1 - alphaBar) / alphaBar);
    stretch *= 1 + ((next - rho) * rho) / (variance + rho ** 2);
    rho = next;
  }
  return alphaBar * stretch ** 2 * variance;
}

function settings({schedule, steps, seed = 0}: LatentOptions): SamplerOptions {
  return {schedule, timesteps: timestepList("trailing", {timesteps: schedule.timesteps, steps}), seed};
}

function* endOf(states: Iterable<SampleStep>, start: Float64Array): Generator<void, Float64Array> {
  let x = start;
  for (const state of states) {
    x = state.x;
    yield;
  }
  return x;
}
