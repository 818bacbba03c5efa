import {ancestralStep, withoutNoise} from "./ancestral-step.js";
import type {VarianceType} from "./ddpm.js";
import type {Denoiser} from "./denoiser.js";
import {withError} from "./denoiser-error.js";
import {fractionWithin, modeWeightTv, slicedWasserstein, withinModeStdRatio} from "./metrics/index.js";
import type {GaussianMixture} from "./mixture.js";
import {mixtureDenoiser, sampleMixture} from "./mixture.js";
import {pointSet} from "./points/index.js";
import {seededRandom} from "./random.js";
import {last, sampleDdim, sampleDdpm} from "./sampler.js";
import type {Schedule} from "./schedule.js";
import {makeSchedule} from "./schedule.js";
import type {StepRule} from "./timesteps.js";
import {timestepList} from "./timesteps.js";

// The measurements of /ddpm, each a mean and a standard deviation over seeds, by name.

/** A mean with its standard deviation over the seeds. */
export interface Spread {
  mean: number;
  sd: number;
}

export interface DdpmRecordSettings {
  points: number;
  seeds: number;
}

type Cells = Record<string, () => Record<string, Spread>>;

/** DDPM's noise: `variance` is beta tilde, beta, or none. Cells are named `ring8 beta 100`. */
export type NoiseChoice = "tilde" | "beta" | "none";

const varianceOf: Record<NoiseChoice, VarianceType> = {tilde: "fixed_small", beta: "fixed_large", none: "fixed_small"};

/** Samples of one ancestral run in S steps, [n, 2]. */
export function ancestralSamples(
  denoiser: Denoiser<Float64Array>,
  schedule: Schedule,
  options: {noise: NoiseChoice; steps: number; seed: number; points: number; rule?: StepRule}
): Float64Array {
  const {noise, steps, seed, points, rule = "trailing"} = options;
  const timesteps = timestepList(rule, {timesteps: schedule.timesteps, steps});
  const xT = seededRandom(seed).normals(2 * points);
  const step = noise === "none" ? withoutNoise(ancestralStep) : undefined;
  return last(sampleDdpm(denoiser, xT, {schedule, timesteps, seed: 1000 + seed, variance: varianceOf[noise], step})).x;
}

/** How the noise of the steps shapes the modes, on two sets and two kinds of step lists, and what true samples score. */
export function noiseRuns(settings: DdpmRecordSettings): Cells {
  const schedule = makeSchedule("linear");
  const cells: Cells = {};
  for (const name of ["ring8", "tri"]) {
    const {mixture, sample} = pointSet(name);
    const denoiser = mixtureDenoiser(mixture!, schedule);
    cells[`${name} data`] = () =>
      overSeeds(settings, (seed) => scores(mixture!, sample(settings.points, seededRandom(500 + seed)), seed));
    for (const noise of ["tilde", "beta", "none"] as const) {
      for (const steps of [10, 20, 50, 100, 1000]) {
        cells[`${name} ${noise} ${steps}`] = () =>
          overSeeds(settings, (seed) =>
            scores(mixture!, ancestralSamples(denoiser, schedule, {noise, steps, seed, ...settings}), seed)
          );
      }
    }
  }
  const {mixture} = pointSet("ring8");
  const denoiser = mixtureDenoiser(mixture!, schedule);
  for (const noise of ["tilde", "beta"] as const) {
    for (const steps of [10, 20, 50, 100]) {
      cells[`ring8 leading ${noise} ${steps}`] = () =>
        overSeeds(settings, (seed) => {
          const run = {noise, steps, seed, rule: "leading" as const, ...settings};
          return scores(mixture!, ancestralSamples(denoiser, schedule, run), seed);
        });
    }
  }
  return cells;
}

/** A ring of eight of another size: its means lie at this distance from 0. */
export function ringOfRadius(radius: number): GaussianMixture {
  const {weights, means, stds} = pointSet("ring8").mixture!;
  return {weights, means: means.map((mu) => mu.map((m) => radius * m)), stds: stds.map((s) => radius * s)};
}

/** Clipping to [-1, 1], for data in the box (radius 0.7) and outside (1.8), without and with an error of the denoiser. */
export function clipRuns(settings: DdpmRecordSettings): Cells {
  const schedule = makeSchedule("cosine");
  const timesteps = timestepList("trailing", {timesteps: schedule.timesteps, steps: 20});
  const cells: Cells = {};
  for (const radius of [0.7, 1.8]) {
    const mixture = ringOfRadius(radius);
    for (const error of [0, 0.1]) {
      const denoiser = withError(mixtureDenoiser(mixture, schedule), error);
      for (const clip of [undefined, 1]) {
        cells[`radius ${radius} error ${error} ${clip ? "clipped" : "free"}`] = () =>
          overSeeds(settings, (seed) => {
            const xT = seededRandom(seed).normals(2 * settings.points);
            const options = {schedule, timesteps, seed: 1000 + seed, clip};
            return scores(mixture, last(sampleDdpm(denoiser, xT, options)).x, seed);
          });
      }
    }
  }
  return cells;
}

/** Chains that end in noise or do not, on data off centre: all steps taken, by DDPM and by DDIM. */
export function chainRuns(settings: DdpmRecordSettings): Cells {
  const {mixture} = pointSet("off-centre");
  const cells: Cells = {};
  for (const [timesteps, betaEnd] of [
    [1000, 0.02],
    [50, 0.02],
    [50, 0.35]
  ]) {
    const schedule = makeSchedule("linear", {timesteps, betaEnd});
    const denoiser = mixtureDenoiser(mixture!, schedule);
    const all = timestepList("trailing", {timesteps, steps: timesteps});
    for (const [name, sample] of Object.entries({ddpm: sampleDdpm, ddim: sampleDdim})) {
      cells[`chain ${timesteps} ${betaEnd} ${name}`] = () =>
        overSeeds(settings, (seed) => {
          const xT = seededRandom(seed).normals(2 * settings.points);
          const run = sample(denoiser, xT, {schedule, timesteps: all, seed: 1000 + seed, eta: 0});
          return scores(mixture!, last(run).x, seed);
        });
    }
  }
  return cells;
}

function scores(mixture: GaussianMixture, x: Float64Array, seed: number): Record<string, number> {
  return {
    inside: fractionWithin(mixture, x),
    ratio: withinModeStdRatio(mixture, x),
    weights: modeWeightTv(mixture, x),
    distance: slicedWasserstein(x, sampleMixture(mixture, x.length / 2, seededRandom(900 + seed)))
  };
}

function overSeeds({seeds}: DdpmRecordSettings, run: (seed: number) => Record<string, number>): Record<string, Spread> {
  const runs = Array.from({length: seeds}, (_, k) => run(k + 1));
  return Object.fromEntries(
    Object.keys(runs[0]).map((key) => {
      const values = runs.map((one) => one[key]);
      const mean = values.reduce((sum, value) => sum + value, 0) / seeds;
      const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      return [key, {mean, sd: Math.sqrt(square / Math.max(1, seeds - 1))}];
    })
  );
}
