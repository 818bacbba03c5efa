import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {coordinates} from "../../lib/coordinates.js";
import {lossWeight} from "../../lib/loss-weights.js";
import {makeSchedule, snr} from "../../lib/schedule.js";
import {assertAllNear as near} from "./near.js";

const {alphaBar, beta, alpha} = makeSchedule("linear");

describe("lossWeight", () => {
  it("charges for the noise by the bound as Ho et al. 2020, Eq. 12, with the posterior’s variance", () => {
    for (const t of [1, 50, 999]) {
      const variance = (beta[t] * (1 - alphaBar[t - 1])) / (1 - alphaBar[t]);
      const right = beta[t] ** 2 / (2 * variance * alpha[t] * (1 - alphaBar[t]));
      near([lossWeight("bound", "epsilon", alphaBar[t], alphaBar[t - 1]) / right], [1], 1e-9);
    }
  });

  it("charges for x_0 by the bound half of what the signal-to-noise ratio falls", () => {
    for (const [a, b] of [
      [0.2, 0.5],
      [0.9, 0.99]
    ]) {
      near([lossWeight("bound", "x0", a, b)], [(snr(b) - snr(a)) / 2], 1e-10);
    }
  });

  it("is 1 for a plain loss in its own coordinate", () => {
    for (const name of coordinates) near([lossWeight(name, name, 0.3, 0.4)], [1], 1e-12);
  });

  it("refuses the step to clean data, where the bound has another term", () => {
    assert.throws(() => lossWeight("bound", "x0", 0.9, 1), RangeError);
  });
});
