import type {Kernels} from "./kernels.js";

/** The sizes of an image on its grid. */
export interface Grid {
  height: number;
  width: number;
  channels: number;
}

/** Images [n, height, width, channels] in the kernels' memory, with a margin of `pad` zeros around each. */
export interface Images extends Grid {
  at: number;
  pad: number;
}

/** Images and the gradient of the loss with respect to them; `gradient.at` is 0 in a network that is not trained. */
export interface Value extends Images {
  gradient: Images;
}

/** A stretch of the flat array of weights. */
export interface Weights {
  offset: number; // in numbers
  size: number;
}

/** A part of a network: both run over the first n images. `back` needs what the last `forward` left. */
export interface Layer {
  forward(n: number): void;
  back(n: number): void;
}

/** Where each row of a matrix begins: a table in the kernels' memory, by image and row. */
export interface Rows {
  at: number; // of the table
  perImage: number;
}

/** One product y = a w + bias, as the layers use it: where its rows are, and which part of the kernel it takes. */
export interface ProductOptions {
  a: {at: number; rows: Rows};
  segments?: number; // stretches of a row of a; defaults to 1
  segment?: number; // from one to the next, in numbers
  k: number; // numbers in a stretch
  y: {at: number; rows: Rows};
  n: number; // columns of y
  kernel: Weights; // [segments k, columns], of which it takes n
  column?: number; // the first of them; defaults to 0
  columns?: number; // of the kernel; defaults to n
  bias?: Weights;
  accumulate?: boolean; // adds to y; defaults to false
  /** The gradients of a and y; without that of a, none is made for it. */
  gradient?: {a?: {at: number; rows: Rows; segment?: number}; y: {at: number; rows: Rows}};
}

/** Weights, buffers and layers of one network on our kernels, for up to `capacity` images at a time. */
export interface Layers {
  kernels: Kernels;
  capacity: number;
  weights: number; // addresses of the flat arrays
  gradients: number;
  /** Lays out all kernels anew, after the weights have changed. */
  prepare(): void;
  /** Room for images. A value has a gradient, with a margin of 1 unless told otherwise. */
  images(grid: Grid, pad?: number): Images;
  value(grid: Grid, options?: {pad?: number; gradientPad?: number}): Value;
  /** The rows of images: one a place, from the place's first channel, or `shift` numbers later. */
  rows(images: Images, options?: {shift?: number}): Rows;
  /** A table made by hand: offsets of one image, and how far the next image is. */
  table(offsets: number[], perImage: number): Rows;
  product(options: ProductOptions): Layer;
  /** y = the 3 x 3 convolution of a, which has a margin of 1, or y += it. */
  convolution(
    a: Value,
    kernel: Weights,
    bias: Weights,
    y: Value,
    options?: {accumulate?: boolean; first?: boolean}
  ): Layer;
  clear(images: Images, n: number): void;
}

const numbers = (grid: Images) => (grid.height + 2 * grid.pad) * (grid.width + 2 * grid.pad) * grid.channels;

