import type {Texels} from "../texels/texel-kernel.js";
import {texelKernel} from "../texels/texel-kernel.js";
import type {Images, Norm} from "./group-norm-silu.js";
import {normInputs, normNumbers, normText, siluText} from "./group-norm-silu.js";
import type {TexelPlace} from "../texels/texel-layout.js";

/** The weights of a layer: a kernel [rows, outputs] and the bias right after it. */
export interface Weights {
  texels: Texels; // of the whole network
  base: number; // texel where they begin, so that the same place can be read of the weights and of their average
}

/** What a convolution adds to its sum. */
export type Added =
  | {kind: "image"; texels: Texels} // of the output's shape
  | {kind: "product"; x: Images; skip: TexelPlace} // x times a matrix [channels, outputs]
  /** Minus the target, and all of it times a factor: what the loss tells the network. `at` is the target's first texel. */
  | {kind: "error"; batch: Texels; step: number; at: number; factor: number};

const placeText = `  int place = i / $out;
  int o = i - place * $out;
  int area = $side * $side;
  int image = place / area;
  int p = place - image * area;
  int py = p / $side;
  int px = p - py * $side;`;

/** Where the network's input lies, which is uploaded with other things; a normalised image fills its texels. */
const plainAt = "image * $step + (iy * $side + ix) * $width + c";
const normAt = "((image * $side + iy) * $side + ix) * $width + c";

const forwardText = (norm: boolean, more: string) => `${norm ? `${normText}\n${siluText}` : ""}
vec4 texel(int i) {
${placeText}
  vec4 sum = w($bias + o);
  for (int c = 0; c < $width; ++c) {
${
  norm
    ? `    vec4 spread = spreadOf(image, c);
    vec4 factor = factorOf(image, c) * spread.y;
    vec4 shift = shiftOf(image, c) - factor * spread.x;`
    : ""
}
    for (int ky = max(0, 1 - py); ky < min(3, $side + 1 - py); ++ky) {
      for (int kx = max(0, 1 - px); kx < min(3, $side + 1 - px); ++kx) {
        int iy = py + ky - 1;
        int ix = px + kx - 1;
        vec4 v = ${norm ? `silu(x(${normAt}) * factor + shift)` : `x(${plainAt})`};
        int k = $at + ((3 * ky + kx) * $width + c) * 4 * $out + o;
        sum += v.x * w(k) + v.y * w(k + $out) + v.z * w(k + 2 * $out) + v.w * w(k + 3 * $out);
      }
    }
  }
${more}
  return sum;
}`;

const own = ["side", "out", "at", "bias"];
const normed = {inputs: ["x", "w", "stats", "s"], integers: [...own, ...normNumbers]};
const plain = texelKernel("Convolution", {
  inputs: ["x", "w"],
  integers: [...own, "width", "step"],
  text: forwardText(false, "")
});
const active = texelKernel("NormSiluConvolution", {...normed, text: forwardText(true, "")});
const activeAdded = texelKernel("NormSiluConvolutionAdded", {
  inputs: [...normed.inputs, "r"],
  integers: normed.integers,
  text: forwardText(true, "  sum += r(i);")
});
const activeSkipped = texelKernel("NormSiluConvolutionSkipped", {
  inputs: [...normed.inputs, "r"],
  integers: [...normed.integers, "skip", "from"],
  text: forwardText(
    true,
    `  for (int c = 0; c < $from; ++c) {
    vec4 v = r(place * $from + c);
    int k = $skip + 4 * c * $out + o;
    sum += v.x * w(k) + v.y * w(k + $out) + v.z * w(k + 2 * $out) + v.w * w(k + 3 * $out);
  }`
  )
});
const activeError = texelKernel("NormSiluConvolutionError", {
  inputs: [...normed.inputs, "batch"],
  integers: [...normed.integers, "step", "target"],
  floats: ["factor"],
  text: forwardText(true, "  sum = (sum - batch(image * $step + $target + p * $out + o)) * $factor;")
});

/** Images that a network is given, in a batch of other things: `step` texels for each. */
export interface Given extends Images {
  step: number;
}

/** A 3 x 3 convolution of images as they are given, plus bias. One launch. */
export function convolution(x: Given, {texels: w, base}: Weights, kernel: TexelPlace, side: number): Images {
  const {n, places, width, step} = x;
  const numbers = {side, ...kernelNumbers(kernel, base), width, step};
  return {texels: plain(n * places * kernel.width, {x: x.texels, w}, numbers), n, places, width: kernel.width};
}

/**
 * A 3 x 3 convolution of silu(norm), plus bias, plus what is added. The normalisation and the activation are done as the
 * image is read. One launch.
 */
export function normSiluConvolution(
  norm: Norm,
  weights: Weights,
  kernel: TexelPlace,
  side: number,
  added?: Added
): Images {
  const {n, places} = norm.x;
  const {texels: w, base} = weights;
  const {inputs, numbers} = normInputs(norm);
  const size = n * places * kernel.width;
  const all = {...inputs, w};
  const integers = {...numbers, side, ...kernelNumbers(kernel, base)};
  const make = (): Texels => {
    switch (added?.kind) {
      case undefined:
        return active(size, all, integers);
      case "image":
        return activeAdded(size, {...all, r: added.texels}, integers);
      case "product": {
        const {x, skip} = added;
        return activeSkipped(size, {...all, r: x.texels}, {...integers, skip: base + skip.at, from: x.width});
      }
      case "error": {
        const {batch, step, at: target, factor} = added;
        return activeError(size, {...all, batch}, {...integers, step, target, factor});
      }
    }
  };
  return {texels: make(), n, places, width: kernel.width};
}

