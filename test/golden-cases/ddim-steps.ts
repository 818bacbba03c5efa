import {ddimCoefficients, ddimSigma, ddimStep, etaLimit} from "../../lib/ddim.js";
import type {Schedule} from "../../lib/schedule.js";
import {alphaBarAt} from "../../lib/schedule.js";
import type {Reader} from "./reading.js";
import {predictions, readSections, spacings} from "./reading.js";
import type {GoldenReport} from "./report.js";

/** The files that this module compares. */
export const names = ["ddim_steps*"];

/** Compares single DDIM steps: the levels, sigma, x0 and the next sample. */
export function compare(json: unknown, file: string): GoldenReport {
  return readSections(json, file, {diffusers_cases: compareStep, ddim_repo_cases: compareStep, cases: compareStep});
}

/** The levels of a case, from its schedule, after comparing those that the file has. */
export function readLevels(read: Reader): {alphaBar: number; alphaBarPrev: number} {
  const schedule = read.schedule();
  read.number("S", 0);
  read.choice("spacing", spacings, "leading");
  const alphaBar = alphaBarAt(schedule, read.number("t"));
  const alphaBarPrev = previousLevel(schedule, read.number("t_prev"), read.flag("set_alpha_to_one", true));
  read.relativeFigure("alpha_bar_t", alphaBar);
  read.relativeFigure("alpha_bar_prev", alphaBarPrev);
  return {alphaBar, alphaBarPrev};
}

/** alphaBar at t, where every t below 0 is the final level: 1, or that of t = 0 (diffusers' set_alpha_to_one false). */
export function previousLevel(schedule: Schedule, t: number, setAlphaToOne: boolean): number {
  return alphaBarAt(schedule, t >= 0 ? t : setAlphaToOne ? -1 : 0);
}

/** The clipping range of a case, undefined without clipping. */
export function readClip(read: Reader): number | undefined {
  const range = read.number("clip_sample_range", 1);
  return read.flag("clip_sample", false) ? range : undefined;
}

function compareStep(read: Reader): void {
  const levels = readLevels(read);
  const eta = read.number("eta");
  const prediction = read.choice("prediction_type", predictions, "epsilon");
  const x = read.numbers("x_t");
  const output = read.numbers("model_output");
  const noise = read.value("noise") === undefined ? undefined : read.numbers("noise");
  const clip = readClip(read);
  const keepEpsilonOnClip = !read.flag("use_clipped_model_output", false);
  checkFloat32(read);
  const step = () => ddimStep(x, output, {...levels, eta, prediction, noise, clip, keepEpsilonOnClip});
  read.figure("sigma", ddimSigma(levels.alphaBar, levels.alphaBarPrev, eta));
  if (isBeyond(read)) return expectRefusal(read, step, levels);
  const result = step();
  const slack = rootSlack(levels.alphaBarPrev, result.sigma);
  read.figure("pred_original_sample", result.x0);
  read.figure("prev_sample", result.x, (i) => slack * Math.abs(result.epsilon[i]));
  if (clip === undefined) compareCoefficients(read, result.x, ddimCoefficients({...levels, eta, prediction}), noise);
}

// Unclipped, the three coefficients must make the same sample.
function compareCoefficients(
  read: Reader,
  want: Float64Array,
  c: {x: number; output: number; noise: number},
  noise: Float64Array | undefined
): void {
  const x = read.numbers("x_t");
  const output = read.numbers("model_output");
  want.forEach((value, i) => {
    const terms = [c.x * x[i], c.output * output[i], c.noise ? c.noise * noise![i] : 0];
    const scale = terms.reduce((sum, term) => sum + Math.abs(term), 0.01);
    if (!(Math.abs(terms[0] + terms[1] + terms[2] - value) <= 1e-10 * scale))
      read.fail(`the coefficients ${JSON.stringify(c)} do not make the sample[${i}] ${value}`);
  });
}

// The reference writes NaN, or null, where eta is beyond the limit.
function isBeyond(read: Reader): boolean {
  const value = read.fields.prev_sample;
  return value === null || (Array.isArray(value) && value.flat(Infinity).includes(null));
}

function expectRefusal(read: Reader, step: () => unknown, levels: {alphaBar: number; alphaBarPrev: number}): void {
  read.value("prev_sample");
  const x0 = read.value("pred_original_sample");
  if (x0 !== undefined) read.figure("pred_original_sample", x0OfRefused(read, levels));
  try {
    step();
  } catch (error) {
    const limit = etaLimit(levels.alphaBar, levels.alphaBarPrev);
    if (error instanceof RangeError && error.message.includes(String(limit))) return;
    throw error;
  }
  read.fail("prev_sample is not a number in the file, but we have one");
}

function x0OfRefused(read: Reader, levels: {alphaBar: number; alphaBarPrev: number}): Float64Array {
  const prediction = read.choice("prediction_type", predictions, "epsilon");
  const options = {...levels, prediction, clip: readClip(read), keepEpsilonOnClip: true};
  return ddimStep(read.numbers("x_t"), read.numbers("model_output"), options).x0;
}

// sqrt(1 - alphaBarPrev - sigma^2) near the limit of eta: an error of 4e-16 under the root is more than 1e-10 above it.
function rootSlack(alphaBarPrev: number, sigma: number): number {
  if (sigma === 0) return 0;
  const rounding = 4e-16;
  const root = Math.sqrt(Math.max(0, 1 - alphaBarPrev - sigma * sigma));
  return root > Math.sqrt(rounding) ? rounding / root : 2 * Math.sqrt(rounding);
}

// How far a float32 program is from these figures: its own matter, so only that it is a number.
function checkFloat32(read: Reader): void {
  const value = read.value("float32_diffusers_max_abs_diff");
  if (value !== undefined && !(typeof value === "number" && value >= 0))
    read.fail(`float32_diffusers_max_abs_diff is ${JSON.stringify(value)}, not a number of at least 0`);
}
