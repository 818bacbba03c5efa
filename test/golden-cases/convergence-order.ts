/**
 * The order of convergence of DDIM, DPM-Solver++(2M) and Heun on a ladder of levels even in lambda, with fixed ends.
 *
 * Listed points: ends of DDIM at 1e-10 relative + 1e-12 absolute, ends of 2M, Heun and the ODE at 1e-6 relative. Errors
 * over random points: see error-statistics.ts. An order must follow from the file's own two errors at 1e-10, and be
 * ours, from medians, to 0.28 (two errors may be 10 % off).
 */
import {dpmSolver2MStep} from "../../lib/dpm-solver.js";
import {ddimStep} from "../../lib/ddim.js";
import {heunStep} from "../../lib/heun.js";
import type {GaussianMixture} from "../../lib/mixture.js";
import {mixtureEpsilon, mixtureX0} from "../../lib/mixture.js";
import {exactOdeEnd} from "../../lib/ode.js";
import {seededRandom} from "../../lib/random.js";
import type {ScheduleName} from "../../lib/schedule.js";
import {alphaBarOfLogSnr, logSnr, makeSchedule} from "../../lib/schedule.js";
import {compareMeanSquare, compareMedian} from "./error-statistics.js";
import {Reader, attempt, brief, eachCase, emptyReport} from "./reading.js";
import type {GoldenReport} from "./report.js";
import {exactly, lengths, nearly, quantile, readMixture, unit, within} from "./statistics.js";

/** The files that this module compares. */
export const names = ["convergence_order*"];

/** What the rows of a file share. */
interface Shared {
  mixture: GaussianMixture;
  from: number; // the levels of both ends
  to: number;
  start: Float64Array; // the listed points [n, dim]
  many: Float64Array; // random points [N, dim]
  exact: Float64Array; // their ends
  n: number; // how many random points the file's errors rest on
  heunCalls: (steps: number) => number;
}

/** Compares every row of a file. */
export function compare(json: unknown, file: string): GoldenReport {
  const report: GoldenReport = {...emptyReport(), unit};
  attempt(file, report, () => {
    const top = new Reader(json, file, report);
    const shared = readShared(top);
    let previous: Record<string, unknown> | undefined;
    let ours: Record<string, number> = {};
    eachCase(top.value("rows"), "rows", report, (read) => {
      const medians = compareRow(read, shared, previous, ours);
      previous = read.fields;
      ours = medians;
    });
    top.end();
  });
  return report;
}

function readShared(top: Reader): Shared {
  const mixture = readMixture(top.value("mixture"), "mixture", top.report);
  const dim = mixture.means[0].length;
  const [from, to] = [top.number("alpha_bar_from"), top.number("alpha_bar_to")];
  if (top.has("lambda_from")) within(top, "lambda_from", logSnr(from) / 2, exactly());
  if (top.has("lambda_to")) within(top, "lambda_to", logSnr(to) / 2, exactly());
  checkEnds(top, from, to);
  const ladder = top.value("ladder");
  if (ladder !== undefined && !/^N\+1 levels uniform in lambda\b.*no jump to alpha_bar=1$/.test(String(ladder))) {
    throw new TypeError(`ladder is ${brief(ladder)}, which is not known`);
  }
  const start = top.numbers("x_start");
  within(
    top,
    "reference_end",
    exactOdeEnd(mixture, start, {alphaBarFrom: from, alphaBarTo: to, tolerance: 1e-12}),
    nearly
  );
  const n = top.number("n_points_for_errors");
  const many = seededRandom(19).normals(4 * n * dim);
  const exact = exactOdeEnd(mixture, many, {alphaBarFrom: from, alphaBarTo: to, tolerance: 1e-9});
  const heunCalls = top.choice("heun_nfe", {"2N": (N: number) => 2 * N, "2N-1": (N: number) => 2 * N - 1}, "2N");
  return {mixture, from, to, start, many, exact, n, heunCalls};
}

