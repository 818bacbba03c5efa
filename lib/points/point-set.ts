import type {GaussianMixture} from "../mixture.js";
import {mixtureMoments, sampleMixture} from "../mixture.js";
import type {Random} from "../random.js";

/**
 * A distribution of points in the plane that a figure samples from.
 *
 * `mean` and `scale` describe the whole distribution, not one sample: `scale` is the root mean square distance from the
 * mean along one axis, sqrt(E|x - mean|^2 / 2). Unless its file says otherwise a set has mean 0 and scale 1, without
 * change of its shape. `mixture` is there where the distribution is a Gaussian mixture, so that its exact denoiser is
 * known. `sample` returns [count, 2].
 */
export interface PointSet {
  name: string;
  title: string;
  mean: [number, number];
  scale: number;
  mixture?: GaussianMixture;
  sample(count: number, random: Random): Float64Array;
}

/** A distribution before it is moved to mean 0 and scale 1: `draw` writes one point at out[at], out[at + 1]. */
export interface RawPoints {
  mean: [number, number];
  meanSquare: number; // E|x|^2
  draw(random: Random, out: Float64Array, at: number): void;
}

/** The point set of mean 0 and scale 1 that has the shape of a raw distribution; its moments must be the exact ones. */
export function standardPoints(name: string, title: string, {mean, meanSquare, draw}: RawPoints): PointSet {
  const scale = Math.sqrt((meanSquare - mean[0] ** 2 - mean[1] ** 2) / 2);
  function sample(count: number, random: Random): Float64Array {
    const x = new Float64Array(2 * count);
    for (let o = 0; o < x.length; o += 2) {
      draw(random, x, o);
      x[o] = (x[o] - mean[0]) / scale;
      x[o + 1] = (x[o + 1] - mean[1]) / scale;
    }
    return x;
  }
  return {name, title, mean: [0, 0], scale: 1, sample};
}

/** A Gaussian mixture in the plane as a point set, kept where it is: its mean and scale are the mixture's own. */
export function mixturePoints(name: string, title: string, mixture: GaussianMixture): PointSet {
  const {mean, covariance} = mixtureMoments(mixture);
  return {
    name,
    title,
    mean: [mean[0], mean[1]],
    scale: Math.sqrt((covariance[0] + covariance[3]) / 2),
    mixture,
    sample: (count, random) => sampleMixture(mixture, count, random)
  };
}
