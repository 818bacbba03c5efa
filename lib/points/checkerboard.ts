import type {PointSet} from "./point-set.js";
import {standardPoints} from "./point-set.js";

/** The eight dark squares of a four by four board, filled evenly: sharp edges, which a Gaussian mixture cannot have. */
export const checkerboard: PointSet = standardPoints("checkerboard", "Checkerboard", {
  mean: [0, 0],
  meanSquare: 8 / 3, // both coordinates are uniform on [-2, 2]
  draw(random, out, at) {
    const column = random.integer(4);
    const row = 2 * random.integer(2) + (column % 2);
    out[at] = column - 2 + random.uniform();
    out[at + 1] = row - 2 + random.uniform();
  }
});
