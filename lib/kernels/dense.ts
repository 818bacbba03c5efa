import type {Layer, Layers, Value, Weights} from "./layers.js";

/** y = x kernel + bias at every place. The way back adds to x's gradient, unless x is the root of the network. */
export function dense(
  layers: Layers,
  x: Value,
  y: Value,
  weights: {kernel: Weights; bias?: Weights},
  {root = false} = {}
): Layer {
  return layers.product({
    a: {at: x.at, rows: layers.rows(x)},
    k: x.channels,
    y: {at: y.at, rows: layers.rows(y)},
    n: y.channels,
    ...weights,
    gradient: {
      ...(root ? {} : {a: {at: x.gradient.at, rows: layers.rows(x.gradient)}}),
      y: {at: y.gradient.at, rows: layers.rows(y.gradient)}
    }
  });
}

/** A layer that puts 0 in the place of y's negative numbers; the way back does so with the gradients there. */
export function rectify({kernels}: Layers, y: Value): Layer {
  const size = y.height * y.width * y.channels;
  const rounded = (n: number) => 4 * Math.ceil((n * size) / 4);
  return {
    forward: (n) => kernels.rectify(y.at, rounded(n)),
    back: (n) => kernels.rectifyBack(y.at, rounded(n), y.gradient.at)
  };
}

/** A layer that copies the gradient of y, times the slope of silu at x, to x; forward it is y = silu(x). */
export function bend({kernels}: Layers, x: Value, y: Value): Layer {
  const size = x.height * x.width * x.channels;
  return {
    forward: (n) => kernels.silu(x.at, n * size, y.at),
    back(n) {
      kernels.siluBack(x.at, n * size, y.gradient.at);
      kernels.floats(x.gradient.at, n * size).set(kernels.floats(y.gradient.at, n * size));
    }
  };
}
