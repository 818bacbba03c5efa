import type {Batch} from "../batches.js";
import {featureCount, timeFeatures} from "../plain-network.js";
import type {Schedule} from "../schedule.js";
import {settingsStride} from "./device.js";
import type {PointLayout} from "./point-layout.js";

// What the shaders of the point network are told, as bytes. The structures are those of ./training-text.js and
// ./point-text.js.

type Words = Float32Array<ArrayBuffer>;

/** For each index of the schedule, [timesteps, 34]: the share of the signal, that of the noise, and the time features. */
export function levelTable({timesteps, alphaBar}: Schedule): Words {
  const table = new Float32Array(featureCount * timesteps);
  for (let t = 0; t < timesteps; ++t) {
    table.set([Math.sqrt(alphaBar[t]), Math.sqrt(1 - alphaBar[t])], featureCount * t);
    table.set(timeFeatures((t + 1) / timesteps), featureCount * t + 2);
  }
  return table;
}

/** The values of a batch before the first step: 1 as the input of each bias, 0 elsewhere. */
export function firstValues({layers, values, rowQuads}: PointLayout): Words {
  const numbers = new Float32Array(4 * rowQuads * values);
  for (const {values: at, inputs} of layers) {
    numbers.fill(1, 4 * rowQuads * (at + inputs), 4 * rowQuads * (at + inputs + 1));
  }
  return numbers;
}

/** What a step's shaders know of it: the struct Plan. */
export interface PlanSettings {
  key: Uint32Array;
  draw: number;
  pool: number; // points to choose from
  rate: number; // with Adam's corrections, as epsilon
  epsilon: number;
  decay: number;
}

/** The settings of some steps, one stride each. */
export function planBytes(plans: readonly PlanSettings[]): ArrayBuffer {
  const bytes = new ArrayBuffer(settingsStride * plans.length);
  plans.forEach(({key, draw, pool, rate, epsilon, decay}, i) => {
    new Uint32Array(bytes, settingsStride * i).set([...key, draw, pool]);
    new Float32Array(bytes, settingsStride * i + 24).set([rate, epsilon, decay]);
  });
  return bytes;
}

/** The struct Run of the sampler. */
export function runWords(key: Uint32Array, count: number, steps: number): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(settingsStride / 4);
  words.set([...key, count, steps]);
  return words;
}

/** The sampler's moves: four words each. */
export function moveWords(moves: readonly {x: number; output: number; noise: number; t: number}[]): Words {
  const words = new Float32Array(4 * moves.length);
  const integers = new Uint32Array(words.buffer);
  moves.forEach(({x, output, noise, t}, i) => {
    words.set([x, output, noise], 4 * i);
    integers[4 * i + 3] = t;
  });
  return words;
}

/** A batch as the struct One of each of its points: eight words. */
export function batchWords({x0, epsilon, t, signal, noise}: Batch): Words {
  const words = new Float32Array(8 * t.length);
  const integers = new Uint32Array(words.buffer);
  for (let i = 0; i < t.length; ++i) {
    words.set([x0[2 * i], x0[2 * i + 1], epsilon[2 * i], epsilon[2 * i + 1], signal[i], noise[i]], 8 * i);
    integers[8 * i + 6] = t[i];
  }
  return words;
}

/** The other way. */
export function wordsBatch(words: Words): Batch {
  const n = words.length / 8;
  const integers = new Uint32Array(words.buffer);
  const pairs = (at: number) => Float32Array.from({length: 2 * n}, (_, i) => words[8 * (i >> 1) + at + (i & 1)]);
  const column = (at: number) => Float32Array.from({length: n}, (_, i) => words[8 * i + at]);
  const t = Float32Array.from({length: n}, (_, i) => integers[8 * i + 6]);
  return {x0: pairs(0), epsilon: pairs(2), t, signal: column(4), noise: column(5)};
}
