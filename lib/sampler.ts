import type {CoordinateStep} from "./coordinate-step.js";
import {stepByCoordinate} from "./coordinate-step.js";
import type {StepResult} from "./ddim.js";
import {ddimCoefficients, ddimEncodeStep, ddimSigma, ddimStep} from "./ddim.js";
import type {VarianceType} from "./ddpm.js";
import {ddpmStep, ddpmVariance} from "./ddpm.js";
import type {Denoiser} from "./denoiser.js";
import type {Prediction} from "./prediction.js";
import {clipViews, predictionViews} from "./prediction.js";
import type {Random} from "./random.js";
import {seededRandom} from "./random.js";
import type {Schedule} from "./schedule.js";
import {alphaBarAt} from "./schedule.js";
import {withPrevious} from "./timesteps.js";

/**
 * One state of a run. `x` [n, dim] lives at the level `tPrev`, where the step from `t` led; -1 is clean data. `x0`,
 * `epsilon` and `sigma` are what the step used: the denoiser's two views of the state before it, and the std of the
 * noise that was added.
 *
 * The state with index 0 is the start, before any step: `t` and `tPrev` are both its own level, `sigma` is 0, and `x0`
 * and `epsilon` are the views of it that the first step is about to use. Arrays are new in every state; a run reads the
 * last `x` to go on, so copy before you write in it.
 */
export interface SampleStep {
  index: number; // 0..S
  t: number;
  tPrev: number;
  x: Float64Array;
  x0: Float64Array;
  epsilon: Float64Array;
  sigma: number;
}

/** How a run goes, whichever the sampler. */
export interface SamplerOptions {
  schedule: Schedule;
  timesteps: readonly number[]; // strictly descending training indices, as from timestepList
  eta?: number; // 0 is DDIM, 1 has DDPM's noise; defaults to 0
  clip?: number; // clips the predicted x0 to [-clip, clip]; defaults to no clipping
  seed?: number; // of the noise, if any; defaults to 0
  alphaBarFinal?: number; // the level after the last step; defaults to 1, clean data
}

/** A step of the caller's own, instead of the sampler's. It gets noise z in every step, also where sigma is 0. */
export interface OwnStep {
  step?: CoordinateStep;
}

/**
 * Runs DDIM (Song et al. 2021, Eq. 12) from xT [n, dim] down the list of timesteps; yields S + 1 states, the start
 * first.
 *
 * The denoiser is called S times, with original indices. With eta 0 no noise is drawn. Throws a RangeError if a
 * timestep is not in the schedule, the list does not descend, or eta is beyond its limit at some step (see etaLimit).
 * `step` takes the place of the update; a TypeError says when it does not return a number.
 */
export function* sampleDdim(
  denoiser: Denoiser<Float64Array>,
  xT: Float64Array,
  options: SamplerOptions & OwnStep
): Generator<SampleStep> {
  yield* descend(denoiser, xT, options, ddimStepper(denoiser.prediction, options));
}

/**
 * Runs DDPM's ancestral sampler (Ho et al. 2020, Algorithm 2) from xT [n, dim]; yields S + 1 states, the start first.
 *
 * On a list with gaps it is the posterior of the shortened chain. `variance` is "fixed_small" (beta tilde, the default)
 * or "fixed_large" (beta). No noise is added in the last step. `eta` has no effect. Given the same seed it adds the
 * noise that sampleDdim adds with eta 1, so that the two can be compared point by point. `step` takes the place of the
 * update; a TypeError says when it does not return a number.
 */
export function* sampleDdpm(
  denoiser: Denoiser<Float64Array>,
  xT: Float64Array,
  options: SamplerOptions & OwnStep & {variance?: VarianceType}
): Generator<SampleStep> {
  yield* descend(denoiser, xT, options, ddpmStepper(denoiser.prediction, options));
}

/**
 * Runs DDIM backwards, from clean data x0 [n, dim] up to its latent x_T (Song et al. 2021, section 5.4); yields S + 1
 * states, the start first. Deterministic: `eta`, `seed` and `clip` have no effect.
 *
 * A state's `t` is the level the step came from and `tPrev` the one it led to, so `tPrev` ascends from -1 to
 * timesteps[0]. A step needs epsilon at one end of its interval only: `at` says which index the denoiser is told, that
 * of the level to be reached ("target", the default, as in diffusers) or that of the level left ("source", plain
 * Euler). Clean data has no noise, so at "source" the first step has epsilon 0 if alphaBarFinal is 1, and otherwise
 * index 0.
 */
export function* encodeDdim(
  denoiser: Denoiser<Float64Array>,
  x0: Float64Array,
  options: SamplerOptions & {at?: "source" | "target"}
): Generator<SampleStep> {
  const {alphaBarFinal = 1, at = "target"} = options;
  let x: Float64Array = x0.slice();
  const steps = levelsOf(options).reverse();
  for (const [i, {t: target, tPrev: source, alphaBar: alphaBarNext, alphaBarPrev: alphaBar}] of steps.entries()) {
    const clean = at === "source" && source < 0 && alphaBarFinal === 1;
    const output = clean ? undefined : denoiser.predict(x, at === "target" ? target : Math.max(source, 0));
    const prediction = clean ? "epsilon" : denoiser.prediction;
    const step = ddimEncodeStep(x, output ?? new Float64Array(x.length), {alphaBar, alphaBarNext, prediction});
    if (i === 0) yield {...step, index: 0, t: source, tPrev: source, x, sigma: 0};
    x = step.x;
    yield {...step, index: i + 1, t: source, tPrev: target, sigma: 0};
  }
}

