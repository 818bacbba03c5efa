import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {lossFloor} from "../../lib/loss-floor.js";
import type {GaussianMixture} from "../../lib/mixture.js";
import {makeSchedule} from "../../lib/schedule.js";

const schedule = makeSchedule("cosine");
const round = (std: number): GaussianMixture => ({weights: [1], means: [[0.4, -0.7]], stds: [std]});

// For one Gaussian the variance of x_0 given x_t is s^2 (1 - a) / (a s^2 + 1 - a), wherever x_t is.
function closedForm(std: number, factor: (alphaBar: number) => number): number {
  const terms = Array.from(schedule.alphaBar, (a) => ((std ** 2 * (1 - a)) / (a * std ** 2 + 1 - a)) * factor(a));
  return terms.reduce((sum, term) => sum + term, 0) / terms.length;
}

describe("lossFloor", () => {
  it("is the closed form for one Gaussian, for each prediction", () => {
    for (const std of [0.3, 1, 2]) {
      const expected = {
        x0: closedForm(std, () => 1),
        epsilon: closedForm(std, (a) => a / (1 - a)),
        v: closedForm(std, (a) => 1 / (1 - a))
      };
      for (const prediction of ["x0", "epsilon", "v"] as const) {
        const floor = lossFloor(round(std), schedule, {prediction});
        const off = Math.abs(floor / expected[prediction] - 1);
        assert.ok(off < 0.04, `std ${std}, ${prediction}: ${floor} for ${expected[prediction]}`);
      }
    }
  });

  it("is 1 for v on standard normal data: then v has nothing to do with x_t", () => {
    const floor = lossFloor({weights: [1], means: [[0, 0]], stds: [1]}, schedule, {count: 400});
    assert.ok(Math.abs(floor - 1) < 0.015, String(floor));
  });

  it("is 0 where the data are a single point, since x_t then says all", () => {
    assert.ok(lossFloor(round(0), schedule) < 1e-9);
  });

  it("takes v when no prediction is given, and the same numbers for the same seed", () => {
    const [a, b] = [lossFloor(round(1), schedule), lossFloor(round(1), schedule, {prediction: "v", seed: 0})];
    assert.equal(a, b);
    assert.notEqual(a, lossFloor(round(1), schedule, {seed: 1}));
  });
});
