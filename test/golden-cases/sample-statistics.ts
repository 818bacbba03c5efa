/**
 * Figures of sample quality, [mean, sd over seeds], against ours.
 *
 * The file's spread is over few seeds, so a mean may be off by the largest of 4 sd of the row, 4 sd of the noise floor,
 * and 10 % of the value. We run one seed; where a figure is not well within that (0.8 of it), we run further ones, up
 * to the file's number or five, and judge our mean. An sd serves as a tolerance only. Where the file has no sd, because
 * the figure is of one seed (energy, of 3000 points), we take ours: from six pairs of disjoint sets of 1000 points, or
 * from the noise floor, whichever is larger, times sqrt 2 for two single draws.
 *
 * The definitions, as the file's figures show them: a point belongs to the mode nearest in stds; within_mode_std_ratio
 * is the rms per axis over the points within 5 stds, and missing or NaN if a seed has none.
 */
import {
  covarianceError,
  energyDistance,
  fractionWithin,
  meanError,
  modeWeightTv,
  projectedWasserstein,
  projections,
  sampleMoments,
  withinModeStdRatio
} from "../../lib/metrics/index.js";
import type {GaussianMixture} from "../../lib/mixture.js";
import {sampleMixture} from "../../lib/mixture.js";
import {seededRandom} from "../../lib/random.js";
import type {Reader} from "./reading.js";
import {brief} from "./reading.js";
import {judge, lengths, meanOf, quantile, sdOf} from "./statistics.js";

/** A figure of each name; energy has an sd of its own. */
export type Figures = Record<string, number>;

/** A mixture with true sets to compare with, made once. */
export interface Truth {
  mixture: GaussianMixture;
  dim: number;
  count: number; // points a set
  floor: Record<string, [number, number]>; // mean and sd between true sets; the file's where it has them
  set(seed: number): {points: Float64Array; lines: Float64Array[]};
}

/**
 * In the plane 40 lines, evenly spaced, give what the file's 100 give; elsewhere they are random, so as many as there.
 */
export function linesOf(points: Float64Array, dim: number): Float64Array[] {
  return projections(points, {dim, directions: dim === 2 ? 40 : 100});
}

const FLOOR_REPEATS = 12;

export function makeTruth(mixture: GaussianMixture, count: number): Truth {
  const dim = mixture.means[0].length;
  const sets = new Map<number, ReturnType<Truth["set"]>>();
  function set(seed: number) {
    const points = sets.get(seed)?.points ?? sampleMixture(mixture, count, seededRandom(seed).fork(1));
    if (!sets.has(seed)) sets.set(seed, {points, lines: linesOf(points, dim)});
    return sets.get(seed)!;
  }
  const truth: Truth = {mixture, dim, count, floor: {}, set};
  const repeats = Array.from({length: FLOOR_REPEATS}, (_, i) =>
    figuresOf(truth, sampleMixture(mixture, count, seededRandom(1000 + i)), i, true)
  );
  for (const name of Object.keys(repeats[0])) {
    const values = repeats.map((figures) => figures[name]);
    truth.floor[name] = [meanOf(values), sdOf(values)];
  }
  sets.clear();
  return truth;
}

/** All figures of a set of points, against the true set of a seed; the energies only if asked, as they take long. */
export function figuresOf(truth: Truth, x: Float64Array, seed: number, energy: boolean): Figures {
  const {mixture, dim} = truth;
  const {lines} = truth.set(seed);
  const own = linesOf(x, dim);
  const {covariance} = sampleMoments(x, dim);
  const pairs = energy ? energies(truth, x, seed) : [];
  // The sd is of one draw of 3000 points, as in the file: three times as many as here.
  const energyFigures: Figures = energy ? {energy: meanOf(pairs), energySd: sdOf(pairs) / Math.sqrt(3)} : {};
  return {
    sw2: projectedWasserstein(own, lines, 2),
    sw1: projectedWasserstein(own, lines, 1),
    mean_err: meanError(mixture, x),
    cov_err_fro: covarianceError(mixture, x),
    trace_cov: covariance.reduce((sum, v, i) => sum + (i % (dim + 1) === 0 ? v : 0), 0),
    frac_within_3std_of_a_mode: fractionWithin(mixture, x),
    mode_weight_tv: modeWeightTv(mixture, x),
    within_mode_std_ratio: withinModeStdRatio(mixture, x),
    near: fractionWithin(mixture, x, 5),
    final_median_norm: quantile(lengths(x, dim).sort(), 0.5),
    ...energyFigures
  };
}

/**
 * Energy distances of six disjoint pairs of at most 1000 points: their mean is unbiased, and their spread says how
 * sure.
 */
