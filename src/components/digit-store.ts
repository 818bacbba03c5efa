import {del, get} from "idb-keyval";
import {parameterCount} from "../lib/digits/digit-shape.js";
import type {RunKey} from "./kept-runs.js";
import {digitRuns, firstSound, forgetRun, keepRun, keptRuns, ownRun} from "./kept-runs.js";
import type {LossPoint} from "./loss-curve.js";
import type {DigitState, TrainingWish, WeightsInfo} from "./digit-messages.js";
import type {DigitSnapshot} from "./digit-samples.js";

/** A network of digits that was trained here, as the other figures take it: averaged weights, and where they come from. */
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
  info?: WeightsInfo; // of its network; an older version of the site had none
}

const networkKey = "ddim-notebook/digit-network"; // where an older version of the site kept it as well

/**
 * Keeps a training in this browser (IndexedDB), in the place of what this tab has kept, and of `from` if it has gone on
 * from there; what other tabs have kept stays. Resolves to a sentence for the reader if the browser refuses, for example in
 * a private window or on a full disk; the page works on without it.
 */
export async function storeDigits(training: StoredTraining, from?: RunKey): Promise<string | undefined> {
  const {state, wish, backend} = training;
  try {
    await keepRun(digitRuns, training, `step ${state.step} of ${Math.max(state.step, wish.steps)} on ${backend}`, from);
    await del(networkKey);
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
  try {
    const {value} = (await firstSound(await keptRuns(digitRuns), soundTraining)) ?? {};
    if (!value) return soundDigits(await get<unknown>(networkKey));
    const {state, losses, backend} = value;
    const {info = {kind: "trained", steps: state.step, loss: losses.at(-1)?.[1] ?? NaN, backend}} = value;
    return {version: 1, average: state.average, info};
  } catch {
    return undefined; // storage is forbidden: as if nothing had been kept
  }
}

/** The training at a key; without one that of this tab, or else the one that was kept last. Undefined as `storedDigits`. */
export async function storedTraining(at?: RunKey): Promise<{key: RunKey; value: StoredTraining} | undefined> {
  try {
    const [own, runs] = [ownRun(digitRuns), await keptRuns(digitRuns)];
    return await firstSound(at ? [at] : [...(own ? [own] : []), ...runs], soundTraining);
  } catch {
    return undefined;
  }
}

/** A network as it was kept; undefined for whatever else was found in the storage. */
export function soundDigits(value: unknown): StoredDigits | undefined {
  const {version, average, info} = (value ?? {}) as Partial<StoredDigits>;
  return version === 1 && isWhole(average) && isInfo(info) ? (value as StoredDigits) : undefined;
}

/** A training as it was kept; undefined for whatever else was found in the storage. */
export function soundTraining(value: unknown): StoredTraining | undefined {
  const {version, state, wish, backend, losses, history, info} = (value ?? {}) as Partial<StoredTraining>;
  const {step, weights, average, first, second} = (state ?? {}) as Partial<DigitState>;
  const whole = isCount(step) && [weights, average, first, second].every(isWhole);
  const wished = [wish?.steps, wish?.batch, wish?.learningRate, wish?.seed].every((n) => typeof n === "number");
  const isPoint = (point: unknown) => Array.isArray(point) && point.length === 2 && point.every(isNumber);
  const seen = Array.isArray(losses) && losses.every(isPoint) && Array.isArray(history) && history.every(isSnapshot);
  const named = typeof backend === "string" && typeof wish?.backend === "string";
  const known = info === undefined || isInfo(info);
  return version === 1 && whole && wished && named && seen && known ? (value as StoredTraining) : undefined;
}

const isNumber = (value: unknown): value is number => typeof value === "number";
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isWhole = (value: unknown) => value instanceof Float32Array && value.length === parameterCount();

function isInfo(value: unknown): boolean {
  const {steps, loss, kind} = (value ?? {}) as Partial<WeightsInfo>;
  return isCount(steps) && typeof loss === "number" && typeof kind === "string";
}

function isSnapshot(value: unknown): boolean {
  const {step, pixels} = (value ?? {}) as Partial<DigitSnapshot>;
  return isCount(step) && pixels instanceof Uint8Array && pixels.length % 784 === 0;
}

/** Forgets what this tab has kept, and `from`; what other tabs have kept stays. */
export async function forgetDigits(from?: RunKey): Promise<void> {
  try {
    for (const key of [ownRun(digitRuns), from]) if (key !== undefined) await forgetRun(digitRuns, key);
    await del(networkKey);
  } catch {
    // storage is forbidden: there is nothing to forget
  }
}
