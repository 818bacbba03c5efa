/**
 * What the handlers of runs share: reading mixtures and step lists, and comparing figures within a stated tolerance.
 */
import type {GaussianMixture} from "../../lib/mixture.js";
import {openaiTimesteps} from "../../lib/respace.js";
import type {Schedule} from "../../lib/schedule.js";
import {alphaBarAt} from "../../lib/schedule.js";
import {timestepList} from "../../lib/timesteps.js";
import {Reader, brief} from "./reading.js";
import type {GoldenReport} from "./report.js";

/** What `worst` is in these handlers. */
export const unit = "of the tolerance";

/** The mixture that {weights, means, stds} describes. */
export function readMixture(fields: unknown, label: string, report: GoldenReport): GaussianMixture {
  const read = new Reader(fields, label, report);
  const means = read.value("means");
  if (!Array.isArray(means) || !means.every((mean) => Array.isArray(mean))) {
    throw new TypeError(`${label}: means is ${brief(means)}, not a list of points`);
  }
  const mixture = {weights: [...read.numbers("weights")], means: means as number[][], stds: [...read.numbers("stds")]};
  read.end();
  return mixture;
}

/** An object of named things, such as {tri: {...}}, each read by `entry`. */
export function readNamed<A>(
  top: Reader,
  name: string,
  entry: (fields: unknown, label: string) => A
): Record<string, A> {
  const fields = new Reader(top.value(name), name, top.report).fields;
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, entry(value, `${name}.${key}`)]));
}

/** The levels that a run visits. */
export interface Steps {
  timesteps: number[];
  alphaBarFinal: number;
  pairs: {t: number; alphaBar: number; alphaBarPrev: number}[];
}

const lists: Record<string, (timesteps: number, steps: number, offset: number) => number[]> = {
  leading: (timesteps, steps, offset) => timestepList("leading", {timesteps, steps, offset}),
  leading_offset1: (timesteps, steps) => timestepList("leading", {timesteps, steps, offset: 1}),
  trailing: (timesteps, steps) => timestepList("trailing", {timesteps, steps}),
  linspace: (timesteps, steps) => timestepList("linspace", {timesteps, steps}),
  uniform: (timesteps, steps) => timestepList("uniform", {timesteps, steps}),
  ddim_paper_uniform: (timesteps, steps) => timestepList("uniform", {timesteps, steps}),
  quad: (timesteps, steps) => timestepList("quadratic", {timesteps, steps}),
  quadratic: (timesteps, steps) => timestepList("quadratic", {timesteps, steps}),
  ddim_paper_quad: (timesteps, steps) => timestepList("quadratic", {timesteps, steps}),
  openai_N: (timesteps, steps) => openaiTimesteps(String(steps), timesteps).reverse(),
  openai_ddimN: (timesteps, steps) => openaiTimesteps(`ddim${steps}`, timesteps).reverse()
};

/**
 * The steps that {S, spacing, steps_offset, set_alpha_to_one, t_prev_rule} describe; all but the first two are
 * optional.
 */
export function readSteps(read: Reader, schedule: Schedule): Steps {
  const steps = read.number("S");
  const offset = read.number("steps_offset", 0);
  const list = read.choice("spacing", lists);
  if (offset !== 0 && list !== lists.leading)
    throw new TypeError(`steps_offset is ${offset} with another spacing than leading`);
  const timesteps = list(schedule.timesteps, steps, offset);
  const alphaBarFinal = read.flag("set_alpha_to_one", true) ? 1 : schedule.alphaBar[0];
  const next = (i: number) => timesteps[i + 1] ?? -1;
  const minusStride = (i: number) => timesteps[i] - Math.floor(schedule.timesteps / steps);
  const rules = {"next entry of the list": next, "t - T//S (diffusers DDIM)": minusStride};
  const previous = read.choice("t_prev_rule", rules, "next entry of the list");
  const level = (t: number) => (t < 0 ? alphaBarFinal : alphaBarAt(schedule, t));
  const pairs = timesteps.map((t, i) => ({t, alphaBar: level(t), alphaBarPrev: level(previous(i))}));
  return {timesteps, alphaBarFinal, pairs};
}

/** Compares one figure, or a nested list of them; `tolerance` is how far each may be off. A null stands for NaN. */
export function within(
  read: Reader,
  name: string,
  got: number | ArrayLike<number>,
  tolerance: (want: number, index: number) => number
): void {
  const value = read.value(name);
  const want: unknown[] = Array.isArray(value) ? value.flat(Infinity) : [value];
  const have = typeof got === "number" ? [got] : Array.from(got);
  if (want.length !== have.length) {
    return read.fail(`${name} has ${want.length} numbers in the file, but we have ${have.length}`);
  }
  want.forEach((w, i) => {
    const place = have.length > 1 ? `${name}[${i}]` : name;
    if (typeof w === "number") judge(read, place, have[i], w, tolerance(w, i));
    else read.fail(`${place} is ${brief(w)}, not a number`);
  });
}

/** Notes one comparison in the report: a failure if the difference is beyond the tolerance. */
export function judge(read: Reader, place: string, have: number, want: number, tolerance: number): void {
  const share = Math.abs(have - want) / tolerance;
  if (have !== want) read.report.worst = Math.max(read.report.worst, Number.isNaN(share) ? Infinity : share);
  if (have === want || share <= 1) return;
  read.fail(`${place} is ${want} in the file, but we have ${have}; they may differ by ${tolerance.toPrecision(2)}`);
}

/**
 * 1e-10 relative + 1e-12 absolute, the rounding of float64; `floor` where division by a small root has eaten digits.
 */
export const exactly =
  (floor = 1e-12) =>
  (want: number): number =>
    1e-10 * Math.abs(want) + floor;

/** 1e-6 relative, for end points that hold one implementation's figures. */
export const nearly = (want: number): number => 1e-6 * (Math.abs(want) + 0.01);

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; ++i) sum += values[i];
  return sum / values.length;
}

/** The standard deviation, over n - 1. */
export function sdOf(values: ArrayLike<number>): number {
  const mean = meanOf(values);
  return Math.sqrt((meanOf(Array.from(values, (v) => (v - mean) ** 2)) * values.length) / (values.length - 1));
}

/** The q-quantile of sorted values, q in [0, 1], interpolated. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const place = Math.min(1, Math.max(0, q)) * (sorted.length - 1);
  const i = Math.min(Math.floor(place), sorted.length - 2);
  return sorted[i] + (place - i) * (sorted[i + 1] - sorted[i]);
}

/** The lengths of the rows of x [n, dim], or of a - b. */
export function lengths(a: Float64Array, dim: number, b?: Float64Array): Float64Array {
  const result = new Float64Array(a.length / dim);
  for (let i = 0; i < result.length; ++i) {
    let square = 0;
    for (let d = i * dim; d < (i + 1) * dim; ++d) square += (a[d] - (b ? b[d] : 0)) ** 2;
    result[i] = Math.sqrt(square);
  }
  return result;
}
