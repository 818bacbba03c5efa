import {mixtureDenoiser} from "../mixture.js";
import type {GaussianMixture} from "../mixture.js";
import {sampleMoments} from "../metrics/index.js";
import {seededRandom} from "../random.js";
import {alphaBarAt, makeSchedule} from "../schedule.js";
import {timestepList} from "../timesteps.js";
import type {LoopCode} from "./code.js";

/** What a rehearsal saw. */
export interface Rehearsal {
  seen: Float64Array[]; // what the network was shown, call by call
  told: number[]; // the times that it was told, from 1 to T
  times: number[]; // the times that it should have been told
  end: Float64Array; // the samples, [n, 2]
  variance: number; // of the samples, a mean over both axes
}

export interface RehearsalOptions {
  data?: GaussianMixture; // defaults to N(0, I), which every right sampler leaves as it is
  steps?: number; // S, defaults to 10
  T?: number; // defaults to 1000
  noise?: number; // the seed of the fresh noise, defaults to 1
  points?: number; // defaults to 200
}

/** One point, (2, 1): from any noise, in any number of steps, a right sampler must end exactly there. */
export const onePoint: GaussianMixture = {weights: [1], means: [[2, 1]], stds: [0]};

/** Runs a sampler on data whose answer is known, and writes down what it asked of the network. For tests. */
export async function rehearse(loop: LoopCode, options: RehearsalOptions = {}): Promise<Rehearsal> {
  const {data = {weights: [1], means: [[0, 0]], stds: [1]}, steps = 10, T = 1000, noise = 1, points = 200} = options;
  const schedule = makeSchedule("linear", {timesteps: T, rescale: T < 1000});
  const times = timestepList("trailing", {timesteps: T, steps}).map((t) => t + 1);
  const denoiser = mixtureDenoiser(data, schedule);
  const random = seededRandom(noise);
  const seen: Float64Array[] = [];
  const told: number[] = [];
  const predictNoise = async (x: Float64Array, t: number) => {
    if (told.push(t) > 20 * T) throw new Error(`the network was asked ${told.length} times: does the loop end?`);
    seen.push(x.slice());
    return denoiser.predict(x, t - 1);
  };
  const end = await loop({
    x: seededRandom(7).normals(2 * points),
    predictNoise,
    async predictX0(x, t) {
      const epsilon = await predictNoise(x, t);
      const alphaBar = alphaBarAt(schedule, t - 1);
      return x.map((value, i) => (value - Math.sqrt(1 - alphaBar) * epsilon[i]) / Math.sqrt(alphaBar));
    },
    alphaBar: (t) => alphaBarAt(schedule, t - 1),
    betas: Array.from(schedule.beta),
    times,
    normals: (count) => random.normals(count)
  });
  const {covariance} = sampleMoments(end);
  return {seen, told, times, end, variance: (covariance[0] + covariance[3]) / 2};
}
