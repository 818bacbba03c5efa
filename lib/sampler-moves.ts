import type {StepCoefficients} from "./ddim.js";
import {ddimCoefficients} from "./ddim.js";
import type {VarianceType} from "./ddpm.js";
import {ddpmCoefficients} from "./ddpm.js";
import type {Prediction} from "./prediction.js";
import type {SamplerOptions} from "./sampler.js";
import {levelsOf} from "./sampler.js";

/** One step of a run: x becomes x * x_t + output * model_output + noise * z, where the model is told the index t. */
export interface SamplerMove extends StepCoefficients {
  t: number;
}

/** A run without what is not linear or not part of its steps. */
export type MoveOptions = Pick<SamplerOptions, "schedule" | "timesteps" | "eta" | "alphaBarFinal">;

/** The steps of sampleDdim of ./sampler.js as numbers, S of them. Throws a RangeError where sampleDdim does. */
export function ddimMoves(prediction: Prediction, options: MoveOptions): SamplerMove[] {
  const {eta} = options;
  return levelsOf(options).map((levels) => ({...ddimCoefficients({...levels, eta, prediction}), t: levels.t}));
}

/** The steps of sampleDdpm of ./sampler.js as numbers, S of them. Throws a RangeError where sampleDdpm does. */
export function ddpmMoves(prediction: Prediction, options: MoveOptions & {variance?: VarianceType}): SamplerMove[] {
  const {variance} = options;
  return levelsOf(options).map(({t, alphaBar, alphaBarPrev, last}) => {
    if (alphaBar === alphaBarPrev) return {...ddimCoefficients({alphaBar, alphaBarPrev, prediction}), t};
    const {x, output, noise} = ddpmCoefficients({alphaBar, alphaBarPrev, variance, prediction});
    return {x, output, noise: last ? 0 : noise, t};
  });
}
