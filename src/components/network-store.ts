import {get, set} from "idb-keyval";
import type {PointWeights} from "../lib/plain-network.js";
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
    const found = await get<unknown>(key);
    return found === undefined ? found : (await import("./sound-network.js")).soundNetwork(found);
  } catch {
    return undefined; // storage is forbidden: as if nothing had been kept
  }
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
