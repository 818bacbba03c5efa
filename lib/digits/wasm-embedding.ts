import {bend, dense} from "../kernels/dense.js";
import type {Layers} from "../kernels/layers.js";
import type {Find} from "./digit-shape.js";
import {labelCount, timeFeatures} from "./digit-shape.js";

/** What the network is told beside the picture: the time and the label, as `size` numbers for each digit. */
export interface Said {
  times: number;
  at: number;
  gradient: number;
  size: number;
  forward(n: number, labels: ArrayLike<number>): void;
  back(n: number, labels: ArrayLike<number>): void;
  clear(n: number): void;
}

/** Makes what all blocks are told: time features and a row of the table of labels, through two dense layers. */
export function embeddingOf(layers: Layers, size: number, find: Find): Said {
  const {kernels, capacity} = layers;
  const list = (channels: number) => layers.value({height: 1, width: 1, channels}, {gradientPad: 0});
  const [times, first, bent, sum, said] = [list(timeFeatures), list(size), list(size), list(size), list(size)];
  const part = (name: string) => ({kernel: find(`${name}.kernel`), bias: find(`${name}.bias`)});
  const sequence = [
    dense(layers, times, first, part("time.first"), {root: true}),
    bend(layers, first, bent),
    dense(layers, bent, sum, part("time.second"))
  ];
  const last = bend(layers, sum, said);
  const table = find("label");
  /** Adds rows of the table of labels, or adds to them. */
  const eachLabel = (
    labels: ArrayLike<number>,
    n: number,
    base: number,
    visit: (own: Float32Array, i: number) => void
  ) => {
    const rows = kernels.floats(base + 4 * table.offset, labelCount * size);
    for (let i = 0; i < n; ++i) visit(rows.subarray(labels[i] * size, (labels[i] + 1) * size), i);
  };
  return {
    times: times.at,
    at: said.at,
    gradient: said.gradient.at,
    size,
    forward(n, labels) {
      for (const layer of sequence) layer.forward(n);
      const values = kernels.floats(sum.at, capacity * size);
      eachLabel(labels, n, layers.weights, (row, i) => row.forEach((value, j) => (values[i * size + j] += value)));
      last.forward(n);
    },
    clear(n) {
      for (const {gradient} of [said, bent]) layers.clear(gradient, n);
    },
    back(n, labels) {
      last.back(n);
      const g = kernels.floats(sum.gradient.at, n * size);
      eachLabel(labels, n, layers.gradients, (row, i) => row.forEach((_, j) => (row[j] += g[i * size + j])));
      for (const layer of [...sequence].reverse()) layer.back(n);
    }
  };
}
