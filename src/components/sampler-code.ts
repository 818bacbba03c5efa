import {slicedWasserstein} from "../lib/metrics/index.js";
import type {PointEpsilon} from "../lib/pointwise-denoiser.js";
import type {SampleStep} from "../lib/sampler.js";
import {levelsOf} from "../lib/sampler.js";
import type {Schedule} from "../lib/schedule.js";
import type {TensorStep} from "../lib/tensor-sampler.js";
import {timestepList, withPrevious} from "../lib/timesteps.js";
import {blame, kindOf, ownCode} from "./own-code.js";
import type {SamplerSource} from "./sampler-source.js";

/** What the page's cells give to the sampler figure; what is missing is the library's. */
export interface SamplerCode {
  ddimStep?: TensorStep;
  ddpmStep?: TensorStep;
  /** The timesteps to visit, descending, for a wish of S steps. */
  stepList?: (steps: number) => number[];
  /** The exact denoiser of a mixture, one point at a time. */
  denoiser?: PointEpsilon;
  /** How far two sets of points [n, 2] of the same size are apart. */
  distance?: (a: Float64Array, b: Float64Array) => number;
}

export type SamplerName = "ddim" | "ddpm";

/** The cell that a sampler's step is in. */
export function stepCell(sampler: SamplerName): string {
  return `${sampler}-step`;
}

/** The step list for S = `steps`, checked. Throws a RangeError for an S that no list has, and an error of the cell's. */
export function listOf({stepList}: SamplerCode, steps: number, schedule: Schedule): number[] {
  const usual = timestepList("trailing", {timesteps: schedule.timesteps, steps});
  if (!stepList) return usual;
  return ownCode("step-list", () => {
    const list: unknown = stepList(steps);
    if (!Array.isArray(list)) {
      throw new TypeError(`it returned ${kindOf(list)}, but it should return an array of timesteps`);
    }
    levelsOf({schedule, timesteps: list as number[]});
    return list as number[];
  })();
}

/** The steps of a list in words, `999 → 899, 899 → 799, …`, or why it is no list. */
export function stepsInWords(stepList: (steps: number) => number[], steps: number, schedule: Schedule): string {
  try {
    const pairs = withPrevious(listOf({stepList}, steps, schedule));
    return `are ${pairs.map(({t, tPrev}) => `${t} → ${tPrev < 0 ? "−1" : tPrev}`).join(", ")}`;
  } catch (error) {
    return `are not to be had: ${(error as Error).message.replace(/[.]$/, "")}`;
  }
}

export interface RunSettings {
  sampler: SamplerName;
  timesteps: number[];
  eta: number;
  seed: number;
  signal: AbortSignal;
}

/**
 * Runs the sampler with the reader's step, up to the first state with a number that is not finite. Errors of the step's own
 * name its cell.
 */
export async function* runSampler(
  {ddimStep, ddpmStep}: SamplerCode,
  {denoiser, schedule}: SamplerSource,
  xT: Float64Array,
  {sampler, ...settings}: RunSettings
): AsyncGenerator<SampleStep, void> {
  const own = sampler === "ddim" ? ddimStep : ddpmStep;
  const step = own && ownCode(stepCell(sampler), own);
  const {sampleDdimTensors, sampleDdpmTensors} = await import("../lib/tensor-sampler.js"); // with tfjs, only now
  const run = sampler === "ddim" ? sampleDdimTensors : sampleDdpmTensors;
  try {
    for await (const state of run(denoiser, xT, {...settings, schedule, step})) {
      yield state;
      if (!state.x.every(Number.isFinite)) return;
    }
  } catch (error) {
    // tfjs and the library find out what is no step: a shape that does not fit, or nothing returned.
    throw error instanceof TypeError ? blame(stepCell(sampler), error) : error;
  }
}

/** The distance of samples to the data, and that between two halves of the data: the floor. Both have the same size. */
export function measureRun(
  {distance}: SamplerCode,
  end: Float64Array,
  truth: Float64Array
): {distance: number; floor: number} {
  const half = Math.min(end.length, truth.length / 2);
  const metric = ownCode("metric", (a: Float64Array, b: Float64Array) => {
    const value: unknown = distance ? distance(a, b) : slicedWasserstein(a, b, {directions: 64});
    if (typeof value === "number" && !Number.isNaN(value)) return value;
    throw new TypeError(`it returned ${kindOf(value)}, but it should return a distance, a number`);
  });
  const [a, b] = [truth.slice(0, half), truth.slice(truth.length - half)];
  return {distance: metric(end.slice(0, half), a), floor: metric(a, b)};
}