function energies({dim, count, set}: Truth, x: Float64Array, seed: number): number[] {
  const {points} = set(seed);
  const size = dim * Math.min(1000, Math.floor(count / 6));
  return [0, 1, 2, 3, 4, 5].map((i) =>
    energyDistance(x.subarray(i * size, (i + 1) * size), points.subarray(i * size, (i + 1) * size), {dim})
  );
}

const RATIO = "within_mode_std_ratio";

const figureNames = [
  "sw2",
  "sw1",
  "mean_err",
  "cov_err_fro",
  "trace_cov",
  "frac_within_3std_of_a_mode",
  "mode_weight_tv",
  RATIO,
  "final_median_norm",
  "energy"
];

/** Compares all figures of a row with those of runs, `sample(seed)` [count, dim]. */
export function compareFigures(read: Reader, truth: Truth, sample: (seed: number) => Float64Array): void {
  const hasRatio = read.has(RATIO) && !isNothing(read.fields[RATIO]);
  if (!hasRatio) read.value(RATIO);
  const asked = figureNames.filter((name) => read.has(name) && (name !== RATIO || hasRatio));
  if (!asked.length) return read.fail("no figure to compare");
  const wanted = Object.fromEntries(asked.map((name) => [name, meanAndSd(read, name)]));
  const most = Math.max(5, read.number("seeds", 2));
  const runs: Figures[] = [];
  for (let seed = 1; seed <= most; ++seed) {
    const x = sample(seed);
    runs.push(figuresOf(truth, x, seed, "energy" in wanted));
    if (asked.every((name) => share(name) <= 0.8)) break;
  }
  function ours(name: string): number {
    return meanOf(runs.map((figures) => figures[name]));
  }
  function tolerance(name: string): number {
    const [mean, sd] = wanted[name];
    const floorSd = truth.floor[name]?.[1] ?? 0;
    const single = name === "energy" && sd === 0 ? Math.SQRT2 * Math.max(floorSd, ours("energySd")) : sd;
    return Math.max(4 * single, 4 * floorSd, 0.1 * Math.abs(mean));
  }
  function share(name: string): number {
    if (name === RATIO && Number.isNaN(ours(name))) return 0;
    return Math.abs(ours(name) - wanted[name][0]) / tolerance(name);
  }
  for (const name of asked) {
    const [want] = wanted[name];
    if (name === RATIO && Number.isNaN(ours(name))) compareStrays(read, truth, want);
    else judge(read, name, ours(name), want, tolerance(name));
  }
  if (!hasRatio && ours("near") > 0.005)
    read.fail(`${RATIO} is missing, but ${ours("near")} of our points are near a mode`);
}

/** Where a run of ours has no point near a mode, the file's ratio is of a few strays: it can only be beyond 3 stds. */
function compareStrays(read: Reader, {dim}: Truth, want: number): void {
  const [low, high] = [3 / Math.sqrt(dim), 5 / Math.sqrt(dim)];
  judge(read, "within_mode_std_ratio (of strays)", (low + high) / 2, want, (high - low) / 2);
}

/** Compares the file's noise floor with ours, and takes its figures as the floor from then on. */
export function compareFloor(read: Reader, truth: Truth): void {
  const repeats = Number(/(\d+) repeats/.exec(String(read.fields.what ?? ""))?.[1] ?? 20);
  for (const name of figureNames.filter((candidate) => read.has(candidate))) {
    const [ourMean, ourSd] = truth.floor[name];
    const [mean, sd] = meanAndSd(read, name);
    const single = sd === 0 ? Math.SQRT2 * ourSd : sd;
    judge(read, name, ourMean, mean, Math.max(4 * single, 0.1 * Math.abs(mean)));
    // An sd over k repeats has a relative sd of its own of 1 / sqrt(2 (k - 1)).
    const spread = 4 * ourSd * Math.sqrt(1 / (2 * (repeats - 1)) + 1 / (2 * (FLOOR_REPEATS - 1)));
    if (sd > 0) judge(read, `${name}, sd`, ourSd, sd, spread);
    truth.floor[name] = [mean, sd];
  }
}

/** null, or [null, null]: how a file writes NaN, the ratio of no points. */
function isNothing(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.every((v) => v === null));
}

function meanAndSd(read: Reader, name: string): [number, number] {
  const pair = read.value(name);
  if (Array.isArray(pair) && pair.length === 2 && pair.every((v) => typeof v === "number"))
    return pair as [number, number];
  if (typeof pair === "number") return [pair, 0];
  throw new TypeError(`${name} is ${brief(pair)}, not [mean, sd]`);
}
