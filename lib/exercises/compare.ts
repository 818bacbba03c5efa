import {chanceOfSameMode} from "../determinism.js";
import {seededRandom} from "../random.js";
import {spreadOf} from "../sample-scores.js";
import type {Checks} from "./check.js";
import {asFunction, asNumber, near} from "./check.js";

const say = (value: number) => value.toPrecision(3);

/** The checks of the exercises of /compare. */
export const checks: Checks = {
  "same-mode-by-chance"(answer) {
    const chance = asFunction(answer, "chance");
    const of = (weights: number[]) => asNumber(chance([...weights]), `chance([${weights.join(", ")}])`);
    const three = of([0.5, 0.3, 0.2]);
    if (near(three, 1 / 3))
      return "for the weights 0.5, 0.3, 0.2 your chance is 1/3: that is right for equal weights only.";
    if (near(three, 0.5))
      return "your chance is 0.5 for the weights 0.5, 0.3, 0.2: that is how likely one sample is to lie in the largest mode, not how likely two are to agree.";
    if (!near(three, 0.38)) return `for the weights 0.5, 0.3, 0.2 your chance is ${say(three)}; it should be 0.38.`;
    const counted = of([5, 3, 2]);
    if (!near(counted, 0.38))
      return `for the weights 5, 3, 2 your chance is ${say(counted)}, but it is the same mixture: divide by the sum, so that the probabilities add up to 1.`;
    const odd = [0.05, 0.9, 0.2, 0.4];
    const right = chanceOfSameMode({weights: odd, means: [], stds: []});
    if (!near(of(odd), right))
      return `for the weights ${odd.join(", ")} your chance is ${say(of(odd))}, not ${say(right)}.`;
    return undefined;
  },

  "fresh-share-of-eta"(answer) {
    const freshShare = asFunction(answer, "freshShare");
    for (const [alphaBar, alphaBarPrev, eta] of [
      [0.2, 0.5, 0.5],
      [4e-5, 3e-4, 1],
      [0.9, 0.99, 0.7],
      [0.9, 0.99, 0]
    ]) {
      const share = asNumber(
        freshShare(alphaBar, alphaBarPrev, eta),
        `freshShare(${alphaBar}, ${alphaBarPrev}, ${eta})`
      );
      const right = (eta ** 2 * (1 - alphaBar / alphaBarPrev)) / (1 - alphaBar);
      if (near(share, right)) continue;
      const at = `freshShare(${alphaBar}, ${alphaBarPrev}, ${eta}) is ${say(share)}, not ${say(right)}`;
      if (near(share, Math.sqrt(right)))
        return `${at}: you have the root, a share of the standard deviation; f is a share of the variance.`;
      if (near(share, right * (1 - alphaBarPrev)))
        return `${at}: that is σ² itself. Divide it by 1 − ᾱ′, the noise that level ᾱ′ must have.`;
      return `${at}: square the formula for σ(η), and divide by 1 − ᾱ′.`;
    }
    return undefined;
  },

  "walk-length"(answer) {
    const walkLength = asFunction(answer, "walkLength");
    const of = (steps: number, total: number) => asNumber(walkLength(steps, total), `walkLength(${steps}, ${total})`);
    const right = (steps: number, total: number) => Math.sqrt((Math.PI / 2) * steps * total);
    const measured = walked(400, 9);
    const own = of(400, 9);
    if (near(of(100, 9), own, 1e-3))
      return `your length is ${say(own)} for 100 steps and for 400: it does not grow with the number of steps, but a walk of 400 steps was ${say(measured)} long.`;
    if (near(own, right(400, 9) * Math.sqrt(4 / Math.PI)))
      return `your length is ${say(own)}, a walk was ${say(measured)} long: √2 σ is the root of the mean square of a step’s length, and the mean of the length is less.`;
    if (near(own, (right(400, 9) * 2) / Math.PI))
      return `your length is ${say(own)}, a walk was ${say(measured)} long: √(2/π) σ is the mean size of one coordinate; a step in the plane has two.`;
    for (const [steps, total] of [
      [400, 9],
      [10, 10.1],
      [1000, 0.5]
    ]) {
      if (near(of(steps, total), right(steps, total))) continue;
      return `walkLength(${steps}, ${total}) is ${say(of(steps, total))}; a walk of so many steps was ${say(walked(steps, total))} long.`;
    }
    return undefined;
  },

  "paired-difference"(answer) {
    const pairedScore = asFunction(answer, "pairedScore");
    const random = seededRandom(3);
    const luck = random.normals(8); // what a seed does to both
    const a = Array.from(luck, (value) => 1 + value + 0.1 * random.normal());
    const b = Array.from(luck, (value) => 0.9 + value + 0.1 * random.normal());
    const score = asNumber(pairedScore([...a], [...b]), "pairedScore(a, b)");
    const {mean, sd} = spreadOf(a.map((value, k) => value - b[k]));
    const right = mean / (sd / Math.sqrt(a.length));
    if (near(score, right)) return undefined;
    const at = `for two samplers that differ by 0.1 on 8 seeds your score is ${say(score)}, not ${say(right)}`;
    const apart = Math.sqrt((spreadOf(a).sd ** 2 + spreadOf(b).sd ** 2) / a.length);
    if (near(score, mean / apart))
      return `${at}: you added the variances of a and b, so the luck of the seeds, what the two have in common, still counts. Take the differences first.`;
    if (near(score, mean / sd))
      return `${at}: you divided by the standard deviation of one difference; the standard error of the mean is smaller by √n.`;
    if (near(score, -right)) return `${at}: the sign is that of b − a.`;
    return `${at}. Take the differences, their mean, and their standard deviation over √n.`;
  },

  "bend-of-a-path"(answer) {
    const bend = asFunction(answer, "bend");
    const rho = [8, 5, 3, 1.5, 0.5, 0];
    const of = (x: number[], what: string) => asNumber(bend([...rho], [...x]), `bend of ${what}`);
    const straight = rho.map((r) => 0.4 + 1.3 * r);
    const none = of(straight, "a straight path");
    if (Math.abs(none) > 1e-9)
      return `a straight path gets the bend ${say(none)}, but its foot stays where it is: you measure the path itself, not the foot of its pieces.`;
    const x = [9, 5.2, 3.4, 1.2, 0.9, 0.7];
    const slopes = rho.slice(1).map((r, k) => (x[k + 1] - x[k]) / (r - rho[k]));
    const feet = slopes.map((slope, k) => x[k] - rho[k] * slope);
    const right = feet.slice(1).reduce((sum, foot, k) => sum + Math.abs(foot - feet[k]), 0);
    const own = of(x, "a bent path");
    if (near(own, right)) return undefined;
    const net = feet.at(-1)! - feet[0];
    if (near(Math.abs(own), Math.abs(net)))
      return `a path whose foot goes one way and then back gets ${say(own)}, not ${say(right)}: add up the moves without a sign.`;
    return `for a bent path your sum is ${say(own)}, not ${say(right)}: the foot of a piece is x − ρ · slope, and the moves are between neighbouring pieces.`;
  }
};

/** The length of one walk in the plane. */
function walked(steps: number, total: number): number {
  const z = seededRandom(7).normals(2 * steps);
  const sigma = Math.sqrt(total / steps);
  let length = 0;
  for (let i = 0; i < z.length; i += 2) length += sigma * Math.hypot(z[i], z[i + 1]);
  return length;
}
