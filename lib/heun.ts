import type {Denoiser} from "./denoiser.js";
import {predictionViews, weightedSum} from "./prediction.js";
import type {SampleStep, SamplerOptions} from "./sampler.js";
import {levelsOf} from "./sampler.js";

/**
 * One step of Heun's method (Karras et al. 2022, Algorithm 1, without churn) from x [n, dim] with its predicted epsilon
 * at the level `alphaBar`, to the higher level `alphaBarPrev`; returns the new x.
 *
 * In the coordinates x / sqrt(alphaBar) and rho = sqrt((1 - alphaBar) / alphaBar) the ODE is d(x / sqrt(alphaBar)) =
 * epsilon d(rho), and DDIM is Euler's step. Heun's goes there, asks `epsilonThere` for the epsilon of the point it
 * reached (at the level `alphaBarPrev`), and repeats the step with the mean of the two. Without `epsilonThere` it is
 * Euler's step.
 */
export function heunStep(
  x: Float64Array,
  epsilon: Float64Array,
  {alphaBar, alphaBarPrev}: {alphaBar: number; alphaBarPrev: number},
  epsilonThere?: (x: Float64Array) => Float64Array
): Float64Array {
  const stretch = Math.sqrt(alphaBarPrev / alphaBar);
  const drho = Math.sqrt(1 - alphaBarPrev) - stretch * Math.sqrt(1 - alphaBar); // times sqrt(alphaBarPrev)
  const euler = weightedSum(stretch, x, drho, epsilon);
  if (!epsilonThere) return euler;
  const there = epsilonThere(euler);
  return x.map((value, i) => stretch * value + (drho * (epsilon[i] + there[i])) / 2);
}

/**
 * Runs Heun's second-order method on DDIM's ODE, from xT [n, dim]; yields S + 1 states, the start first.
 *
 * The denoiser is called twice a step, but once in the last, which is Euler's: 2 S - 1 calls. Deterministic: `eta`,
 * `seed` and `clip` have no effect. Throws as sampleDdim does.
 */
export function* sampleHeun(
  denoiser: Denoiser<Float64Array>,
  xT: Float64Array,
  options: SamplerOptions
): Generator<SampleStep> {
  const epsilonAt = (x: Float64Array, t: number, alphaBar: number) =>
    predictionViews(denoiser.prediction, denoiser.predict(x, t), x, alphaBar);
  let x: Float64Array = xT.slice();
  for (const [i, {t, tPrev, alphaBar, alphaBarPrev, last}] of levelsOf(options).entries()) {
    const {x0, epsilon} = epsilonAt(x, t, alphaBar);
    if (i === 0) yield {index: 0, t, tPrev: t, x, x0, epsilon, sigma: 0};
    const there = (reached: Float64Array) => epsilonAt(reached, tPrev, alphaBarPrev).epsilon;
    x = heunStep(x, epsilon, {alphaBar, alphaBarPrev}, last ? undefined : there);
    yield {index: i + 1, t, tPrev, x, x0, epsilon, sigma: 0};
  }
}