/** Makes room for `count` weights; with `training` also for gradients. */
export function createLayers(
  kernels: Kernels,
  {count, capacity, training}: {count: number; capacity: number; training: boolean}
): Layers {
  const weights = kernels.take(count + 8);
  const gradients = training ? kernels.take(count + 8) : 0;
  const preparations: (() => void)[] = [];
  const tables = new Map<string, Rows>();

  const layers: Layers = {
    kernels,
    capacity,
    weights,
    gradients,
    prepare() {
      for (const prepare of preparations) prepare();
    },
    images(grid, pad = 0) {
      const images = {...grid, pad, at: 0};
      images.at = kernels.take(capacity * numbers(images));
      return images;
    },
    value(grid, {pad = 0, gradientPad = 1} = {}) {
      const none = {...grid, pad: gradientPad, at: 0};
      return {...layers.images(grid, pad), gradient: training ? layers.images(grid, gradientPad) : none};
    },
    table(offsets, perImage) {
      const key = `${perImage}:${offsets.join()}`;
      let rows = tables.get(key);
      if (!rows) {
        rows = {at: kernels.take(capacity * offsets.length), perImage: offsets.length};
        const table = kernels.integers(rows.at, capacity * offsets.length);
        for (let i = 0; i < capacity; ++i) {
          for (let j = 0; j < offsets.length; ++j) table[i * offsets.length + j] = i * perImage + offsets[j];
        }
        tables.set(key, rows);
      }
      return rows;
    },
    rows(images, {shift = 0} = {}) {
      return layers.table(places(images, shift), numbers(images));
    },
    product,
    convolution(a, kernel, bias, y, {accumulate = false, first = false} = {}) {
      const corner = (images: Images) => -((images.width + 2 * images.pad) * images.channels + images.channels);
      const line = (images: Images) => (images.width + 2 * images.pad) * images.channels;
      const forward = product({
        a: {at: a.at, rows: layers.rows(a, {shift: corner(a)})},
        segments: 3,
        segment: line(a),
        k: 3 * a.channels,
        y: {at: y.at, rows: layers.rows(y)},
        n: y.channels,
        kernel,
        bias,
        accumulate,
        gradient: training ? {y: {at: y.gradient.at, rows: layers.rows(y.gradient)}} : undefined
      });
      if (first || !training) return forward;
      // The way back is a convolution too, with the kernel turned around.
      const depth = 9 * y.channels;
      const packed = kernels.take(depth * Math.ceil(a.channels / 8) * 8);
      const from = layers.rows(y.gradient, {shift: corner(y.gradient)});
      const to = layers.rows(a.gradient);
      preparations.push(() => {
        for (let tap = 0; tap < 9; ++tap) {
          const source = weights + 4 * (kernel.offset + (8 - tap) * a.channels * y.channels);
          const target = packed + 32 * tap * y.channels;
          kernels.pack(source, y.channels, y.channels, a.channels, true, target, depth);
        }
      });
      return {
        forward: forward.forward,
        back(n) {
          forward.back(n);
          const {gradient} = y;
          const m = n * from.perImage;
          const [k, segment] = [3 * y.channels, line(gradient)];
          kernels.multiply(gradient.at, from.at, m, 3, segment, k, packed, a.channels, a.gradient.at, to.at, 0, false);
        }
      };
    },
    clear(images, n) {
      kernels.floats(images.at, n * numbers(images)).fill(0);
    }
  };
  return layers;

  function product(options: ProductOptions): Layer {
    const {a, segments = 1, segment = 0, k, y, n, kernel, column = 0, columns = n, bias} = options;
    const {accumulate = false, gradient} = options;
    const depth = segments * k;
    const packed = kernels.take(depth * Math.ceil(n / 8) * 8);
    const source = weights + 4 * (kernel.offset + column);
    const biasAt = bias ? weights + 4 * bias.offset : 0;
    preparations.push(() => kernels.pack(source, columns, depth, n, false, packed, depth));
    const back = gradient?.a;
    const turned = back ? kernels.take(n * Math.ceil(k / 8) * 8 * segments) : 0;
    const part = n * Math.ceil(k / 8) * 32; // bytes of a turned segment
    if (back) {
      preparations.push(() => {
        for (let s = 0; s < segments; ++s) {
          kernels.pack(source + 4 * s * k * columns, columns, n, k, true, turned + s * part, n);
        }
      });
    }
    return {
      forward(count) {
        const m = count * a.rows.perImage;
        kernels.multiply(a.at, a.rows.at, m, segments, segment, k, packed, n, y.at, y.rows.at, biasAt, accumulate);
      },
      back(count) {
        if (!gradient) throw new Error("this network was made without gradients");
        const m = count * a.rows.perImage;
        const g = gradient.y;
        const to = gradients + 4 * (kernel.offset + column);
        kernels.multiplyTransposed(a.at, a.rows.at, m, segments, segment, k, g.at, g.rows.at, n, to, columns);
        if (bias) kernels.sumRows(g.at, g.rows.at, m, n, gradients + 4 * bias.offset);
        for (let s = 0; back && s < segments; ++s) {
          const at = back.at + 4 * s * (back.segment ?? segment);
          kernels.multiply(g.at, g.rows.at, m, 1, 0, n, turned + s * part, k, at, back.rows.at, 0, true);
        }
      }
    };
  }
}

function places({width, height, channels, pad}: Images, shift: number): number[] {
  const wide = width + 2 * pad;
  return Array.from({length: width * height}, (_, i) => {
    const [y, x] = [Math.floor(i / width), i % width];
    return ((y + pad) * wide + x + pad) * channels + shift;
  });
}
