import type {AsyncDenoiser} from "../async-sampler.js";
import {sampleDdimAsync} from "../async-sampler.js";
import type {CoordinateStep} from "../coordinate-step.js";
import {timeSlice} from "../event-loop.js";
import {frechetDistance} from "../metrics/frechet.js";
import {jackknifeError} from "../metrics/jackknife.js";
import type {Measured} from "../metrics/measured-share.js";
import {measuredShare} from "../metrics/measured-share.js";
import {seededRandom} from "../random.js";
import {timestepList} from "../timesteps.js";
import {digitPixels, digitSchedule} from "./digit.js";
import {featureCount} from "./digit-classifier.js";
import type {DigitArray, DigitSource} from "./digit-set.js";

/** What a classifier says of n digits. */
export interface SeenDigits {
  labels: Uint8Array; // [n]
  features: Float32Array; // [n, 64]
}

/** Quality at one number of steps and one eta. */
export interface QualityCell {
  steps: number;
  eta: number;
  accuracy: Measured; // share of the samples that are the digit asked for
  distance?: Measured; // Fréchet, on the classifier's features, to real digits; with enough samples only
}

/** A table of cells, and what they were made with. */
export interface QualityTable {
  samples: number; // in each cell
  guidance: number;
  seed: number;
  source?: DigitSource; // of the digits that the distances are to
  floor?: Measured; // the distance between two sets of as many real digits
  cells: QualityCell[];
}

/** A table that was made earlier, with what it was made on. */
export interface RecordedQuality extends QualityTable {
  backend: string;
  trainingSteps: number; // of the network
}

/** The steps and etas of the table, as far as those of Song et al. 2021, Table 1, suit digits. */
export const qualitySteps = [5, 10, 20, 50] as const;
export const qualityEtas = [0, 0.5, 1] as const;

/** Fewer samples than this say nothing about a distance in 64 dimensions. */
export const leastForDistance = 1000;

const batch = 50; // digits asked for at once

export interface CellOptions {
  steps: number;
  eta: number;
  samples: number; // digits, the labels 0 to 9 in turn
  seed: number; // of x_T and of the noise; the same for all cells, so that they start alike
  /** The denoiser for digits with these labels, guidance included. */
  denoiser: (labels: Uint8Array) => AsyncDenoiser;
  classify: (x: Float32Array) => SeenDigits | Promise<SeenDigits>;
  real?: Float32Array; // features of real digits [samples, 64]; without them no distance is measured
  step?: CoordinateStep; // instead of DDIM's own
  signal?: AbortSignal;
}

/**
 * Samples and measures one cell. Yields the share that is done, 0 to 1, after each step of each batch; returns the cell, or
 * undefined when `signal` aborts.
 */
export async function* measureCell(options: CellOptions): AsyncGenerator<number, QualityCell | undefined> {
  const {steps, eta, samples, seed, classify, real, step, signal} = options;
  const timesteps = timestepList("trailing", {timesteps: digitSchedule.timesteps, steps});
  const asked = Uint8Array.from({length: samples}, (_, i) => i % 10);
  const seen = {labels: new Uint8Array(samples), features: new Float32Array(samples * featureCount)};
  for (let from = 0; from < samples; from += batch) {
    const labels = asked.subarray(from, from + batch);
    const random = seededRandom(seed).fork(from);
    const run = {schedule: digitSchedule, timesteps, eta, seed: random.fork(1).integer(2 ** 31), step, signal};
    let x: Float64Array = random.normals(labels.length * digitPixels);
    for await (const state of sampleDdimAsync(options.denoiser(labels), x, run)) {
      x = state.x;
      yield (from + (labels.length * state.index) / steps) / samples;
    }
    if (signal?.aborted) return undefined;
    const answer = await classify(Float32Array.from(x));
    if (signal?.aborted) return undefined;
    seen.labels.set(answer.labels, from);
    seen.features.set(answer.features, from * featureCount);
  }
  const hits = asked.filter((label, i) => seen.labels[i] === label).length;
  const distance = real && (await distanceWithError(seen.features, real));
  return {steps, eta, accuracy: measuredShare(hits, samples), ...(distance && {distance})};
}

/**
 * Two sets of `count` real digits each, pixels [count, 784]: one that samples are compared with, and one for the floor. Both
 * are spread over all that there are, one digit here, the next one there: neighbours in MNIST are by the same writers, and
 * two stretches of it lie further apart than good samples and bad. Labels go round as in the samples. Throws a RangeError if
 * a digit does not come often enough.
 */
export function twoSets({pixels, labels}: DigitArray, count: number): [Uint8Array, Uint8Array] {
  const places = Array.from({length: 10}, (): number[] => []);
  labels.forEach((label, i) => places[label].push(i));
  const each = Math.ceil(count / 10);
  const scarce = places.findIndex(({length}) => length < 2 * each);
  if (scarce >= 0)
    throw new RangeError(
      `two sets of ${count} digits take ${2 * each} of each, but there are ${places[scarce].length} ${scarce}s`
    );
  const setOf = (which: number) => {
    const chosen = new Uint8Array(count * digitPixels);
    for (let i = 0; i < count; ++i) {
      const own = places[i % 10];
      const k = own[Math.floor(((2 * Math.floor(i / 10) + which) * own.length) / (2 * each))];
      chosen.set(pixels.subarray(k * digitPixels, (k + 1) * digitPixels), i * digitPixels);
    }
    return chosen;
  };
  return [setOf(0), setOf(1)];
}

/**
 * The Fréchet distance of features a [n, 64] to b [m, 64]. Its error is a jackknife's over ten groups of a: how much another
 * draw of a would change it.
 */
export async function distanceWithError(a: Float32Array, b: Float32Array): Promise<Measured> {
  const slice = timeSlice();
  const groups = 10;
  const rows = a.length / featureCount;
  const without: number[] = [];
  for (let group = 0; group < groups; ++group) {
    await slice(); // for the page's sake: each distance takes some milliseconds
    // Neighbours leave together: the labels asked for go round, and each group must hold all of them.
    const kept = Array.from({length: rows}, (_, i) => i).filter((i) => Math.floor((i * groups) / rows) !== group);
    without.push(frechetDistance(rowsOf(a, kept), b, featureCount));
  }
  await slice();
  return {value: frechetDistance(a, b, featureCount), error: jackknifeError(without)};
}

function rowsOf(values: Float32Array, rows: readonly number[]): Float32Array {
  const chosen = new Float32Array(rows.length * featureCount);
  for (const [i, row] of rows.entries()) {
    chosen.set(values.subarray(row * featureCount, (row + 1) * featureCount), i * featureCount);
  }
  return chosen;
}
