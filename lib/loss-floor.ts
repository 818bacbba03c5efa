import {diffuse} from "./forward.js";
import type {GaussianMixture} from "./mixture.js";
import {mixtureX0, sampleMixture} from "./mixture.js";
import type {Prediction} from "./prediction.js";
import {seededRandom} from "./random.js";
import type {Schedule} from "./schedule.js";
import {alphaBarAt} from "./schedule.js";

/** Options of `lossFloor`. */
export interface LossFloorOptions {
  prediction?: Prediction; // what the network answers; defaults to v
  levels?: number; // noise levels, even over the chain; defaults to 100
  count?: number; // points at each; defaults to 200
  seed?: number; // defaults to 0
}

/**
 * The least mean squared error that any network can reach on a mixture: E over t, x_0 and epsilon of the squared distance,
 * per coordinate, between the target and its conditional mean given x_t. It is what the noise hides for good.
 *
 * A Monte Carlo estimate, by default of 20,000 points, which is good to about one percent. All three predictions follow from the error of
 * x_0, since x_t is given: epsilon's error is -sqrt(alphaBar / (1 - alphaBar)) times it, v's -1 / sqrt(1 - alphaBar) times.
 */
export function lossFloor(mixture: GaussianMixture, schedule: Schedule, options: LossFloorOptions = {}): number {
  const {prediction = "v", levels = 100, count = 200, seed = 0} = options;
  const random = seededRandom(seed);
  let sum = 0;
  for (let k = 0; k < levels; ++k) {
    const t = Math.floor(((k + 0.5) / levels) * schedule.timesteps);
    const alphaBar = alphaBarAt(schedule, t);
    const x0 = sampleMixture(mixture, count, random);
    const mean = mixtureX0(mixture, diffuse(x0, random.normals(x0.length), alphaBar), alphaBar);
    const square = x0.reduce((total, value, i) => total + (value - mean[i]) ** 2, 0) / x0.length;
    sum += square * errorFactor(prediction, alphaBar);
  }
  return sum / levels;
}

/** The squared error of a prediction over the squared error of the x_0 that it means. */
function errorFactor(prediction: Prediction, alphaBar: number): number {
  switch (prediction) {
    case "x0":
      return 1;
    case "epsilon":
      return alphaBar / (1 - alphaBar);
    case "v":
      return 1 / (1 - alphaBar);
  }
}
