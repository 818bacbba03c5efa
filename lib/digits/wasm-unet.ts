import type {Grid, Images, Layer, Layers, Value} from "../kernels/layers.js";
import {normalization} from "../kernels/normalization.js";
import type {DigitShape, Find} from "./digit-shape.js";
import {residualBlock} from "./wasm-block.js";
import {embeddingOf} from "./wasm-embedding.js";
import {tokenMixing} from "./wasm-mixing.js";

/** The digit network on our kernels: the same as in ./tensor-unet.js, layer by layer. */
export interface WasmUnet {
  input: Images; // patches [n, 14, 14, 4], with a margin of 1
  output: Value; // the same, without a margin
  times: number; // address of the time features [n, 32]
  /** The answer for n digits, whose labels [n] are given. */
  forward(n: number, labels: ArrayLike<number>): void;
  /** Adds to the gradients of the weights, from the gradient of the output. */
  back(n: number, labels: ArrayLike<number>): void;
}

/** Puts the layers together. `find` says where the weights of a name lie. */
export function wasmUnet(layers: Layers, {outer, inner, embedding, mixing}: DigitShape, find: Find): WasmUnet {
  const {kernels} = layers;
  const large: Grid = {height: 14, width: 14, channels: outer};
  const small: Grid = {height: 7, width: 7, channels: inner};
  const patches: Grid = {height: 14, width: 14, channels: 4};
  const input: Value = {...layers.images(patches, 1), gradient: {...patches, pad: 0, at: 0}};
  const output = layers.value(patches);
  const said = embeddingOf(layers, embedding, find);

  const stem = layers.value(large);
  const down = layers.value(large);
  const shrunk = layers.value(small);
  const before = layers.value(small);
  const mixed = layers.value(small);
  const after = layers.value(small);
  const joined = layers.value({...large, channels: 2 * outer}); // what was grown, and what came down
  const up = layers.value(large);
  const active = layers.value(large, {pad: 1, gradientPad: 0});

  const sequence: Layer[] = [
    layers.convolution(input, find("stem.kernel"), find("stem.bias"), stem, {first: true}),
    residualBlock(layers, "down", stem, said, down, find),
    shrink(layers, down, shrunk, find),
    residualBlock(layers, "before", shrunk, said, before, find),
    tokenMixing(layers, before, said, mixed, mixing, find),
    residualBlock(layers, "after", mixed, said, after, find),
    grow(layers, after, joined, find),
    join(layers, down, joined),
    residualBlock(layers, "up", joined, said, up, find),
    normalization(layers, up, {scale: find("head.norm.scale"), shift: find("head.norm.shift")}, active),
    layers.convolution(active, find("head.kernel"), find("head.bias"), output)
  ];
  const gathered = [stem, down, shrunk, before, mixed, after, joined, up]; // values to whose gradients layers add

  return {
    input,
    output,
    times: said.times,
    forward(n, labels) {
      said.forward(n, labels);
      for (const layer of sequence) layer.forward(n);
    },
    back(n, labels) {
      for (const {gradient} of gathered) layers.clear(gradient, n);
      said.clear(n);
      for (const layer of [...sequence].reverse()) layer.back(n);
      said.back(n, labels);
    }
  };

  /** The grid of 7 x 7: each place sees 2 x 2 of the larger one. */
  function shrink(layers: Layers, from: Value, to: Value, find: Find): Layer {
    const corners = (images: Images) => {
      const wide = images.width + 2 * images.pad;
      return eachPlace(small, (y, x) => ((2 * y + images.pad) * wide + 2 * x + images.pad) * outer);
    };
    const size = (images: Images) => (14 + 2 * images.pad) ** 2 * outer;
    const {gradient} = from;
    return layers.product({
      a: {at: from.at, rows: layers.table(corners(from), size(from))},
      segments: 2,
      segment: 14 * outer,
      k: 2 * outer,
      y: {at: to.at, rows: layers.rows(to)},
      n: inner,
      kernel: find("shrink.kernel"),
      bias: find("shrink.bias"),
      gradient: {
        a: {at: gradient.at, rows: layers.table(corners(gradient), size(gradient)), segment: 16 * outer},
        y: {at: to.gradient.at, rows: layers.rows(to.gradient)}
      }
    });
  }

  /** The way back to 14 x 14: each place becomes 2 x 2, in the first channels of `to`. */
  function grow(layers: Layers, from: Value, to: Value, find: Find): Layer {
    const parts = [0, 1, 2, 3].map((part) => {
      const rows = (images: Images) => {
        const wide = images.width + 2 * images.pad;
        const place = (y: number, x: number) => (y + images.pad) * wide + x + images.pad;
        const offsets = eachPlace(small, (y, x) => place(2 * y + (part >> 1), 2 * x + (part & 1)) * images.channels);
        return layers.table(offsets, wide * (images.height + 2 * images.pad) * images.channels);
      };
      return layers.product({
        a: {at: from.at, rows: layers.rows(from)},
        k: inner,
        y: {at: to.at, rows: rows(to)},
        n: outer,
        kernel: find("grow.kernel"),
        column: part * outer,
        columns: 4 * outer,
        bias: {offset: find("grow.bias").offset + part * outer, size: outer},
        gradient: {
          a: {at: from.gradient.at, rows: layers.rows(from.gradient)},
          y: {at: to.gradient.at, rows: rows(to.gradient)}
        }
      });
    });
    return {
      forward: (n) => parts.forEach((part) => part.forward(n)),
      back: (n) => parts.forEach((part) => part.back(n))
    };
  }

  /** Puts what came down into the last channels of `to`. */
  function join(layers: Layers, from: Value, to: Value): Layer {
    const [source, target] = [layers.rows(from), layers.rows(to, {shift: outer})];
    const [g, to_] = [layers.rows(to.gradient, {shift: outer}), layers.rows(from.gradient)];
    return {
      forward: (n) => kernels.copyRows(from.at, source.at, to.at, target.at, n * 196, outer, false),
      back: (n) => kernels.copyRows(to.gradient.at, g.at, from.gradient.at, to_.at, n * 196, outer, true)
    };
  }
}

function eachPlace<A>({height, width}: Grid, make: (y: number, x: number) => A): A[] {
  return Array.from({length: height * width}, (_, i) => make(Math.floor(i / width), i % width));
}
