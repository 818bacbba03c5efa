/**
 * Runs of DDIM, DPM-Solver++(2M) and Heun on a mixture with its exact denoiser, and encoding there and back.
 *
 * Listed points: eps, x0_mean, states and ends of DDIM at 1e-10 relative + 1e-12 absolute, more where the run starts at
 * so small an alphaBar that dividing by its root loses digits; ends of 2M, of the ODE and after encoding at 1e-6
 * relative. Errors over random points: see error-statistics.ts. latent_std: 10 %, or 4 sd of a std over the points.
 */
import type {GaussianMixture} from "../../lib/mixture.js";
import type {Denoiser} from "../../lib/denoiser.js";
import {sampleDpmSolver2M} from "../../lib/dpm-solver.js";
import {sampleHeun} from "../../lib/heun.js";
import {mixtureDenoiser, mixtureX0, sampleMixture} from "../../lib/mixture.js";
import {exactOdeEnd} from "../../lib/ode.js";
import {seededRandom} from "../../lib/random.js";
import type {SamplerOptions} from "../../lib/sampler.js";
import {encodeDdim, last, sampleDdim} from "../../lib/sampler.js";
import type {Schedule} from "../../lib/schedule.js";
import {compareMeanSquare, compareMedian} from "./error-statistics.js";
import {Reader, attempt, eachCase, emptyReport} from "./reading.js";
import type {GoldenReport} from "./report.js";
import type {Steps} from "./statistics.js";
import {exactly, lengths, meanOf, nearly, readMixture, readSteps, unit, within} from "./statistics.js";

/** The files that this module compares. */
export const names = ["trajectories*"];

/** What the cases of a file share. */
interface Shared {
  mixture: GaussianMixture;
  dim: number;
  xT: Float64Array; // [n, dim]
  cached<A>(key: unknown, make: () => A): A; // one step list may come under two names
}

/** Compares every run, epsilon and inversion of a file. */
export function compare(json: unknown, file: string): GoldenReport {
  const report: GoldenReport = {...emptyReport(), unit};
  attempt(file, report, () => {
    const top = new Reader(json, file, report);
    const mixture = readMixture(top.value("mixture"), "mixture", report);
    const cache = new Map<string, unknown>();
    const shared: Shared = {
      mixture,
      dim: mixture.means[0].length,
      xT: top.numbers("x_T"),
      cached: <A>(key: unknown, make: () => A): A => {
        const name = JSON.stringify(key);
        if (!cache.has(name)) cache.set(name, make());
        return cache.get(name) as A;
      }
    };
    const sections = {runs: compareRun, eps_values: compareEpsilon, inversion: compareInversion};
    for (const [name, compareCase] of Object.entries(sections)) {
      if (top.has(name)) eachCase(top.value(name), name, report, (read) => compareCase(read, shared));
    }
    top.end();
  });
  return report;
}

function compareEpsilon(read: Reader, {mixture}: Shared): void {
  const schedule = read.schedule();
  const t = read.number("t");
  const alphaBar = schedule.alphaBar[t];
  const x = read.numbers("x");
  within(read, "alpha_bar", alphaBar, exactly(0));
  within(read, "eps", mixtureDenoiser(mixture, schedule).predict(x, t), exactly());
  within(read, "x0_mean", mixtureX0(mixture, x, alphaBar), exactly());
}

function compareRun(read: Reader, shared: Shared): void {
  const schedule = read.schedule();
  const steps = readSteps(read, schedule);
  const {timesteps, alphaBarFinal} = steps;
  const {mixture, xT} = shared;
  const alphaBarFrom = schedule.alphaBar[timesteps[0]];
  const options = {schedule, timesteps, alphaBarFinal};
  const denoiser = mixtureDenoiser(mixture, schedule);
  if (read.has("t_first")) within(read, "t_first", timesteps[0], () => 0);
  if (read.has("t_last")) within(read, "t_last", timesteps[timesteps.length - 1], () => 0);

  const states = [...sampleDdim(denoiser, xT, options)].map(({x}) => x);
  const tolerance = exactly(rounding(xT, alphaBarFrom));
  within(read, "end", states[states.length - 1], tolerance);
  if (read.has("after_steps")) {
    const listed = Array.from(read.numbers("after_steps"), (k) => Array.from(states[k] ?? []));
    within(read, "states", listed.flat(), tolerance);
  }
  if (read.has("dpmpp2m_end")) within(read, "dpmpp2m_end", last(sampleDpmSolver2M(denoiser, xT, options)).x, nearly);
  // How far a float32 program was off: nothing to compute here, but README promises that it was less than this.
  if (read.has("dpmpp2m_diffusers_float32_max_abs_diff"))
    within(read, "dpmpp2m_diffusers_float32_max_abs_diff", 0, () => 1e-4);
  const end = exactOdeEnd(mixture, xT, {alphaBarFrom, alphaBarTo: alphaBarFinal, tolerance: 1e-12});
  within(read, "reference_ode_end", end, nearly);
  compareErrors(read, shared, schedule, steps);
}

// What is left of 16 digits after dividing x by sqrt(alphaBar); at least 1e-12.
function rounding(x: Float64Array, alphaBar: number): number {
  const size = x.reduce((max, v) => Math.max(max, Math.abs(v)), 1);
  return Math.max(1e-12, (16 * Number.EPSILON * size) / Math.sqrt(alphaBar));
}

