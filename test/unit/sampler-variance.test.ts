import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {ddimCoefficients, etaLimit} from "../../lib/ddim.js";
import type {GaussianMixture} from "../../lib/mixture.js";
import {mixtureDenoiser} from "../../lib/mixture.js";
import {seededRandom} from "../../lib/random.js";
import {last, levelsOf, sampleDdim, sampleDdpm} from "../../lib/sampler.js";
import {makeSchedule} from "../../lib/schedule.js";
import {timestepList} from "../../lib/timesteps.js";
import {variance} from "./sampling.js";

const schedule = makeSchedule("linear");
const list = (steps: number) => timestepList("linspace", {timesteps: 1000, steps}); // tau even on 1..T, both included

describe("the samplers on Gaussian data of variance 1, in closed form", () => {
  const unit: GaussianMixture = {weights: [1], means: [[0]], stds: [1]};
  const denoiser = mixtureDenoiser(unit, schedule);
  const expected = [
    {steps: 10, ddim: 0.664, ddpm: 0.521, fresh: 0.356},
    {steps: 50, ddim: 0.928, ddpm: 0.855, fresh: 0.453},
    {steps: 200, ddim: 0.982, ddpm: 0.958, fresh: 0.481},
    {steps: 1000, ddim: 0.996, ddpm: 0.991, fresh: 0.494}
  ];

  /** The variance after all steps: each step maps x linearly, since epsilon* = sqrt(1 - alphaBar) x. */
  function recursion(steps: number, etaOf: (alphaBar: number, alphaBarPrev: number) => number): number {
    return levelsOf({schedule, timesteps: list(steps)}).reduce((v, {alphaBar, alphaBarPrev}) => {
      const eta = alphaBarPrev === 1 ? 0 : etaOf(alphaBar, alphaBarPrev);
      const {x, output, noise} = ddimCoefficients({alphaBar, alphaBarPrev, eta});
      return (x + output * Math.sqrt(1 - alphaBar)) ** 2 * v + noise ** 2;
    }, 1);
  }

  for (const {steps, ddim, ddpm, fresh} of expected) {
    it(`DDIM in ${steps} steps keeps ${ddim} of the variance`, () => {
      const {x} = last(sampleDdim(denoiser, Float64Array.of(1), {schedule, timesteps: list(steps)}));
      assert.equal((x[0] ** 2).toFixed(3), ddim.toFixed(3));
      assert.equal(recursion(steps, () => 0).toFixed(3), ddim.toFixed(3));
    });

    it(`eta = 1 and DDPM in ${steps} steps keep ${ddpm}`, () => {
      assert.equal(recursion(steps, () => 1).toFixed(3), ddpm.toFixed(3));
      const n = 4_000_000 / Math.max(100, steps);
      const start = seededRandom(2).normals(n);
      for (const sampler of [sampleDdim, sampleDdpm]) {
        const {x} = last(sampler(denoiser, start, {schedule, timesteps: list(steps), eta: 1, seed: 3}));
        assert.ok(Math.abs(variance(x) / ddpm - 1) < 4 * Math.sqrt(2 / n), `${variance(x)}`);
      }
    });

    it(`fresh noise instead of the predicted one, in ${steps} steps, keeps ${fresh}: half, however many`, () => {
      assert.equal(recursion(steps, etaLimit).toFixed(3), fresh.toFixed(3));
    });
  }
});
