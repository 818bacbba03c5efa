import {checkerboard} from "./checkerboard.js";
import {letterPoints} from "./letters.js";
import {gaussian, offCentre, ringOfEight, threeModes} from "./mixtures.js";
import {moons} from "./moons.js";
import {pinwheel} from "./pinwheel.js";
import type {PointSet} from "./point-set.js";
import {spirals, swissRoll} from "./spirals.js";

export {drawnPoints} from "./drawn.js";
export {letterPoints} from "./letters.js";
export type {PointSet} from "./point-set.js";

/** The sets that a page offers, in the order of a menu; each name is unique. */
export const pointSets: PointSet[] = [
  threeModes,
  ringOfEight,
  moons,
  swissRoll,
  spirals,
  pinwheel,
  checkerboard,
  letterPoints("DDIM"),
  offCentre,
  gaussian
];

/** The set of a name, such as "moons"; throws a RangeError that lists the names if there is none. */
export function pointSet(name: string): PointSet {
  const set = pointSets.find((candidate) => candidate.name === name);
  if (set) return set;
  throw new RangeError(`there is no point set "${name}": choose one of ${pointSets.map((s) => s.name).join(", ")}`);
}
