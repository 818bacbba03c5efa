import type {GaussianMixture} from "./mixture.js";
import {mixtureEpsilon, mixtureX0} from "./mixture.js";

export interface OdeOptions {
  alphaBarFrom: number; // the level of x, in [0, 1]
  alphaBarTo?: number; // where to stop; 1, clean data
  tolerance?: number; // of the error in one step, relative to 1 + |x|; 1e-10
}

/**
 * Where DDIM's ODE takes each point of x [n, dim] when the steps are as fine as need be and the denoiser is exact: the
 * limit that deterministic samplers approach. Works both ways: with alphaBarTo below alphaBarFrom it encodes.
 *
 * With alphaBar = cos^2 theta the ODE (Song et al. 2021, Eq. 14) is dx / d theta = v, the velocity of v-prediction; it
 * is smooth up to both ends, and is solved with the pair of order 5(4) of Dormand and Prince (1980) and an adaptive
 * step, the same for all points. Cost on the mixtures of lib/points: up to 250 calls of the denoiser at a tolerance
 * of 1e-6, 800 at 1e-10, 1300 at 1e-12. Throws a RangeError for levels outside [0, 1], a tolerance not in
 * [1e-14, 0.1], or an x that is not finite.
 * @eq-ode.
 */
export function exactOdeEnd(
  mixture: GaussianMixture,
  x: Float64Array,
  {alphaBarFrom, alphaBarTo = 1, tolerance = 1e-10}: OdeOptions
): Float64Array {
  if (!(tolerance >= 1e-14 && tolerance <= 0.1)) {
    throw new RangeError(`tolerance is ${tolerance}: choose a number between 1e-14 and 0.1`);
  }
  if (!x.every(Number.isFinite)) throw new RangeError("x has a number that is not finite: the ODE cannot start there");
  const velocity = (theta: number, point: Float64Array) => mixtureVelocity(mixture, point, theta);
  return dormandPrince(velocity, angleOf(alphaBarFrom), angleOf(alphaBarTo), x, tolerance);
}

function angleOf(alphaBar: number): number {
  if (!(alphaBar >= 0 && alphaBar <= 1))
    throw new RangeError(`the level ${alphaBar} is not an alphaBar: choose one in [0, 1]`);
  return Math.atan2(Math.sqrt(1 - alphaBar), Math.sqrt(alphaBar));
}

/** v = cos epsilon - sin x0, from whichever of the two is well conditioned at this level. */
function mixtureVelocity(mixture: GaussianMixture, x: Float64Array, theta: number): Float64Array {
  const cos = Math.cos(theta);
  const sin = Math.sin(theta);
  const alphaBar = Math.min(1, Math.max(0, cos * cos));
  const noisy = sin > cos;
  const v = noisy ? mixtureX0(mixture, x, alphaBar) : mixtureEpsilon(mixture, x, alphaBar);
  for (let i = 0; i < v.length; ++i) v[i] = noisy ? (cos * x[i] - v[i]) / sin : (v[i] - sin * x[i]) / cos;
  return v;
}

type Slope = (time: number, x: Float64Array) => Float64Array;

// The tableau of Dormand and Prince: nodes, the weights of the stages, and the difference of the orders 5 and 4.
const NODES = [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1];
const STAGES = [
  [],
  [1 / 5],
  [3 / 40, 9 / 40],
  [44 / 45, -56 / 15, 32 / 9],
  [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
  [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84]
];
const ERROR = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40];

function dormandPrince(slope: Slope, from: number, to: number, start: Float64Array, tolerance: number): Float64Array {
  let x: Float64Array = start.slice();
  let time = from;
  let step = (to - from) / 100;
  let first = slope(time, x);
  while (time !== to) {
    const final = Math.abs(step) >= Math.abs(to - time);
    if (final) step = to - time;
    const {end, last, error} = tryStep(slope, time, x, first, step);
    const size = error / tolerance;
    if (size <= 1 || Math.abs(step) < 1e-12) {
      x = end;
      first = last; // the last stage is the next step's first
      time = final ? to : time + step;
    }
    step *= Math.min(5, Math.max(0.2, 0.9 * size ** -0.2));
  }
  return x;
}

/** One attempt: where it leads, the slope there, and the largest error relative to 1 + |x|. */
function tryStep(slope: Slope, time: number, x: Float64Array, first: Float64Array, step: number) {
  const slopes = [first];
  let end = x;
  for (let stage = 1; stage < NODES.length; ++stage) {
    end = combine(x, slopes, STAGES[stage], step);
    slopes.push(slope(time + NODES[stage] * step, end));
  }
  const difference = combine(new Float64Array(x.length), slopes, ERROR, step);
  let error = 0;
  for (let i = 0; i < x.length; ++i) error = Math.max(error, Math.abs(difference[i]) / (1 + Math.abs(x[i])));
  return {end, last: slopes[slopes.length - 1], error};
}

/** base + step sum_j weights[j] slopes[j]. */
function combine(base: Float64Array, slopes: Float64Array[], weights: number[], step: number): Float64Array {
  const result = base.slice();
  for (const [j, weight] of weights.entries()) {
    const factor = weight * step;
    const slope = slopes[j];
    if (factor !== 0) for (let i = 0; i < result.length; ++i) result[i] += factor * slope[i];
  }
  return result;
}
