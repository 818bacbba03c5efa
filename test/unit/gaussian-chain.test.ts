import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {ancestralStep, withoutNoise} from "../../lib/ancestral-step.js";
import {chainVarianceRatio, reverseVariance} from "../../lib/gaussian-chain.js";
import {mixtureDenoiser} from "../../lib/mixture.js";
import {seededRandom} from "../../lib/random.js";
import {last, sampleDdpm} from "../../lib/sampler.js";
import {makeSchedule} from "../../lib/schedule.js";
import {timestepList} from "../../lib/timesteps.js";
import {assertAllNear as near} from "./near.js";

const schedule = makeSchedule("linear");
const levels = (list: number[]) => [...list.map((t) => schedule.alphaBar[t]), 1];
const listOf = (steps: number) => timestepList("trailing", {timesteps: 1000, steps});

describe("reverseVariance", () => {
  it("is beta tilde for one point and beta for standard normal data", () => {
    const [a, b] = [0.4, 0.7];
    near([reverseVariance(a, b, 0)], [((1 - a / b) * (1 - b)) / (1 - a)], 1e-12);
    near([reverseVariance(a, b, 1)], [1 - a / b], 1e-12);
  });
  it("makes the chain exact, step by step", () => {
    const [a, b, s] = [0.4, 0.7, 0.5];
    const [from, to] = [a, b].map((level) => level * s ** 2 + 1 - level); // variances of x_t and x_prev
    const covariance = Math.sqrt(a / b) * to;
    near([reverseVariance(a, b, s)], [to - covariance ** 2 / from], 1e-12);
  });
});

describe("chainVarianceRatio", () => {
  const std = 0.5;
  const data = {weights: [1], means: [[0]], stds: [std]};
  const xT = seededRandom(3).normals(40_000);

  it("is the variance that a run of DDPM ends with, with either variance and without noise", () => {
    const timesteps = listOf(10);
    for (const variance of ["fixed_small", "fixed_large", "none"] as const) {
      const step = variance === "none" ? withoutNoise(ancestralStep) : undefined;
      const options = {schedule, timesteps, seed: 4, step, variance: variance === "none" ? undefined : variance};
      const {x} = last(sampleDdpm(mixtureDenoiser(data, schedule), xT, options));
      const found = x.reduce((sum, value) => sum + value ** 2, 0) / x.length / std ** 2;
      const right = chainVarianceRatio(levels(timesteps), {std, variance});
      assert.ok(Math.abs(found / right - 1) < 0.03, `${variance}: ${found}, not ${right}`);
    }
  });

  it("is the same without noise, however many steps: what is left of x_T", () => {
    for (const steps of [5, 50, 1000]) {
      near([chainVarianceRatio(levels(listOf(steps)), {std: 1, variance: "none"}) / schedule.alphaBar[999]], [1], 1e-9);
    }
  });

  it("refuses a run that does not end in clean data", () => {
    assert.throws(() => chainVarianceRatio([0.1, 0.9], {std: 1}), RangeError);
  });
});

describe("ancestralStep", () => {
  it("is the step of the library", () => {
    const timesteps = listOf(8);
    const denoiser = mixtureDenoiser({weights: [1, 2], means: [[-1], [1]], stds: [0.1, 0.3]}, schedule);
    const xT = seededRandom(5).normals(50);
    const [own, library] = [ancestralStep, undefined].map((step) =>
      last(sampleDdpm(denoiser, xT, {schedule, timesteps, seed: 6, step}))
    );
    near(own.x, library.x, 1e-9);
  });
});
