import {lossFloor} from "../lib/loss-floor.js";
import {fractionWithin, noiseFloor, slicedWasserstein} from "../lib/metrics/index.js";
import type {PointSet} from "../lib/points/index.js";
import type {Prediction} from "../lib/prediction.js";
import {seededRandom} from "../lib/random.js";
import type {Schedule} from "../lib/schedule.js";
import {readable} from "./format.js";
import {snapshotCount} from "./training-samples.js";

const options = {directions: 64};
const distances = new WeakMap<PointSet, (points: ArrayLike<number>) => number>();
const floors = new WeakMap<PointSet, Map<string, number>>();

/**
 * The sliced Wasserstein distance of samples [snapshotCount, 2] to a set, over that between two true samples of as many
 * points: 1 means that they are as near as true samples are.
 */
export function distanceOverFloor(set: PointSet, points: ArrayLike<number>): number {
  let distance = distances.get(set);
  if (!distance) {
    const truth = set.sample(snapshotCount, seededRandom(11));
    const metric = (a: Float64Array, b: Float64Array) => slicedWasserstein(a, b, options);
    const floor = noiseFloor(metric, (random) => set.sample(snapshotCount, random), {repeats: 8}).mean;
    distance = (x) => metric(Float64Array.from(x), truth) / floor;
    distances.set(set, distance);
  }
  return distance(points);
}

/** The same in words, and the share of samples in a mode where the set has modes; dashes for no samples. */
export function sampleQuality(set: PointSet, points?: ArrayLike<number>): {distance: string; inside: string} {
  if (!points) return {distance: "–", inside: "–"};
  const distance = distanceOverFloor(set, points);
  const inside = set.mixture ? fractionWithin(set.mixture, Float64Array.from(points)) : NaN;
  return {
    distance: Number.isFinite(distance) ? `${readable(distance, 2)} ×` : "not finite",
    inside: Number.isFinite(inside) ? `${Math.round(100 * inside)}%` : "–"
  };
}

/** The least loss that any network can reach, where the set is a mixture; undefined elsewhere. Computed once. */
export function leastLoss({set, schedule, prediction}: LossQuestion): number | undefined {
  if (!set.mixture) return undefined;
  if (!floors.has(set)) floors.set(set, new Map());
  const known = floors.get(set)!;
  const key = `${schedule.name} ${prediction}`;
  const count = set.mixture.means.length > 50 ? 40 : 200; // points a level: a drawing has many modes
  if (!known.has(key)) known.set(key, lossFloor(set.mixture, schedule, {prediction, count}));
  return known.get(key);
}

interface LossQuestion {
  set: PointSet;
  schedule: Schedule;
  prediction: Prediction;
}
