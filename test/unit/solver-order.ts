import {mixtureDenoiser} from "../../lib/mixture.js";
import type {sampleDdim} from "../../lib/sampler.js";
import {last} from "../../lib/sampler.js";
import {alphaBarOfLogSnr, scheduleFromBetas} from "../../lib/schedule.js";

/**
 * The errors of a solver in 20, 40 and 80 steps, even in log SNR, on Gaussian data of std 0.5, where the ODE is solved by
 * x(alphaBar) = x_T sqrt(v(alphaBar) / v(alphaBar_T)) with v = 0.25 alphaBar + 1 - alphaBar.
 */
export function gaussianErrors(solver: typeof sampleDdim): number[] {
  const variance = (alphaBar: number) => 0.25 * alphaBar + 1 - alphaBar;
  return [20, 40, 80].map((n) => {
    const levels = Array.from({length: n + 1}, (_, i) => alphaBarOfLogSnr(8 - (16 * i) / n)); // ascending noise
    const schedule = scheduleFromBetas(levels.map((level, i) => 1 - level / (levels[i - 1] ?? 1)));
    const denoiser = mixtureDenoiser({weights: [1], means: [[0]], stds: [0.5]}, schedule);
    const timesteps = Array.from({length: n}, (_, i) => n - i); // the last step is the one to index 0
    const {x} = last(solver(denoiser, Float64Array.of(1), {schedule, timesteps, alphaBarFinal: schedule.alphaBar[0]}));
    return Math.abs(x[0] - Math.sqrt(variance(levels[0]) / variance(levels[n])));
  });
}
