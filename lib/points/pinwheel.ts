import type {PointSet} from "./point-set.js";
import {standardPoints} from "./point-set.js";

const BLADES = 5;
const RADIAL = 0.3; // std along a blade
const TANGENTIAL = 0.1; // std across it
const TWIST = 0.25; // how much the outer part is turned

/** Five bent blades (Johnson et al. 2016): Gaussians on a circle, turned by an angle that grows with the radius. */
export const pinwheel: PointSet = standardPoints("pinwheel", "Pinwheel", {
  mean: [0, 0],
  meanSquare: 1 + RADIAL ** 2 + TANGENTIAL ** 2, // turning a point does not change its distance from the middle
  draw(random, out, at) {
    const along = 1 + RADIAL * random.normal();
    const across = TANGENTIAL * random.normal();
    const angle = (2 * Math.PI * random.integer(BLADES)) / BLADES + TWIST * Math.exp(along);
    out[at] = along * Math.cos(angle) - across * Math.sin(angle);
    out[at + 1] = along * Math.sin(angle) + across * Math.cos(angle);
  }
});
