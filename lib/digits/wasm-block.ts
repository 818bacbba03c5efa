import {dense} from "../kernels/dense.js";
import type {Layer, Layers, Value} from "../kernels/layers.js";
import {normalization} from "../kernels/normalization.js";
import type {Find} from "./digit-shape.js";
import type {Said} from "./wasm-embedding.js";

/** Two convolutions around x, the second told the time and the label by its normalisation (He et al. 2016). */
export function residualBlock(layers: Layers, name: string, x: Value, said: Said, y: Value, find: Find): Layer {
  const {kernels} = layers;
  const {channels} = y;
  const bent = layers.value(x, {pad: 1, gradientPad: 0});
  const hidden = layers.value(y);
  const told = layers.value(y, {pad: 1, gradientPad: 0});
  const condition = layers.value({height: 1, width: 1, channels: 2 * channels}, {gradientPad: 0});
  const part = (suffix: string) => find(`${name}.${suffix}`);
  const saidRows = layers.table([0], said.size);
  const tell = layers.product({
    a: {at: said.at, rows: saidRows},
    k: said.size,
    y: {at: condition.at, rows: layers.rows(condition)},
    n: 2 * channels,
    kernel: part("condition.kernel"),
    bias: part("condition.bias"),
    gradient: {
      a: {at: said.gradient, rows: saidRows},
      y: {at: condition.gradient.at, rows: layers.rows(condition.gradient)}
    }
  });
  const before = normalization(layers, x, {scale: part("norm.scale"), shift: part("norm.shift")}, bent);
  const first = layers.convolution(bent, part("first.kernel"), part("first.bias"), hidden);
  const perImage = {at: condition.at, gradient: condition.gradient.at};
  const between = normalization(layers, hidden, {perImage}, told);
  const second = layers.convolution(told, part("second.kernel"), part("second.bias"), y, {accumulate: true});
  const skip = x.channels === channels ? copyOver() : dense(layers, x, y, {kernel: part("skip")});
  return {
    forward(n) {
      tell.forward(n);
      before.forward(n);
      first.forward(n);
      between.forward(n);
      skip.forward(n);
      second.forward(n);
    },
    back(n) {
      for (const {gradient} of [hidden, condition]) layers.clear(gradient, n);
      second.back(n);
      skip.back(n);
      between.back(n);
      first.back(n);
      before.back(n);
      tell.back(n);
    }
  };

  function copyOver(): Layer {
    const places = x.height * x.width;
    const [a, b, g, h] = [x, y, y.gradient, x.gradient].map((images) => layers.rows(images));
    return {
      forward: (n) => kernels.copyRows(x.at, a.at, y.at, b.at, n * places, channels, false),
      back: (n) => kernels.copyRows(y.gradient.at, g.at, x.gradient.at, h.at, n * places, channels, true)
    };
  }
}
