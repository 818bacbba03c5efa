import {mixtureOfPoints} from "../mixture.js";
import type {PointSet} from "./point-set.js";
import {mixturePoints} from "./point-set.js";

const FEWEST = 20; // distinct points
const MOST = 256; // kept as modes, so that the exact denoiser stays fast
const BLUR = 0.05; // std of each mode, after standardising

/**
 * The set that a reader has drawn, standardised to mean 0 and scale 1: a mixture of one mode of std 0.05 at each point,
 * so its exact denoiser is known.
 *
 * `points` is [n, 2], row by row, in any unit (pixels will do); y may point either way, and is kept. Repeated points
 * count once. Of more than 256 distinct points 256 are kept, evenly along the drawing. Throws a RangeError, in words
 * for the reader, if fewer than 20 points are distinct or a coordinate is not a finite number.
 */
export function drawnPoints(points: ArrayLike<number>): PointSet {
  const kept = thin(distinct(points));
  const mean = [0, 1].map((axis) => kept.reduce((sum, p) => sum + p[axis], 0) / kept.length);
  const spread = kept.reduce((sum, [x, y]) => sum + (x - mean[0]) ** 2 + (y - mean[1]) ** 2, 0) / kept.length;
  const unit = Math.sqrt(spread / 2 / (1 - BLUR ** 2)); // so that the points and their blur together have scale 1
  const standard = Float64Array.from(kept.flatMap(([x, y]) => [(x - mean[0]) / unit, (y - mean[1]) / unit]));
  return {...mixturePoints("drawn", "Your drawing", mixtureOfPoints(standard, BLUR)), mean: [0, 0], scale: 1};
}

function distinct(points: ArrayLike<number>): [number, number][] {
  if (points.length % 2 !== 0) {
    throw new RangeError(`the drawing has ${points.length} numbers, an odd count: give an x and a y for each point`);
  }
  const found = new Map<string, [number, number]>();
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = [points[i], points[i + 1]];
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      throw new RangeError(`point ${i / 2 + 1} of the drawing is (${x}, ${y}), not a place: clear it and draw again`);
    }
    found.set(`${x},${y}`, [x, y]);
  }
  if (found.size < FEWEST) {
    const count = found.size === 1 ? "1 point" : `${found.size} different points`;
    throw new RangeError(`Your drawing has ${count}, and ${FEWEST} are needed: draw a longer line, or a few more.`);
  }
  return [...found.values()];
}

function thin<A>(array: A[]): A[] {
  if (array.length <= MOST) return array;
  return Array.from({length: MOST}, (_, i) => array[Math.floor((i * array.length) / MOST)]);
}
