import {ddimCoefficients} from "./ddim.js";
import type {VarianceType} from "./ddpm.js";
import {ddpmCoefficients} from "./ddpm.js";
import type {Denoiser} from "./denoiser.js";
import {seededRandom} from "./random.js";
import type {SampleStep, SamplerOptions} from "./sampler.js";
import {levelsOf} from "./sampler.js";
import {denoiserViews, readTensors} from "./tensor-denoiser.js";
import {tensorViews} from "./tensor-prediction.js";
import * as tf from "./tf.js";

/** What one step of a sampler may use. Tensors are [n, 2]; a step need not dispose of what it makes. */
export interface TensorStepInput {
  x: tf.Tensor2D; // x_t
  epsilon: tf.Tensor2D; // the noise the network sees in x_t
  x0: tf.Tensor2D; // the clean points that this noise means
  noise: tf.Tensor2D; // fresh standard normal noise; the sampler's own steps get 0 where they add none
  alphaBar: number; // the level of x_t
  alphaBarPrev: number; // the level to go to; 1 is clean
  sigma: number; // std of the noise to add
  t: number;
  tPrev: number; // -1 is clean data
}

/** A step of a sampler, such as ddimStepTensor: x_t in, x at the next level out, [n, 2] again. */
export type TensorStep = (input: TensorStepInput) => tf.Tensor;

/** Options of the tensor samplers, beside those of the samplers of ./sampler.js. */
export interface TensorSamplerOptions extends SamplerOptions {
  step?: TensorStep; // instead of the sampler's own: a reader's edited version
  signal?: AbortSignal; // ends the run early, without an error
}

/** One DDIM step (Song et al. 2021, Eq. 12), with the coefficients in float64 and the points in tensors. */
export function ddimStepTensor({x, epsilon, alphaBar, alphaBarPrev, sigma, noise}: TensorStepInput): tf.Tensor2D {
  const x0 = x.sub(epsilon.mul(Math.sqrt(1 - alphaBar))).div(Math.sqrt(alphaBar)); // the predicted clean points
  const direction = epsilon.mul(Math.sqrt(Math.max(0, 1 - alphaBarPrev - sigma ** 2))); // back towards x_t
  return x0.mul(Math.sqrt(alphaBarPrev)).add(direction).add(noise.mul(sigma));
}

/** One DDPM step (Ho et al. 2020, Algorithm 2); alpha and beta are those of the interval that the step spans. */
export function ddpmStepTensor({x, epsilon, alphaBar, alphaBarPrev, sigma, noise}: TensorStepInput): tf.Tensor2D {
  const alpha = alphaBar / alphaBarPrev;
  const mean = x.sub(epsilon.mul((1 - alpha) / Math.sqrt(1 - alphaBar))).div(Math.sqrt(alpha));
  return mean.add(noise.mul(sigma));
}

/**
 * Runs DDIM with tensors from xT [n, 2]; yields the same S + 1 states as `sampleDdim`, as plain numbers, and draws the same
 * noise for the same seed. It holds no tensor while the caller has its turn. Throws a RangeError as `sampleDdim` does, a
 * TypeError when `step` does not return [n, 2], and BackendLost when the graphics card is lost.
 */
export async function* sampleDdimTensors(
  denoiser: Denoiser<tf.Tensor2D>,
  xT: tf.Tensor2D | Float64Array | Float32Array,
  options: TensorSamplerOptions
): AsyncGenerator<SampleStep, void> {
  const {eta, step = ddimStepTensor} = options;
  const sigma = levelsOf(options).map((levels) => ddimCoefficients({...levels, eta}).noise); // throws beyond eta's limit
  yield* descend(denoiser, xT, options, step, sigma);
}

/**
 * Runs DDPM with tensors from xT [n, 2]; yields the same states as `sampleDdpm`. `variance` is "fixed_small" (beta tilde,
 * the default) or "fixed_large" (beta). Holds no tensor between states, and throws as sampleDdimTensors does.
 */
export async function* sampleDdpmTensors(
  denoiser: Denoiser<tf.Tensor2D>,
  xT: tf.Tensor2D | Float64Array | Float32Array,
  options: TensorSamplerOptions & {variance?: VarianceType}
): AsyncGenerator<SampleStep, void> {
  const {variance, step = ddpmStepTensor} = options;
  const sigma = levelsOf(options).map((levels) => ddpmCoefficients({...levels, variance}).noise);
  yield* descend(denoiser, xT, options, step, sigma);
}

/** The loop that both share. Points go up and come down in every step, so that no tensor outlives one. */
async function* descend(
  denoiser: Denoiser<tf.Tensor2D>,
  xT: tf.Tensor2D | Float64Array | Float32Array,
  options: TensorSamplerOptions,
  step: TensorStep,
  sigmas: number[]
): AsyncGenerator<SampleStep, void> {
  const {clip, seed = 0, signal} = options;
  const random = seededRandom(seed);
  let x: Float64Array = Float64Array.from(xT instanceof tf.Tensor ? await xT.data() : xT);
  for (const [i, levels] of levelsOf(options).entries()) {
    if (signal?.aborted) return;
    const {t, tPrev, alphaBar, alphaBarPrev} = levels;
    const sigma = sigmas[i];
    const own = options.step !== undefined; // may add noise where the sampler would add none
    const noise = sigma > 0 || own ? random.normals(x.length) : new Float64Array(x.length);
    const [next, x0, epsilon, ...start] = await readTensors(() => {
      const seen = denoiserViews(denoiser, x, t, alphaBar);
      const used = clip === undefined ? seen : clipViews(seen, alphaBar, clip);
      const z = tf.tensor2d(Float32Array.from(noise), used.x.shape);
      const result: unknown = step({...used, noise: z, alphaBar, alphaBarPrev, sigma, t, tPrev});
      checkPoints(result, used.x);
      return i === 0 ? [result, used.x0, used.epsilon, seen.x0, seen.epsilon] : [result, used.x0, used.epsilon];
    });
    if (signal?.aborted) return;
    if (i === 0) yield {index: 0, t, tPrev: t, x, x0: start[0], epsilon: start[1], sigma: 0};
    if (signal?.aborted) return;
    x = next;
    yield {index: i + 1, t, tPrev, x, x0, epsilon, sigma};
  }
}

// As ddimStep of ./ddim.js: the noise is derived again from the clipped clean points.
function clipViews<V extends {x: tf.Tensor2D; x0: tf.Tensor2D; epsilon: tf.Tensor2D}>(
  views: V,
  alphaBar: number,
  clip: number
): V {
  const x0 = views.x0.clipByValue(-clip, clip) as tf.Tensor2D;
  return {...views, ...tensorViews("x0", x0, views.x, alphaBar)};
}

function checkPoints(result: unknown, x: tf.Tensor2D): asserts result is tf.Tensor2D {
  if (result instanceof tf.Tensor && result.shape.join() === x.shape.join()) return;
  const what =
    result instanceof tf.Tensor ? `a tensor [${result.shape}]` : result === undefined ? "nothing" : typeof result;
  throw new TypeError(`the step returned ${what}, but it should return the next points, a tensor [${x.shape}]`);
}
