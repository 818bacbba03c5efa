import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {posteriorBetween, posteriorLogVarianceClipped, posteriorMeanCoefficients} from "../../lib/posterior.js";
import {posteriorVariance} from "../../lib/posterior.js";
import type {ScheduleName} from "../../lib/schedule.js";
import {alphaBarAt, makeSchedule, scheduleFromBetas} from "../../lib/schedule.js";
import {assertNear, assertRelative} from "./near.js";

const schedules = (["linear", "cosine", "scaled_linear", "sigmoid"] as ScheduleName[]).map((name) =>
  makeSchedule(name)
);
const some = [0, 1, 2, 50, 500, 900, 998, 999];

describe("the posterior q(x_{t-1} | x_t, x_0)", () => {
  for (const schedule of schedules) {
    it(`gives q(x_{t-1} | x_0) when x_t is drawn from q(x_t | x_0), for ${schedule.name}`, () => {
      for (const t of some) {
        const {x0, xt} = posteriorMeanCoefficients(schedule, t);
        const [alphaBar, previous] = [alphaBarAt(schedule, t), alphaBarAt(schedule, t - 1)];
        assertNear(x0 + xt * Math.sqrt(alphaBar), Math.sqrt(previous), 1e-11); // the mean's factor on x_0
        assertNear(posteriorVariance(schedule, t) + xt * xt * (1 - alphaBar), 1 - previous, 1e-13);
      }
    });

    it(`follows Bayes' rule on the densities, for ${schedule.name}`, () => {
      for (const t of some.slice(1)) {
        const beta = schedule.beta[t];
        const previous = alphaBarAt(schedule, t - 1);
        // Precisions add: of q(x_t | x_{t-1}) seen from x_{t-1}, and of q(x_{t-1} | x_0).
        const precision = (1 - beta) / beta + 1 / (1 - previous);
        const variance = posteriorVariance(schedule, t);
        const {x0, xt} = posteriorMeanCoefficients(schedule, t);
        assertNear(variance * precision, 1, 1e-9);
        assertRelative(xt, (Math.sqrt(1 - beta) / beta) * variance, 1e-9);
        assertRelative(x0, (Math.sqrt(previous) / (1 - previous)) * variance, 1e-9);
      }
    });
  }

  it("is x_0 itself at t = 0", () => {
    const {x0, xt} = posteriorMeanCoefficients(schedules[0], 0);
    assertNear(x0, 1, 1e-12);
    assert.equal(xt, 0);
    assert.equal(posteriorVariance(schedules[0], 0), 0);
  });

  it("refuses a t outside 0..T-1", () => {
    for (const t of [-1, 1000, 1.5]) {
      assert.throws(() => posteriorMeanCoefficients(schedules[0], t), /0 to 999/);
      assert.throws(() => posteriorVariance(schedules[0], t), /0 to 999/);
      assert.throws(() => posteriorLogVarianceClipped(schedules[0], t, "ho"), /0 to 999/);
    }
  });
});

describe("posteriorBetween(alphaBar, alphaBarPrev)", () => {
  it("is the schedule's posterior between neighbours", () => {
    for (const schedule of schedules) {
      for (const t of some) {
        const {x0, xt, variance} = posteriorBetween(alphaBarAt(schedule, t), alphaBarAt(schedule, t - 1));
        const mean = posteriorMeanCoefficients(schedule, t);
        assertNear(x0, mean.x0, 1e-11);
        assertNear(xt, mean.xt, 1e-11);
        assertNear(variance, posteriorVariance(schedule, t), 1e-11);
      }
    }
  });

  it("keeps its relative precision down to the smallest alphaBar", () => {
    const {xt} = posteriorBetween(2.5e-11, 0.34);
    assertRelative(xt, 0.66 * Math.sqrt(2.5e-11 / 0.34), 1e-10);
  });
});

describe("posteriorLogVarianceClipped(schedule, t, rule)", () => {
  it("is the logarithm of the variance above t = 0", () => {
    for (const t of some.slice(1)) {
      const want = Math.log(posteriorVariance(schedules[1], t));
      assert.equal(posteriorLogVarianceClipped(schedules[1], t, "openai"), want);
      assert.equal(posteriorLogVarianceClipped(schedules[1], t, "ho"), want);
    }
  });

  it("takes the value of t = 1 at t = 0 (openai), or log(1e-20) (ho)", () => {
    const [schedule] = schedules;
    assert.equal(posteriorLogVarianceClipped(schedule, 0, "openai"), Math.log(posteriorVariance(schedule, 1)));
    assert.equal(posteriorLogVarianceClipped(schedule, 0, "ho"), Math.log(1e-20));
  });

  it("says that openai's rule needs 2 timesteps, and refuses other rules", () => {
    const short = scheduleFromBetas([0.5]);
    assert.throws(() => posteriorLogVarianceClipped(short, 0, "openai"), /use "ho"/);
    assert.equal(posteriorLogVarianceClipped(short, 0, "ho"), Math.log(1e-20));
    assert.throws(() => posteriorLogVarianceClipped(short, 0, "none" as "ho"), /no log-variance rule "none"/);
  });
});
