import type {PointSet} from "./point-set.js";
import {standardPoints} from "./point-set.js";

const TURN = 3 * Math.PI; // where the arms of the two spirals end
const ROLL_FROM = 1.5 * Math.PI;
const ROLL_TO = 4.5 * Math.PI;
const NOISE = 0.35; // std across the arm, before standardising

/** Two spiral arms of one and a half turns, one the half turn of the other, of nearly even density along the arm. */
export const spirals: PointSet = standardPoints("spirals", "Two spirals", {
  mean: [0, 0], // the arms mirror each other in the origin
  meanSquare: TURN ** 2 / 2 + 2 * NOISE ** 2, // the angle squared is uniform on [0, TURN^2]
  draw(random, out, at) {
    const angle = TURN * Math.sqrt(random.uniform());
    const radius = random.uniform() < 0.5 ? angle : -angle;
    out[at] = radius * Math.cos(angle) + NOISE * random.normal();
    out[at + 1] = radius * Math.sin(angle) + NOISE * random.normal();
  }
});

/** The Swiss roll seen from its end: one arm, from 3/4 to 9/4 of a turn, of nearly even density along the arm. */
export const swissRoll: PointSet = standardPoints("swiss-roll", "Swiss roll", {
  mean: rollMean(),
  meanSquare: (ROLL_FROM ** 2 + ROLL_TO ** 2) / 2 + 2 * NOISE ** 2,
  draw(random, out, at) {
    const angle = Math.sqrt(ROLL_FROM ** 2 + (ROLL_TO ** 2 - ROLL_FROM ** 2) * random.uniform());
    out[at] = angle * Math.cos(angle) + NOISE * random.normal();
    out[at + 1] = angle * Math.sin(angle) + NOISE * random.normal();
  }
});

/** The mean of (a cos a, a sin a) over a in [ROLL_FROM, ROLL_TO] of density proportional to a. */
function rollMean(): [number, number] {
  const x = (a: number) => a ** 2 * Math.sin(a) + 2 * a * Math.cos(a) - 2 * Math.sin(a);
  const y = (a: number) => -(a ** 2) * Math.cos(a) + 2 * a * Math.sin(a) + 2 * Math.cos(a);
  const mass = (ROLL_TO ** 2 - ROLL_FROM ** 2) / 2;
  return [(x(ROLL_TO) - x(ROLL_FROM)) / mass, (y(ROLL_TO) - y(ROLL_FROM)) / mass];
}
