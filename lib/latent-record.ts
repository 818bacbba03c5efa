import type {Agreement, Decoder, RoundTrip} from "./latent.js";
import {agreement, betweenCodes, decodeLatent, lerp, roundTrip, turn} from "./latent.js";
import {fractionWithin} from "./metrics/modes.js";
import {sampleMoments} from "./metrics/moments.js";
import {mixtureDenoiser} from "./mixture.js";
import {pointSet} from "./points/index.js";
import {seededRandom} from "./random.js";
import {makeSchedule} from "./schedule.js";
import {toTheEnd} from "./to-the-end.js";

/** What data/record-latent.ts measures for /latent, on the ring of eight; each list has an entry for each seed. */
export interface LatentRecord {
  settings: {seeds: number[]; count: number};
  consistency: Record<string, Agreement[]>; // against S = 1000 from the same codes, by `decoder steps`
  trips: Record<string, RoundTrip[]>; // by `decoder at steps`
  middles: Record<string, Middle[]>; // half-way between pairs of codes, by the name of the way
}

/** What lies half-way between two codes. */
export interface Middle {
  variance: number; // of the codes in the middle, the mean of the two axes
  within: number; // the share of what DDIM makes of them that lies within 3 standard deviations of a mode
}

export const recordedConsistencySteps = [5, 10, 20, 50, 100] as const;
export const recordedTripSteps = [10, 20, 50, 100, 200, 500, 1000] as const;

const set = pointSet("ring8");
const mixture = set.mixture!;
const schedule = makeSchedule("linear");
const denoiser = mixtureDenoiser(mixture, schedule);
const noiseOf = (seed: number, count: number, which = 0) =>
  seededRandom(seed)
    .fork(which)
    .normals(2 * count);

/** Decodes with S and with 1000 steps from the same codes; DDPM's noise is drawn anew. */
export function recordConsistency(
  decoder: Decoder,
  steps: number,
  {seed, count}: {seed: number; count: number}
): Agreement {
  const xT = noiseOf(seed, count);
  const few = toTheEnd(decodeLatent(decoder, denoiser, xT, {schedule, steps, seed: 2 * seed}));
  const many = toTheEnd(decodeLatent(decoder, denoiser, xT, {schedule, steps: 1000, seed: 2 * seed + 1}));
  return agreement(mixture, few, many);
}

/** Encodes and decodes points of the data. */
export function recordTrip(
  decoder: Decoder,
  {at, steps, seed, count}: {at: "source" | "target"; steps: number; seed: number; count: number}
): RoundTrip {
  const x0 = set.sample(count, seededRandom(seed));
  return toTheEnd(roundTrip(decoder, denoiser, x0, {schedule, steps, at, seed}));
}

/** Half-way between pairs of codes, on a line or around the origin, read by DDIM with 50 steps. */
export function recordMiddle(way: "lerp" | "turn", {seed, count}: {seed: number; count: number}): Middle {
  const [a, b] = [noiseOf(seed, count, 0), noiseOf(seed, count, 1)];
  const codes = betweenCodes(way === "lerp" ? lerp : turn, a, b, 0.5);
  const samples = toTheEnd(decodeLatent("ddim", denoiser, codes, {schedule, steps: 50}));
  const {covariance} = sampleMoments(codes);
  return {variance: (covariance[0] + covariance[3]) / 2, within: fractionWithin(mixture, samples)};
}
