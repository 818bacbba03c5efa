import type {Texels} from "../texels/texel-kernel.js";
import {texelKernel, toTexels} from "../texels/texel-kernel.js";
import {siluText} from "./group-norm-silu.js";
import type {Parts, Weights} from "./texel-convolution.js";
import type {TexelLayout} from "../texels/texel-layout.js";

// How the blocks are told what the embedding says: one product for all of them.

/** Whom the embedding is told to, by the names of the matrices, in the order in which their numbers lie. */
export const listeners = ["down.condition", "before.condition", "after.condition", "up.condition", "mix.condition"];

/** Tables that say where the numbers of all listeners come from, and their gradients belong. */
export interface ListenerTables {
  columns: Texels; // for each texel of a row: the kernel's first texel in its column, texels in a row, the bias's, if any
  gradients: Texels; // for each texel of the gradients of their weights, one listener after another: row and column
  width: number; // texels in a row
  offsets: Map<string, number>; // of the listeners in it
  parts: {at: number; size: number; base: number}[]; // the regions of the gradients
}

/** Makes the tables; the caller disposes of both tensors. */
export function listenerTables({find}: TexelLayout, hasBias: (name: string) => boolean): ListenerTables {
  const columns: number[] = [];
  const gradients: number[] = [];
  const offsets = new Map<string, number>();
  const parts: ListenerTables["parts"] = [];
  let width = 0;
  for (const name of listeners) {
    const kernelName = hasBias(name) ? `${name}.kernel` : name;
    const {at, rows, width: own} = find(kernelName);
    const lines = rows + Number(hasBias(name));
    for (let o = 0; o < own; ++o) columns.push(at + o, own, at + rows * own + o, Number(hasBias(name)));
    parts.push({at, size: lines * own, base: gradients.length / 4});
    for (let row = 0; row < lines; ++row) {
      for (let o = 0; o < own; ++o) gradients.push(row, width + o, 0, 0);
    }
    offsets.set(name, width);
    width += own;
  }
  return {columns: toTexels(columns), gradients: toTexels(gradients), width, offsets, parts};
}

const tellKernel = texelKernel("Tell", {
  inputs: ["e", "w", "columns"],
  integers: ["out", "width", "base"],
  text: `${siluText}
vec4 texel(int i) {
  int image = i / $out;
  vec4 column = columns(i - image * $out);
  int k = $base + int(column.x + 0.5);
  int across = int(column.y + 0.5);
  vec4 sum = w($base + int(column.z + 0.5)) * column.w;
  for (int c = 0; c < $width; ++c) {
    vec4 v = silu(e(image * $width + c));
    sum += v.x * w(k) + v.y * w(k + across) + v.z * w(k + 2 * across) + v.w * w(k + 3 * across);
    k += 4 * across;
  }
  return sum;
}`
});

/** What all listeners are told, [n, tables.width] texels. One launch. */
export function tell(
  n: number,
  second: Texels,
  {texels: w, base}: Weights,
  {columns, width: out}: ListenerTables
): Texels {
  const width = second.shape[0] / n;
  return tellKernel(n * out, {e: second, w, columns}, {out, width, base});
}

const joinKernel = texelKernel("TellGradient", {
  inputs: ["down", "before", "after", "up", "dh"],
  integers: ["out", "outer", "inner", "width"],
  text: `vec4 texel(int i) {
  int image = i / $out;
  int o = i - image * $out;
  if (o < $outer) {
    return down(image * $outer + o);
  }
  o -= $outer;
  if (o < $inner) {
    return before(image * $inner + o);
  }
  o -= $inner;
  if (o < $inner) {
    return after(image * $inner + o);
  }
  o -= $inner;
  if (o < $outer) {
    return up(image * $outer + o);
  }
  o -= $outer;
  int units = $out - 2 * $outer - 2 * $inner;
  vec4 sum = vec4(0.0);
  int source = (image * units + o) * 4 * $width;
  for (int c = 0; c < $width; ++c) {
    sum.x += dot(dh(source + c), vec4(1.0));
    sum.y += dot(dh(source + $width + c), vec4(1.0));
    sum.z += dot(dh(source + 2 * $width + c), vec4(1.0));
    sum.w += dot(dh(source + 3 * $width + c), vec4(1.0));
  }
  return sum;
}`
});

/** Gradients for the listeners: of scale and shift for each block, and of the hidden units of the mixing. */
export interface ListenerGradients {
  down: Texels;
  before: Texels;
  after: Texels;
  up: Texels;
  dh: Texels; // [n, units, channels]
}

/** The gradient of what was told. One launch. */
export function tellGradient(
  n: number,
  from: ListenerGradients,
  {width: out}: ListenerTables,
  channels: number
): Texels {
  const [outer, inner] = [from.down.shape[0] / n, from.before.shape[0] / n];
  return joinKernel(n * out, {...from}, {out, outer, inner, width: channels});
}

const secondBackKernel = texelKernel("EmbedLabelsBack", {
  inputs: ["d", "e", "w", "columns"],
  integers: ["out", "width", "base"],
  text: `${siluText}
vec4 texel(int i) {
  int image = i / $width;
  int c = i - image * $width;
  vec4 sum = vec4(0.0);
  for (int o = 0; o < $out; ++o) {
    vec4 column = columns(o);
    int across = int(column.y + 0.5);
    int k = $base + int(column.x + 0.5) + 4 * c * across;
    vec4 g = d(image * $out + o);
    sum += vec4(dot(g, w(k)), dot(g, w(k + across)), dot(g, w(k + 2 * across)), dot(g, w(k + 3 * across)));
  }
  return sum * siluSlope(e(i));
}`
});

/** The gradient of the second layer. One launch. */
export function embedLabelsBack(
  second: Texels,
  told: Texels,
  {texels: w, base}: Weights,
  {columns, width: out}: ListenerTables
): Texels {
  const width = (second.shape[0] * out) / told.shape[0];
  return secondBackKernel(second.shape[0], {d: told, e: second, w, columns}, {out, width, base});
}

const tellFilter = texelKernel("TellFilter", {
  inputs: ["d", "e", "gradients"],
  integers: ["images", "out", "width"],
  text: `${siluText}
vec4 texel(int i) {
  vec4 own = gradients(i);
  int row = int(own.x + 0.5);
  int o = int(own.y + 0.5);
  int c = row / 4;
  int part = row - 4 * c;
  vec4 mask = vec4(float(part == 0), float(part == 1), float(part == 2), float(part == 3));
  vec4 sum = vec4(0.0);
  for (int image = 0; image < $images; ++image) {
    vec4 g = d(image * $out + o);
    if (c == $width) {
      sum += g;
    } else {
      sum += g * dot(silu(e(image * $width + c)), mask);
    }
  }
  return sum;
}`
});

/** The gradients of the weights of all listeners. One launch. */
export function tellGradients(n: number, second: Texels, told: Texels, tables: ListenerTables): Parts[] {
  const {gradients, width: out, parts} = tables;
  const own = {images: n, out, width: second.shape[0] / n};
  const texels = tellFilter(gradients.shape[0], {d: told, e: second, gradients}, own);
  return parts.map((part) => ({...part, texels, count: 1}));
}
