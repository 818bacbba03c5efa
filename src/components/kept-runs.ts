import {createStore, del, get, keys, promisifyRequest} from "idb-keyval";

// What a reader has trained, in this browser's IndexedDB. Each run has a key of its own, so that no tab can write over
// what another one has trained: a tab replaces the keys it knows, and what was kept again meanwhile has another key.

/** The point networks of /train. */
export const pointRuns = "ddim-notebook/point-network";
/** The trainings of digits. */
export const digitRuns = "ddim-notebook/digit-training";

/** Where a run is kept: its label says what it is, so that a list of runs reads none of them. */
export type RunKey = [kind: string, order: number, page: string, label: string] | string; // a text: as there was only one

/** What tabs tell each other: that runs of a kind are others now, and of one that it has another key. */
interface Told {
  kind: string;
  moved?: [from: RunKey, to: RunKey];
}

const store = createStore("keyval-store", "keyval"); // that of idb-keyval's own functions
const channel = "ddim-notebook/kept-runs";
const owned = new Map<string, RunKey>(); // what this tab has kept last
let keeping: Promise<void> = Promise.resolve();
let page = ""; // a tag of this visit; the order alone could come again

/** The keys of a kind, the one that was kept last first. */
export async function keptRuns(kind: string): Promise<RunKey[]> {
  return sorted(kind, await keys());
}

/** Reads the first of the runs that `sound` takes. */
export async function firstSound<T>(
  runs: readonly RunKey[],
  sound: (value: unknown) => T | undefined
): Promise<{key: RunKey; value: T} | undefined> {
  for (const key of runs) {
    const value = sound(await get<unknown>(key));
    if (value !== undefined) return {key, value};
  }
  return undefined;
}

/** Keeps a run in the place of what this tab has kept of its kind, and of `from`, of which it is the continuation. */
export function keepRun(kind: string, value: unknown, label: string, from?: RunKey): Promise<void> {
  const keep = async () => {
    page ||= crypto.getRandomValues(new Uint32Array(2)).join("-");
    own(kind, await put(kind, value, [page, label], [ownRun(kind), from]));
  };
  const kept = keeping.then(keep); // one after the other: each replaces the one before
  keeping = kept.catch(() => {});
  return kept;
}

/** Makes a run the one that was kept last. */
export async function renewRun(kind: string, key: RunKey): Promise<void> {
  const value = await get<unknown>(key);
  const renewed = await put(kind, value, [typeof key === "string" ? "" : key[2], runLabel(key)], [key]);
  tellTabs({kind, moved: [key, renewed]});
}

export async function forgetRun(kind: string, key: RunKey): Promise<void> {
  await del(key);
  tellTabs({kind});
}

/** What this tab has kept, also before a reload; somebody may have forgotten it meanwhile. */
export function ownRun(kind: string): RunKey | undefined {
  try {
    const kept: unknown = owned.get(kind) ?? JSON.parse(sessionStorage.getItem(kind) ?? "null");
    return isOf(kind, kept) ? (kept as RunKey) : undefined;
  } catch {
    return undefined; // forbidden, or not ours
  }
}

/** From now on this tab keeps its runs beside what it has kept, which stays. */
export function leaveRun(kind: string): void {
  own(kind, undefined);
}

/** What a run is, in words. */
export function runLabel(key: RunKey): string {
  return typeof key === "string" ? "an older one" : key[3];
}

export function same(a: RunKey | undefined, b: RunKey | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Calls back when this tab or another one has kept or forgotten a run of a kind. */
export function onOtherRuns(kind: string, changed: () => void, signal: AbortSignal): void {
  try {
    const heard = new BroadcastChannel(channel);
    heard.onmessage = ({data}: MessageEvent<Told>) => {
      if (data.kind !== kind) return;
      if (data.moved && same(ownRun(kind), data.moved[0])) own(kind, data.moved[1]);
      changed();
    };
    signal.addEventListener("abort", () => heard.close());
  } catch {
    // a frame that is refused it, as it is refused the storage
  }
}

function put(kind: string, value: unknown, [page, label]: [string, string], old: readonly (RunKey | undefined)[]) {
  return store("readwrite", async (runs) => {
    const [last] = sorted(kind, await promisifyRequest(runs.getAllKeys()));
    const key: RunKey = [kind, order(last) + 1, page, label];
    for (const known of old) if (known !== undefined) runs.delete(known);
    runs.put(value, key);
    await promisifyRequest(runs.transaction);
    tellTabs({kind});
    return key;
  });
}

function own(kind: string, key: RunKey | undefined): void {
  if (key) owned.set(kind, key);
  else owned.delete(kind);
  try {
    if (key) sessionStorage.setItem(kind, JSON.stringify(key));
    else sessionStorage.removeItem(kind);
  } catch {
    // forbidden: after a reload it counts as another tab's
  }
}

function tellTabs(told: Told): void {
  try {
    const said = new BroadcastChannel(channel);
    said.postMessage(told);
    said.close();
  } catch {
    // as above
  }
}

function sorted(kind: string, all: readonly IDBValidKey[]): RunKey[] {
  return all.filter((key): key is RunKey => isOf(kind, key)).sort((a, b) => order(b) - order(a));
}

function isOf(kind: string, key: unknown): boolean {
  if (!Array.isArray(key)) return key === kind;
  const [of, order, page, label] = key as unknown[];
  return of === kind && Number.isSafeInteger(order) && typeof page === "string" && typeof label === "string";
}

function order(key: RunKey | undefined): number {
  return typeof key === "object" ? key[1] : 0;
}
