import type {Matrix} from "../muon.js";
import type {Random} from "../random.js";
import {seededRandom} from "../random.js";

/** The sizes of a digit network. Channels are multiples of 8, the size of a group in group normalisation. */
export interface DigitShape {
  outer: number; // channels of the 14 x 14 grid
  inner: number; // channels of the 7 x 7 grid
  embedding: number; // numbers that say the time and the label
  mixing: number; // hidden units of the token mixing
}

/** The network of the site. */
export const digitShape: DigitShape = {outer: 24, inner: 56, embedding: 64, mixing: 96};

/** Sine and cosine of 16 frequencies. */
export const timeFeatures = 32;

/** The ten digits and "no label". */
export const labelCount = 11;

/** How the first values of an array are drawn: normal with this standard deviation, or 0. */
export interface Parameter {
  name: string;
  shape: number[];
  std: number;
  offset: number; // in the flat array of all weights
  size: number;
}

/**
 * All weights of a digit network, in the order in which they lie in one flat array. Kernels of convolutions are
 * [height, width, in, out], those of dense layers [in, out].
 */
export function digitParameters({outer, inner, embedding, mixing}: DigitShape = digitShape): Parameter[] {
  const list: Parameter[] = [];
  const add = (name: string, shape: number[], std = 0) => {
    const last = list.at(-1);
    const offset = last ? last.offset + last.size : 0;
    list.push({name, shape, std, offset, size: shape.reduce((product, n) => product * n, 1)});
  };
  const kernel = (name: string, shape: number[], gain = 1) => {
    const inputs = shape.slice(0, -1).reduce((product, n) => product * n, 1);
    add(`${name}.kernel`, shape, gain / Math.sqrt(inputs));
    add(`${name}.bias`, [shape.at(-1)!]);
  };
  const norm = (name: string, channels: number) => {
    add(`${name}.scale`, [channels]);
    add(`${name}.shift`, [channels]);
  };
  // The second product of each branch starts small, so that a block begins as what it adds to: worth 10 points of class
  // accuracy after 350 steps.
  const block = (name: string, from: number, to: number) => {
    norm(`${name}.norm`, from);
    kernel(`${name}.first`, [3, 3, from, to], 1.5);
    kernel(`${name}.condition`, [embedding, 2 * to]);
    kernel(`${name}.second`, [3, 3, to, to], 0.06);
    if (from !== to) add(`${name}.skip`, [from, to], 1 / Math.sqrt(from));
  };
  kernel("stem", [3, 3, 4, outer]);
  kernel("time.first", [timeFeatures, embedding], 1.5);
  kernel("time.second", [embedding, embedding], 1.5);
  add("label", [labelCount, embedding], 1);
  block("down", outer, outer);
  kernel("shrink", [2, 2, outer, inner]);
  block("before", inner, inner);
  norm("mix.norm", inner);
  kernel("mix.first", [49, mixing], 1.5);
  add("mix.condition", [embedding, mixing], 1 / Math.sqrt(embedding));
  kernel("mix.second", [mixing, 49], 0.06);
  block("after", inner, inner);
  kernel("grow", [inner, 4 * outer]);
  block("up", 2 * outer, outer);
  norm("head.norm", outer);
  kernel("head", [3, 3, outer, 4], 0.3);
  return list;
}

/**
 * The weights that Muon moves: all matrices but those at the ends of the network, where pixels come in and go out, and the
 * table of labels. These, scales, shifts and biases are Adam's.
 */
export function digitMatrices(parameters: readonly Parameter[] = digitParameters()): Matrix[] {
  const outside = /^(?:stem|head|label)\b/;
  return parameters
    .filter(({name, shape}) => shape.length > 1 && !outside.test(name))
    .map(({offset, shape, size}) => ({offset, rows: size / shape.at(-1)!, columns: shape.at(-1)!}));
}

/** The number of weights. */
export function parameterCount(parameters: readonly Parameter[] = digitParameters()): number {
  const last = parameters.at(-1)!;
  return last.offset + last.size;
}

/** Multiplications and additions of one answer of the network for one digit, products of matrices only. */
export function flops({outer, inner, embedding, mixing}: DigitShape = digitShape): number {
  const block = (places: number, from: number, to: number) =>
    places * (9 * from * to + 9 * to * to + (from === to ? 0 : from * to)) + embedding * 2 * to;
  const products =
    196 * 9 * 4 * outer +
    (timeFeatures + embedding) * embedding +
    block(196, outer, outer) +
    49 * 4 * outer * inner +
    2 * block(49, inner, inner) +
    inner * (2 * 49 + embedding) * mixing +
    49 * inner * 4 * outer +
    block(196, 2 * outer, outer) +
    196 * 9 * outer * 4;
  return 2 * products;
}

/** The first weights, which depend on the seed only. */
export function initialWeights(parameters: readonly Parameter[], seed: number): Float32Array {
  const random: Random = seededRandom(seed);
  const values = new Float32Array(parameterCount(parameters));
  for (const {std, offset, size} of parameters) {
    if (std > 0)
      values.set(
        Float32Array.from(random.normals(size), (z) => std * z),
        offset
      );
  }
  return values;
}

/** Sine and cosine of the time t (an index in 0..timesteps-1) at frequencies from 1 to 30, for each t: [n, 32]. */
export function timeFeaturesOf(t: ArrayLike<number>, timesteps = 1000): Float32Array {
  const half = timeFeatures / 2;
  const features = new Float32Array(t.length * timeFeatures);
  for (let i = 0; i < t.length; ++i) {
    for (let k = 0; k < half; ++k) {
      const angle = (30 ** (k / (half - 1)) * (t[i] + 1)) / timesteps;
      features[i * timeFeatures + k] = Math.sin(angle);
      features[i * timeFeatures + half + k] = Math.cos(angle);
    }
  }
  return features;
}

/** Says where the weights of a name lie. */
export type Find = (name: string) => Parameter;

/** Finds weights by name. */
export function finder(parameters: readonly Parameter[]): Find {
  const byName = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  return (name) => {
    const found = byName.get(name);
    if (!found) throw new RangeError(`there are no weights ${name}`);
    return found;
  };
}
