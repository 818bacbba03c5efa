import type {Denoiser} from "./denoiser.js";
import {diffuse} from "./forward.js";
import {lossWeight} from "./loss-weights.js";
import type {GaussianMixture} from "./mixture.js";
import {mixtureEpsilon, sampleMixture} from "./mixture.js";
import {predictionViews} from "./prediction.js";
import {seededRandom} from "./random.js";
import type {Schedule} from "./schedule.js";

/** How far a denoiser is from the exact one, by the measure of either loss; 0 is perfect. */
export interface DenoiserGap {
  bound: number; // nats by which the bound lies above the best that it can be, for a whole point
  simple: number; // mean over t of the squared error of the noise, per coordinate
}

/**
 * What a denoiser loses against the exact one of a mixture, E|epsilon* - epsilon|^2, summed over the steps with the weight
 * of the bound (@eq-bound-weight), and averaged over them with weight 1. Since the exact denoiser is the conditional mean,
 * both are the loss less the least loss, without the noise that the two share.
 *
 * `levels` times, even over 2..T, with `count` points at each: a Monte Carlo estimate. Throws a RangeError where lossWeight
 * does.
 */
export function denoiserGap(
  denoiser: Denoiser<Float64Array>,
  mixture: GaussianMixture,
  schedule: Schedule,
  {levels = 200, count = 200, seed = 0}: {levels?: number; count?: number; seed?: number} = {}
): DenoiserGap {
  const random = seededRandom(seed);
  const {alphaBar, timesteps} = schedule;
  let [bound, simple] = [0, 0];
  for (let k = 0; k < levels; ++k) {
    const t = 1 + Math.floor(((k + 0.5) / levels) * (timesteps - 1)); // an index: the step to clean data is left out
    const x0 = sampleMixture(mixture, count, random);
    const x = diffuse(x0, random.normals(x0.length), alphaBar[t]);
    const {epsilon} = predictionViews(denoiser.prediction, denoiser.predict(x, t), x, alphaBar[t]);
    const exact = mixtureEpsilon(mixture, x, alphaBar[t]);
    const square = exact.reduce((sum, value, i) => sum + (value - epsilon[i]) ** 2, 0) / count; // of a whole point
    bound += (lossWeight("bound", "epsilon", alphaBar[t], alphaBar[t - 1]) * square * (timesteps - 1)) / levels;
    simple += square / (x0.length / count) / levels;
  }
  return {bound, simple};
}
