import {fractionWithin} from "../metrics/index.js";
import type {GaussianMixture} from "../mixture.js";
import {mixtureDenoiser} from "../mixture.js";
import {seededRandom} from "../random.js";
import {last, sampleDdim} from "../sampler.js";
import {makeSchedule} from "../schedule.js";
import {timestepList} from "../timesteps.js";
import type {Answer} from "./check.js";
import {WrongAnswer, asFunction, asNumbers} from "./check.js";

const schedule = makeSchedule("linear");
const right = timestepList("trailing", {timesteps: 1000, steps: 100});
const wrong = Array.from({length: 100}, (_, i) => 99 - i);
const mostModes = 20;

/** Whether the learner's data tell the first hundred times from a hundred of all. */
export function telling(answer: Answer): string | undefined {
  const mixture = asMixture(asFunction(answer, "data")());
  const [well, ill] = [right, wrong].map((timesteps) => shareInModes(mixture, timesteps));
  const [inWell, inIll] = [well, ill].map((share) => `${(100 * share).toFixed(0)}%`);
  if (well < 0.9)
    return `with the right list only ${inWell} of the points lie in a mode: even right code fails on these data, so make the modes wider or bring them nearer.`;
  if (ill < 0.1) return undefined;
  const middle = mixture.means.every((mean) => Math.hypot(...mean) < 1);
  const start = `with the wrong list ${inIll} of the points lie in a mode, and with the right one ${inWell}: `;
  if (middle) return `${start}your data are in the middle, where pure noise is as well. Move them away from it.`;
  if (Math.max(...mixture.stds) > 0.5)
    return `${start}your data are away from the middle, but so wide that points which come a part of the way count. Make the modes narrow.`;
  return `${start}that is a difference, but less than a tenth is asked for. Move the modes further, or make them narrower.`;
}

function shareInModes(mixture: GaussianMixture, timesteps: number[]): number {
  const xT = seededRandom(3).normals(2 * 200);
  return fractionWithin(mixture, last(sampleDdim(mixtureDenoiser(mixture, schedule), xT, {schedule, timesteps})).x);
}

function asMixture(value: unknown): GaussianMixture {
  const {weights, means, stds} = (value ?? {}) as Record<string, unknown>;
  if (!Array.isArray(means) || !means.length)
    throw new WrongAnswer("data() gives no mixture: it should have weights, means and stds, as at the beginning.");
  if (means.length > mostModes) throw new WrongAnswer(`data() has ${means.length} modes: ${mostModes} will do.`);
  const count = means.length;
  const mixture = {
    weights: asNumbers(weights, "weights of data()", count),
    means: means.map((mean, i) => asNumbers(mean, `mean ${i} of data()`, 2)),
    stds: asNumbers(stds, "stds of data()", count)
  };
  if (!mixture.stds.every((std) => std > 0)) throw new WrongAnswer("a standard deviation of data() is not above 0.");
  if (!mixture.weights.every((weight) => weight > 0)) throw new WrongAnswer("a weight of data() is not above 0.");
  return mixture;
}
