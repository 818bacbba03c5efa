import type {PointSet} from "./point-set.js";
import {mixturePoints} from "./point-set.js";

/**
 * One Gaussian, N(0, I): it stays what it is at every noise level, so whatever a sampler changes is the sampler's
 * error.
 */
export const gaussian: PointSet = mixturePoints("gaussian", "One Gaussian", {weights: [1], means: [[0, 0]], stds: [1]});

/**
 * Three modes of unlike weight and width, not standardised: mean (0.22, 0.12), scale 0.629. The `tri` of the golden
 * files.
 */
export const threeModes: PointSet = mixturePoints("tri", "Three modes", {
  weights: [0.5, 0.3, 0.2],
  means: [
    [0.9, 0.2],
    [-0.7, 0.6],
    [-0.1, -0.8]
  ],
  stds: [0.1, 0.2, 0.15]
});

/** Eight equal modes of std 0.06 on the unit circle, mean 0, scale 0.710. The `ring8` of the golden files. */
export const ringOfEight: PointSet = mixturePoints("ring8", "Ring of eight", {
  weights: Array.from({length: 8}, () => 1 / 8),
  means: Array.from({length: 8}, (_, k) => [Math.cos((k * Math.PI) / 4), Math.sin((k * Math.PI) / 4)]),
  stds: Array.from({length: 8}, () => 0.06)
});

/**
 * Two tight clusters away from the middle, at (2, 2) and (2.6, 1.4), std 0.1: mean (2.3, 1.7), scale 0.316.
 * Deliberately not standardised: bugs that a centred set forgives, such as starting below t = T - 1, show here.
 */
export const offCentre: PointSet = mixturePoints("off-centre", "Two clusters off centre", {
  weights: [0.5, 0.5],
  means: [
    [2, 2],
    [2.6, 1.4]
  ],
  stds: [0.1, 0.1]
});
