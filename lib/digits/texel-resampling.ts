import type {Texels} from "../texels/texel-kernel.js";
import {texelKernel} from "../texels/texel-kernel.js";
import type {Images} from "./group-norm-silu.js";
import type {Parts, Weights} from "./texel-convolution.js";
import {chunksOf} from "./texel-convolution.js";
import type {TexelPlace} from "../texels/texel-layout.js";

// Between the grid of 14 x 14 places and that of 7 x 7. `side` is that of the smaller one.

const placeText = (side: string, width: string) => `  int place = i / (${width});
  int o = i - place * (${width});
  int area = (${side}) * (${side});
  int image = place / area;
  int p = place - image * area;
  int py = p / (${side});
  int px = p - py * (${side});`;

const numbers = ["side", "large", "small", "at"];

const shrinkKernel = texelKernel("Shrink", {
  inputs: ["x", "w"],
  integers: [...numbers, "bias"],
  text: `vec4 texel(int i) {
${placeText("$side", "$small")}
  vec4 sum = w($bias + o);
  for (int tap = 0; tap < 4; ++tap) {
    int source = ((image * 2 * $side + 2 * py + tap / 2) * 2 * $side + 2 * px + tap % 2) * $large;
    for (int c = 0; c < $large; ++c) {
      vec4 v = x(source + c);
      int k = $at + (tap * $large + c) * 4 * $small + o;
      sum += v.x * w(k) + v.y * w(k + $small) + v.z * w(k + 2 * $small) + v.w * w(k + 3 * $small);
    }
  }
  return sum;
}`
});

/** Each place of the smaller grid sees 2 x 2 of the larger one. One launch. */
export function shrink(x: Images, {texels: w, base}: Weights, kernel: TexelPlace): Images {
  const {n, places, width: large} = x;
  const small = kernel.width;
  const at = base + kernel.at;
  const own = {side: Math.sqrt(places) / 2, large, small, at, bias: at + kernel.rows * small};
  return {texels: shrinkKernel(((n * places) / 4) * small, {x: x.texels, w}, own), n, places: places / 4, width: small};
}

const shrinkBackKernel = texelKernel("ShrinkBack", {
  inputs: ["dy", "w", "dj"],
  integers: numbers,
  text: `vec4 texel(int i) {
${placeText("2 * $side", "$large")}
  int source = ((image * $side + py / 2) * $side + px / 2) * $small;
  int k = $at + ((py % 2 * 2 + px % 2) * $large + o) * 4 * $small;
  vec4 sum = dj(place * 2 * $large + $large + o);
  for (int s = 0; s < $small; ++s) {
    vec4 d = dy(source + s);
    sum += vec4(dot(d, w(k + s)), dot(d, w(k + $small + s)), dot(d, w(k + 2 * $small + s)), dot(d, w(k + 3 * $small + s)));
  }
  return sum;
}`
});

/** The gradient of x of `shrink`, which also went into the last channels of what was joined, dj. One launch. */
export function shrinkBack(x: Images, {texels: w, base}: Weights, kernel: TexelPlace, dy: Texels, dj: Texels): Texels {
  const {n, places, width: large} = x;
  const own = {side: Math.sqrt(places) / 2, large, small: kernel.width, at: base + kernel.at};
  return shrinkBackKernel(n * places * large, {dy, w, dj}, own);
}

const shrinkFilter = texelKernel("ShrinkFilter", {
  inputs: ["dy", "x"],
  integers: ["side", "large", "small", "images", "chunks"],
  text: `vec4 texel(int i) {
  int rows = 16 * $large;
  int size = (rows + 1) * $small;
  int chunk = i / size;
  int j = i - chunk * size;
  int row = j / $small;
  int o = j - row * $small;
  int area = $side * $side;
  int tap = row / (4 * $large);
  int channel = row - tap * 4 * $large;
  int c = channel / 4;
  int part = channel - 4 * c;
  vec4 mask = vec4(float(part == 0), float(part == 1), float(part == 2), float(part == 3));
  vec4 sum = vec4(0.0);
  for (int at = chunk * $images / $chunks * area; at < (chunk + 1) * $images / $chunks * area; ++at) {
    vec4 d = dy(at * $small + o);
    if (row == rows) {
      sum += d;
    } else {
      int line = at / $side;
      int source = ((2 * line + tap / 2) * 2 * $side + 2 * (at - line * $side) + tap % 2) * $large;
      sum += dot(x(source + c), mask) * d;
    }
  }
  return sum;
}`
});

/** The gradient of the kernel and the bias of `shrink`. One launch. */
export function shrinkGradient(x: Images, kernel: TexelPlace, dy: Texels): Parts {
  const {n, places, width: large} = x;
  const count = chunksOf(n);
  const size = (kernel.rows + 1) * kernel.width;
  const own = {side: Math.sqrt(places) / 2, large, small: kernel.width, images: n, chunks: count};
  return {at: kernel.at, size, count, texels: shrinkFilter(count * size, {dy, x: x.texels}, own)};
}

