import type {Images, Layer, Layers, Value, Weights} from "./layers.js";

/** Where the scale and the shift of a normalisation come from. */
export type Modulation = {scale: Weights; shift: Weights} | {perImage: {at: number; gradient: number}};

/**
 * Group normalisation of x in groups of 8 channels, by (1 + scale) and shift, and silu of it unless `linear`; the result
 * goes to y. `perImage` is [n, 2 channels]: scales, then shifts. The way back adds to x's gradient.
 */
export function normalization(
  {kernels, weights, gradients, capacity}: Layers,
  x: Value,
  modulation: Modulation,
  y: Value,
  {linear = false} = {}
): Layer {
  const {height, width, channels} = x;
  const moments = kernels.take((capacity * channels) / 4);
  const own = "perImage" in modulation;
  const stride = own ? 2 * channels : 0;
  const [scale, shift] = own
    ? [modulation.perImage.at, modulation.perImage.at + 4 * channels]
    : [weights + 4 * modulation.scale.offset, weights + 4 * modulation.shift.offset];
  const [scaleGradient, shiftGradient] = own
    ? [modulation.perImage.gradient, modulation.perImage.gradient + 4 * channels]
    : [gradients + 4 * modulation.scale.offset, gradients + 4 * modulation.shift.offset];
  return {
    forward(n) {
      const {at, pad} = y;
      kernels.normalize(x.at, n, height, width, channels, scale, shift, stride, at, pad, moments, !linear);
    },
    back(n) {
      const {at, pad}: Images = x.gradient;
      const g = y.gradient.at;
      kernels.normalizeBack(
        ...([x.at, n, height, width, channels, scale, shift, stride, g, at, pad, moments, !linear] as const),
        scaleGradient,
        shiftGradient
      );
    }
  };
}
