import type {GaussianMixture} from "../mixture.js";
import {mixtureDenoiser} from "../mixture.js";
import {pointSet} from "../points/index.js";
import {seededRandom} from "../random.js";
import type {Schedule} from "../schedule.js";
import {makeSchedule} from "../schedule.js";
import {timestepList} from "../timesteps.js";
import type {MeasureName} from "./measure.js";

/** Where an exhibit is run: data, settings, and the numbers that tell. */
export interface Scene {
  set: string; // the name of a point set that is a mixture
  shift?: number; // moves the set by this much along both axes; defaults to 0
  steps: number; // S
  timesteps?: number; // T, defaults to 1000
  eta?: number; // defaults to 0
  overshoot?: number; // the denoiser's guess of the noise is this much too large, as guidance makes it; defaults to 0
  measures: MeasureName[];
  view?: {center: [number, number]; extent: number}; // what a picture should show; defaults to data and noise
  label: string; // for the switch, such as “Two clusters off centre”
}

/** A scene with its noise and its denoiser: all that a run needs. */
export interface World {
  mixture: GaussianMixture;
  schedule: Schedule;
  timesteps: number[]; // the right list: S of T, descending
  steps: number;
  eta: number;
  overshoot: number;
  xT: Float64Array; // [n, 2]
  seed: number; // of the fresh noise
  /** Called before each use of the denoiser; may wait, so that a page keeps answering, and may throw to end the run. */
  breathe(): Promise<void> | void;
}

export interface WorldOptions {
  count?: number; // points, defaults to 400
  seed?: number; // of x_T, defaults to 1
  noise?: number; // of the fresh noise, defaults to 1
  breathe?: World["breathe"];
}

/** The world of a scene. The same seed gives the same x_T in every scene. */
export function makeWorld(scene: Scene, {count = 400, seed = 1, noise = 1, breathe = () => {}}: WorldOptions): World {
  const {set, steps, timesteps: T = 1000, eta = 0, overshoot = 0, shift = 0} = scene;
  const schedule = makeSchedule("linear", {timesteps: T});
  const timesteps = timestepList("trailing", {timesteps: T, steps});
  const xT = seededRandom(seed).normals(2 * count);
  const mixture = mixtureOf(set, shift);
  return {mixture, schedule, timesteps, steps, eta, overshoot, xT, seed: 1000 * seed + noise, breathe};
}

function mixtureOf(set: string, shift: number): GaussianMixture {
  const {mixture} = pointSet(set);
  if (!mixture) throw new RangeError(`${set} is no mixture: an exhibit needs an exact denoiser`);
  return {...mixture, means: mixture.means.map((mean) => mean.map((at) => at + shift))};
}

/** The network of a world: what it takes for the noise in x at an index t of the schedule. */
export function noiseOf({
  mixture,
  schedule,
  overshoot
}: Pick<World, "mixture" | "schedule" | "overshoot">): (x: Float64Array, t: number) => Float64Array {
  const {predict} = mixtureDenoiser(mixture, schedule);
  return overshoot ? (x, t) => predict(x, t).map((value) => (1 + overshoot) * value) : predict;
}
