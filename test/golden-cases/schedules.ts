import {posteriorLogVarianceClipped, posteriorMeanCoefficients, posteriorVariance} from "../../lib/posterior.js";
import type {Schedule} from "../../lib/schedule.js";
import {alphaBarAt, firstTimestepBelowSnr, logSnr, rescaleZeroTerminalSnr, snr} from "../../lib/schedule.js";
import {Reader, attempt, brief, emptyReport, scheduleOf} from "./reading.js";
import type {GoldenReport} from "./report.js";

/** The files that this module compares. */
export const names = ["schedules*"];

/** Compares every figure of every schedule; each listed t counts as a case. */
export function compare(json: unknown, file: string): GoldenReport {
  const report = emptyReport();
  attempt(file, report, () => {
    const top = new Reader(json, file, report);
    const schedules = top.value("schedules");
    if (!Array.isArray(schedules)) throw new TypeError(`schedules is ${brief(schedules)}, not a list`);
    schedules.forEach((fields, i) =>
      attempt(`schedules[${i}]`, report, () => compareSchedule(new Reader(fields, `schedules[${i}]`, report)))
    );
    top.end();
  });
  return report;
}

function compareSchedule(read: Reader): void {
  const schedule = scheduleOf(read);
  const list = Array.from(read.numbers("t"));
  const alphaBar = list.map((t) => alphaBarAt(schedule, t));
  read.figure(
    "beta",
    list.map((t) => schedule.beta[t])
  );
  read.relativeFigure("alpha_bar", alphaBar);
  for (const [name, got] of Object.entries(derivedFigures(schedule, list, alphaBar)))
    if (read.has(name)) read.figure(name, got());
  if (read.has("snr")) read.relativeFigure("snr", alphaBar.map(snr));
  if (read.value("zero_terminal_snr_alpha_bar") !== undefined) {
    const rescaled = rescaleZeroTerminalSnr(schedule).alphaBar;
    read.relativeFigure(
      "zero_terminal_snr_alpha_bar",
      list.map((t) => rescaled[t])
    );
  }
  compareCrossing(read, firstTimestepBelowSnr(schedule), schedule.timesteps);
  compareFloat32(read, schedule, list);
  read.end();
  read.report.compared += list.length;
}

function derivedFigures(schedule: Schedule, list: number[], alphaBar: number[]) {
  const at = (f: (t: number) => number) => () => list.map(f);
  return {
    sqrt_alpha_bar: () => alphaBar.map(Math.sqrt),
    sqrt_one_minus_alpha_bar: () => alphaBar.map((a) => Math.sqrt(1 - a)),
    log_snr: () => alphaBar.map(logSnr),
    rho: () => alphaBar.map((a) => Math.sqrt((1 - a) / a)),
    posterior_variance: at((t) => posteriorVariance(schedule, t)),
    posterior_log_variance_clipped_openai: at((t) => posteriorLogVarianceClipped(schedule, t, "openai")),
    posterior_log_variance_clipped_ho: at((t) => posteriorLogVarianceClipped(schedule, t, "ho")),
    posterior_mean_coef1_x0: at((t) => posteriorMeanCoefficients(schedule, t).x0),
    posterior_mean_coef2_xt: at((t) => posteriorMeanCoefficients(schedule, t).xt),
    sum_beta: () => sum(schedule.beta),
    sum_alpha_bar: () => sum(schedule.alphaBar),
    sum_log_snr: () => sum(schedule.alphaBar.map(logSnr))
  };
}

// Where SNR stays at 1 or more, code may say so by null, by -1, by numpy's argmax of nothing (0) or by T.
function compareCrossing(read: Reader, crossing: number, timesteps: number): void {
  const want = read.value("t_where_snr_first_below_1");
  if (want === undefined && (crossing === timesteps || !read.has("t_where_snr_first_below_1"))) return;
  if (crossing === timesteps && [-1, 0, timesteps].includes(want as number)) return;
  if (want !== crossing) read.fail(`t_where_snr_first_below_1 is ${brief(want)} in the file, but we have ${crossing}`);
}

// The figures of a float32 program, which need only lie within its rounding: each alpha is off by at most 2^-23 (beta
// and the subtraction), each product by 2^-24 relative.
function compareFloat32(read: Reader, schedule: Schedule, list: number[]): void {
  const bound = Array.from(schedule.alpha);
  for (let t = 0, total = 0; t < bound.length; t++) bound[t] = total += 2 ** -23 / bound[t] + 2 ** -24;
  const largest = read.value("max_rel_diff_alpha_bar_float32_vs_float64");
  const limit = bound[bound.length - 1];
  if (largest !== undefined && !(typeof largest === "number" && largest >= 0 && largest <= limit))
    read.fail(`max_rel_diff_alpha_bar_float32_vs_float64 is ${brief(largest)}, but float32 allows 0 to ${limit}`);
  if (read.value("alpha_bar_float32_diffusers") === undefined) return;
  const values = read.numbers("alpha_bar_float32_diffusers");
  if (values.length !== list.length) return read.fail(`alpha_bar_float32_diffusers has ${values.length} numbers`);
  list.forEach((t, i) => {
    const difference = Math.abs(values[i] / schedule.alphaBar[t] - 1);
    const allowed = Math.min(bound[t], typeof largest === "number" ? largest * (1 + 1e-6) : Infinity);
    if (!(difference <= allowed))
      read.fail(
        `alpha_bar_float32_diffusers[${i}] is ${values[i]}, off by ${difference}, but float32 allows ${allowed}`
      );
  });
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
