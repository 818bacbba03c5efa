import {linspace} from "./schedule.js";

/**
 * How to choose S of the T training timesteps: three rules of diffusers (Lin et al. 2023, Table 2), and the DDIM paper's
 * two (ermongroup/ddim).
 */
export type StepRule = "leading" | "trailing" | "linspace" | "uniform" | "quadratic";

/** What a step list is made for: T training timesteps, S of them to be visited. */
export interface StepListOptions {
  timesteps: number; // T
  steps: number; // S, from 1 to T
  offset?: number; // leading only: added to every entry, defaults to 0
}

/**
 * The timesteps that a sampler visits, descending, without repeats, all in 0..T-1.
 *
 * - `leading`: 0, k, 2k, ... with k = floor(T/S), plus the offset. It starts below T-1, and far below it when S does
 *   not divide T (T = 1000, S = 600 starts at 599).
 * - `trailing`: from T-1 down, T/S apart. It visits 0 only if S is above 2T/3.
 * - `linspace`: from T-1 to 0, both included.
 * - `uniform`: every k-th from 0 below T. When S does not divide T it has more than S entries: all are kept.
 * - `quadratic`: squares of equally spaced numbers up to 0.8 T, rounded down. Repeats are dropped, so it may have fewer
 *   than S entries.
 *
 * With S = 1, all but trailing are [0] (plus the offset): no place to start from pure noise. Throws a RangeError if S is
 * not a whole number from 1 to T, or if the offset moves an entry out of 0..T-1.
 */
export function timestepList(rule: StepRule, options: StepListOptions): number[] {
  const {timesteps, steps, offset = 0} = options;
  checkSteps(timesteps, steps);
  if (!Number.isSafeInteger(offset) || (offset && rule !== "leading"))
    throw new RangeError(`offset is ${offset}: it must be a whole number, and only the rule "leading" has one`);
  const published = [...new Set(publishedTimesteps(rule, options))];
  const list = rule === "trailing" ? published.filter((t) => t >= 0) : published;
  if (list[0] >= timesteps || list[list.length - 1] < 0)
    throw new RangeError(
      `with offset ${offset} the list runs from ${list[0]} to ${list[list.length - 1]}, but this schedule has the ` +
        `timesteps 0 to ${timesteps - 1}: choose a smaller offset or fewer steps`
    );
  return list;
}

/**
 * The list exactly as the published code makes it, descending: quadratic keeps its repeats, an offset may leave 0..T-1,
 * and trailing ends with a stray -1 for a few T and S, by a rounding in numpy's arange (T = 48, S = 47). For comparison
 * with that code; samplers want timestepList. Throws a RangeError if S is not a whole number from 1 to T.
 */
export function publishedTimesteps(rule: StepRule, options: StepListOptions): number[] {
  const {timesteps, steps, offset = 0} = options;
  checkSteps(timesteps, steps);
  switch (rule) {
    case "leading":
      return Array.from({length: steps}, (_, i) => (steps - 1 - i) * Math.floor(timesteps / steps) + offset);
    case "trailing":
      return trailing(timesteps, steps);
    case "linspace":
      return Array.from(linspace(0, timesteps - 1, steps), roundHalfEven).reverse();
    case "uniform": {
      const stride = Math.floor(timesteps / steps);
      return Array.from({length: Math.ceil(timesteps / stride)}, (_, i) => i * stride).reverse();
    }
    case "quadratic":
      return Array.from(linspace(0, Math.sqrt(timesteps * 0.8), steps), (x) => Math.floor(x * x)).reverse();
    default:
      throw new RangeError(
        `there is no step rule ${JSON.stringify(rule)}: choose leading, trailing, linspace, uniform or quadratic`
      );
  }
}

/**
 * Each timestep of a descending list with the one it steps to: the next entry, and -1 (clean data) after the last.
 *
 * This is also right where diffusers' t - floor(T/S) is not the next entry. Throws a RangeError unless the list is not
 * empty, and strictly descending down to 0 or more.
 */
export function withPrevious(list: readonly number[]): {t: number; tPrev: number}[] {
  if (!list.length) throw new RangeError("the list of timesteps is empty: a sampler needs at least 1 step");
  return list.map((t, i) => {
    const tPrev = i + 1 < list.length ? list[i + 1] : -1;
    if (!Number.isInteger(t) || t < 0) throw new RangeError(`timestep ${t} is not a whole number of at least 0`);
    if (t <= tPrev)
      throw new RangeError(`timestep ${t} is followed by ${tPrev}: the list must descend, without repeats`);
    return {t, tPrev};
  });
}

/** The nearest whole number, halves to the even one, as Python and numpy round (Math.round takes halves up). */
export function roundHalfEven(x: number): number {
  const down = Math.floor(x);
  if (x - down !== 0.5) return Math.round(x);
  return down % 2 === 0 ? down : down + 1;
}

// numpy's arange(T, 0, -T/S), rounded, minus 1. It steps by the rounded difference of its first two entries, which
// decides some halves.
function trailing(timesteps: number, steps: number): number[] {
  const stride = timesteps - timesteps / steps - timesteps;
  const length = Math.ceil(timesteps / (timesteps / steps)); // S, or by rounding S + 1
  return Array.from({length}, (_, i) => roundHalfEven(timesteps + i * stride) - 1);
}

function checkSteps(timesteps: number, steps: number): void {
  if (!Number.isSafeInteger(timesteps) || timesteps < 1)
    throw new RangeError(`timesteps is ${timesteps}: it must be a whole number of at least 1`);
  if (!Number.isSafeInteger(steps) || steps < 1)
    throw new RangeError(`steps is ${steps}: choose a whole number of at least 1`);
  if (steps > timesteps)
    throw new RangeError(
      `steps is ${steps}, but this schedule has only ${timesteps} timesteps: choose at most ${timesteps}`
    );
}
