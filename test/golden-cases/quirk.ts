/**
 * The effect of t_prev = t - floor(T/S) where that is not the next entry of the list: sliced W2 of deterministic DDIM.
 *
 * The list's listed entries must be exact. The file says neither how many seeds its mean and sd rest on nor its noise
 * floor: sw2_mean is compared with our mean over three seeds within the largest of 4 sd of the row, 4 sd of our seeds
 * (times sqrt(1 + 1/3), for theirs and ours), and 10 % of the value. 10000 points against 10000, unless the file says
 * n_samples; the linear schedule with T = 1000, unless it names another.
 */
import {ddimStep} from "../../lib/ddim.js";
import {projectedWasserstein} from "../../lib/metrics/index.js";
import type {GaussianMixture} from "../../lib/mixture.js";
import {mixtureDenoiser, sampleMixture} from "../../lib/mixture.js";
import {seededRandom} from "../../lib/random.js";
import type {Schedule} from "../../lib/schedule.js";
import {makeSchedule} from "../../lib/schedule.js";
import {Reader, attempt, eachCase, emptyReport} from "./reading.js";
import type {GoldenReport} from "./report.js";
import {linesOf} from "./sample-statistics.js";
import type {Steps} from "./statistics.js";
import {meanOf, readMixture, readSteps, sdOf, unit, within} from "./statistics.js";

/** The files that this module compares. */
export const names = ["quirk*"];

const SEEDS = [1, 2, 3];

/** Compares every row of a file. */
export function compare(json: unknown, file: string): GoldenReport {
  const report: GoldenReport = {...emptyReport(), unit};
  attempt(file, report, () => {
    const top = new Reader(json, file, report);
    const mixture = readMixture(top.value("mixture"), "mixture", report);
    const dim = mixture.means[0].length;
    const shared = top.has("schedule") ? top.schedule() : linearAsSaid(top);
    const count = top.number("n_samples", 10_000);
    const draws = SEEDS.map((seed) => ({
      xT: seededRandom(seed).normals(count * dim),
      lines: linesOf(sampleMixture(mixture, count, seededRandom(seed).fork(1)), dim)
    }));
    eachCase(top.value("rows"), "rows", report, (read) => {
      const schedule = read.has("schedule") ? read.schedule() : shared;
      const steps = readSteps(read, schedule);
      if (read.has("timesteps_first3_last2")) {
        const {timesteps} = steps;
        within(read, "timesteps_first3_last2", [...timesteps.slice(0, 3), ...timesteps.slice(-2)], () => 0);
      }
      const values = draws.map(({xT, lines}) =>
        projectedWasserstein(linesOf(run(mixture, schedule, steps, xT), dim), lines, 2)
      );
      const rowSd = read.number("sw2_sd", 0);
      const ourSd = sdOf(values) * Math.sqrt(1 + 1 / SEEDS.length);
      within(read, "sw2_mean", meanOf(values), (want) => Math.max(4 * rowSd, 4 * ourSd, 0.1 * want));
    });
    top.end();
  });
  return report;
}

/** The file names its schedule in its text only. */
function linearAsSaid(top: Reader): Schedule {
  if (!/\blinear schedule\b/.test(String(top.fields.what)))
    throw new TypeError("no schedule, and `what` does not say linear");
  return makeSchedule("linear");
}

/** DDIM over pairs of levels, of which one need not begin where the last has ended. */
function run(mixture: GaussianMixture, schedule: Schedule, {pairs}: Steps, xT: Float64Array): Float64Array {
  const denoiser = mixtureDenoiser(mixture, schedule);
  return pairs.reduce(
    (x, {t, alphaBar, alphaBarPrev}) => ddimStep(x, denoiser.predict(x, t), {alphaBar, alphaBarPrev}).x,
    xT
  );
}
