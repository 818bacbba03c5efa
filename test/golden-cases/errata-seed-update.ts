/**
 * What the flawed updates do, x = scale x0 + sqrt(1 - alphaBarPrev) noise, with x0 scaled by sqrt(alphaBarPrev)
 * ("multiply", right) or by its inverse ("divide"), and noise predicted (right) or fresh; and the control, x0 drawn
 * from p(x0 | x_t). The right update is run by the sampler of the library.
 *
 * Tolerances: see sample-statistics.ts. Median norms along the way, which the file gives for one seed: 10 %.
 */
import {mixtureDenoiser, mixtureResponsibilities} from "../../lib/mixture.js";
import type {GaussianMixture} from "../../lib/mixture.js";
import type {Random} from "../../lib/random.js";
import {seededRandom} from "../../lib/random.js";
import {sampleDdim} from "../../lib/sampler.js";
import type {Schedule} from "../../lib/schedule.js";
import {Reader, attempt, eachCase, emptyReport, readSchedule} from "./reading.js";
import type {GoldenReport} from "./report.js";
import type {Truth} from "./sample-statistics.js";
import {compareFigures} from "./sample-statistics.js";
import type {Steps} from "./statistics.js";
import {judge, lengths, quantile, readNamed, readSteps, unit} from "./statistics.js";
import {readTruths, startOf} from "./stochastic-table.js";

/** The files that this module compares. */
export const names = ["errata_seed_update*"];

type Scaling = "multiply" | "divide" | "posterior_sample";
interface Update {
  scaling: Scaling;
  noise: "predicted" | "fresh";
  clip: boolean; // x0 to [-1, 1]; epsilon stays as predicted
}

/** Compares every row of a file. */
export function compare(json: unknown, file: string): GoldenReport {
  const report: GoldenReport = {...emptyReport(), unit};
  attempt(file, report, () => {
    const top = new Reader(json, file, report);
    const truths = readTruths(top);
    const schedules = readNamed(top, "schedules", (fields, label) => readSchedule(fields, label, report));
    eachCase(top.value("rows"), "rows", report, (read) => {
      const truth = read.choice("mixture", truths);
      const schedule = read.choice("schedule", schedules);
      const steps = readSteps(read, schedule);
      const update = {
        scaling: read.choice<Scaling>("x0_scaling", {
          multiply: "multiply",
          divide: "divide",
          posterior_sample: "posterior_sample"
        }),
        noise: read.choice<Update["noise"]>("noise", {predicted: "predicted", fresh: "fresh"}),
        clip: read.flag("clip_x0", false)
      };
      const norms: number[] = []; // after each step, of the first seed
      compareFigures(read, truth, (seed) => {
        let x = startOf(truth, seed);
        for (const state of runUpdate(truth.mixture, schedule, steps, update, x, seed)) {
          x = state;
          if (seed === 1) norms.push(medianNorm(x, truth));
        }
        return x;
      });
      compareNorms(read, norms);
    });
    top.end();
  });
  return report;
}

/** The median over at most 2000 points, which is sure enough to 10 %. */
function medianNorm(x: Float64Array, {dim}: Truth): number {
  return quantile(lengths(x.subarray(0, 2000 * dim), dim).sort(), 0.5);
}

function compareNorms(read: Reader, norms: number[]): void {
  const tolerance = (want: number) => 0.1 * want; // 4 sd of a median of 2000 |x| are 6 % at most
  if (read.has("median_norm_max_over_steps")) {
    const want = read.number("median_norm_max_over_steps");
    judge(read, "median_norm_max_over_steps", Math.max(...norms), want, tolerance(want));
  }
  if (!read.has("median_norm_at_step")) return;
  const at = new Reader(read.value("median_norm_at_step"), `${read.label}, median_norm_at_step`, read.report);
  for (const step of Object.keys(at.fields)) {
    const want = at.number(step);
    judge(at, step, norms[Number(step) - 1] ?? NaN, want, tolerance(want));
  }
}

/** The states after each step. */
function* runUpdate(
  mixture: GaussianMixture,
  schedule: Schedule,
  {timesteps, alphaBarFinal, pairs}: Steps,
  {scaling, noise, clip}: Update,
  xT: Float64Array,
  seed: number
): Generator<Float64Array> {
  const denoiser = mixtureDenoiser(mixture, schedule);
  if (scaling === "multiply" && noise === "predicted" && !clip) {
    for (const {x, index} of sampleDdim(denoiser, xT, {schedule, timesteps, alphaBarFinal})) if (index > 0) yield x;
    return;
  }
  const random = seededRandom(seed).fork(3);
  let x = xT;
  for (const {t, alphaBar, alphaBarPrev} of pairs) {
    const epsilon = denoiser.predict(x, t);
    const x0 = scaling === "posterior_sample" ? drawX0(mixture, x, alphaBar, random) : predictX0(x, epsilon, alphaBar);
    if (clip) for (let i = 0; i < x0.length; ++i) x0[i] = Math.max(-1, Math.min(1, x0[i]));
    const scale = scaling === "divide" ? 1 / Math.sqrt(alphaBarPrev) : Math.sqrt(alphaBarPrev);
    const direction = noise === "fresh" ? random.normals(x.length) : epsilon;
    for (let i = 0; i < x0.length; ++i) x0[i] = scale * x0[i] + Math.sqrt(1 - alphaBarPrev) * direction[i];
    yield (x = x0);
  }
}

function predictX0(x: Float64Array, epsilon: Float64Array, alphaBar: number): Float64Array {
  const x0 = new Float64Array(x.length);
  for (let i = 0; i < x.length; ++i) x0[i] = (x[i] - Math.sqrt(1 - alphaBar) * epsilon[i]) / Math.sqrt(alphaBar);
  return x0;
}

/** One x0 from p(x0 | x_t) for each point: a mode by its responsibility, then that mode's Gaussian posterior. */
function drawX0(mixture: GaussianMixture, x: Float64Array, alphaBar: number, random: Random): Float64Array {
  const {means, stds} = mixture;
  const dim = means[0].length;
  const root = Math.sqrt(alphaBar);
  const shares = mixtureResponsibilities(mixture, x, alphaBar);
  const result = new Float64Array(x.length);
  for (let i = 0; i < x.length / dim; ++i) {
    let k = 0;
    for (let u = random.uniform(); k < means.length - 1 && u >= shares[i * means.length + k]; ++k) {
      u -= shares[i * means.length + k];
    }
    const variance = alphaBar * stds[k] ** 2 + 1 - alphaBar;
    const std = stds[k] * Math.sqrt((1 - alphaBar) / variance);
    for (let d = 0; d < dim; ++d) {
      const mean = means[k][d] + ((root * stds[k] ** 2) / variance) * (x[i * dim + d] - root * means[k][d]);
      result[i * dim + d] = mean + std * random.normal();
    }
  }
  return result;
}
