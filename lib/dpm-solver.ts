import type {Denoiser} from "./denoiser.js";
import {clipViews, predictionViews} from "./prediction.js";
import type {SampleStep, SamplerOptions} from "./sampler.js";
import {levelsOf} from "./sampler.js";
import {logSnr} from "./schedule.js";

/** The prediction of the step before, which the second order needs. */
export interface PreviousPrediction {
  x0: Float64Array; // [n, dim]
  alphaBar: number; // the level at which it was made
}

/**
 * One step of DPM-Solver++(2M) (Lu et al. 2022, Algorithm 2) from x [n, dim] and the predicted x0 at the level
 * `alphaBar`, to the higher level `alphaBarPrev`; returns the new x.
 *
 * With lambda = logSnr / 2 and h the step in lambda, x0 is first carried half a step ahead along the line through the
 * prediction of the step before: D = x0 + h / (2 h_before) (x0 - x0_before). Without `previous`, or if `alphaBarPrev`
 * is 1 (h is then infinite), D is x0 and the step is DDIM's.
 */
export function dpmSolver2MStep(
  x: Float64Array,
  x0: Float64Array,
  {alphaBar, alphaBarPrev, previous}: {alphaBar: number; alphaBarPrev: number; previous?: PreviousPrediction}
): Float64Array {
  const h = (logSnr(alphaBarPrev) - logSnr(alphaBar)) / 2;
  const before = previous ? (logSnr(alphaBar) - logSnr(previous.alphaBar)) / 2 : 0;
  const ahead = before > 0 && h < Infinity ? h / (2 * before) : 0;
  const shrink = Math.sqrt((1 - alphaBarPrev) / (1 - alphaBar));
  // sqrt(alphaBarPrev) (1 - exp(-h)), without cancellation when h is small
  const pull = alphaBarPrev === 1 ? 1 : -Math.sqrt(alphaBarPrev) * Math.expm1(-h);
  return x.map((value, i) => {
    const direction = ahead === 0 ? x0[i] : x0[i] + ahead * (x0[i] - previous!.x0[i]);
    return shrink * value + pull * direction;
  });
}

/**
 * Runs DPM-Solver++(2M), a second-order multistep solver of DDIM's ODE, from xT [n, dim]; yields S + 1 states, the
 * start first. One call of the denoiser a step, as in DDIM.
 *
 * The first step, and a last step to clean data, are of first order. Deterministic: `eta` and `seed` have no effect;
 * `clip` clips the predicted x0. Throws as sampleDdim does.
 */
export function* sampleDpmSolver2M(
  denoiser: Denoiser<Float64Array>,
  xT: Float64Array,
  options: SamplerOptions
): Generator<SampleStep> {
  let x: Float64Array = xT.slice();
  let previous: PreviousPrediction | undefined;
  for (const [i, {t, tPrev, alphaBar, alphaBarPrev}] of levelsOf(options).entries()) {
    let views = predictionViews(denoiser.prediction, denoiser.predict(x, t), x, alphaBar);
    if (options.clip !== undefined) views = clipViews(views, x, alphaBar, options.clip);
    const {x0, epsilon} = views;
    if (i === 0) yield {index: 0, t, tPrev: t, x, x0, epsilon, sigma: 0};
    x = alphaBarPrev === alphaBar ? x.slice() : dpmSolver2MStep(x, x0, {alphaBar, alphaBarPrev, previous});
    if (alphaBarPrev !== alphaBar) previous = {x0, alphaBar};
    yield {index: i + 1, t, tPrev, x, x0, epsilon, sigma: 0};
  }
}
