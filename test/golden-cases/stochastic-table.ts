/**
 * Sample quality by number of steps and eta. Tolerances: see sample-statistics.ts.
 *
 * eta "sigma_hat" is DDPM with its large variance. `denoiser_error` e adds e (sin(3 y + 1), cos(4 x)) to epsilon*. The
 * x_T of a seed is shared by all rows, as in a paired comparison.
 */
import {ddimCoefficients} from "../../lib/ddim.js";
import {ddpmCoefficients} from "../../lib/ddpm.js";
import type {Denoiser} from "../../lib/denoiser.js";
import type {GaussianMixture} from "../../lib/mixture.js";
import {mixtureDenoiser} from "../../lib/mixture.js";
import {seededRandom} from "../../lib/random.js";
import {last, levelsOf, sampleDdim, sampleDdpm} from "../../lib/sampler.js";
import type {Schedule} from "../../lib/schedule.js";
import {Reader, attempt, brief, eachCase, emptyReport, readSchedule} from "./reading.js";
import type {GoldenReport} from "./report.js";
import type {Truth} from "./sample-statistics.js";
import {compareFigures, compareFloor, makeTruth} from "./sample-statistics.js";
import {readMixture, readNamed, readSteps, unit} from "./statistics.js";

/** The files that this module compares. */
export const names = ["stochastic_table*"];

/** Compares every noise floor and every row of a file. */
export function compare(json: unknown, file: string): GoldenReport {
  const report: GoldenReport = {...emptyReport(), unit};
  attempt(file, report, () => {
    const top = new Reader(json, file, report);
    const truths = readTruths(top);
    const schedules = readNamed(top, "schedules", (fields, label) => readSchedule(fields, label, report));
    const cache = new Map<string, Float64Array>();
    eachCase(top.value("rows"), "rows", report, (read) => {
      const truth = read.choice("mixture", truths);
      const schedule = read.choice("schedule", schedules);
      const {timesteps, alphaBarFinal} = readSteps(read, schedule);
      const eta = read.value("eta");
      const error = read.number("denoiser_error", 0);
      const options = {schedule, timesteps, alphaBarFinal};
      const denoiser = withError(mixtureDenoiser(truth.mixture, schedule), error, truth.dim);
      compareFigures(read, truth, (seed) => {
        // Two spacings may make one list.
        const key = JSON.stringify([
          read.fields.mixture,
          read.fields.schedule,
          timesteps,
          alphaBarFinal,
          eta,
          error,
          seed
        ]);
        const x = cache.get(key) ?? sample(denoiser, eta, startOf(truth, seed), {...options, seed});
        cache.set(key, x);
        return x;
      });
    });
    top.end();
  });
  return report;
}

/** The mixtures of a file with their noise floors; a floor of an unknown mixture is a failure. */
export function readTruths(top: Reader): Record<string, Truth> {
  const {report} = top;
  const count = top.number("n_samples");
  const mixtures = readNamed<GaussianMixture>(top, "mixtures", (fields, label) => readMixture(fields, label, report));
  const truths = Object.fromEntries(Object.entries(mixtures).map(([name, m]) => [name, makeTruth(m, count)]));
  const floor = top.value("noise_floor") ?? [];
  eachCase(Array.isArray(floor) ? floor : [floor], "noise_floor", report, (read) => {
    compareFloor(read, read.choice("mixture", truths));
  });
  return truths;
}

/** x_T of a seed: the same for every row. */
export function startOf({count, dim}: Truth, seed: number): Float64Array {
  return seededRandom(seed)
    .fork(2)
    .normals(count * dim);
}

interface SampleOptions {
  schedule: Schedule;
  timesteps: number[];
  alphaBarFinal: number;
  seed: number;
}

function sample(
  denoiser: Denoiser<Float64Array>,
  eta: unknown,
  xT: Float64Array,
  options: SampleOptions
): Float64Array {
  const large = eta === "sigma_hat";
  if (!large && typeof eta !== "number") {
    throw new TypeError(`eta is ${brief(eta)}, which is not known (a number, sigma_hat)`);
  }
  if (options.timesteps.length > 200) return sampleByCoefficients(denoiser, eta as number | "sigma_hat", xT, options);
  if (large) return last(sampleDdpm(denoiser, xT, {...options, variance: "fixed_large"})).x;
  return last(sampleDdim(denoiser, xT, {...options, eta: eta as number})).x;
}

/**
 * The same runs as three multiplications a step, for long lists: they hold no intermediate figures, and take half the
 * time.
 */
function sampleByCoefficients(
  denoiser: Denoiser<Float64Array>,
  eta: number | "sigma_hat",
  xT: Float64Array,
  options: SampleOptions
): Float64Array {
  const random = seededRandom(options.seed);
  let x = xT;
  for (const {t, alphaBar, alphaBarPrev, last} of levelsOf(options)) {
    const c =
      eta === "sigma_hat"
        ? ddpmCoefficients({alphaBar, alphaBarPrev, variance: "fixed_large", last})
        : ddimCoefficients({alphaBar, alphaBarPrev, eta});
    const output = denoiser.predict(x, t); // a new array, which takes the next x
    for (let i = 0; i < x.length; ++i) output[i] = c.x * x[i] + c.output * output[i];
    if (c.noise > 0) for (let i = 0; i < x.length; ++i) output[i] += c.noise * random.normal();
    x = output;
  }
  return x;
}

function withError(denoiser: Denoiser<Float64Array>, error: number, dim: number): Denoiser<Float64Array> {
  if (error === 0) return denoiser;
  if (dim !== 2) throw new TypeError(`denoiser_error is ${error}, but its formula is known for the plane only`);
  const predict = (x: Float64Array, t: number) => {
    const epsilon = denoiser.predict(x, t);
    for (let i = 0; i < x.length; i += 2) {
      epsilon[i] += error * Math.sin(3 * x[i + 1] + 1);
      epsilon[i + 1] += error * Math.cos(4 * x[i]);
    }
    return epsilon;
  };
  return {...denoiser, predict};
}
