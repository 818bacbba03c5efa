import type {Determinism} from "./determinism.js";
import {measureDeterminism} from "./determinism.js";
import {mixtureDenoiser} from "./mixture.js";
import {noiseShareStep} from "./noise-share.js";
import type {PathShape} from "./path.js";
import {medianShape, pathShapes} from "./path.js";
import {pointSet} from "./points/index.js";
import {seededRandom} from "./random.js";
import type {GridRun} from "./sampler-grid.js";
import type {SampleScores} from "./sample-scores.js";
import {scoreReference, scoreSamples} from "./sample-scores.js";
import {last, sampleDdim, sampleDdpm} from "./sampler.js";
import {makeSchedule} from "./schedule.js";
import {timestepList} from "./timesteps.js";

/** How the measurements of /compare are made, apart from its grids. */
export interface CompareSettings {
  seeds: number[];
  count: number; // points
  steps: number; // S of the two runs that are compared
}

/** What data/record-compare.ts measures for /compare; each list of numbers has one for each seed. */
export interface CompareRecord {
  settings: CompareSettings & {grids: Record<string, Omit<GridRun, "truth" | "cells">>};
  grids: Record<string, GridRun>; // by their names in the settings
  determinism: Record<string, {same: number[]; apart: number[]}>; // by `set eta`
  paths: Record<string, {length: number[]; detour: number[]; bend: number[]}>; // by `sampler steps`
  shares: Record<string, {distance: number[]; width: number[]; weights: number[]}>; // by `share steps`
}

export const recordedEtas = [0, 0.05, 0.1, 0.2, 0.5, 1] as const;
export const recordedPathSteps = [1, 10, 50, 200, 1000] as const;
export const recordedShares = [0, 0.25, 0.5, 1] as const;
export const recordedShareSteps = [50, 200, 1000] as const;

const schedule = makeSchedule("linear");
const threeModes = pointSet("tri");
const evenSteps = (steps: number) => timestepList("trailing", {timesteps: schedule.timesteps, steps});
const noiseOf = (seed: number, count: number) =>
  seededRandom(seed)
    .fork(1)
    .normals(2 * count);

/** Two runs from one x_T, on the set of this name with its exact denoiser. */
export function recordDeterminism(
  set: string,
  eta: number,
  {count, steps, seed}: {count: number; steps: number; seed: number}
): Determinism {
  const mixture = pointSet(set).mixture!;
  const options = {schedule, timesteps: evenSteps(steps), eta, mixture, seed: 2 * seed, secondSeed: 2 * seed + 1};
  const run = measureDeterminism(mixtureDenoiser(mixture, schedule), noiseOf(seed, count), options);
  for (;;) {
    const next = run.next();
    if (next.done) return next.value;
  }
}

/** The middle path of a sampler on the three modes. */
export function recordPath(
  sampler: "ddim" | "ddpm",
  {count, steps, seed}: {count: number; steps: number; seed: number}
): PathShape & {detour: number} {
  const run = sampler === "ddim" ? sampleDdim : sampleDdpm;
  const options = {schedule, timesteps: evenSteps(steps), seed};
  const denoiser = mixtureDenoiser(threeModes.mixture!, schedule);
  return medianShape(pathShapes([...run(denoiser, noiseOf(seed, count), options)]));
}

/** The scores of a run on the three modes in which this share of the noise is fresh in every step. */
export function recordShare(
  share: number,
  {count, steps, seed}: {count: number; steps: number; seed: number}
): SampleScores {
  const {mixture} = threeModes;
  const options = {schedule, timesteps: evenSteps(steps), seed, step: noiseShareStep(share)};
  const {x} = last(sampleDdim(mixtureDenoiser(mixture!, schedule), noiseOf(seed, count), options));
  return scoreSamples(x, scoreReference(threeModes.sample(count, seededRandom(seed).fork(2)), mixture));
}