/** The last thing that a generator yields, such as the end of a run; throws a RangeError if there is none. */
export function last<A>(steps: Iterable<A>): A {
  let final: {value: A} | undefined;
  for (const value of steps) final = {value};
  if (!final)
    throw new RangeError("there is no last step, because there is no step: give the sampler at least one timestep");
  return final.value;
}

/** One interval of a run, from the level t down to the level tPrev. */
export interface StepLevels {
  t: number;
  tPrev: number;
  alphaBar: number;
  alphaBarPrev: number;
  last: boolean;
}

/**
 * The intervals of a run, in its order. Throws a RangeError if the list is empty or not strictly descending, has an
 * index outside the schedule, or if alphaBarFinal is not in (0, 1].
 */
export function levelsOf({schedule, timesteps, alphaBarFinal = 1}: SamplerOptions): StepLevels[] {
  if (!(alphaBarFinal > 0 && alphaBarFinal <= 1)) {
    throw new RangeError(`alphaBarFinal is ${alphaBarFinal}: choose a level above 0, up to 1 for clean data`);
  }
  return withPrevious(timesteps).map(({t, tPrev}) => ({
    t,
    tPrev,
    alphaBar: alphaBarAt(schedule, t),
    alphaBarPrev: tPrev < 0 ? alphaBarFinal : alphaBarAt(schedule, tPrev),
    last: tPrev < 0
  }));
}

/** One step of a run: x [n, dim] and what the denoiser said of it, to the next level. */
export type WholeStep = (x: Float64Array, output: Float64Array, levels: StepLevels) => StepResult;

/** The steps of a run of sampleDdim, which draw the run's noise in turn. */
export function ddimStepper(prediction: Prediction, options: SamplerOptions & OwnStep): WholeStep {
  const {eta = 0, clip, seed = 0, step} = options;
  const random = seededRandom(seed);
  const sigmaOf = (levels: StepLevels) => ddimCoefficients({...levels, eta}).noise;
  if (step) return ownStep(step, prediction, random, sigmaOf, clip);
  return (x, output, {alphaBar, alphaBarPrev}) => {
    const noise = ddimSigma(alphaBar, alphaBarPrev, eta) > 0 ? random.normals(x.length) : undefined;
    return ddimStep(x, output, {alphaBar, alphaBarPrev, eta, prediction, noise, clip});
  };
}

/** The steps of a run of sampleDdpm, which draw the run's noise in turn. */
export function ddpmStepper(
  prediction: Prediction,
  options: SamplerOptions & OwnStep & {variance?: VarianceType}
): WholeStep {
  const {variance, clip, seed = 0, step} = options;
  const random = seededRandom(seed);
  const sigmaOf = ({alphaBar, alphaBarPrev, last}: StepLevels) =>
    last || alphaBar === alphaBarPrev ? 0 : Math.sqrt(ddpmVariance(alphaBar, alphaBarPrev, variance));
  if (step) return ownStep(step, prediction, random, sigmaOf, clip);
  return (x, output, {alphaBar, alphaBarPrev, last}) => {
    // A step between equal levels leads nowhere, and DDPM has no posterior for it.
    if (alphaBar === alphaBarPrev) return ddimStep(x, output, {alphaBar, alphaBarPrev, prediction, clip});
    const noise = last ? undefined : random.normals(x.length);
    return ddpmStep(x, output, {alphaBar, alphaBarPrev, variance, prediction, noise, clip, last});
  };
}

/** The caller's step as one for all points; the sampler says with which sigma. */
function ownStep(
  step: CoordinateStep,
  prediction: Prediction,
  random: Random,
  sigmaOf: (levels: StepLevels) => number,
  clip?: number
): WholeStep {
  return (x, output, levels) => {
    const {alphaBar, alphaBarPrev} = levels;
    const seen = predictionViews(prediction, output, x, alphaBar);
    const views = clip === undefined ? seen : clipViews(seen, x, alphaBar, clip);
    const z = random.normals(x.length);
    return stepByCoordinate(step, {...views, x, z, alphaBar, alphaBarPrev, sigma: sigmaOf(levels)});
  };
}

/** The state before any step, as the denoiser sees it. */
export function startState(
  prediction: Prediction,
  output: Float64Array,
  x: Float64Array,
  {t, alphaBar}: StepLevels
): SampleStep {
  const {x0, epsilon} = predictionViews(prediction, output, x, alphaBar);
  return {index: 0, t, tPrev: t, x, x0, epsilon, sigma: 0};
}

/** The loop that DDIM and DDPM share: they differ only in `step`. */
function* descend(
  denoiser: Denoiser<Float64Array>,
  xT: Float64Array,
  options: SamplerOptions,
  step: WholeStep
): Generator<SampleStep, void> {
  let x: Float64Array = xT.slice();
  for (const [i, levels] of levelsOf(options).entries()) {
    const {t, tPrev} = levels;
    const output = denoiser.predict(x, t);
    if (i === 0) yield startState(denoiser.prediction, output, x, levels);
    const result = step(x, output, levels);
    x = result.x;
    yield {...result, index: i + 1, t, tPrev};
  }
}