function kernelNumbers({at, rows, width}: TexelPlace, base: number) {
  return {at: base + at, bias: base + at + rows * width, out: width};
}

const back = texelKernel("NormSiluConvolutionBack", {
  inputs: ["dy", "w", "x", "stats", "s"],
  integers: ["side", "out", "at", ...normNumbers],
  text: `${normText}
${siluText}
vec4 texel(int i) {
  int place = i / $width;
  int c = i - place * $width;
  int area = $side * $side;
  int image = place / area;
  int p = place - image * area;
  int py = p / $side;
  int px = p - py * $side;
  vec4 sum = vec4(0.0);
  for (int ky = max(0, py + 2 - $side); ky < min(3, py + 2); ++ky) {
    for (int kx = max(0, px + 2 - $side); kx < min(3, px + 2); ++kx) {
      int source = ((image * $side + py + 1 - ky) * $side + px + 1 - kx) * $out;
      int k = $at + ((3 * ky + kx) * $width + c) * 4 * $out;
      for (int o = 0; o < $out; ++o) {
        vec4 d = dy(source + o);
        sum += vec4(dot(d, w(k + o)), dot(d, w(k + $out + o)), dot(d, w(k + 2 * $out + o)), dot(d, w(k + 3 * $out + o)));
      }
    }
  }
  vec4 spread = spreadOf(image, c);
  return sum * siluSlope((x(i) - spread.x) * spread.y * factorOf(image, c) + shiftOf(image, c));
}`
});

/** From the gradient of such a convolution, dy, the gradient of what the normalisation gives it. One launch. */
export function normSiluConvolutionBack(
  norm: Norm,
  {texels: w, base}: Weights,
  kernel: TexelPlace,
  side: number,
  dy: Texels
): Texels {
  const {inputs, numbers} = normInputs(norm);
  const {n, places, width} = norm.x;
  const integers = {...numbers, side, out: kernel.width, at: base + kernel.at};
  return back(n * places * width, {...inputs, dy, w}, integers);
}

const filterText = (norm: boolean) => `${norm ? `${normText}\n${siluText}` : ""}
vec4 texel(int i) {
  int rows = 36 * $width;
  int size = (rows + 1) * $out;
  int chunk = i / size;
  int j = i - chunk * size;
  int row = j / $out;
  int o = j - row * $out;
  int area = $side * $side;
  vec4 sum = vec4(0.0);
  int until = (chunk + 1) * $images / $chunks;
  if (row == rows) {
    for (int at = chunk * $images / $chunks * area; at < until * area; ++at) {
      sum += dy(at * $out + o);
    }
    return sum;
  }
  int tap = row / (4 * $width);
  int channel = row - tap * 4 * $width;
  int c = channel / 4;
  int part = channel - 4 * c;
  vec4 mask = vec4(float(part == 0), float(part == 1), float(part == 2), float(part == 3));
  int ky = tap / 3 - 1;
  int kx = tap % 3 - 1;
  for (int image = chunk * $images / $chunks; image < until; ++image) {
${
  norm
    ? `    vec4 spread = spreadOf(image, c);
    vec4 factor = factorOf(image, c) * spread.y;
    vec4 shift = shiftOf(image, c) - factor * spread.x;`
    : ""
}
    for (int py = max(0, -ky); py < min($side, $side - ky); ++py) {
      for (int px = max(0, -kx); px < min($side, $side - kx); ++px) {
        int iy = py + ky;
        int ix = px + kx;
        vec4 v = ${norm ? `silu(x(${normAt}) * factor + shift)` : `x(${plainAt})`};
        sum += dot(v, mask) * dy(((image * $side + py) * $side + px) * $out + o);
      }
    }
  }
  return sum;
}`;
const filter = texelKernel("ConvolutionFilter", {
  inputs: ["x", "dy"],
  integers: ["side", "out", "images", "chunks", "width", "step"],
  text: filterText(false)
});
const normFilter = texelKernel("NormSiluConvolutionFilter", {
  inputs: ["dy", "x", "stats", "s"],
  integers: ["side", "out", "images", "chunks", ...normNumbers],
  text: filterText(true)
});

/** The gradient of some weights, as parts whose sum it is. */
export interface Parts {
  at: number; // the first texel of these weights
  size: number; // of them, in texels
  texels: Texels; // the parts, one after another
  count: number;
  base?: number; // texel where the first part begins; defaults to 0
  stride?: number; // texels from one part to the next; defaults to size
}

/** In how many parts the images of a batch are taken, so that many texels are at work at once. */
export function chunksOf(n: number): number {
  return Math.min(8, n);
}

/** The gradient of the kernel and the bias of `convolution`, from that of its output. One launch. */
export function filterGradient(x: Given, kernel: TexelPlace, side: number, dy: Texels): Parts {
  const {n, width, step, texels} = x;
  const count = chunksOf(n);
  const size = (kernel.rows + 1) * kernel.width;
  const numbers = {side, out: kernel.width, images: n, chunks: count, width, step};
  return {at: kernel.at, size, count, texels: filter(count * size, {x: texels, dy}, numbers)};
}

/** The same of `normSiluConvolution`. One launch. */
export function normFilterGradient(norm: Norm, kernel: TexelPlace, side: number, dy: Texels): Parts {
  const {inputs, numbers} = normInputs(norm);
  const count = chunksOf(norm.x.n);
  const size = (kernel.rows + 1) * kernel.width;
  const integers = {...numbers, side, out: kernel.width, images: norm.x.n, chunks: count};
  return {at: kernel.at, size, count, texels: normFilter(count * size, {...inputs, dy}, integers)};
}
