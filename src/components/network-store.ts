import {keys} from "idb-keyval";
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

/** The network that was kept last, or undefined if there is none, or none that this version of the site understands. */
export async function storedNetwork(): Promise<StoredNetwork | undefined> {
  try {
    if ((await keys()).length === 0) return undefined; // most readers have trained nothing: no more is loaded for them
    const [{firstSound, keptRuns, pointRuns}, {soundNetwork}] = await Promise.all([
      import("./kept-runs.js"),
      import("./sound-network.js")
    ]);
    return (await firstSound(await keptRuns(pointRuns), soundNetwork))?.value;
  } catch {
    return undefined; // storage is forbidden: as if nothing had been kept
  }
}
