import type {Schedule} from "./schedule.js";
import {alphaBarAt, checkTimestep} from "./schedule.js";

/** The posterior q(x_prev | x_t, x_0) = N(x0 x_0 + xt x_t, variance I). */
export interface Posterior {
  x0: number;
  xt: number;
  variance: number;
}

/**
 * The posterior between two noise levels, alphaBar < alphaBarPrev <= 1, not necessarily neighbours (Ho et al. 2020,
 * equations 6 and 7).
 *
 * The step's alpha defaults to alphaBar/alphaBarPrev and its beta to 1 - alpha; give them where they are known more
 * exactly.
 */
export function posteriorBetween(
  alphaBar: number,
  alphaBarPrev: number,
  alpha = alphaBar / alphaBarPrev,
  beta = 1 - alpha
): Posterior {
  return {
    x0: (beta * Math.sqrt(alphaBarPrev)) / (1 - alphaBar),
    xt: ((1 - alphaBarPrev) * Math.sqrt(alpha)) / (1 - alphaBar),
    variance: (beta * (1 - alphaBarPrev)) / (1 - alphaBar)
  };
}

/**
 * The posterior's mean is x0 x_0 + xt x_t, for t in 0..T-1; at t = 0 it is x_0 (Ho et al. 2020, equation 7).
 * Throws a RangeError for another t.
 * @eq-posterior-mean.
 */
export function posteriorMeanCoefficients(schedule: Schedule, t: number): {x0: number; xt: number} {
  const {x0, xt} = posteriorAt(schedule, t);
  return {x0, xt};
}

/**
 * The posterior's variance beta-tilde, for t in 0..T-1: beta (1 - alphaBarPrev) / (1 - alphaBar), which is 0 at t = 0.
 * Throws a RangeError for another t.
 * @eq-posterior-variance.
 */
export function posteriorVariance(schedule: Schedule, t: number): number {
  return posteriorAt(schedule, t).variance;
}

/**
 * The natural logarithm of beta-tilde, kept finite at t = 0, where beta-tilde is 0.
 *
 * `openai` takes the value of t = 1 there (Nichol and Dhariwal 2021); `ho` takes log(1e-20) = -46.05 (Ho et al. 2020).
 * Throws a RangeError if t is not in 0..T-1, and for `openai` at t = 0 if T is 1.
 */
export function posteriorLogVarianceClipped(schedule: Schedule, t: number, rule: "openai" | "ho"): number {
  switch (rule) {
    case "ho":
      return Math.log(Math.max(posteriorVariance(schedule, t), 1e-20));
    case "openai":
      if (t === 0 && schedule.timesteps === 1)
        throw new RangeError(
          'the rule "openai" takes the value of t = 1 at t = 0, but this schedule has 1 timestep: use "ho"'
        );
      return Math.log(posteriorVariance(schedule, t === 0 ? 1 : t));
    default:
      throw new RangeError(`there is no log-variance rule ${JSON.stringify(rule)}: choose openai or ho`);
  }
}

function posteriorAt(schedule: Schedule, t: number): Posterior {
  checkTimestep(schedule, t);
  return posteriorBetween(schedule.alphaBar[t], alphaBarAt(schedule, t - 1), schedule.alpha[t], schedule.beta[t]);
}
