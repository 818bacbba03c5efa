import {stratifiedTimesteps} from "../batches.js";
import type {Random} from "../random.js";
import {seededRandom} from "../random.js";
import type {Schedule} from "../schedule.js";
import {digitPixels, digitSchedule, noLabel} from "./digit.js";
import type {DigitBatch} from "./digit-network.js";

/** What batches are drawn from, and how. */
export interface DigitBatchOptions {
  pixels: Uint8Array; // [count, 784], 0..255
  labels: Uint8Array; // [count]
  batch: number;
  seed: number;
  dropped?: number; // the share of digits that are shown without their label; defaults to 0.1
  schedule?: Schedule; // defaults to digitSchedule
}

const fine = 1 << 20;

/**
 * Times for a batch, each from a stratum of its own, in 0..timesteps-1. Middle ones are three times as frequent as the
 * first and the last: the density over the share u of the way is 1 - cos(2 pi u) / 2. Near the data and near the noise
 * there is less to learn that a few steps could; worth a fifth of the Fréchet distance after 350 steps.
 */
export function middleTimesteps(count: number, timesteps: number, random: Random): Float32Array {
  return stratifiedTimesteps(count, fine, random).map((index) =>
    Math.min(timesteps - 1, Math.floor(timesteps * middleShare((index + 0.5) / fine)))
  );
}

/** The u with u - sin(2 pi u) / (4 pi) = share: what the share of the draws below it is `share`. */
function middleShare(share: number): number {
  let u = share;
  for (let i = 0; i < 30; ++i) u = share + Math.sin(2 * Math.PI * u) / (4 * Math.PI);
  return u;
}

/**
 * A function that draws the batch of a step: digits with noise, each at a time of its own, and the velocity that was in
 * them (Salimans and Ho 2022). It depends on the seed and the step only, so that a training can be continued exactly.
 */
export function digitBatches(options: DigitBatchOptions): (step: number) => DigitBatch {
  const {pixels, labels, batch, seed, dropped = 0.1, schedule = digitSchedule} = options;
  const count = labels.length;
  if (!count || pixels.length !== count * digitPixels) {
    throw new RangeError(`there are ${pixels.length} pixels for ${count} labels: each digit has ${digitPixels}`);
  }
  if (!Number.isInteger(batch) || batch < 1) throw new RangeError(`batch is ${batch}: choose at least one digit`);
  const signal = schedule.alphaBar.map(Math.sqrt);
  const noise = schedule.alphaBar.map((alphaBar) => Math.sqrt(1 - alphaBar));
  return (step) => {
    const random = seededRandom(seed).fork(step);
    const t = middleTimesteps(batch, schedule.timesteps, random);
    const x = new Float32Array(batch * digitPixels);
    const target = new Float32Array(batch * digitPixels);
    const shown = new Uint8Array(batch);
    for (let i = 0; i < batch; ++i) {
      const k = random.integer(count);
      shown[i] = random.uniform() < dropped ? noLabel : labels[k];
      const [a, b] = [signal[t[i]], noise[t[i]]];
      for (let j = 0; j < digitPixels; ++j) {
        const x0 = pixels[k * digitPixels + j] / 127.5 - 1;
        const epsilon = random.normal();
        x[i * digitPixels + j] = a * x0 + b * epsilon;
        target[i * digitPixels + j] = a * epsilon - b * x0;
      }
    }
    return {x, target, t, labels: shown};
  };
}
