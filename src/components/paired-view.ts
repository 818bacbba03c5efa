import type {CoordinateStep, CoordinateStepInput} from "../lib/coordinate-step.js";
import {mixtureMoments} from "../lib/mixture.js";
import type {GaussianMixture} from "../lib/mixture.js";
import type {PairedOptions, PairedRun, PairedRuns} from "../lib/paired-runs.js";
import type {Flight} from "./flight.js";
import {flightOf} from "./flight.js";
import {blame, kindOf, ownCode} from "./own-code.js";

export type SamplerName = keyof PairedRuns;

/** The steps of both samplers; what is missing is the library's. */
export type OwnSteps = NonNullable<PairedOptions["steps"]>;

/** Two runs as they can be drawn. */
export interface PairedView {
  runs: PairedRuns;
  flights: Record<SamplerName, Flight>;
  usual: number; // how far the planes show while the points stay together
}

/** The reader's steps, with errors that name their cells. */
export function namedSteps({ddpm, ddim}: OwnSteps): OwnSteps {
  return {ddpm: ddpm && namedStep("ddpm-step", ddpm), ddim: ddim && namedStep("ddim-step", ddim)};
}

function namedStep(cell: string, step: CoordinateStep): CoordinateStep {
  return ownCode(cell, (input: CoordinateStepInput) => {
    const next: unknown = step(input);
    if (typeof next === "number") return next;
    throw new TypeError(`it returned ${kindOf(next)}, but it should return the coordinate at the next level, a number`);
  });
}

/** The runs as they can be drawn. Throws an error of the cell's when a step makes no numbers. */
export function together(made: PairedRuns, mixture: GaussianMixture): PairedView {
  const usual = reachOfMixture(mixture);
  const size = sizeOfMixture(mixture);
  const fly = (name: SamplerName): Flight => {
    try {
      return flightOf(made[name].states, {who: name.toUpperCase(), size, usual});
    } catch (error) {
      throw blame(`${name}-step`, error);
    }
  };
  const flights = {ddpm: fly("ddpm"), ddim: fly("ddim")};
  const run = (name: SamplerName): PairedRun => ({...made[name], states: flights[name].states});
  return {runs: {ddpm: run("ddpm"), ddim: run("ddim")}, flights, usual};
}

function reachOfMixture({means, stds}: GaussianMixture): number {
  return Math.max(2.6, ...means.map((mean, k) => 2 * stds[k] + Math.max(...mean.map(Math.abs))));
}

/** The size of a coordinate, root mean square. */
function sizeOfMixture(mixture: GaussianMixture): number {
  const {mean, covariance} = mixtureMoments(mixture);
  return Math.sqrt((covariance[0] + covariance[3] + mean[0] ** 2 + mean[1] ** 2) / 2);
}
