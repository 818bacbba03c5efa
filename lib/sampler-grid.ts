import type {Denoiser} from "./denoiser.js";
import type {PointSet} from "./points/point-set.js";
import {seededRandom} from "./random.js";
import type {SampleScores, ScoreName, Spread} from "./sample-scores.js";
import {scoreNames, scoreReference, scoreSamples, spreadOf} from "./sample-scores.js";
import {sampleDdim, sampleDdpm} from "./sampler.js";
import type {Schedule, ScheduleName} from "./schedule.js";
import {timestepList} from "./timesteps.js";

/** How much noise a sampler of the grid adds: DDIM's eta, or DDPM with its larger variance beta, the paper's sigma-hat. */
export type GridNoise = number | "sigma-hat";

/** The rules of the grid's step lists: even steps, and the paper's quadratic ones. */
export type GridRule = "trailing" | "quadratic";

/** The rows and columns of Table 1 of Song et al. 2021, and the two step lists. */
export const gridSteps: readonly number[] = [10, 20, 50, 100, 1000];
export const gridNoises: readonly GridNoise[] = [0, 0.2, 0.5, 1, "sigma-hat"];
export const gridRules: readonly GridRule[] = ["trailing", "quadratic"];

/** One cell: a sampler and its list of steps. */
export interface GridPlace {
  rule: GridRule;
  steps: number;
  noise: GridNoise;
}

/** A name for a cell, such as `trailing 10 0.2`. */
export function placeName({rule, steps, noise}: GridPlace): string {
  return `${rule} ${steps} ${noise}`;
}

/**
 * The cells with at most `mostSteps` steps, few steps first: they are cheap, and they are where the difference is. With all
 * 1000 steps there is one list, so it stands under trailing only.
 */
export function gridPlaces(mostSteps = Infinity): GridPlace[] {
  const rulesFor = (steps: number) => gridRules.filter((rule) => rule === "trailing" || steps < 1000);
  return gridSteps
    .filter((steps) => steps <= mostSteps)
    .flatMap((steps) => rulesFor(steps).flatMap((rule) => gridNoises.map((noise) => ({rule, steps, noise}))));
}

/** A grid that was measured: the scores in the order of scoreNames, one list for each seed. */
export interface GridRun {
  title: string; // what it was measured on, in words
  kind?: "exact" | "trained" | "pretrained" | "recorded"; // of the denoiser
  set: string; // the name of the point set
  schedule: ScheduleName;
  denoiser: string; // what it is, in words
  count: number; // points in each cell
  seeds: number[];
  truth: (number | null)[][]; // of true samples against true samples; null where a score needs a mixture
  cells: Record<string, (number | null)[][]>; // by placeName
}

/** Mean and spread over the seeds of one score of a cell or of the truth; null where it was not measured. */
export function scoreSpread(runs: readonly (number | null)[][] | undefined, name: ScoreName): Spread | null {
  const at = scoreNames.indexOf(name);
  const values = (runs ?? []).map((scores) => scores[at]).filter((value) => value !== null);
  return values.length ? spreadOf(values) : null;
}

/** The scores of one seed as a GridRun keeps them. */
export function scoreRow(scores: SampleScores): (number | null)[] {
  return scoreNames.map((name) => (Number.isFinite(scores[name]) ? scores[name] : null));
}

/** What a grid is measured on. */
export interface GridSource {
  denoiser: Denoiser<Float64Array>;
  schedule: Schedule;
  /** True points, and the mixture that they are of, if they are of one. */
  set: Pick<PointSet, "sample" | "mixture">;
}

/**
 * Samples one cell and measures it: `count` points from the seed's own x_T, against as many true ones; both are the same
 * in every cell of a seed, so that cells differ by their samplers only. Yields the share that is done after each step, 0
 * to 1. Throws what timestepList and the samplers throw.
 */
export function* measurePlace(
  {denoiser, schedule, set}: GridSource,
  {rule, steps, noise}: GridPlace,
  {count, seed}: {count: number; seed: number}
): Generator<number, SampleScores> {
  const random = seededRandom(seed);
  const timesteps = timestepList(rule, {timesteps: schedule.timesteps, steps});
  const xT = random.fork(1).normals(2 * count);
  const options = {schedule, timesteps, seed};
  const run =
    noise === "sigma-hat"
      ? sampleDdpm(denoiser, xT, {...options, variance: "fixed_large"})
      : sampleDdim(denoiser, xT, {...options, eta: noise});
  let x = xT;
  for (const state of run) {
    x = state.x;
    yield state.index / timesteps.length;
  }
  return scoreSamples(x, scoreReference(set.sample(count, random.fork(2)), set.mixture));
}

/** The scores of true points: what the grid's cells get from a sampler without any error, one for each seed. */
export function measureTruth(
  {set}: Pick<GridSource, "set">,
  {count, seed}: {count: number; seed: number}
): SampleScores {
  const random = seededRandom(seed);
  return scoreSamples(
    set.sample(count, random.fork(3)),
    scoreReference(set.sample(count, random.fork(2)), set.mixture)
  );
}
