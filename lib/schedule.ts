/** The schedules that makeSchedule knows by name. */
export type ScheduleName = "linear" | "cosine" | "scaled_linear" | "sigmoid";

/**
 * How fast the data turns into noise, over T = `timesteps` training timesteps.
 *
 * All arrays are [T] and 0-based: index 0 is the papers' t = 1. `beta` is the variance that one step adds,
 * `alpha` is 1 - beta, and `alphaBar[t]` is the product of alpha[0..t] (the DDIM paper writes alpha_t for it).
 */
export interface Schedule {
  name: string;
  timesteps: number;
  beta: Float64Array;
  alpha: Float64Array;
  alphaBar: Float64Array;
}

/** What can be set of a named schedule; options that a schedule does not use are ignored. */
export interface ScheduleOptions {
  timesteps?: number; // T, defaults to 1000
  betaStart?: number; // defaults to 0.0001, for scaled_linear to 0.00085; not for cosine
  betaEnd?: number; // defaults to 0.02, for scaled_linear to 0.012; not for cosine
  s?: number; // cosine only: the offset that keeps the first beta from vanishing, defaults to 0.008
  maxBeta?: number; // cosine only: no beta is larger, defaults to 0.999
  rescale?: boolean; // betaStart and betaEnd are meant for T = 1000 and are scaled by 1000/T, defaults to false
}

/**
 * A schedule by name.
 *
 * - `linear` (Ho et al. 2020): beta grows in equal steps from betaStart to betaEnd.
 * - `scaled_linear` (Stable Diffusion; "quad" of Ho et al.): sqrt(beta) grows in equal steps.
 * - `sigmoid` (GeoDiff and the DDIM repository): beta follows a sigmoid from -6 to 6 between betaStart and betaEnd.
 *   It is not the sigmoid in alphaBar of Jabri et al.
 * - `cosine` (Nichol and Dhariwal 2021): alphaBar follows cos^2, with beta capped at maxBeta. Because of the cap,
 *   alphaBar is the product of the capped alphas, not cos^2 itself.
 *
 * The first three have fixed betas, so a shorter T leaves more of the data in x_T: linear with T = 100 ends at
 * alphaBar 0.36, where it should be near 0. `rescale` repairs that; cosine does not need it and ignores it.
 * Throws a RangeError if an option is out of range, or if rescaling makes a beta 1 or more.
 * @eq-linear, @eq-cosine, @eq-scaled-linear, @eq-sigmoid.
 */
export function makeSchedule(name: ScheduleName, options: ScheduleOptions = {}): Schedule {
  const {timesteps = 1000} = options;
  if (!Number.isSafeInteger(timesteps) || timesteps < 1)
    throw new RangeError(`timesteps is ${timesteps}: a schedule needs a whole number of at least 1 timestep`);
  if (name === "cosine") return scheduleFromBetas(cosineBetas(timesteps, options), name);
  const [start, end] = betaRange(name, timesteps, options);
  return scheduleFromBetas(betas(name, start, end, timesteps), name);
}

/**
 * A schedule from its betas, [T]; the name defaults to "custom".
 *
 * Throws a RangeError unless there is a beta and each is above 0 and below 1. Only the last may be 1: it leaves no data.
 * @eq-alpha-bar.
 */
export function scheduleFromBetas(beta: ArrayLike<number>, name = "custom"): Schedule {
  const timesteps = beta.length;
  if (!timesteps) throw new RangeError("the list of betas is empty: a schedule needs at least 1 timestep");
  for (let t = 0; t < timesteps; t++) {
    if (beta[t] > 0 && (beta[t] < 1 || (beta[t] === 1 && t === timesteps - 1))) continue;
    throw new RangeError(`beta[${t}] is ${beta[t]}: a beta must be above 0 and below 1 (the last may be 1)`);
  }
  const alpha = Float64Array.from(beta, (b) => 1 - b);
  const alphaBar = new Float64Array(timesteps);
  for (let t = 0, product = 1; t < timesteps; t++) alphaBar[t] = product *= alpha[t];
  return {name, timesteps, beta: Float64Array.from(beta), alpha, alphaBar};
}

/** alphaBar at the timestep t in -1..T-1, where -1 is the clean data, with alphaBar 1; throws a RangeError elsewhere. */
export function alphaBarAt(schedule: Schedule, t: number): number {
  if (t === -1) return 1;
  checkTimestep(schedule, t, -1);
  return schedule.alphaBar[t];
}

/** Throws a RangeError unless t is a timestep of the schedule: a whole number from `first` (0 by default) to T-1. */
export function checkTimestep(schedule: Schedule, t: number, first = 0): void {
  if (Number.isInteger(t) && t >= first && t < schedule.timesteps) return;
  const range = `${first} to ${schedule.timesteps - 1}`;
  throw new RangeError(`t is ${t}, but the timesteps of this schedule are the whole numbers from ${range}`);
}

/**
 * The signal-to-noise ratio alphaBar / (1 - alphaBar) of x_t: a ratio of variances, Infinity for clean data.
 * @eq-snr.
 */
export function snr(alphaBar: number): number {
  return alphaBar / (1 - alphaBar);
}

/** The natural logarithm of the signal-to-noise ratio; DPM-Solver's lambda is half of it. @eq-log-snr. */
export function logSnr(alphaBar: number): number {
  return Math.log(snr(alphaBar));
}

