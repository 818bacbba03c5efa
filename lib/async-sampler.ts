import type {Prediction} from "./prediction.js";
import {ddimEncodeStep} from "./ddim.js";
import type {VarianceType} from "./ddpm.js";
import type {OwnStep, SampleStep, SamplerOptions, WholeStep} from "./sampler.js";
import {ddimStepper, ddpmStepper, levelsOf, startState} from "./sampler.js";

/** A denoiser that takes its time, as one in a worker does; otherwise as Denoiser<Float64Array> of ./denoiser.js. */
export interface AsyncDenoiser {
  prediction: Prediction;
  predict(x: Float64Array, t: number): Promise<Float64Array>;
}

/** Options of the samplers here, beside those of ./sampler.js. */
export interface AsyncSamplerOptions extends SamplerOptions {
  signal?: AbortSignal; // ends the run early, without an error
}

/** sampleDdim of ./sampler.js for a denoiser that takes its time: the same options, states and noise. */
export async function* sampleDdimAsync(
  denoiser: AsyncDenoiser,
  xT: Float64Array,
  options: AsyncSamplerOptions & OwnStep
): AsyncGenerator<SampleStep, void> {
  yield* descend(denoiser, xT, options, ddimStepper(denoiser.prediction, options));
}

/** sampleDdpm of ./sampler.js for a denoiser that takes its time: the same options, states and noise. */
export async function* sampleDdpmAsync(
  denoiser: AsyncDenoiser,
  xT: Float64Array,
  options: AsyncSamplerOptions & OwnStep & {variance?: VarianceType}
): AsyncGenerator<SampleStep, void> {
  yield* descend(denoiser, xT, options, ddpmStepper(denoiser.prediction, options));
}

/** encodeDdim of ./sampler.js, told the index of the level to be reached, for a denoiser that takes its time. */
export async function* encodeDdimAsync(
  denoiser: AsyncDenoiser,
  x0: Float64Array,
  options: AsyncSamplerOptions
): AsyncGenerator<SampleStep, void> {
  const {prediction} = denoiser;
  let x: Float64Array = x0.slice();
  for (const [i, {t, tPrev, alphaBar: alphaBarNext, alphaBarPrev: alphaBar}] of levelsOf(options).reverse().entries()) {
    if (options.signal?.aborted) return;
    const output = await denoiser.predict(x, t);
    if (options.signal?.aborted) return;
    const step = ddimEncodeStep(x, output, {alphaBar, alphaBarNext, prediction});
    if (i === 0) yield {...step, index: 0, t: tPrev, tPrev, x, sigma: 0};
    x = step.x;
    yield {...step, index: i + 1, t: tPrev, tPrev: t, sigma: 0};
  }
}

async function* descend(
  denoiser: AsyncDenoiser,
  xT: Float64Array,
  options: AsyncSamplerOptions,
  step: WholeStep
): AsyncGenerator<SampleStep, void> {
  const {signal} = options;
  let x: Float64Array = xT.slice();
  for (const [i, levels] of levelsOf(options).entries()) {
    if (signal?.aborted) return;
    const {t, tPrev} = levels;
    const output = await denoiser.predict(x, t);
    if (signal?.aborted) return;
    if (i === 0) yield startState(denoiser.prediction, output, x, levels);
    const result = step(x, output, levels);
    x = result.x;
    yield {...result, index: i + 1, t, tPrev};
  }
}
