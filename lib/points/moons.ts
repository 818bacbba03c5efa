import type {PointSet} from "./point-set.js";
import {standardPoints} from "./point-set.js";

const NOISE = 0.07; // std across the arc, before standardising

/** Two half circles that reach into each other, as in scikit-learn's make_moons, with Gaussian thickness. */
export const moons: PointSet = standardPoints("moons", "Two moons", {
  mean: [0.5, 0.25],
  // About the mean: 1/2 + 1/4 along x, 1/2 + 1/16 - 1/pi along y, since E sin = 2/pi on a half circle.
  meanSquare: 0.5 ** 2 + 0.25 ** 2 + 0.75 + 0.5625 - 1 / Math.PI + 2 * NOISE ** 2,
  draw(random, out, at) {
    const upper = random.uniform() < 0.5;
    const angle = Math.PI * random.uniform();
    const x = Math.cos(angle);
    const y = Math.sin(angle);
    out[at] = (upper ? x : 1 - x) + NOISE * random.normal();
    out[at + 1] = (upper ? y : 0.5 - y) + NOISE * random.normal();
  }
});
