import type {Denoiser} from "./denoiser.js";
import type {GaussianMixture} from "./mixture.js";
import {sameModeShare} from "./metrics/modes.js";
import {distancesBetween, medianOf} from "./path.js";
import type {SamplerOptions} from "./sampler.js";
import {sampleDdim} from "./sampler.js";

/** How far two runs agree that share x_T and nothing else. */
export interface Determinism {
  same: number; // the share of points, 0 to 1, that reach the same mode in both runs
  apart: number; // the median distance between the two ends of a point, in the unit of the points
}

export interface DeterminismOptions extends SamplerOptions {
  mixture: GaussianMixture; // whose modes are counted
  secondSeed: number; // the seed of the second run's noise
}

/**
 * Runs DDIM with `eta` twice from the same xT [n, 2], with the noise of `seed` and of `secondSeed`, and compares the ends.
 * Yields after each step. Throws what sampleDdim throws.
 */
export function* measureDeterminism(
  denoiser: Denoiser<Float64Array>,
  xT: Float64Array,
  {mixture, secondSeed, ...options}: DeterminismOptions
): Generator<void, Determinism> {
  const a = yield* endOf(denoiser, xT, options);
  const b = yield* endOf(denoiser, xT, {...options, seed: secondSeed});
  return {same: sameModeShare(mixture, a, b), apart: medianOf(distancesBetween(a, b))};
}

/**
 * The share of pairs that agree by chance: two independent points of the mixture lie in the same mode with probability
 * sum_k w_k^2 (@eq-chance).
 */
export function chanceOfSameMode({weights}: GaussianMixture): number {
  const total = weights.reduce((sum, w) => sum + w, 0);
  return weights.reduce((sum, w) => sum + (w / total) ** 2, 0);
}

function* endOf(
  denoiser: Denoiser<Float64Array>,
  xT: Float64Array,
  options: SamplerOptions
): Generator<void, Float64Array> {
  let x = xT;
  for (const state of sampleDdim(denoiser, xT, options)) {
    x = state.x;
    yield;
  }
  return x;
}
