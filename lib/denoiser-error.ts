import type {Denoiser} from "./denoiser.js";

/**
 * A denoiser of points in the plane that is wrong by a smooth wave of this size: a stand-in for a network’s error, which is
 * small, smooth, and different at each time. The output must be epsilon; `size` is its amplitude, in the unit of epsilon.
 *
 * One made-up error shows what errors can do; it proves nothing about those of a trained network.
 */
export function withError({prediction, predict}: Denoiser<Float64Array>, size: number): Denoiser<Float64Array> {
  if (prediction !== "epsilon")
    throw new RangeError(`the denoiser predicts ${prediction}: give one that predicts epsilon`);
  if (size === 0) return {prediction, predict};
  return {
    prediction,
    predict: (x, t) => predict(x, t).map((value, i) => value + size * Math.sin(2 * x[i ^ 1] + 0.01 * t + (i & 1)))
  };
}
