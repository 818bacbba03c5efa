import {bend, dense} from "../kernels/dense.js";
import type {Layer, Layers, Value} from "../kernels/layers.js";
import {normalization} from "../kernels/normalization.js";
import type {Find} from "./digit-shape.js";
import type {Said} from "./wasm-embedding.js";

/** y = x + a small network along the 49 places, the same for each channel (Tolstikhin et al. 2021). */
export function tokenMixing(layers: Layers, x: Value, said: Said, y: Value, mixing: number, find: Find): Layer {
  const {kernels} = layers;
  const {channels} = x;
  const places = x.height * x.width;
  const normal = layers.value(x, {gradientPad: 0});
  const list = (channels: number) => layers.value({height: 1, width: x.channels, channels}, {gradientPad: 0});
  const [turned, first, bent, mixed] = [list(places), list(mixing), list(mixing), list(places)];
  const flat = layers.images(x); // the gradient of y without its margin
  const before = normalization(layers, x, {scale: find("mix.norm.scale"), shift: find("mix.norm.shift")}, normal, {
    linear: true
  });
  const part = (name: string) => ({kernel: find(`${name}.kernel`), bias: find(`${name}.bias`)});
  const one = dense(layers, turned, first, part("mix.first"));
  const curve = bend(layers, first, bent);
  const two = dense(layers, bent, mixed, part("mix.second"));
  // Every channel's row of hidden units is told the same.
  const saidRows = layers.table(new Array<number>(channels).fill(0), said.size);
  const tell = layers.product({
    a: {at: said.at, rows: saidRows},
    k: said.size,
    y: {at: first.at, rows: layers.rows(first)},
    n: mixing,
    kernel: find("mix.condition"),
    accumulate: true,
    gradient: {
      a: {at: said.gradient, rows: saidRows},
      y: {at: first.gradient.at, rows: layers.rows(first.gradient)}
    }
  });
  const [a, b, f, g, h] = [x, y, flat, y.gradient, x.gradient].map((images) => layers.rows(images));
  return {
    forward(n) {
      before.forward(n);
      kernels.transpose(normal.at, n, places, channels, turned.at, false);
      one.forward(n);
      tell.forward(n);
      curve.forward(n);
      two.forward(n);
      kernels.copyRows(x.at, a.at, y.at, b.at, n * places, channels, false);
      kernels.transpose(mixed.at, n, channels, places, y.at, true);
    },
    back(n) {
      for (const {gradient} of [bent, turned]) layers.clear(gradient, n);
      kernels.copyRows(y.gradient.at, g.at, flat.at, f.at, n * places, channels, false);
      kernels.transpose(flat.at, n, places, channels, mixed.gradient.at, false);
      two.back(n);
      curve.back(n);
      tell.back(n);
      one.back(n);
      kernels.transpose(turned.gradient.at, n, channels, places, normal.gradient.at, false);
      kernels.copyRows(y.gradient.at, g.at, x.gradient.at, h.at, n * places, channels, true);
      before.back(n);
    }
  };
}
