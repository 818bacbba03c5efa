import type {Prediction} from "./prediction.js";
import {predictionViews} from "./prediction.js";

/** One guess in four coordinates: the noise, the clean data, the velocity, or the score grad log p_t(x_t). */
export type Coordinate = Prediction | "score";

/** The four coordinates, in the order in which the text has them. */
export const coordinates = ["epsilon", "x0", "v", "score"] as const;

/**
 * A guess of the noise in x_t as the same guess in another coordinate: x0 and v by x_t = sqrt(alphaBar) x0 + sqrt(1 -
 * alphaBar) epsilon, the score by @eq-score-noise, -epsilon / sqrt(1 - alphaBar).
 *
 * `epsilon` and `x` are [n, dim] and are not changed; alphaBar is above 0 and below 1. Throws a RangeError otherwise.
 */
export function inCoordinate(
  coordinate: Coordinate,
  epsilon: Float64Array,
  x: Float64Array,
  alphaBar: number
): Float64Array {
  if (!(alphaBar > 0 && alphaBar < 1))
    throw new RangeError(`alphaBar is ${alphaBar}: only strictly between 0 and 1 do all four coordinates exist`);
  if (coordinate !== "score") return predictionViews("epsilon", epsilon, x, alphaBar)[coordinate];
  return epsilon.map((value) => -value / Math.sqrt(1 - alphaBar));
}

/**
 * How much longer an error is in a coordinate than the same error in the noise: with an error d in epsilon, x0 is off by
 * sqrt((1 - alphaBar) / alphaBar) d, v by d / sqrt(alphaBar), and the score by d / sqrt(1 - alphaBar) (@eq-errors).
 *
 * alphaBar is above 0 and below 1; throws a RangeError otherwise.
 */
export function errorLength(coordinate: Coordinate, alphaBar: number): number {
  if (!(alphaBar > 0 && alphaBar < 1)) throw new RangeError(`alphaBar is ${alphaBar}: it must be between 0 and 1`);
  switch (coordinate) {
    case "epsilon":
      return 1;
    case "x0":
      return Math.sqrt((1 - alphaBar) / alphaBar);
    case "v":
      return 1 / Math.sqrt(alphaBar);
    case "score":
      return 1 / Math.sqrt(1 - alphaBar);
  }
}