const growKernel = texelKernel("GrowAndJoin", {
  inputs: ["x", "w", "r"],
  integers: [...numbers, "bias"],
  text: `vec4 texel(int i) {
${placeText("2 * $side", "2 * $large")}
  if (o >= $large) {
    return r(place * $large + o - $large);
  }
  int column = (py % 2 * 2 + px % 2) * $large + o;
  int source = ((image * $side + py / 2) * $side + px / 2) * $small;
  int across = 4 * $large;
  vec4 sum = w($bias + column);
  for (int c = 0; c < $small; ++c) {
    vec4 v = x(source + c);
    int k = $at + 4 * c * across + column;
    sum += v.x * w(k) + v.y * w(k + across) + v.z * w(k + 2 * across) + v.w * w(k + 3 * across);
  }
  return sum;
}`
});

/** Each place of x becomes 2 x 2, in the first channels; what came down, `beside`, follows in the last. One launch. */
export function growAndJoin(x: Images, {texels: w, base}: Weights, kernel: TexelPlace, beside: Images): Images {
  const {n, places, width: large} = beside;
  const at = base + kernel.at;
  const own = {side: Math.sqrt(x.places), large, small: x.width, at, bias: at + kernel.rows * kernel.width};
  const inputs = {x: x.texels, w, r: beside.texels};
  return {texels: growKernel(n * places * 2 * large, inputs, own), n, places, width: 2 * large};
}

const growBackKernel = texelKernel("GrowBack", {
  inputs: ["dj", "w"],
  integers: numbers,
  text: `vec4 texel(int i) {
${placeText("$side", "$small")}
  int across = 4 * $large;
  vec4 sum = vec4(0.0);
  for (int tap = 0; tap < 4; ++tap) {
    int source = ((image * 2 * $side + 2 * py + tap / 2) * 2 * $side + 2 * px + tap % 2) * 2 * $large;
    int k = $at + 4 * o * across + tap * $large;
    for (int s = 0; s < $large; ++s) {
      vec4 d = dj(source + s);
      sum += vec4(dot(d, w(k + s)), dot(d, w(k + across + s)), dot(d, w(k + 2 * across + s)), dot(d, w(k + 3 * across + s)));
    }
  }
  return sum;
}`
});

/** The gradient of x of `growAndJoin`, from that of what was joined. One launch. */
export function growBack(x: Images, {texels: w, base}: Weights, kernel: TexelPlace, dj: Texels): Texels {
  const {n, places, width: small} = x;
  const own = {side: Math.sqrt(places), large: kernel.width / 4, small, at: base + kernel.at};
  return growBackKernel(n * places * small, {dj, w}, own);
}

const growFilter = texelKernel("GrowFilter", {
  inputs: ["dj", "x"],
  integers: ["side", "large", "small", "images", "chunks"],
  text: `vec4 texel(int i) {
  int rows = 4 * $small;
  int across = 4 * $large;
  int size = (rows + 1) * across;
  int chunk = i / size;
  int j = i - chunk * size;
  int row = j / across;
  int column = j - row * across;
  int tap = column / $large;
  int o = column - tap * $large;
  int area = $side * $side;
  int c = row / 4;
  int part = row - 4 * c;
  vec4 mask = vec4(float(part == 0), float(part == 1), float(part == 2), float(part == 3));
  vec4 sum = vec4(0.0);
  for (int at = chunk * $images / $chunks * area; at < (chunk + 1) * $images / $chunks * area; ++at) {
    int line = at / $side;
    int to = (2 * line + tap / 2) * 2 * $side + 2 * (at - line * $side) + tap % 2;
    vec4 d = dj(to * 2 * $large + o);
    if (row == rows) {
      sum += d;
    } else {
      sum += dot(x(at * $small + c), mask) * d;
    }
  }
  return sum;
}`
});

/** The gradient of the kernel and the bias of `growAndJoin`. One launch. */
export function growGradient(x: Images, kernel: TexelPlace, dj: Texels): Parts {
  const {n, places, width: small} = x;
  const count = chunksOf(n);
  const size = (kernel.rows + 1) * kernel.width;
  const own = {side: Math.sqrt(places), large: kernel.width / 4, small, images: n, chunks: count};
  return {at: kernel.at, size, count, texels: growFilter(count * size, {dj, x: x.texels}, own)};
}

const productFilter = texelKernel("ProductFilter", {
  inputs: ["dy", "x"],
  integers: ["from", "out", "places", "chunks"],
  text: `vec4 texel(int i) {
  int size = 4 * $from * $out;
  int chunk = i / size;
  int j = i - chunk * size;
  int row = j / $out;
  int o = j - row * $out;
  int c = row / 4;
  int part = row - 4 * c;
  vec4 mask = vec4(float(part == 0), float(part == 1), float(part == 2), float(part == 3));
  vec4 sum = vec4(0.0);
  for (int at = chunk * $places / $chunks; at < (chunk + 1) * $places / $chunks; ++at) {
    sum += dot(x(at * $from + c), mask) * dy(at * $out + o);
  }
  return sum;
}`
});

/** The gradient of a matrix [channels, outputs] that x goes through, place by place, to where dy comes from. One launch. */
export function productGradient(x: Images, {at, rows, width: out}: TexelPlace, dy: Texels): Parts {
  const count = chunksOf(x.n);
  const own = {from: x.width, out, places: x.n * x.places, chunks: count};
  return {at, size: rows * out, count, texels: productFilter(count * rows * out, {dy, x: x.texels}, own)};
}
