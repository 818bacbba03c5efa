import type {Texels} from "../texels/texel-kernel.js";
import {texelKernel} from "../texels/texel-kernel.js";
import type {Parts, Weights} from "./texel-convolution.js";
import {siluText} from "./group-norm-silu.js";
import type {TexelLayout, TexelPlace} from "../texels/texel-layout.js";

// What the time and the label say, in two layers. Values are those before the activation, a row for each image.

/** A batch as it is uploaded: `step` texels for each image, in which the times and the label begin at these. */
export interface BatchPlace {
  batch: Texels;
  n: number;
  step: number;
  times: number; // 8 texels: sine and cosine of 16 frequencies
  label: number; // one texel, whose first number is the label
}

const firstKernel = texelKernel("EmbedTimes", {
  inputs: ["batch", "w"],
  integers: ["step", "times", "features", "out", "at", "bias"],
  text: `vec4 texel(int i) {
  int image = i / $out;
  int o = i - image * $out;
  vec4 sum = w($bias + o);
  for (int c = 0; c < $features; ++c) {
    vec4 v = batch(image * $step + $times + c);
    int k = $at + 4 * c * $out + o;
    sum += v.x * w(k) + v.y * w(k + $out) + v.z * w(k + 2 * $out) + v.w * w(k + 3 * $out);
  }
  return sum;
}`
});

/** The first layer, [n, width] texels. One launch. */
export function embedTimes(
  {batch, n, step, times}: BatchPlace,
  {texels: w, base}: Weights,
  kernel: TexelPlace
): Texels {
  const {width: out, rows} = kernel;
  const at = base + kernel.at;
  return firstKernel(n * out, {batch, w}, {step, times, features: rows / 4, out, at, bias: at + rows * out});
}

const secondKernel = texelKernel("EmbedLabels", {
  inputs: ["e", "batch", "w"],
  integers: ["step", "label", "out", "at", "bias", "labels"],
  text: `${siluText}
vec4 texel(int i) {
  int image = i / $out;
  int o = i - image * $out;
  int label = int(batch(image * $step + $label).x + 0.5);
  vec4 sum = w($bias + o) + w($labels + label * $out + o);
  for (int c = 0; c < $out; ++c) {
    vec4 v = silu(e(image * $out + c));
    int k = $at + 4 * c * $out + o;
    sum += v.x * w(k) + v.y * w(k + $out) + v.z * w(k + 2 * $out) + v.w * w(k + 3 * $out);
  }
  return sum;
}`
});

/** The second layer, with the label. One launch. */
export function embedLabels(place: BatchPlace, first: Texels, {texels: w, base}: Weights, {find}: TexelLayout): Texels {
  const {batch, n, step, label} = place;
  const {at, rows, width: out} = find("time.second.kernel");
  const own = {step, label, out, at: base + at, bias: base + at + rows * out, labels: base + find("label").at};
  return secondKernel(n * out, {e: first, batch, w}, own);
}

const secondFilter = texelKernel("EmbedLabelsFilter", {
  inputs: ["d", "e", "batch"],
  integers: ["images", "width", "step", "label"],
  text: `${siluText}
vec4 texel(int i) {
  int row = i / $width;
  int o = i - row * $width;
  int c = row / 4;
  int part = row - 4 * c;
  vec4 mask = vec4(float(part == 0), float(part == 1), float(part == 2), float(part == 3));
  vec4 sum = vec4(0.0);
  for (int image = 0; image < $images; ++image) {
    vec4 g = d(image * $width + o);
    if (c < $width) {
      sum += g * dot(silu(e(image * $width + c)), mask);
    } else {
      int label = int(batch(image * $step + $label).x + 0.5);
      if (row == 4 * $width || row == 4 * $width + 1 + label) {
        sum += g;
      }
    }
  }
  return sum;
}`
});

/** The gradients of the second layer's kernel and bias, and of the table of labels. One launch. */
export function embedLabelsGradient(place: BatchPlace, first: Texels, d: Texels, {find}: TexelLayout): Parts {
  const {batch, n, step, label} = place;
  const {at, rows, width} = find("time.second.kernel");
  const size = (rows + 1 + find("label").rows) * width;
  return {at, size, count: 1, texels: secondFilter(size, {d, e: first, batch}, {images: n, width, step, label})};
}

const firstBackKernel = texelKernel("EmbedTimesBack", {
  inputs: ["d", "e", "w"],
  integers: ["width", "at"],
  text: `${siluText}
vec4 texel(int i) {
  int image = i / $width;
  int k = $at + 4 * (i - image * $width) * $width;
  vec4 sum = vec4(0.0);
  for (int o = 0; o < $width; ++o) {
    vec4 g = d(image * $width + o);
    int own = k + o;
    sum += vec4(dot(g, w(own)), dot(g, w(own + $width)), dot(g, w(own + 2 * $width)), dot(g, w(own + 3 * $width)));
  }
  return sum * siluSlope(e(i));
}`
});

/** The gradient of the first layer. One launch. */
export function embedTimesBack(first: Texels, d: Texels, {texels: w, base}: Weights, {at, width}: TexelPlace): Texels {
  return firstBackKernel(first.shape[0], {d, e: first, w}, {width, at: base + at});
}

const firstFilter = texelKernel("EmbedTimesFilter", {
  inputs: ["d", "batch"],
  integers: ["images", "width", "features", "step", "times"],
  text: `vec4 texel(int i) {
  int row = i / $width;
  int o = i - row * $width;
  int c = row / 4;
  int part = row - 4 * c;
  vec4 mask = vec4(float(part == 0), float(part == 1), float(part == 2), float(part == 3));
  vec4 sum = vec4(0.0);
  for (int image = 0; image < $images; ++image) {
    vec4 g = d(image * $width + o);
    if (c == $features) {
      sum += g;
    } else {
      sum += g * dot(batch(image * $step + $times + c), mask);
    }
  }
  return sum;
}`
});

/** The gradient of the first layer's kernel and bias. One launch. */
export function embedTimesGradient(place: BatchPlace, d: Texels, {at, rows, width}: TexelPlace): Parts {
  const {batch, n, step, times} = place;
  const own = {images: n, width, features: rows / 4, step, times};
  return {at, size: (rows + 1) * width, count: 1, texels: firstFilter((rows + 1) * width, {d, batch}, own)};
}