/** The alphaBar in 0..1 that has the given log-SNR: the inverse of logSnr. */
export function alphaBarOfLogSnr(logSnr: number): number {
  // Each branch keeps the relative error small where alphaBar is.
  return logSnr < 0 ? Math.exp(logSnr) / (1 + Math.exp(logSnr)) : 1 / (1 + Math.exp(-logSnr));
}

/** The first timestep whose signal-to-noise ratio is below `level` (1 by default), or T if there is none. */
export function firstTimestepBelowSnr(schedule: Schedule, level = 1): number {
  const t = schedule.alphaBar.findIndex((alphaBar) => snr(alphaBar) < level);
  return t < 0 ? schedule.timesteps : t;
}

/**
 * A sentence for readers where a schedule leaves more than 5% of the data in x_T, sqrt(alphaBar[T-1]) > 0.05; undefined
 * where it does not.
 */
export function leftSignalText(schedule: Schedule): string | undefined {
  const left = Math.sqrt(schedule.alphaBar[schedule.timesteps - 1]);
  if (!(left > 0.05)) return undefined;
  return (
    `This schedule ends with ${Math.round(100 * left)}% of the data still in x_T, but a sampler starts from noise alone, ` +
    "which the denoiser has never met there: samples are drawn towards the middle. Take more timesteps or larger betas, " +
    "or end at zero signal (rescaleZeroTerminalSnr)."
  );
}

/**
 * The schedule shifted and scaled in sqrt(alphaBar) so that x_T holds no data at all: alphaBar[0] stays, alphaBar[T-1]
 * becomes 0 (Lin et al. 2023, Algorithm 1).
 *
 * At alphaBar 0 an epsilon prediction says nothing about x_0: such a model must predict v or x0. Throws a RangeError if
 * T is 1, where first and last are the same.
 */
export function rescaleZeroTerminalSnr(schedule: Schedule): Schedule {
  const {timesteps} = schedule;
  if (timesteps < 2)
    throw new RangeError("zero terminal SNR needs at least 2 timesteps: the first one keeps its alphaBar");
  const root = schedule.alphaBar.map(Math.sqrt);
  const [first, last] = [root[0], root[timesteps - 1]];
  const alphaBar = root.map((r) => ((r - last) * (first / (first - last))) ** 2);
  const alpha = alphaBar.map((a, t) => (t ? a / alphaBar[t - 1] : a));
  return {name: `${schedule.name}, zero terminal SNR`, timesteps, beta: alpha.map((a) => 1 - a), alpha, alphaBar};
}

function betaRange(name: ScheduleName, timesteps: number, options: ScheduleOptions): [number, number] {
  const scaled = name === "scaled_linear";
  const {betaStart = scaled ? 0.00085 : 0.0001, betaEnd = scaled ? 0.012 : 0.02, rescale = false} = options;
  if (!(betaStart > 0 && betaStart < 1 && betaEnd > 0 && betaEnd < 1))
    throw new RangeError(`betaStart is ${betaStart} and betaEnd is ${betaEnd}: both must be above 0 and below 1`);
  const scale = rescale ? 1000 / timesteps : 1;
  const largest = Math.max(betaStart, betaEnd);
  if (largest * scale >= 1) {
    const least = Math.floor(1000 * largest) + 1;
    throw new RangeError(
      `rescaled to ${timesteps} timesteps, beta reaches ${largest * scale}, but it must stay below 1: ` +
        `choose at least ${least} timesteps or smaller betas`
    );
  }
  return [betaStart * scale, betaEnd * scale];
}

function betas(name: Exclude<ScheduleName, "cosine">, start: number, end: number, timesteps: number): Float64Array {
  switch (name) {
    case "linear":
      return linspace(start, end, timesteps);
    case "scaled_linear":
      return linspace(Math.sqrt(start), Math.sqrt(end), timesteps).map((root) => root * root);
    case "sigmoid":
      return linspace(-6, 6, timesteps).map((x) => (1 / (Math.exp(-x) + 1)) * (end - start) + start);
    default:
      throw new RangeError(
        `there is no schedule ${JSON.stringify(name)}: choose linear, cosine, scaled_linear or sigmoid`
      );
  }
}

function cosineBetas(timesteps: number, {s = 0.008, maxBeta = 0.999}: ScheduleOptions): Float64Array {
  if (!(s >= 0 && s < Infinity)) throw new RangeError(`s is ${s}: the cosine offset must be 0 or a positive number`);
  if (!(maxBeta > 0 && maxBeta <= 1)) throw new RangeError(`maxBeta is ${maxBeta}: it must be above 0, at most 1`);
  const f = (u: number) => Math.cos((((u + s) / (1 + s)) * Math.PI) / 2) ** 2;
  return Float64Array.from({length: timesteps}, (_, t) =>
    Math.min(1 - f((t + 1) / timesteps) / f(t / timesteps), maxBeta)
  );
}

/** `count` equally spaced numbers from start to end, both included, rounded as numpy's linspace does; one is [start]. */
export function linspace(start: number, end: number, count: number): Float64Array {
  const step = (end - start) / (count - 1);
  return Float64Array.from({length: count}, (_, i) => (i && i === count - 1 ? end : i ? i * step + start : start));
}
