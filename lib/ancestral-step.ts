import type {CoordinateStep, CoordinateStepInput} from "./coordinate-step.js";

/**
 * One ancestral step for one coordinate, with the noise that the sampler gives it: mean + sigma z (Ho et al. 2020,
 * Algorithm 2; @eq-ancestral-step). A page shows the same lines as a cell.
 */
export function ancestralStep({x, epsilon, alphaBar, alphaBarPrev, sigma, z}: CoordinateStepInput): number {
  const alpha = alphaBar / alphaBarPrev;
  const guess = x - ((1 - alpha) / Math.sqrt(1 - alphaBar)) * epsilon;
  return guess / Math.sqrt(alpha) + sigma * z;
}

/** The same step with its noise switched off: it is told that sigma and z are 0. */
export function withoutNoise(step: CoordinateStep): CoordinateStep {
  return (input) => {
    input.sigma = input.z = 0; // the sampler sets both anew for each coordinate or step; a copy would cost too much
    return step(input);
  };
}
