import type {VarianceType} from "../lib/ddpm.js";
import {sampleDdimAsync, sampleDdpmAsync} from "../lib/async-sampler.js";
import type {Classified} from "../lib/digits/digit-classifier.js";
import type {DigitArray} from "../lib/digits/digit-set.js";
import type {DigitPredictor} from "../lib/digits/digit-predictor.js";
import {guided} from "../lib/digits/digit-predictor.js";
import type {DigitQuality} from "../lib/digits/digit-quality.js";
import {digitQuality, frechetFloor} from "../lib/digits/digit-quality.js";
import {digitPixels, digitSchedule, toUnit} from "../lib/digits/digit.js";
import {seededRandom} from "../lib/random.js";
import type {SampleStep} from "../lib/sampler.js";
import {timestepList} from "../lib/timesteps.js";
import {loadClassifier} from "./pretrained.js";

/** How samples are drawn. */
export interface SampleOptions {
  sampler?: "ddim" | "ddpm"; // defaults to ddim
  steps: number; // S, trailing
  count: number;
  guidance: number;
  eta?: number;
  variance?: VarianceType;
  seed?: number; // of the noise; defaults to 0
  batch?: number; // digits at a time; defaults to 100
  onProgress?: (share: number) => void;
}

/** Digits 0..9 in turn, [count, 784], with the labels asked for and the seconds that it took. */
export async function drawSamples(network: DigitPredictor, options: SampleOptions) {
  const {sampler = "ddim", steps, count, guidance, eta = 0, variance, seed = 0, batch = 100, onProgress} = options;
  const timesteps = timestepList("trailing", {timesteps: digitSchedule.timesteps, steps});
  const x = new Float32Array(count * digitPixels);
  const asked = Uint8Array.from({length: count}, (_, i) => i % 10);
  const start = performance.now();
  for (let from = 0; from < count; from += batch) {
    const size = Math.min(batch, count - from);
    const random = seededRandom(seed).fork(from);
    const xT = random.fork(0).normals(size * digitPixels);
    const denoiser = guided(network, asked.subarray(from, from + size), guidance);
    const run = {schedule: digitSchedule, timesteps, clip: 1, seed: random.integer(1e9)};
    const states =
      sampler === "ddim"
        ? sampleDdimAsync(denoiser, xT, {...run, eta})
        : sampleDdpmAsync(denoiser, xT, {...run, variance});
    let last: SampleStep | undefined;
    for await (const state of states) {
      last = state;
      onProgress?.((from + (size * state.index) / timesteps.length) / count);
    }
    x.set(last!.x, from * digitPixels);
  }
  return {x, asked, seconds: (performance.now() - start) / 1000};
}

/** The quality of samples against 10,000 training digits, with the floor of as many other training digits, class for class. */
export async function networkQuality(
  network: DigitPredictor,
  {mnist, ...options}: SampleOptions & {mnist: {train: DigitArray}}
): Promise<DigitQuality & {floor: number; seconds: number; samples: Samples}> {
  const classifier = await loadClassifier();
  const {x, asked, seconds} = await drawSamples(network, options);
  const seen = classifier.classify(x);
  const real = classifier.classify(toUnit(balanced(mnist.train, 10_000))).features;
  // From the same part of MNIST: test digits are by other writers, and would make the floor three times as high.
  const others = classifier.classify(toUnit(balanced(secondHalf(mnist.train), options.count))).features;
  const floor = frechetFloor(others, real);
  return {...digitQuality(seen, asked, real), floor, seconds, samples: {x, asked, seen, real, others}};
}

/** What a quality was measured of. */
export interface Samples {
  x: Float32Array; // [count, 784]
  asked: Uint8Array; // [count]
  seen: Classified;
  real: Float32Array; // features of training digits
  others: Float32Array; // features of as many other training digits as samples
}

function secondHalf({pixels, labels, count}: DigitArray): DigitArray {
  const from = Math.floor(count / 2);
  return {count: count - from, pixels: pixels.subarray(from * digitPixels), labels: labels.subarray(from)};
}

/** The first digits of a set, as many of each class: what is asked for when samples are drawn. Pixels [count, 784]. */
export function balanced({pixels, labels}: DigitArray, count: number): Uint8Array {
  const taken = new Array<number>(10).fill(0);
  const chosen = new Uint8Array(count * digitPixels);
  let filled = 0;
  for (let i = 0; i < labels.length && filled < count; ++i) {
    if (taken[labels[i]] >= Math.ceil(count / 10)) continue;
    ++taken[labels[i]];
    chosen.set(pixels.subarray(i * digitPixels, (i + 1) * digitPixels), filled++ * digitPixels);
  }
  if (filled < count) throw new RangeError(`there are not ${Math.ceil(count / 10)} digits of each class`);
  return chosen;
}
