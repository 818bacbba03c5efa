import type {CoordinateStep} from "./coordinate-step.js";
import {etaLimit} from "./ddim.js";
import {levelsOf} from "./sampler.js";
import type {Schedule} from "./schedule.js";

/**
 * The step of DDIM's family in which `share` of the noise's variance is fresh, in every step: sigma^2 = share (1 -
 * alphaBarPrev) (@eq-noise-share). 0 is DDIM; 1 is the limit, where nothing of the old noise is kept. Throws a RangeError
 * for a share outside 0..1.
 */
export function noiseShareStep(share: number): CoordinateStep {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`share is ${share}: choose a number from 0 to 1`);
  return ({x, epsilon, alphaBar, alphaBarPrev, z}) => {
    const x0 = (x - Math.sqrt(1 - alphaBar) * epsilon) / Math.sqrt(alphaBar);
    const kept = Math.sqrt((1 - share) * (1 - alphaBarPrev));
    const fresh = Math.sqrt(share * (1 - alphaBarPrev));
    return Math.sqrt(alphaBarPrev) * x0 + kept * epsilon + fresh * z;
  };
}

/** The largest eta that every step of a list allows: the smallest of the steps' limits. Throws what levelsOf throws. */
export function etaLimitOfList(schedule: Schedule, timesteps: readonly number[]): number {
  const limits = levelsOf({schedule, timesteps}).map(({alphaBar, alphaBarPrev}) => etaLimit(alphaBar, alphaBarPrev));
  return Math.min(...limits);
}

/** Where a dial for eta ends: at the limit of the list, or at 1 where no step adds noise and every eta is as good. */
export function etaDialEnd(schedule: Schedule, timesteps: readonly number[]): number {
  const limit = etaLimitOfList(schedule, timesteps);
  return limit === Infinity ? 1 : limit;
}
