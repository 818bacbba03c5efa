import type {Coordinate} from "./coordinates.js";
import {errorLength} from "./coordinates.js";
import {posteriorBetween} from "./posterior.js";

/**
 * A loss for the denoiser: the plain squared error in one of the four coordinates (that in `epsilon` is Ho et al.'s
 * simple loss), or the variational bound.
 */
export type Loss = Coordinate | "bound";

/**
 * What a loss charges for the squared error in a coordinate, at the step from alphaBar to the cleaner alphaBarPrev.
 *
 * A squared error in epsilon is charged 1 by the loss in epsilon, and errorLength^2 by the loss in another coordinate. The
 * bound charges it @eq-bound-weight: with the posterior's variance, half of what the SNR falls in the step for an error in
 * x0. Throws a RangeError unless 0 < alphaBar < alphaBarPrev < 1: the last step, to clean data, has another term.
 */
export function lossWeight(loss: Loss, coordinate: Coordinate, alphaBar: number, alphaBarPrev: number): number {
  if (!(alphaBar > 0 && alphaBar < alphaBarPrev && alphaBarPrev < 1))
    throw new RangeError(`the levels are ${alphaBar} and ${alphaBarPrev}: the second must be the larger, and below 1`);
  const noise = loss === "bound" ? boundWeight(alphaBar, alphaBarPrev) : errorLength(loss, alphaBar) ** 2;
  return noise / errorLength(coordinate, alphaBar) ** 2;
}

/** The KL divergence of a step over the squared error of the noise: the distance of the means, over 2 variances. */
function boundWeight(alphaBar: number, alphaBarPrev: number): number {
  const {x0, variance} = posteriorBetween(alphaBar, alphaBarPrev);
  return (x0 * errorLength("x0", alphaBar)) ** 2 / (2 * variance);
}
