import type {StepResult} from "./ddim.js";

/** What a step in plain numbers may use: one coordinate of one point, since a sampler treats all coordinates alike. */
export interface CoordinateStepInput {
  x: number; // of x_t
  epsilon: number; // of the noise that the denoiser sees in x_t
  alphaBar: number; // the level of x_t
  alphaBarPrev: number; // the level to go to; 1 is clean data
  sigma: number; // std of the noise that the sampler would add
  z: number; // fresh standard normal noise
}

/** A step of a sampler for one coordinate: x_t in, x at the next level out. */
export type CoordinateStep = (input: CoordinateStepInput) => number;

/** The views of x_t that a step starts from, [n, dim] each, and its levels. */
export interface OwnStepInput {
  x: Float64Array;
  x0: Float64Array;
  epsilon: Float64Array;
  z: Float64Array; // standard normal
  alphaBar: number;
  alphaBarPrev: number;
  sigma: number;
}

/**
 * Makes a step with a function of one coordinate. The sigma of the result is measured, since the function may add another
 * noise than it was told to: what one unit of z changes. Throws a TypeError when the function does not return a number.
 */
export function stepByCoordinate(step: CoordinateStep, input: OwnStepInput): StepResult {
  const {x, x0, epsilon, z, alphaBar, alphaBarPrev, sigma} = input;
  const one: CoordinateStepInput = {x: x[0], epsilon: epsilon[0], alphaBar, alphaBarPrev, sigma, z: 0};
  const still = checkNumber(step({...one}));
  const moved = checkNumber(step({...one, z: 1}));
  const next = new Float64Array(x.length);
  for (let i = 0; i < x.length; ++i) {
    one.x = x[i]; // one object for all coordinates: this loop is the work of a figure
    one.epsilon = epsilon[i];
    one.z = z[i];
    next[i] = step(one);
  }
  return {x: next, x0, epsilon, sigma: Math.abs(moved - still)};
}

function checkNumber(value: unknown): number {
  if (typeof value === "number") return value;
  const what = value === undefined ? "nothing" : Array.isArray(value) ? "an array" : `a value of type ${typeof value}`;
  throw new TypeError(`the step returned ${what}, but it should return the coordinate at the next level, a number`);
}
