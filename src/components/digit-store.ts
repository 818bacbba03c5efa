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
export function storedDigits(): Promise<StoredDigits | undefined> {
  return read<StoredDigits>(networkKey, ({average}) => average.length === parameterCount());
}

/** The training that was kept last, as `storedDigits`. */
export function storedTraining(): Promise<StoredTraining | undefined> {
  return read<StoredTraining>(trainingKey, ({state}) => state.weights.length === parameterCount());
}

/** Forgets the training and its network. */
export async function forgetDigits(): Promise<void> {
  await Promise.allSettled([trainingKey, networkKey].map(async (key) => del(key)));
}

async function read<A extends {version: number}>(key: string, sound: (stored: A) => boolean): Promise<A | undefined> {
  try {
    const stored = await get<A>(key);
    return stored?.version === 1 && sound(stored) ? stored : undefined;
  } catch {
    return undefined; // storage is forbidden, or what is there is not ours: as if nothing had been kept
  }
}
