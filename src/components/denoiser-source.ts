import type {Denoiser} from "../lib/denoiser.js";
import {mixtureDenoiser} from "../lib/mixture.js";
import type {PointSet} from "../lib/points/index.js";
import type {Random} from "../lib/random.js";
import type {Schedule} from "../lib/schedule.js";
import {makeSchedule} from "../lib/schedule.js";
import {readable} from "./format.js";
import type {BadgeKind} from "./live.js";
import {networkDenoiser} from "./network-denoiser.js";
import type {StoredNetwork} from "./network-store.js";
import {pretrainedNetwork} from "./pretrained-network.js";

/** A denoiser for points in plain numbers, and all that a figure needs to use it and to say what it is. */
export interface DenoiserSource {
  denoiser: Denoiser<Float64Array>;
  schedule: Schedule; // the one that it is for; a network brings its own
  set: PointSet; // what it makes samples of
  badge: [kind: BadgeKind, detail: string];
}

/** The exact denoiser of a set that is a mixture; a RangeError for another set. */
export function exactDenoiser(set: PointSet, schedule: Schedule): DenoiserSource {
  if (!set.mixture) throw new RangeError(`${set.title} is no mixture, so its denoiser has no formula: take a network`);
  const denoiser = mixtureDenoiser(set.mixture, schedule);
  return {denoiser, schedule, set, badge: ["exact", "the denoiser is the mixture’s own formula"]};
}

/** The network that comes with the pages for a set. Rejects in words for the reader when it cannot be loaded. */
export async function pretrainedDenoiser(set: PointSet): Promise<DenoiserSource> {
  const {weights, schedule, manifest} = await pretrainedNetwork(set.name);
  const ratio = manifest.quality?.ratio ?? NaN;
  const quality = Number.isFinite(ratio) ? `; its samples lie ${readable(ratio, 2)} × the floor from the data` : "";
  const badge: DenoiserSource["badge"] = ["pretrained", `a network, ${manifest.steps} training steps${quality}`];
  return {denoiser: await networkDenoiser(weights), schedule, set, badge};
}

/** The network that the reader trained on /train; `sets` are those that it may be of. */
export async function trainedDenoiser(stored: StoredNetwork, sets: readonly PointSet[]): Promise<DenoiserSource> {
  const set = sets.find(({name}) => name === stored.data) ?? ownPoints(stored);
  const badge: DenoiserSource["badge"] = ["trained", `a network, ${stored.steps} steps on ${stored.backend}`];
  return {denoiser: await networkDenoiser(stored.weights), schedule: makeSchedule(stored.schedule), set, badge};
}

/** The reader's own points as a set: a sample of it is a choice among them. */
export function ownPoints({data, points}: Pick<StoredNetwork, "data" | "points">): PointSet {
  const total = points.length / 2;
  return {
    name: data,
    title: "Your points",
    mean: [0, 0],
    scale: 1,
    sample(count: number, random: Random) {
      const x = new Float64Array(2 * count);
      for (let i = 0; i < x.length; i += 2) {
        const at = 2 * random.integer(total);
        x.set(points.subarray(at, at + 2), i);
      }
      return x;
    }
  };
}
