import type {Texels} from "../texels/texel-kernel.js";
import type {Images, Norm} from "./group-norm-silu.js";
import {groupNorm, groupNormBack, groupNormSums} from "./group-norm-silu.js";
import type {Parts, Weights} from "./texel-convolution.js";
import {normFilterGradient, normSiluConvolution, normSiluConvolutionBack} from "./texel-convolution.js";
import type {TexelLayout} from "../texels/texel-layout.js";
import {productGradient} from "./texel-resampling.js";

/** What the blocks are told of time and label: scale and shift for each image, `stride` texels apart. */
export interface Told {
  texels: Texels;
  stride: number;
  at: number; // texel where the block's numbers begin
}

/** A residual block as it was run, with what the way back needs. */
export interface RunBlock {
  y: Images;
  /** From the gradient of y: those of x and of what was told, [n, 2, width] texels. `keep` gets those of the weights. */
  back(dy: Texels, keep: (parts: Parts) => void): {dx: Texels; told: Texels};
}

/** Two convolutions around x, as `block` of ./tensor-unet.js. 4 launches, and 8 back; with a matrix beside, 9. */
export function texelBlock(x: Images, name: string, weights: Weights, {find}: TexelLayout, told: Told): RunBlock {
  const [one, two] = [find(`${name}.first.kernel`), find(`${name}.second.kernel`)];
  const skip = x.width === two.width ? undefined : find(`${name}.skip`);
  const side = Math.sqrt(x.places);
  const [scale, shift] = [find(`${name}.norm.scale`), find(`${name}.norm.shift`)];
  const before = weightNorm(x, weights, scale.at, shift.at);
  const hidden = normSiluConvolution(before, weights, one, side);
  const between = groupNorm(hidden, {
    from: told.texels,
    stride: told.stride,
    scale: told.at,
    shift: told.at + one.width
  });
  const added = skip ? ({kind: "product", x, skip} as const) : ({kind: "image", texels: x.texels} as const);
  const y = normSiluConvolution(between, weights, two, side, added);
  return {y, back};

  function back(dy: Texels, keep: (parts: Parts) => void) {
    const dBetween = normSiluConvolutionBack(between, weights, two, side, dy);
    keep(normFilterGradient(between, two, side, dy));
    const told = groupNormSums(between, dBetween);
    const dHidden = groupNormBack(between, dBetween, told);
    const dBefore = normSiluConvolutionBack(before, weights, one, side, dHidden);
    keep(normFilterGradient(before, one, side, dHidden));
    const sums = groupNormSums(before, dBefore);
    keep(normParts(x, scale.at, sums));
    if (!skip) return {dx: groupNormBack(before, dBefore, sums, {dy}), told};
    keep(productGradient(x, skip, dy));
    const through = {weights: weights.texels, at: weights.base + skip.at, across: skip.width};
    return {dx: groupNormBack(before, dBefore, sums, {dy, through}), told};
  }
}

/** A normalisation whose scale and shift are weights. One launch. */
export function weightNorm(x: Images, {texels: from, base}: Weights, scale: number, shift: number): Norm {
  return groupNorm(x, {from, stride: 0, scale: base + scale, shift: base + shift});
}

/** The gradient of such a scale and the shift after it: the sum over images. */
export function normParts({n, width}: Images, at: number, sums: Texels): Parts {
  return {at, size: 2 * width, texels: sums, count: n};
}
