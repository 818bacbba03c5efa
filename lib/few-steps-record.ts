import type {Ladder, MultistepInput, MultistepStep, SolverName} from "./ladder.js";
import {climb, ladderError, ladderTruth, lambdaLadder, listLadder, stepErrors} from "./ladder.js";
import {pointSet} from "./points/index.js";
import {seededRandom} from "./random.js";
import type {ScheduleName} from "./schedule.js";
import {makeSchedule} from "./schedule.js";
import type {StepRule} from "./timesteps.js";
import {timestepList} from "./timesteps.js";
import {toTheEnd} from "./to-the-end.js";

/** What data/record-few-steps.ts measures for /few-steps, on the three modes; each list has a number for each seed. */
export interface FewStepsRecord {
  settings: {seeds: number[]; count: number};
  orders: Record<string, number[]>; // median error on a ladder even in lambda with fixed ends, by `solver steps`
  lists: Record<string, number[]>; // median error on a step list down to clean data, by `schedule rule steps solver`
  steps: Record<string, number[][]>; // the error of each step of DDIM by itself, by `rule steps`
  tamed: Record<string, number[]>; // 2M that does not extrapolate far (see tamedMultistep), by `rule steps`
}

export const recordedOrderSteps = [10, 20, 40, 80, 160, 320] as const;
export const recordedListSteps = [5, 10, 20, 50, 100, 200] as const;
export const recordedRules = ["leading", "trailing", "linspace", "quadratic"] as const;

const mixture = pointSet("tri").mixture!;
const noiseOf = (seed: number, count: number) =>
  seededRandom(seed)
    .fork(1)
    .normals(2 * count);

/** The median error of a solver on a ladder even in lambda, from the linear schedule's noisiest level to its cleanest. */
export function recordOrder(
  solver: SolverName,
  {steps, seed, count}: {steps: number; seed: number; count: number}
): number {
  const {alphaBar} = makeSchedule("linear");
  return errorOn(lambdaLadder({from: alphaBar[999], to: alphaBar[0], steps}), solver, noiseOf(seed, count));
}

/** The median error of a solver on a step list, from the list's own first level to clean data. */
export function recordList(
  {schedule, rule, steps, solver}: {schedule: ScheduleName; rule: StepRule; steps: number; solver: SolverName},
  {seed, count}: {seed: number; count: number}
): number {
  return errorOn(ladderOf(schedule, rule, steps), solver, noiseOf(seed, count));
}

/** The error of each step of DDIM by itself, on the linear schedule. */
export function recordSteps(
  rule: StepRule,
  {steps, seed, count}: {steps: number; seed: number; count: number}
): number[] {
  return toTheEnd(stepErrors(mixture, noiseOf(seed, count), ladderOf("linear", rule, steps)));
}

/** The median error of 2M with the tamed step, on a list of the linear schedule. */
export function recordTamed(
  rule: StepRule,
  {steps, seed, count}: {steps: number; seed: number; count: number}
): number {
  return errorOn(ladderOf("linear", rule, steps), "dpm-solver", noiseOf(seed, count), tamedMultistep);
}

/** The step of 2M, but of first order where the step is more than twice as long as the one before. */
export function tamedMultistep({x, x0, x0Before, h, hBefore, alphaBar, alphaBarPrev}: MultistepInput): number {
  const ahead = h > 2 * hBefore ? x0 : x0 + (h / (2 * hBefore)) * (x0 - x0Before);
  return Math.sqrt((1 - alphaBarPrev) / (1 - alphaBar)) * x - Math.sqrt(alphaBarPrev) * Math.expm1(-h) * ahead;
}

function ladderOf(name: ScheduleName, rule: StepRule, steps: number): Ladder {
  const schedule = makeSchedule(name);
  return listLadder(schedule, timestepList(rule, {timesteps: schedule.timesteps, steps}));
}

function errorOn(levels: Ladder, solver: SolverName, xT: Float64Array, multistep?: MultistepStep): number {
  const truth = ladderTruth(mixture, xT, levels, 1e-8);
  return ladderError(toTheEnd(climb(mixture, xT, {levels, solver, multistep})), truth);
}
