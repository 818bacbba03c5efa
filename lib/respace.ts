import type {Schedule} from "./schedule.js";
import {alphaBarAt, checkTimestep} from "./schedule.js";
import {roundHalfEven} from "./timesteps.js";

/**
 * A shortened schedule of S timesteps that visits only some of the original ones.
 *
 * `timestepMap` is [S], ascending: entry i of this schedule is the original timestep timestepMap[i], and a network
 * trained on the original schedule must be given timestepMap[i], not i.
 */
export interface RespacedSchedule extends Schedule {
  timestepMap: number[];
}

/**
 * The schedule that visits only the given timesteps (in any order, here sorted), with the same alphaBar at each: its
 * betas are 1 - alphaBar/alphaBarPrev between neighbours in the list (Nichol and Dhariwal 2021, equation 19).
 *
 * Throws a RangeError if the list is empty, repeats a timestep, or holds one outside 0..T-1.
 */
export function respaceSchedule(schedule: Schedule, timesteps: readonly number[]): RespacedSchedule {
  const timestepMap = [...timesteps].sort((a, b) => a - b);
  if (!timestepMap.length) throw new RangeError("the list of timesteps is empty: keep at least 1");
  const alpha = Float64Array.from(timestepMap, (t, i) => {
    checkTimestep(schedule, t);
    const previous = i ? timestepMap[i - 1] : -1;
    if (t === previous) throw new RangeError(`timestep ${t} is in the list twice: drop the repeat`);
    return schedule.alphaBar[t] / alphaBarAt(schedule, previous);
  });
  // Copied, not multiplied up from 1 - beta, which would lose the digits of an alphaBar near 0.
  const alphaBar = Float64Array.from(timestepMap, (t) => schedule.alphaBar[t]);
  const beta = alpha.map((a) => 1 - a);
  return {name: `${schedule.name}, respaced`, timesteps: alpha.length, beta, alpha, alphaBar, timestepMap};
}

/**
 * The timesteps that OpenAI's guided-diffusion keeps for a spec, ascending.
 *
 * - `"ddimN"`: from 0 with the smallest whole stride that gives exactly N of them.
 * - `"N"`, `"5,10,20"` or `[5, 10, 20]`: T is cut into as many nearly equal sections as there are counts, and each
 *   section gives that many timesteps, evenly from its first to its last, with halves rounded to the even number.
 *
 * Throws a RangeError if a count is not a whole number of at least 1, if no stride gives N, or if a section is too short.
 */
export function openaiTimesteps(spec: string | number[], timesteps: number): number[] {
  if (!Number.isSafeInteger(timesteps) || timesteps < 1)
    throw new RangeError(`timesteps is ${timesteps}: it must be a whole number of at least 1`);
  if (typeof spec !== "string") return sections(spec, timesteps);
  if (spec.startsWith("ddim")) return wholeStride(readCount(spec.slice(4), spec), timesteps);
  return sections(
    spec.split(",").map((count) => readCount(count, spec)),
    timesteps
  );
}

function readCount(text: string, spec: string): number {
  if (!/^\s*\d+\s*$/.test(text))
    throw new RangeError(`the spec ${JSON.stringify(spec)} is not understood: write "ddim50", "50" or "10,20,30"`);
  return Number(text);
}

function wholeStride(count: number, timesteps: number): number[] {
  for (let stride = 1; stride < timesteps; stride++) {
    if (Math.ceil(timesteps / stride) === count) return Array.from({length: count}, (_, i) => i * stride);
  }
  throw new RangeError(
    `no whole stride from 0 gives exactly ${count} of ${timesteps} timesteps: choose another number`
  );
}

function sections(counts: number[], timesteps: number): number[] {
  if (!counts.length) throw new RangeError("the list of counts is empty: give at least 1");
  const size = Math.floor(timesteps / counts.length);
  const longer = timesteps % counts.length; // so many sections have one timestep more
  const list: number[] = [];
  let start = 0;
  for (let i = 0; i < counts.length; i++) {
    const length = i < longer ? size + 1 : size;
    list.push(...spread(counts[i], start, length));
    start += length;
  }
  return list;
}

function spread(count: number, start: number, length: number): number[] {
  if (!Number.isSafeInteger(count) || count < 1)
    throw new RangeError(`a section is to give ${count} timesteps: choose a whole number of at least 1`);
  if (count > length)
    throw new RangeError(`a section of ${length} timesteps cannot give ${count}: choose at most ${length}`);
  const stride = count > 1 ? (length - 1) / (count - 1) : 1;
  // Adding up, rather than multiplying, rounds halves as the original does.
  let position = 0;
  return Array.from({length: count}, () => {
    const t = start + roundHalfEven(position);
    position += stride;
    return t;
  });
}
