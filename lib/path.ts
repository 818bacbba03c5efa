import type {SampleStep} from "./sampler.js";
import {alphaBarAt} from "./schedule.js";
import type {Schedule} from "./schedule.js";

/** The path of one point from noise to data; lengths are in the unit of the points. */
export interface PathShape {
  length: number; // of all steps of x_t together
  chord: number; // from x_T straight to the sample
  bend: number; // how far the predicted x_0 moves on the way: 0 for a path that is straight in (x / sqrt(alphaBar), rho)
}

/** The shapes of all n paths of a run in the plane: its S + 1 states, as a sampler yields them. */
export function pathShapes(states: readonly SampleStep[]): PathShape[] {
  const [first, end] = [states[0], states[states.length - 1]];
  return Array.from({length: first.x.length / 2}, (_, i) => {
    let length = 0;
    let bend = 0;
    for (let k = 1; k < states.length; ++k) {
      length += apart(states[k].x, states[k - 1].x, i);
      bend += apart(states[k].x0, states[k - 1].x0, i);
    }
    return {length, chord: apart(end.x, first.x, i), bend};
  });
}

/** The middle shape: the median over the paths of each measure, and of length over chord. */
export function medianShape(shapes: readonly PathShape[]): PathShape & {detour: number} {
  const median = (of: (shape: PathShape) => number) => medianOf(shapes.map(of));
  return {
    length: median((s) => s.length),
    chord: median((s) => s.chord),
    bend: median((s) => s.bend),
    detour: median((s) => s.length / s.chord)
  };
}

/** rho = sqrt((1 - alphaBar) / alphaBar), the noise in units of the signal; 0 for clean data, Infinity for pure noise. */
export function noiseRatio(alphaBar: number): number {
  return Math.sqrt((1 - alphaBar) / alphaBar);
}

/** A run in the plane in which DDIM's steps are Euler's: rho of each state, and its x / sqrt(alphaBar) [n, dim]. */
export function straightenedPaths(states: readonly SampleStep[], schedule: Schedule): {rho: number; x: Float64Array}[] {
  return states.map(({x, tPrev}) => {
    const alphaBar = alphaBarAt(schedule, tPrev);
    return {rho: noiseRatio(alphaBar), x: x.map((value) => value / Math.sqrt(alphaBar))};
  });
}

/** The distances [n] between the points of a and b, both [n, 2]. */
export function distancesBetween(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  return Float64Array.from({length: a.length / 2}, (_, i) => apart(a, b, i));
}

/** The median: half of the values lie below it. NaN for none. */
export function medianOf(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length / 2;
  return (sorted[Math.ceil(half) - 1] + sorted[Math.floor(half)]) / 2;
}

function apart(a: ArrayLike<number>, b: ArrayLike<number>, i: number): number {
  return Math.hypot(a[2 * i] - b[2 * i], a[2 * i + 1] - b[2 * i + 1]);
}
