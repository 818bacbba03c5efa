import type {LoopCode} from "../errata/code.js";
import type {Rehearsal, RehearsalOptions} from "../errata/rehearse.js";
import {onePoint, rehearse} from "../errata/rehearse.js";
import {update} from "../errata/update.js";
import type {Answer} from "./check.js";
import {WrongAnswer, asFunction, asNumbers} from "./check.js";

const points = 100;

const rightLoop: LoopCode = async ({x, predictNoise, alphaBar, times}) => {
  for (const [i, t] of times.entries()) {
    x = update(x, await predictNoise(x, t), alphaBar(t), alphaBar(times[i + 1] ?? 0));
  }
  return x;
};

/** Whether the learner's listing is DDIM. Each fault of the source has its sentence. */
export async function repairListing(answer: Answer): Promise<string | undefined> {
  const sample = asFunction(answer, "sample") as (...values: unknown[]) => unknown;
  const loop: LoopCode = async (input) => Float64Array.from(asNumbers(await sample(input), "sample", 2 * points));
  const run = (options: RehearsalOptions) => rehearse(loop, {points, ...options}).catch(outOfTable);
  const ten = await run({steps: 10});
  return (
    timesProblem(ten) ??
    handedOn(ten) ??
    (await noiseProblem(run, ten)) ??
    (await levelProblem(run)) ??
    (await lastProblem(ten))
  );
}

// A time of its own that is not in the table.
function outOfTable(error: unknown): never {
  if (!(error instanceof RangeError)) throw error;
  throw new WrongAnswer(`with 10 of 1000 times: ${error.message}. Use the times that are given.`);
}

function timesProblem({told, times}: Rehearsal): string | undefined {
  const list = `${times.slice(0, 3).join(", ")}, … ${times[times.length - 1]}`;
  if (!told.length) return "your sampler never asks the network.";
  if (told[0] !== times[0])
    return `with the ten times ${list}, the network is first told ${told[0]}, not ${times[0]}: visit the times of the list, from the first.`;
  if (told.length !== times.length)
    return `with the ten times ${list}, the network is asked ${told.length} times: once for each of the ten.`;
  const wrong = told.findIndex((t, i) => t !== times[i]);
  return wrong < 0
    ? undefined
    : `with the ten times ${list}, call ${wrong + 1} tells the network ${told[wrong]}, not ${times[wrong]}.`;
}

function handedOn({seen}: Rehearsal): string | undefined {
  if (seen[1].some((value, i) => value !== seen[0][i])) return undefined;
  return "the second call of the network sees the same points as the first: hand on what a step has made.";
}

type Run = (options: RehearsalOptions) => Promise<Rehearsal>;

async function noiseProblem(run: Run, ten: Rehearsal): Promise<string | undefined> {
  const {end} = await run({steps: 10, noise: 2});
  const apart = end.reduce((most, value, i) => Math.max(most, Math.abs(value - ten.end[i])), 0);
  if (apart === 0) return undefined;
  return `two runs from the same noise end ${apart.toFixed(2)} apart, so fresh noise is drawn. Here the variance comes out as ${ten.variance.toFixed(2)}: put in the noise that is in x.`;
}

async function levelProblem(run: Run): Promise<string | undefined> {
  const {end} = await run({data: onePoint, steps: 10});
  if (!end.every(Number.isFinite)) return "there are numbers that are not finite: is there a division by 0?";
  if (Math.hypot(end[0] - 2, end[1] - 1) < 1e-6) return undefined;
  return `for data that are the one point (2, 1) a sample is at (${end[0].toFixed(2)}, ${end[1].toFixed(2)}): look at the levels, and at the factor of x₀.`;
}

async function lastProblem(ten: Rehearsal): Promise<string | undefined> {
  const {variance} = await rehearse(rightLoop, {points, steps: 10});
  if (Math.abs(ten.variance - variance) < 1e-6) return undefined;
  const off = `with ten steps the variance is ${ten.variance.toPrecision(3)}, and DDIM gives ${variance.toPrecision(3)}: `;
  if (ten.variance > 2 * variance)
    return `${off}the points fly off. Look at the factor in front of x₀ on the way to the next level.`;
  return `${off}the noise in x is to be found with the level of x, not with the one that the step goes to.`;
}
