import type {Denoiser} from "../lib/denoiser.js";
import {mixtureDenoiser} from "../lib/mixture.js";
import type {PointSet} from "../lib/points/index.js";
import type {PointEpsilon} from "../lib/pointwise-denoiser.js";
import {pointwiseDenoiser} from "../lib/pointwise-denoiser.js";
import {seededRandom} from "../lib/random.js";
import type {Schedule} from "../lib/schedule.js";
import {makeSchedule} from "../lib/schedule.js";
import type {Tensor2D} from "../lib/tf.js";
import type {DenoiserSource} from "./denoiser-source.js";
import type {BadgeKind} from "./live.js";
import type {StoredNetwork} from "./network-store.js";
import {ownCode} from "./own-code.js";

/** What a figure samples with. */
export interface SamplerSource {
  denoiser: Denoiser<Tensor2D>;
  schedule: Schedule;
  truth: Float64Array; // true samples to compare with, [2 * count, 2] or fewer
  badge: [kind: BadgeKind, detail: string];
  dispose: () => void;
}

export interface ExactOptions {
  schedule: Schedule;
  count: number; // points that are sampled
  /** The reader's own formula, from the cell “denoiser”; defaults to the library's. */
  epsilon?: PointEpsilon;
}

/** The exact denoiser of a set that is a mixture. */
export async function exactSource(set: PointSet, {schedule, count, epsilon}: ExactOptions): Promise<SamplerSource> {
  const tensorDenoiser = await loadTensors(); // a formula on plain numbers: no GPU is needed
  const mixture = set.mixture!;
  const own = epsilon && pointwiseDenoiser(epsilon, mixture, schedule);
  const numbers = own ? {...own, predict: ownCode("denoiser", own.predict)} : mixtureDenoiser(mixture, schedule);
  return {
    denoiser: tensorDenoiser(numbers),
    schedule,
    truth: set.sample(2 * count, seededRandom(99)),
    badge: ["exact", "the denoiser is the mixture’s own formula; the step runs in tfjs"],
    dispose: () => {}
  };
}

/** A network in plain numbers, such as one that comes with the pages; no graphics card is needed. */
export async function networkSource(source: DenoiserSource, count: number): Promise<SamplerSource> {
  const tensorDenoiser = await loadTensors();
  const {denoiser, schedule, set, badge} = source;
  const truth = set.sample(2 * count, seededRandom(99));
  return {denoiser: tensorDenoiser(denoiser), schedule, truth, badge, dispose: () => {}};
}

/** Starts tfjs on the processor. It comes when something samples, not with the page. */
async function loadTensors() {
  const [{startBackend}, {tensorDenoiser}] = await Promise.all([
    import("../lib/backend.js"),
    import("../lib/tensor-denoiser.js")
  ]);
  await startBackend("cpu");
  return tensorDenoiser;
}

/** The network that was trained on /train, on tfjs. */
export async function storedSource(stored: StoredNetwork, count: number): Promise<SamplerSource> {
  const {startNetwork} = await import("./start-network.js");
  const {network, backend, dispose} = await startNetwork(stored);
  return {
    denoiser: network.ema,
    schedule: makeSchedule(stored.schedule),
    truth: thin(stored.points, 2 * count),
    badge: ["trained", `${stored.steps} steps on ${stored.backend}; sampling on ${backend}`],
    dispose
  };
}

/** At most `count` of the points, evenly picked. */
function thin(points: Float64Array, count: number): Float64Array {
  const n = points.length / 2;
  if (n <= count) return points;
  return Float64Array.from({length: 2 * count}, (_, i) => points[2 * Math.floor(((i >> 1) * n) / count) + (i & 1)]);
}
