import {get, set} from "idb-keyval";
import type {PointWeights} from "../lib/plain-network.js";
import {layerShapes} from "../lib/plain-network.js";
import type {ScheduleName} from "../lib/schedule.js";

/** A network that was trained on /train, as the other chapters take it: plain numbers, and where they come from. */
export interface StoredNetwork {
  version: 1;
  weights: PointWeights;
  data: string; // the name of the point set
  points: Float64Array; // [n, 2]; a sample of the set, or the reader's own points
  schedule: ScheduleName;
  backend: string; // what it was trained on
  steps: number;
  loss: number;
}

const key = "ddim-notebook/point-network";

/**
 * Keeps the network in this browser (IndexedDB). Resolves to a sentence for the reader if the browser refuses, for example
 * in a private window or on a full disk; the page works on without it.
 */
export async function storeNetwork(network: StoredNetwork): Promise<string | undefined> {
  try {
    await set(key, network);
    return undefined;
  } catch (error) {
    return `This browser did not keep the network for the other chapters (${message(error)}); it stays until you leave the page.`;
  }
}

/** The network that was kept last, or undefined if there is none, or none that this version of the site understands. */
export async function storedNetwork(): Promise<StoredNetwork | undefined> {
  try {
    return soundNetwork(await get(key));
  } catch {
    return undefined; // storage is forbidden: as if nothing had been kept
  }
}

/** The same, if it is a network that can be used; undefined for whatever else was found in the storage. */
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

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
