import type {Texels} from "../texels/texel-kernel.js";
import {texelKernel} from "../texels/texel-kernel.js";
import type {Images, Norm} from "./group-norm-silu.js";
import {normInputs, normNumbers, normText, siluText} from "./group-norm-silu.js";
import type {Parts, Weights} from "./texel-convolution.js";
import {chunksOf} from "./texel-convolution.js";
import type {Told} from "./texel-block.js";
import type {TexelPlace} from "../texels/texel-layout.js";

// A small network along the places, the same for each channel. Its hidden units are [n, units, channels]: channels stay
// the four numbers of a texel all the way, so that nothing is ever transposed.

const maskText = `vec4 maskOf(int part) {
  return vec4(float(part == 0), float(part == 1), float(part == 2), float(part == 3));
}`;

const hiddenKernel = texelKernel("MixHidden", {
  inputs: ["x", "stats", "s", "w", "told"],
  integers: [...normNumbers, "places", "units", "at", "bias", "toldStride", "toldAt"],
  text: `${normText}
${maskText}
vec4 texel(int i) {
  int image = i / (4 * $units * $width);
  int own = i - image * 4 * $units * $width;
  int unit = own / $width;
  int c = own - unit * $width;
  int group = unit / 4;
  vec4 mask = maskOf(unit - 4 * group);
  vec4 spread = spreadOf(image, c);
  vec4 factor = factorOf(image, c) * spread.y;
  vec4 shift = shiftOf(image, c) - factor * spread.x;
  vec4 sum = vec4(dot(w($bias + group) + told(image * $toldStride + $toldAt + group), mask));
  for (int p = 0; p < $places; ++p) {
    vec4 v = x((image * $places + p) * $width + c) * factor + shift;
    sum += v * dot(w($at + p * $units + group), mask);
  }
  return sum;
}`
});

/** The hidden units [n, units, channels] before their activation. One launch. */
export function mixHidden(norm: Norm, {texels: w, base}: Weights, kernel: TexelPlace, told: Told): Texels {
  const {inputs, numbers} = normInputs(norm);
  const {n, places, width} = norm.x;
  const at = base + kernel.at;
  const own = {places, units: kernel.width, at, bias: at + kernel.rows * kernel.width};
  const all = {...numbers, ...own, toldStride: told.stride, toldAt: told.at};
  return hiddenKernel(n * 4 * kernel.width * width, {...inputs, w, told: told.texels}, all);
}

const mixKernel = texelKernel("Mix", {
  inputs: ["x", "hidden", "w"],
  integers: ["places", "width", "units", "across", "at", "bias"],
  text: `${siluText}
${maskText}
vec4 texel(int i) {
  int place = i / $width;
  int c = i - place * $width;
  int image = place / $places;
  int p = place - image * $places;
  int group = p / 4;
  vec4 mask = maskOf(p - 4 * group);
  vec4 sum = x(i) + dot(w($bias + group), mask);
  for (int j = 0; j < $units; ++j) {
    sum += silu(hidden((image * $units + j) * $width + c)) * dot(w($at + j * $across + group), mask);
  }
  return sum;
}`
});

/** x plus what the hidden units make of it. One launch. */
export function mix(x: Images, hidden: Texels, {texels: w, base}: Weights, kernel: TexelPlace): Images {
  const {n, places, width} = x;
  const at = base + kernel.at;
  const {rows: units, width: across} = kernel;
  const own = {places, width, units, across, at, bias: at + units * across};
  return {texels: mixKernel(n * places * width, {x: x.texels, hidden, w}, own), n, places, width};
}

const hiddenBackKernel = texelKernel("MixHiddenBack", {
  inputs: ["dy", "hidden", "w"],
  integers: ["places", "width", "units", "across", "at"],
  text: `${siluText}
${maskText}
vec4 texel(int i) {
  int image = i / ($units * $width);
  int own = i - image * $units * $width;
  int unit = own / $width;
  int c = own - unit * $width;
  vec4 sum = vec4(0.0);
  for (int p = 0; p < $places; ++p) {
    int group = p / 4;
    sum += dy((image * $places + p) * $width + c) * dot(w($at + unit * $across + group), maskOf(p - 4 * group));
  }
  return sum * siluSlope(hidden(i));
}`
});

/** The gradient of the hidden units. One launch. */
export function mixHiddenBack(
  x: Images,
  hidden: Texels,
  {texels: w, base}: Weights,
  kernel: TexelPlace,
  dy: Texels
): Texels {
  const {n, places, width} = x;
  const {rows: units, width: across} = kernel;
  const own = {places, width, units, across, at: base + kernel.at};
  return hiddenBackKernel(n * units * width, {dy, hidden, w}, own);
}

