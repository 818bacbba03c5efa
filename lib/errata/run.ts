import {ddimSigma} from "../ddim.js";
import {seededRandom} from "../random.js";
import type {Random} from "../random.js";
import {sampleDdim} from "../sampler.js";
import type {Schedule} from "../schedule.js";
import {alphaBarAt, scheduleFromBetas} from "../schedule.js";
import {withPrevious} from "../timesteps.js";
import type {BetasCode, ListCode, LoopCode, PairsCode, StepCode, TableCode} from "./code.js";
import type {World} from "./scene.js";
import {noiseOf} from "./scene.js";

/** The states of a run, [n, 2] each: x_T first, the samples last. */
export type States = Float64Array[];

interface Levels {
  t: number; // the index that the network is told
  alphaBar: number;
  alphaBarPrev: number;
}

/** Runs the library's own DDIM; `change` replaces parts of the world, such as the list of steps. */
export async function rightRun(world: World, change: Partial<World> = {}): Promise<States> {
  const {schedule, timesteps, eta, xT, seed, ...rest} = {...world, ...change};
  const predict = noiseOf({...rest, schedule});
  const states: States = [];
  for (const {x} of sampleDdim({prediction: "epsilon", predict}, xT, {schedule, timesteps, eta, seed})) {
    states.push(x);
    await world.breathe();
  }
  return states;
}

/** Runs a step over the list of the world. */
export function runStep(code: StepCode, world: World): Promise<States> {
  return descend(world, levelsOf(world.schedule, withPrevious(world.timesteps)), code);
}

/** Runs DDIM over a list of timesteps. */
export function runList(code: ListCode, world: World): Promise<States> {
  const list = numbers(code(world.schedule.timesteps, world.steps), "the list");
  return descend(world, levelsOf(world.schedule, withPrevious(list)), ddim);
}

/** Runs DDIM over pairs of timesteps, made of evenly spaced ones from T-1 to 0. */
export function runPairs(code: PairsCode, list: number[], world: World): Promise<States> {
  const pairs = code([...list], world.schedule.timesteps, world.steps);
  if (!Array.isArray(pairs)) throw new TypeError("the pairs are no array: is there a return?");
  const steps = pairs.map(([t, tPrev]) => ({t, tPrev: Math.max(-1, tPrev)}));
  return descend(world, levelsOf(world.schedule, steps), ddim);
}

/** Runs DDIM with a table of levels of its own, and a network that was trained with the right one. */
export function runTable(code: TableCode, world: World, reads: "noise" | "x0"): Promise<States> {
  const table = numbers(code(Array.from(world.schedule.beta)), "the table");
  const steps = withPrevious(world.timesteps).map(({t, tPrev}) => ({
    t,
    alphaBar: table[t],
    alphaBarPrev: tPrev < 0 ? 1 : table[tPrev]
  }));
  return descend(world, steps, ddim, reads);
}

/** Runs DDIM over all timesteps of a schedule, with a network that was trained on that schedule. */
export function runBetas(code: BetasCode, world: World): Promise<States> {
  const schedule = scheduleFromBetas(numbers(code(world.schedule.timesteps), "the betas"));
  return descend({...world, schedule}, levelsOf(schedule, withPrevious(world.timesteps)), ddimOfAnyEta);
}

/** Runs a whole sampler. Its states are what it showed to the network, and what it returned. */
export async function runLoop(code: LoopCode, world: World): Promise<States> {
  const {schedule, xT, seed} = world;
  const random = seededRandom(seed);
  const states: States = [];
  const calls = 20 * schedule.timesteps;
  const noise = noiseOf(world);
  const see = async (x: Float64Array, t: number) => {
    points(x, xT);
    if (states.push(x.slice()) > calls) throw new RangeError(`it asked the network ${calls} times: does the loop end?`);
    await world.breathe();
    return noise(x, t - 1);
  };
  const end = await code({
    x: xT.slice(),
    predictNoise: see,
    predictX0: async (x, t) => viewsOf(x, await see(x, t), alphaBarAt(schedule, t - 1)).x0,
    alphaBar: (t) => alphaBarAt(schedule, t - 1),
    betas: Array.from(schedule.beta),
    times: world.timesteps.map((t) => t + 1),
    normals: (count) => random.normals(count)
  });
  points(end, xT);
  return [...states, end];
}