const solvers = {ddim: sampleDdim, dpmpp2m: sampleDpmSolver2M, heun: sampleHeun};

/** The errors of the solvers over as many points as the field's name says. */
function compareErrors(read: Reader, shared: Shared, schedule: Schedule, steps: Steps): void {
  const {mixture, cached} = shared;
  for (const field of Object.keys(read.fields)) {
    const [, kind, count] = /^(rms|median)_error_vs_ode_(\d+)pts$/.exec(field) ?? [];
    if (!kind) continue;
    const n = Number(count);
    const inner = new Reader(read.value(field), `${read.label}, ${field}`, read.report);
    for (const solver of ["ddim", "dpmpp2m", "heun"] as const) {
      if (!inner.has(solver)) continue;
      const {errors} = cached([solver, schedule.name, ...schedule.alphaBar.slice(-2), n, steps], () =>
        solverErrors(shared, schedule, steps, solver, n)
      );
      if (kind === "median") compareMedian(inner, solver, errors, n);
      else compareMeanSquare(inner, solver, errors, n, mixture);
    }
    for (const nfe of ["ddim_nfe", "dpmpp2m_nfe", "heun_nfe"]) {
      if (inner.has(nfe)) within(inner, nfe, countCalls(shared, schedule, steps, nfe), () => 0);
    }
    inner.end();
  }
}

function solverErrors(shared: Shared, schedule: Schedule, steps: Steps, solver: keyof typeof solvers, n: number) {
  const {mixture, dim, cached} = shared;
  const {timesteps, alphaBarFinal} = steps;
  const many = timesteps.length > 200 ? n : 2 * n; // more points say more about rare ones, where they are cheap
  const alphaBarFrom = schedule.alphaBar[timesteps[0]];
  const xT = seededRandom(17).normals(many * dim);
  const tolerance = timesteps.length > 200 ? 1e-8 : 1e-7;
  const exact = cached(["ode", alphaBarFrom, alphaBarFinal, many], () =>
    exactOdeEnd(mixture, xT, {alphaBarFrom, alphaBarTo: alphaBarFinal, tolerance})
  );
  const {x} = last(solvers[solver](mixtureDenoiser(mixture, schedule), xT, {schedule, timesteps, alphaBarFinal}));
  return {errors: lengths(x, dim, exact)};
}

function countCalls({mixture, xT}: Shared, schedule: Schedule, {timesteps, alphaBarFinal}: Steps, nfe: string): number {
  let calls = 0;
  const denoiser = mixtureDenoiser(mixture, schedule);
  const counted: Denoiser<Float64Array> = {...denoiser, predict: (x, t) => (++calls, denoiser.predict(x, t))};
  const solver = solvers[nfe.replace("_nfe", "") as keyof typeof solvers];
  last(solver(counted, xT, {schedule, timesteps, alphaBarFinal}));
  return calls;
}

/** How many data points the file's inversion figures rest on, unless it says so. */
const INVERSION_POINTS = 2000;

function compareInversion(read: Reader, shared: Shared): void {
  const {mixture, dim, cached} = shared;
  const schedule = read.schedule();
  const {timesteps, alphaBarFinal} = readSteps(read, schedule);
  const n = read.number("n_points", INVERSION_POINTS);
  const x0 = read.numbers("x0");
  const options = {schedule, timesteps, alphaBarFinal};
  for (const at of ["target", "source"] as const) {
    if (!read.has(at)) continue;
    const inner = new Reader(read.value(at), `${read.label}, ${at}`, read.report);
    const listed = thereAndBack(mixture, x0, {...options, at});
    within(inner, "x_T", listed.latent, nearly);
    within(inner, "x0_rec", listed.back, nearly);
    const many = timesteps.length > 200 ? n / 2 : n;
    const {errors, latentStd} = cached(
      ["inversion", at, schedule.name, ...schedule.alphaBar.slice(-2), options.timesteps, n],
      () => {
        const data = sampleMixture(mixture, many, seededRandom(18));
        const {latent, back} = thereAndBack(mixture, data, {...options, at});
        return {errors: lengths(back, dim, data), latentStd: stdOf(latent, dim)};
      }
    );
    compareMeanSquare(inner, "mse_per_dim", errors, n, mixture, true);
    if (inner.has("median_abs_err")) compareMedian(inner, "median_abs_err", errors, n);
    const sd = Math.sqrt((1 / n + 1 / many) / (2 * dim)); // relative, of a std over n dim numbers
    within(inner, "latent_std", latentStd, (want) => Math.max(0.1, 4 * sd) * want);
    inner.end();
  }
}

function thereAndBack(mixture: GaussianMixture, x0: Float64Array, options: SamplerOptions & {at: "source" | "target"}) {
  const denoiser = mixtureDenoiser(mixture, options.schedule);
  const latent = last(encodeDdim(denoiser, x0, options)).x;
  return {latent, back: last(sampleDdim(denoiser, latent, options)).x};
}

/** The std over points and axes, about each axis's own mean. */
function stdOf(x: Float64Array, dim: number): number {
  const means = Array.from({length: dim}, (_, d) => meanOf(x.filter((_, i) => i % dim === d)));
  return Math.sqrt(meanOf(x.map((v, i) => (v - means[i % dim]) ** 2)));
}
