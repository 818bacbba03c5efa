import type {PointWeights} from "../lib/plain-network.js";
import {layerShapes} from "../lib/plain-network.js";
import type {ScheduleName} from "../lib/schedule.js";
import type {StoredNetwork} from "./network-store.js";

// Apart from the store, which every page with a choice of denoisers loads: most readers have kept no network.

/** A network as it was kept, if it can be used; undefined for whatever else was found in the storage. */
export function soundNetwork(value: unknown): StoredNetwork | undefined {
  const {version, weights, data, points, schedule, backend, steps, loss} = (value ?? {}) as Partial<StoredNetwork>;
  const named = typeof data === "string" && typeof backend === "string" && schedules.has(schedule!);
  const counted = Number.isSafeInteger(steps) && typeof loss === "number";
  const drawn = points instanceof Float64Array && points.length % 2 === 0 && points.every(Number.isFinite);
  return version === 1 && named && counted && drawn && isSound(weights) ? (value as StoredNetwork) : undefined;
}

const schedules = new Set<ScheduleName>(["linear", "cosine", "scaled_linear", "sigmoid"]);
const widest = 4096; // units a layer

function isSound(weights: PointWeights | undefined): boolean {
  const {width, prediction, timesteps, weights: last, ema} = (weights ?? {}) as Partial<PointWeights>;
  const whole = (count: unknown, most: number) => Number.isInteger(count) && Number(count) > 0 && Number(count) <= most;
  if (!whole(width, widest) || !whole(timesteps, 1e6) || !["epsilon", "x0", "v"].includes(prediction!)) return false;
  const sizes = layerShapes(width!).map((shape) => shape.reduce((product, size) => product * size, 1));
  const fits = (arrays: unknown) =>
    Array.isArray(arrays) &&
    arrays.length === sizes.length &&
    arrays.every((array, i) => (Array.isArray(array) || array instanceof Float32Array) && array.length === sizes[i]);
  return fits(last) && fits(ema);
}