/** The step of DDIM with eta 0. */
const ddim: StepCode = ({x0, epsilon, alphaBarPrev}) =>
  Math.sqrt(alphaBarPrev) * x0 + Math.sqrt(1 - alphaBarPrev) * epsilon;

const ddimOfAnyEta: StepCode = ({x0, epsilon, alphaBarPrev, eta, variance, z}) => {
  const sigma = eta * Math.sqrt(variance);
  return Math.sqrt(alphaBarPrev) * x0 + Math.sqrt(Math.max(0, 1 - alphaBarPrev - sigma ** 2)) * epsilon + sigma * z;
};

async function descend(
  world: World,
  steps: Levels[],
  code: StepCode,
  reads: "noise" | "x0" = "noise"
): Promise<States> {
  const random = seededRandom(world.seed);
  let x: Float64Array = world.xT.slice();
  const states: States = [x];
  const noise = noiseOf(world);
  for (const levels of steps) {
    await world.breathe();
    const output = noise(x, levels.t);
    x = stepAll(code, world, {x, output, levels, random, reads});
    states.push(x);
  }
  return states;
}

interface StepAll {
  x: Float64Array;
  output: Float64Array;
  levels: Levels;
  random: Random;
  reads: "noise" | "x0";
}

function stepAll(code: StepCode, world: World, {x, output, levels, random, reads}: StepAll): Float64Array {
  const {t, alphaBar, alphaBarPrev} = levels;
  const {eta} = world;
  const views = viewsOf(x, output, reads === "x0" ? alphaBarAt(world.schedule, t) : alphaBar);
  const [a, b] = [Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar)];
  // A network that predicts x0 leaves it to the table to find the noise.
  const epsilon = reads === "x0" ? x.map((value, i) => (value - a * views.x0[i]) / b) : output;
  const variance = alphaBarPrev >= alphaBar && alphaBar < 1 ? ddimSigma(alphaBar, alphaBarPrev, 1) ** 2 : 0;
  const z = variance > 0 ? random.normals(x.length) : new Float64Array(x.length);
  const next = new Float64Array(x.length);
  // One object for all coordinates: this loop is the work of a figure.
  const input = {x: 0, output: 0, x0: 0, epsilon: 0, z: 0, alphaBar, alphaBarPrev, eta, variance};
  for (let i = 0; i < x.length; ++i) {
    input.x = x[i];
    input.output = output[i];
    input.x0 = views.x0[i];
    input.epsilon = epsilon[i];
    input.z = z[i];
    next[i] = checked(code(input));
  }
  return next;
}

function viewsOf(x: Float64Array, epsilon: Float64Array, alphaBar: number): {x0: Float64Array} {
  const [a, b] = [Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar)];
  return {x0: x.map((value, i) => (value - b * epsilon[i]) / a)};
}

function levelsOf(schedule: Schedule, steps: {t: number; tPrev: number}[]): Levels[] {
  return steps.map(({t, tPrev}) => ({
    t,
    alphaBar: alphaBarAt(schedule, t),
    alphaBarPrev: alphaBarAt(schedule, tPrev)
  }));
}

function checked(value: unknown): number {
  if (typeof value === "number") return value;
  throw new TypeError("the step returned no number: is there a return?");
}

function numbers(value: unknown, what: string): number[] {
  if (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "number")) return value;
  throw new TypeError(`${what} should be an array of numbers: is there a return?`);
}

function points(value: unknown, xT: Float64Array): void {
  if (value instanceof Float64Array && value.length === xT.length) return;
  throw new TypeError(`the loop should hand on ${xT.length} numbers, as many as x has`);
}
