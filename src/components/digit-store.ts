import {del, get, set} from "idb-keyval";
import {parameterCount} from "../lib/digits/digit-shape.js";
import type {LossPoint} from "./loss-curve.js";
import type {DigitState, TrainingWish, WeightsInfo} from "./digit-messages.js";
import type {DigitSnapshot} from "./digit-samples.js";

/** A network of digits that was trained here, as the other chapters take it: averaged weights, and where they come from. */
export interface StoredDigits {
  version: 1;
  average: Float32Array; // [parameters], in the order of lib/digits/digit-shape.ts
  info: WeightsInfo;
}

/** A whole training, so that it can go on after a reload. */
export interface StoredTraining {
  version: 1;
  state: DigitState;
  wish: TrainingWish;
  backend: string;
  losses: LossPoint[];
  history: DigitSnapshot[];
}

const networkKey = "ddim-notebook/digit-network";
const trainingKey = "ddim-notebook/digit-training";

/**
 * Keeps a training in this browser (IndexedDB), and its network for the other chapters. Resolves to a sentence for the
 * reader if the browser refuses, for example in a private window or on a full disk; the page works on without it.
 */
export async function storeDigits(training: StoredTraining, info: WeightsInfo): Promise<string | undefined> {
  const network: StoredDigits = {version: 1, average: training.state.average, info};
  try {
    await set(trainingKey, training);
    await set(networkKey, network);
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return (
      `This browser did not keep the network (${why}): it stays until you leave the page. ` +
      "Download it if you want to have it later."
    );
  }
}

/** The network that was kept last, or undefined if there is none, or none that this version of the site understands. */
export async function storedDigits(): Promise<StoredDigits | undefined> {
  return soundDigits(await read(networkKey));
}

/** The training that was kept last, as `storedDigits`. */
export async function storedTraining(): Promise<StoredTraining | undefined> {
  return soundTraining(await read(trainingKey));
}

/** A network as it was kept; undefined for whatever else was found in the storage. */
export function soundDigits(value: unknown): StoredDigits | undefined {
  const {version, average, info} = (value ?? {}) as Partial<StoredDigits>;
  const known = isCount(info?.steps) && typeof info.loss === "number" && typeof info.kind === "string";
  return version === 1 && isWhole(average) && known ? (value as StoredDigits) : undefined;
}

/** A training as it was kept; undefined for whatever else was found in the storage. */
export function soundTraining(value: unknown): StoredTraining | undefined {
  const {version, state, wish, backend, losses, history} = (value ?? {}) as Partial<StoredTraining>;
  const {step, weights, average, first, second} = (state ?? {}) as Partial<DigitState>;
  const whole = isCount(step) && [weights, average, first, second].every(isWhole);
  const wished = [wish?.steps, wish?.batch, wish?.learningRate, wish?.seed].every((n) => typeof n === "number");
  const isPoint = (point: unknown) => Array.isArray(point) && point.length === 2 && point.every(isNumber);
  const seen = Array.isArray(losses) && losses.every(isPoint) && Array.isArray(history) && history.every(isSnapshot);
  const named = typeof backend === "string" && typeof wish?.backend === "string";
  return version === 1 && whole && wished && named && seen ? (value as StoredTraining) : undefined;
}

const isNumber = (value: unknown): value is number => typeof value === "number";
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isWhole = (value: unknown) => value instanceof Float32Array && value.length === parameterCount();

function isSnapshot(value: unknown): boolean {
  const {step, pixels} = (value ?? {}) as Partial<DigitSnapshot>;
  return isCount(step) && pixels instanceof Uint8Array && pixels.length % 784 === 0;
}

/** Forgets the training and its network. */
export async function forgetDigits(): Promise<void> {
  await Promise.allSettled([trainingKey, networkKey].map(async (key) => del(key)));
}

async function read(key: string): Promise<unknown> {
  try {
    return await get<unknown>(key);
  } catch {
    return undefined; // storage is forbidden: as if nothing had been kept
  }
}