const secondFilter = texelKernel("MixSecondFilter", {
  inputs: ["dy", "hidden"],
  integers: ["places", "width", "units", "across", "images", "chunks"],
  text: `${siluText}
vec4 texel(int i) {
  int size = ($units + 1) * $across;
  int chunk = i / size;
  int j = i - chunk * size;
  int unit = j / $across;
  int p = 4 * (j - unit * $across);
  vec4 sum = vec4(0.0);
  for (int image = chunk * $images / $chunks; image < (chunk + 1) * $images / $chunks; ++image) {
    for (int c = 0; c < $width; ++c) {
      vec4 v = vec4(1.0);
      if (unit < $units) {
        v = silu(hidden((image * $units + unit) * $width + c));
      }
      int at = (image * $places + p) * $width + c;
      sum.x += dot(v, dy(at));
      if (p + 1 < $places) { sum.y += dot(v, dy(at + $width)); }
      if (p + 2 < $places) { sum.z += dot(v, dy(at + 2 * $width)); }
      if (p + 3 < $places) { sum.w += dot(v, dy(at + 3 * $width)); }
    }
  }
  return sum;
}`
});

/** The gradient of the kernel and the bias that `mix` uses. One launch. */
export function mixSecondGradient(x: Images, hidden: Texels, kernel: TexelPlace, dy: Texels): Parts {
  const {n, places, width} = x;
  const {at, rows: units, width: across} = kernel;
  const count = chunksOf(n);
  const size = (units + 1) * across;
  const own = {places, width, units, across, images: n, chunks: count};
  return {at, size, count, texels: secondFilter(count * size, {dy, hidden}, own)};
}

const normalBackKernel = texelKernel("MixNormBack", {
  inputs: ["dh", "w"],
  integers: ["places", "width", "units", "at"],
  text: `vec4 texel(int i) {
  int place = i / $width;
  int c = i - place * $width;
  int image = place / $places;
  int p = place - image * $places;
  vec4 sum = vec4(0.0);
  for (int group = 0; group < $units; ++group) {
    vec4 k = w($at + p * $units + group);
    int source = (image * $units + group) * 4 * $width + c;
    sum += k.x * dh(source) + k.y * dh(source + $width) + k.z * dh(source + 2 * $width) + k.w * dh(source + 3 * $width);
  }
  return sum;
}`
});

/** The gradient of the normalised image, from that of the hidden units. One launch. */
export function mixNormBack(x: Images, {texels: w, base}: Weights, kernel: TexelPlace, dh: Texels): Texels {
  const {n, places, width} = x;
  return normalBackKernel(n * places * width, {dh, w}, {places, width, units: kernel.width, at: base + kernel.at});
}

const firstFilter = texelKernel("MixFirstFilter", {
  inputs: ["dh", "x", "stats", "s"],
  integers: [...normNumbers, "places", "units", "images", "chunks"],
  text: `${normText}
vec4 texel(int i) {
  int size = ($places + 1) * $units;
  int chunk = i / size;
  int j = i - chunk * size;
  int p = j / $units;
  int group = j - p * $units;
  vec4 sum = vec4(0.0);
  for (int image = chunk * $images / $chunks; image < (chunk + 1) * $images / $chunks; ++image) {
    for (int c = 0; c < $width; ++c) {
      vec4 v = vec4(1.0);
      if (p < $places) {
        vec4 spread = spreadOf(image, c);
        v = (x((image * $places + p) * $width + c) - spread.x) * spread.y * factorOf(image, c) + shiftOf(image, c);
      }
      int at = (image * $units + group) * 4 * $width + c;
      sum += vec4(dot(v, dh(at)), dot(v, dh(at + $width)), dot(v, dh(at + 2 * $width)), dot(v, dh(at + 3 * $width)));
    }
  }
  return sum;
}`
});

/** The gradient of the kernel and the bias that `mixHidden` uses. One launch. */
export function mixFirstGradient(norm: Norm, kernel: TexelPlace, dh: Texels): Parts {
  const {inputs, numbers} = normInputs(norm);
  const {n, places} = norm.x;
  const count = chunksOf(n);
  const size = (kernel.rows + 1) * kernel.width;
  const own = {...numbers, places, units: kernel.width, images: n, chunks: count};
  return {at: kernel.at, size, count, texels: firstFilter(count * size, {...inputs, dh}, own)};
}
