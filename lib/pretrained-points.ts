import type {Denoiser} from "./denoiser.js";
import type {WeightsManifest} from "./digits/weights-file.js";
import {decodeWeights, encodeWeights} from "./digits/weights-file.js";
import {noiseFloor, slicedWasserstein} from "./metrics/index.js";
import type {PointWeights} from "./plain-network.js";
import {layerShapes, plainNetwork} from "./plain-network.js";
import type {PointSet} from "./points/index.js";
import {seededRandom} from "./random.js";
import {last, sampleDdim} from "./sampler.js";
import type {Schedule, ScheduleName} from "./schedule.js";
import {makeSchedule} from "./schedule.js";
import {timestepList} from "./timesteps.js";

/** What all pretrained point networks have in common; with 112 units a file stays below 60 kB. */
export const pretrainedShape = {width: 112, prediction: "v", timesteps: 1000, schedule: "linear"} as const;

/** A network that comes with the pages: its weights, and what is known of them. */
export interface PretrainedPoints {
  weights: PointWeights; // both sets are the average
  schedule: Schedule;
  manifest: WeightsManifest; // `dataset` is the name of the point set
}

/** How near the samples of a network are to its data. */
export interface PointQuality {
  distance: number; // sliced Wasserstein distance, p = 1, to true samples; mean over repeats
  floor: number; // the same between two sets of true samples
  ratio: number; // of the two
  spread: number; // standard deviation of the ratio over repeats
}

/** The arguments of `pointQuality`. */
export interface PointQualityOptions {
  samples?: number; // points in a set, defaults to 1000
  steps?: number; // S of DDIM, defaults to 100
  repeats?: number; // runs from different noise, at least 2, defaults to 4
  seed?: number; // defaults to 0
}

const shapes = layerShapes(pretrainedShape.width);
const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);
const count = shapes.reduce((sum, shape) => sum + sizeOf(shape), 0);

/** Packs the averaged weights of a network of `pretrainedShape`, 16 bits each; a RangeError if it is of another shape. */
export function encodePointWeights(
  {width, ema}: PointWeights,
  manifest: Omit<WeightsManifest, "count" | "kind">
): Uint8Array {
  if (width !== pretrainedShape.width) {
    throw new RangeError(`the network has ${width} units a layer, but a pretrained one has ${pretrainedShape.width}`);
  }
  const values = new Float32Array(count);
  ema.reduce((at, array) => (values.set(array, at), at + array.length), 0);
  return encodeWeights(values, {...manifest, kind: "point-network"});
}

/** Reads such a file. Throws an Error, in words for the reader, when it is another file or damaged. */
export function decodePointWeights(bytes: Uint8Array): PretrainedPoints {
  const {values, manifest} = decodeWeights(bytes, {kind: "point-network", count});
  let at = 0;
  const ema = shapes.map((shape) => values.slice(at, (at += sizeOf(shape))));
  const {width, prediction, timesteps} = pretrainedShape;
  const schedule = makeSchedule((manifest.schedule ?? pretrainedShape.schedule) as ScheduleName, {timesteps});
  return {weights: {width, prediction, timesteps, weights: ema, ema}, schedule, manifest};
}

/**
 * The sliced Wasserstein distance of DDIM's samples (eta 0) to true ones, over that between two sets of true samples: 1 is
 * perfect. Takes some seconds.
 */
export function pointQuality(
  {weights, schedule}: Pick<PretrainedPoints, "weights" | "schedule">,
  set: PointSet,
  options?: PointQualityOptions
): PointQuality {
  return denoiserQuality({denoiser: plainNetwork(weights), schedule}, set, options);
}

/** The same for any denoiser of points, such as a network on our kernels, which is faster. */
export function denoiserQuality(
  {denoiser, schedule}: {denoiser: Denoiser<Float64Array>; schedule: Schedule},
  set: PointSet,
  {samples = 1000, steps = 100, repeats = 4, seed = 0}: PointQualityOptions = {}
): PointQuality {
  const metric = (a: Float64Array, b: Float64Array) => slicedWasserstein(a, b, {p: 1, directions: 64});
  const floor = noiseFloor(metric, (random) => set.sample(samples, random), {repeats: 40, seed: seed + 1}).mean;
  const timesteps = timestepList("trailing", {timesteps: schedule.timesteps, steps});
  const random = seededRandom(seed);
  const ratios = Array.from({length: repeats}, (_, i) => {
    const xT = random.fork(2 * i).normals(2 * samples);
    const {x} = last(sampleDdim(denoiser, xT, {schedule, timesteps}));
    return metric(x, set.sample(samples, random.fork(2 * i + 1))) / floor;
  });
  const ratio = ratios.reduce((sum, value) => sum + value, 0) / repeats;
  const square = ratios.reduce((sum, value) => sum + (value - ratio) ** 2, 0);
  return {distance: ratio * floor, floor, ratio, spread: Math.sqrt(square / (repeats - 1))};
}
