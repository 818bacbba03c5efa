import {ddimStep} from "./ddim.js";
import type {PreviousPrediction} from "./dpm-solver.js";
import {dpmSolver2MStep} from "./dpm-solver.js";
import {heunStep} from "./heun.js";
import type {GaussianMixture} from "./mixture.js";
import {mixtureEpsilon} from "./mixture.js";
import {exactOdeEnd} from "./ode.js";
import {distancesBetween, medianOf} from "./path.js";
import {levelsOf} from "./sampler.js";
import type {Schedule} from "./schedule.js";
import {alphaBarOfLogSnr, logSnr} from "./schedule.js";

/** A deterministic solver of DDIM's ODE. */
export type SolverName = "ddim" | "dpm-solver" | "heun";

export const solverNames: readonly SolverName[] = ["ddim", "dpm-solver", "heun"];

/** The levels that a solver visits: alphaBar, ascending from noise to data, S + 1 of them for S steps. */
export type Ladder = readonly number[];

/** S + 1 levels, even in lambda = logSnr / 2 between two ends strictly between 0 and 1. */
export function lambdaLadder({from, to, steps}: {from: number; to: number; steps: number}): Ladder {
  const [first, end] = [logSnr(from), logSnr(to)];
  return Array.from({length: steps + 1}, (_, i) =>
    i === 0 ? from : i === steps ? to : alphaBarOfLogSnr(first + ((end - first) * i) / steps)
  );
}

/** The levels of a list of timesteps, down to clean data or to `alphaBarFinal`. Throws what levelsOf throws. */
export function listLadder(schedule: Schedule, timesteps: readonly number[], alphaBarFinal = 1): Ladder {
  const levels = levelsOf({schedule, timesteps, alphaBarFinal});
  return [levels[0].alphaBar, ...levels.map(({alphaBarPrev}) => alphaBarPrev)];
}

/** How often a solver calls the denoiser: once a step, Heun twice but in a last step to clean data. */
export function evaluationsOf(solver: SolverName, levels: Ladder): number {
  const steps = levels.length - 1;
  if (solver !== "heun") return steps;
  return levels[steps] === 1 ? 2 * steps - 1 : 2 * steps;
}

/** What a second-order multistep step may use: one coordinate, its two last predictions and the steps in lambda. */
export interface MultistepInput {
  x: number;
  x0: number; // predicted now
  x0Before: number; // predicted one step before
  h: number; // this step in lambda, above 0
  hBefore: number; // the step before
  alphaBar: number;
  alphaBarPrev: number; // the level to go to
}

/** A multistep step for one coordinate. */
export type MultistepStep = (input: MultistepInput) => number;

/**
 * Runs a solver with the exact denoiser of a mixture from x [n, dim] at the first level to the last; yields after each
 * step and returns the end. `multistep` takes the place of DPM-Solver++(2M)'s own step where it has two predictions and h
 * is finite.
 */
export function* climb(
  mixture: GaussianMixture,
  xT: Float64Array,
  {levels, solver, multistep}: {levels: Ladder; solver: SolverName; multistep?: MultistepStep}
): Generator<void, Float64Array> {
  let x: Float64Array = xT;
  let previous: PreviousPrediction | undefined;
  for (let i = 0; i + 1 < levels.length; ++i) {
    const [alphaBar, alphaBarPrev] = [levels[i], levels[i + 1]];
    const epsilon = mixtureEpsilon(mixture, x, alphaBar);
    if (solver === "heun") {
      const there = (point: Float64Array) => mixtureEpsilon(mixture, point, alphaBarPrev);
      x = heunStep(x, epsilon, {alphaBar, alphaBarPrev}, alphaBarPrev === 1 ? undefined : there);
    } else {
      const step = ddimStep(x, epsilon, {alphaBar, alphaBarPrev});
      if (solver === "ddim") x = step.x;
      else if (multistep && previous && alphaBarPrev < 1)
        x = ownStep(multistep, x, step.x0, alphaBar, alphaBarPrev, previous);
      else x = dpmSolver2MStep(x, step.x0, {alphaBar, alphaBarPrev, previous});
      previous = {x0: step.x0, alphaBar};
    }
    yield;
  }
  return x;
}

function ownStep(
  step: MultistepStep,
  x: Float64Array,
  x0: Float64Array,
  alphaBar: number,
  alphaBarPrev: number,
  previous: PreviousPrediction
): Float64Array {
  const h = (logSnr(alphaBarPrev) - logSnr(alphaBar)) / 2;
  const hBefore = (logSnr(alphaBar) - logSnr(previous.alphaBar)) / 2;
  return x.map((value, i) => {
    const input = {x: value, x0: x0[i], x0Before: previous.x0[i], h, hBefore, alphaBar, alphaBarPrev};
    const next: unknown = step(input);
    if (typeof next === "number") return next;
    throw new TypeError("the step returned no number, but it should return the coordinate at the next level");
  });
}

/** The median distance of ends [n, 2] to where the ODE ends, from the same start at the ladder's first level. */
export function ladderError(ends: Float64Array, truth: Float64Array): number {
  return medianOf(distancesBetween(ends, truth));
}

/** Where the ODE takes xT from the ladder's first level to its last; `tolerance` defaults to 1e-9. */
export function ladderTruth(
  mixture: GaussianMixture,
  xT: Float64Array,
  levels: Ladder,
  tolerance = 1e-9
): Float64Array {
  return exactOdeEnd(mixture, xT, {alphaBarFrom: levels[0], alphaBarTo: levels[levels.length - 1], tolerance});
}

/** The error of each single DDIM step that starts on the exact path: medians over the points, one for each step. */
export function* stepErrors(
  mixture: GaussianMixture,
  xT: Float64Array,
  levels: Ladder,
  tolerance = 1e-7
): Generator<void, number[]> {
  const errors: number[] = [];
  let x: Float64Array = xT;
  for (let i = 0; i + 1 < levels.length; ++i) {
    const [alphaBar, alphaBarPrev] = [levels[i], levels[i + 1]];
    const next = exactOdeEnd(mixture, x, {alphaBarFrom: alphaBar, alphaBarTo: alphaBarPrev, tolerance});
    const {x: euler} = ddimStep(x, mixtureEpsilon(mixture, x, alphaBar), {alphaBar, alphaBarPrev});
    // In the straightened plane, where errors are carried on as they are.
    errors.push(medianOf(distancesBetween(euler, next)) / Math.sqrt(alphaBarPrev));
    x = next;
    yield;
  }
  return errors;
}

/** The observed order between two runs: the power of S with which the error falls (@eq-observed-order). */
export function observedOrder(
  [fewer, larger]: readonly [number, number],
  [more, smaller]: readonly [number, number]
): number {
  return Math.log(larger / smaller) / Math.log(more / fewer);
}
