import type {Texels} from "../texels/texel-kernel.js";
import type {Images} from "./group-norm-silu.js";
import {groupNormBack, groupNormSums} from "./group-norm-silu.js";
import {normParts, texelBlock, weightNorm} from "./texel-block.js";
import type {Parts, Weights} from "./texel-convolution.js";
import {
  convolution,
  filterGradient,
  normFilterGradient,
  normSiluConvolution,
  normSiluConvolutionBack
} from "./texel-convolution.js";
import type {BatchPlace} from "./texel-embedding.js";
import {embedLabels, embedLabelsGradient, embedTimes, embedTimesBack, embedTimesGradient} from "./texel-embedding.js";
import type {TexelLayout} from "../texels/texel-layout.js";
import {mix, mixFirstGradient, mixHidden, mixHiddenBack, mixNormBack, mixSecondGradient} from "./texel-mixing.js";
import {growAndJoin, growBack, growGradient, shrink, shrinkBack, shrinkGradient} from "./texel-resampling.js";
import type {ListenerTables} from "./texel-telling.js";
import {embedLabelsBack, tell, tellGradient, tellGradients} from "./texel-telling.js";

/** Where a batch has its target, when the network is trained, and what its difference is multiplied by. */
export interface Target {
  at: number; // texel of an image in the batch
  factor: number;
}

/** The network as it was run. */
export interface RunUnet {
  output: Texels; // [n, 14, 14, 4]: the velocity in patches, or its difference from the target times the factor
  /** The gradients of all weights, from that difference as the gradient of the velocity. */
  back(): Parts[];
}

/**
 * The digit network in fused kernels: what `tensorUnet` of ./tensor-unet.js does, in 26 launches, and its gradients in 54
 * more. `batch` holds the digits in patches, from the first texel of each image on.
 */
export function texelUnet(
  place: BatchPlace,
  weights: Weights,
  layout: TexelLayout,
  tables: ListenerTables,
  target?: Target
): RunUnet {
  const {find} = layout;
  const {n, batch, step} = place;
  const given = {texels: batch, n, places: 196, width: 1, step};
  const norm = (x: Images, name: string) => weightNorm(x, weights, find(`${name}.scale`).at, find(`${name}.shift`).at);

  const times = embedTimes(place, weights, find("time.first.kernel"));
  const said = embedLabels(place, times, weights, layout);
  const heard = tell(n, said, weights, tables);
  const told = (name: string) => ({texels: heard, stride: tables.width, at: tables.offsets.get(`${name}.condition`)!});

  const stem = convolution(given, weights, find("stem.kernel"), 14);
  const down = texelBlock(stem, "down", weights, layout, told("down"));
  const shrunk = shrink(down.y, weights, find("shrink.kernel"));
  const before = texelBlock(shrunk, "before", weights, layout, told("before"));
  const mixNorm = norm(before.y, "mix.norm");
  const hidden = mixHidden(mixNorm, weights, find("mix.first.kernel"), told("mix"));
  const mixed = mix(before.y, hidden, weights, find("mix.second.kernel"));
  const after = texelBlock(mixed, "after", weights, layout, told("after"));
  const joined = growAndJoin(after.y, weights, find("grow.kernel"), down.y);
  const up = texelBlock(joined, "up", weights, layout, told("up"));
  const headNorm = norm(up.y, "head.norm");
  const error = target && ({kind: "error", batch, step, ...target} as const);
  const output = normSiluConvolution(headNorm, weights, find("head.kernel"), 14, error).texels;
  return {output, back};

  function back(): Parts[] {
    const all: Parts[] = [];
    const keep = (parts: Parts) => void all.push(parts);
    const dHead = normSiluConvolutionBack(headNorm, weights, find("head.kernel"), 14, output);
    keep(normFilterGradient(headNorm, find("head.kernel"), 14, output));
    const headSums = groupNormSums(headNorm, dHead);
    keep(normParts(up.y, find("head.norm.scale").at, headSums));
    const ups = up.back(groupNormBack(headNorm, dHead, headSums), keep);
    keep(growGradient(after.y, find("grow.kernel"), ups.dx));
    const afters = after.back(growBack(after.y, weights, find("grow.kernel"), ups.dx), keep);
    const mixing = mixBack(afters.dx, keep);
    const befores = before.back(mixing.dx, keep);
    keep(shrinkGradient(down.y, find("shrink.kernel"), befores.dx));
    const dDown = shrinkBack(down.y, weights, find("shrink.kernel"), befores.dx, ups.dx);
    const downs = down.back(dDown, keep);
    keep(filterGradient(given, find("stem.kernel"), 14, downs.dx));
    const from = {down: downs.told, before: befores.told, after: afters.told, up: ups.told, dh: mixing.dh};
    all.push(...saidBack(tellGradient(n, from, tables, before.y.width)));
    return all;
  }

  function mixBack(dy: Texels, keep: (parts: Parts) => void): {dx: Texels; dh: Texels} {
    const [first, second] = [find("mix.first.kernel"), find("mix.second.kernel")];
    const dh = mixHiddenBack(before.y, hidden, weights, second, dy);
    keep(mixSecondGradient(before.y, hidden, second, dy));
    const dNorm = mixNormBack(before.y, weights, first, dh);
    keep(mixFirstGradient(mixNorm, first, dh));
    const sums = groupNormSums(mixNorm, dNorm);
    keep(normParts(before.y, find("mix.norm.scale").at, sums));
    return {dx: groupNormBack(mixNorm, dNorm, sums, {dy}), dh};
  }

  function saidBack(dHeard: Texels): Parts[] {
    const dSaid = embedLabelsBack(said, dHeard, weights, tables);
    const dTimes = embedTimesBack(times, dSaid, weights, find("time.second.kernel"));
    return [
      ...tellGradients(n, said, dHeard, tables),
      embedLabelsGradient(place, times, dSaid, layout),
      embedTimesGradient(place, dTimes, find("time.first.kernel"))
    ];
  }
}