/** Where the file names a schedule, its first and last level must be the ladder's ends. */
function checkEnds(top: Reader, from: number, to: number): void {
  if (!top.has("schedule")) return;
  const read = new Reader(top.value("schedule"), "schedule", top.report);
  const kinds: Record<string, ScheduleName> = {
    linear: "linear",
    cosine: "cosine",
    scaled_linear: "scaled_linear",
    sigmoid: "sigmoid"
  };
  const option = (name: string) => (read.has(name) ? read.number(name) : undefined);
  const {alphaBar} = makeSchedule(read.choice("kind", kinds), {
    timesteps: read.number("T"),
    ...(read.has("beta_start") && {betaStart: option("beta_start")}),
    ...(read.has("beta_end") && {betaEnd: option("beta_end")}),
    ...(read.has("s") && {s: option("s")}),
    ...(read.has("max_beta") && {maxBeta: option("max_beta")})
  });
  const near = (level: number) => alphaBar.some((a) => Math.abs(a / level - 1) < 1e-9);
  if (!near(from)) read.fail(`alpha_bar_from is ${from} in the file, which is no level of the schedule`);
  if (!near(to)) read.fail(`alpha_bar_to is ${to} in the file, which is no level of the schedule`);
  read.end();
}

type Solver = (shared: Shared, x: Float64Array, levels: number[], count: () => void) => Float64Array;

/** Returns our medians, for the next row's orders. */
function compareRow(
  read: Reader,
  shared: Shared,
  previous: Record<string, unknown> | undefined,
  before: Record<string, number>
): Record<string, number> {
  const steps = read.number("N");
  const [low, high] = [logSnr(shared.from), logSnr(shared.to)];
  const levels = Array.from({length: steps + 1}, (_, i) => alphaBarOfLogSnr(low + ((high - low) * i) / steps));
  const medians: Record<string, number> = {};
  for (const [name, solver] of Object.entries({ddim, dpmpp2m, heun} satisfies Record<string, Solver>)) {
    if (!read.has(name)) continue;
    const inner = new Reader(read.value(name), `${read.label}, ${name}`, read.report);
    let calls = 0;
    const end = solver(shared, shared.start, levels, () => ++calls);
    within(inner, "end", end, name === "ddim" ? exactly() : nearly);
    if (name === "heun" && calls !== shared.heunCalls(steps)) inner.fail(`heun_nfe is not ${calls} for N = ${steps}`);
    const {mixture, many, exact, n} = shared;
    const errors = lengths(
      solver(shared, many, levels, () => 0),
      mixture.means[0].length,
      exact
    );
    medians[name] = quantile(errors.slice().sort(), 0.5);
    compareOrders(inner, (previous?.[name] ?? {}) as Record<string, unknown>, Math.log2(before[name] / medians[name]));
    compareMedian(inner, "median", errors, n);
    compareMeanSquare(inner, "rms", errors, n, mixture);
    inner.end();
  }
  return medians;
}

function compareOrders(read: Reader, previous: Record<string, unknown>, ourOrder: number): void {
  for (const kind of ["rms", "median"]) {
    const name = `order_from_previous_${kind}`;
    if (!read.has(name)) continue;
    within(read, name, Math.log2(Number(previous[kind]) / Number(read.fields[kind])), exactly());
    if (kind === "median") within(read, name, ourOrder, () => 0.28);
  }
}

function ddim({mixture}: Shared, start: Float64Array, levels: number[], count: () => void): Float64Array {
  return walk(start, levels, (x, alphaBar, alphaBarPrev) => {
    count();
    return ddimStep(x, mixtureEpsilon(mixture, x, alphaBar), {alphaBar, alphaBarPrev}).x;
  });
}

function dpmpp2m({mixture}: Shared, start: Float64Array, levels: number[], count: () => void): Float64Array {
  let previous: {x0: Float64Array; alphaBar: number} | undefined;
  return walk(start, levels, (x, alphaBar, alphaBarPrev) => {
    count();
    const x0 = mixtureX0(mixture, x, alphaBar);
    const next = dpmSolver2MStep(x, x0, {alphaBar, alphaBarPrev, previous});
    previous = {x0, alphaBar};
    return next;
  });
}

function heun({mixture}: Shared, start: Float64Array, levels: number[], count: () => void): Float64Array {
  const epsilon = (x: Float64Array, alphaBar: number) => (count(), mixtureEpsilon(mixture, x, alphaBar));
  return walk(start, levels, (x, alphaBar, alphaBarPrev) =>
    heunStep(x, epsilon(x, alphaBar), {alphaBar, alphaBarPrev}, (there) => epsilon(there, alphaBarPrev))
  );
}

function walk(
  start: Float64Array,
  levels: number[],
  step: (x: Float64Array, alphaBar: number, alphaBarPrev: number) => Float64Array
): Float64Array {
  return levels.slice(1).reduce((x, level, i) => step(x, levels[i], level), start);
}
