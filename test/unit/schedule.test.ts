import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import type {ScheduleName} from "../../lib/schedule.js";
import {
  alphaBarAt,
  alphaBarOfLogSnr,
  firstTimestepBelowSnr,
  linspace,
  logSnr,
  makeSchedule
} from "../../lib/schedule.js";
import {rescaleZeroTerminalSnr, scheduleFromBetas, snr} from "../../lib/schedule.js";
import {assertAbove, assertRelative} from "./near.js";

const names: ScheduleName[] = ["linear", "cosine", "scaled_linear", "sigmoid"];

describe("makeSchedule(name, options)", () => {
  for (const name of names) {
    it(`makes ${name} with an alphaBar that falls at every timestep, from 1 towards 0`, () => {
      fc.assert(
        fc.property(fc.integer({min: 1, max: 1500}), (timesteps) => {
          const {alphaBar} = makeSchedule(name, {timesteps});
          assert.equal(alphaBar.length, timesteps);
          for (let t = 0, previous = 1; t < timesteps; previous = alphaBar[t++])
            assert.ok(alphaBar[t] < previous && alphaBar[t] > 0, `alphaBar[${t}] is ${alphaBar[t]} after ${previous}`);
        }),
        {numRuns: 30}
      );
    });

    it(`makes ${name} with alpha 1 - beta, and alphaBar their product`, () => {
      const {beta, alpha, alphaBar} = makeSchedule(name);
      let product = 1;
      for (let t = 0; t < 1000; t++) {
        assert.equal(alpha[t], 1 - beta[t]);
        assertRelative(alphaBar[t], (product *= 1 - beta[t]), 1e-12, `alphaBar[${t}]`);
      }
    });
  }

  it("ends at the published levels", () => {
    const ends = {linear: 4.036e-5, cosine: 2.429e-9, scaled_linear: 4.66e-3, sigmoid: 3.968e-5};
    for (const name of names) assertRelative(makeSchedule(name).alphaBar[999], ends[name], 2e-4, name);
  });

  it("starts and ends beta where it is told to", () => {
    for (const name of ["linear", "scaled_linear"] as const) {
      const {beta} = makeSchedule(name, {timesteps: 37, betaStart: 0.003, betaEnd: 0.3});
      assertRelative(beta[0], 0.003, 1e-14);
      assertRelative(beta[36], 0.3, 1e-14);
    }
    const {beta} = makeSchedule("sigmoid", {timesteps: 37, betaStart: 0.003, betaEnd: 0.3});
    assertRelative(beta[18], (0.003 + 0.3) / 2, 1e-12, "the middle of the sigmoid");
  });

  it("caps the betas of cosine", () => {
    const {beta} = makeSchedule("cosine", {timesteps: 100, maxBeta: 0.4});
    assert.equal(Math.max(...beta), 0.4);
    assert.equal(Math.max(...makeSchedule("cosine", {timesteps: 100}).beta), 0.999);
  });

  it("follows cos^2 between 0 and the cap", () => {
    const {alphaBar} = makeSchedule("cosine", {timesteps: 200, s: 0.02});
    const f = (t: number) => Math.cos((((t / 200 + 0.02) / 1.02) * Math.PI) / 2) ** 2;
    for (const t of [0, 50, 150]) assertRelative(alphaBar[t], f(t + 1) / f(0), 1e-12);
  });

  it("reaches the same noise with other T when rescaled, and does not without", () => {
    const whole = makeSchedule("linear").alphaBar[999];
    assertRelative(makeSchedule("linear", {timesteps: 100}).alphaBar[99], 0.36, 0.02);
    for (const timesteps of [100, 250, 4000]) {
      const {alphaBar} = makeSchedule("linear", {timesteps, rescale: true});
      assertRelative(Math.log(alphaBar[timesteps - 1]), Math.log(whole), 0.1, `log alphaBar for T = ${timesteps}`);
    }
    assert.deepEqual(makeSchedule("linear", {rescale: true}).alphaBar, makeSchedule("linear").alphaBar);
  });

  it("says how many timesteps rescaling needs", () => {
    assert.throws(() => makeSchedule("linear", {timesteps: 20, rescale: true}), /choose at least 21 timesteps/);
    makeSchedule("linear", {timesteps: 21, rescale: true});
  });

  it("refuses options out of range, and names them", () => {
    assert.throws(() => makeSchedule("linear", {timesteps: 0}), /timesteps is 0/);
    assert.throws(() => makeSchedule("linear", {timesteps: 2.5}), /timesteps is 2.5/);
    assert.throws(() => makeSchedule("linear", {betaStart: 0}), /betaStart is 0/);
    assert.throws(() => makeSchedule("sigmoid", {betaEnd: 1}), /betaEnd is 1/);
    assert.throws(() => makeSchedule("cosine", {maxBeta: 1.1}), /maxBeta is 1.1/);
    assert.throws(() => makeSchedule("cosine", {s: -1}), /s is -1/);
    assert.throws(() => makeSchedule("quintic" as ScheduleName), /no schedule "quintic": choose linear/);
  });
});

describe("scheduleFromBetas(beta)", () => {
  it("copies the betas", () => {
    const beta = [0.1, 0.2];
    const schedule = scheduleFromBetas(beta);
    beta[0] = 0.9;
    assert.deepEqual(Array.from(schedule.alphaBar), [0.9, 0.9 * 0.8]);
    assert.equal(schedule.beta[0], 0.1);
  });

  it("refuses an empty list, and a beta that is not above 0 and below 1, except a last 1", () => {
    assert.throws(() => scheduleFromBetas([]), /empty/);
    for (const beta of [[0.1, 0], [1, 0.1], [NaN], [-0.1], [1.1]])
      assert.throws(() => scheduleFromBetas(beta), RangeError);
    assert.equal(scheduleFromBetas([0.5, 1]).alphaBar[1], 0);
  });
});

describe("alphaBarAt(schedule, t)", () => {
  it("is 1 at t = -1, the table's entry at 0..T-1, and an error elsewhere", () => {
    const schedule = makeSchedule("linear", {timesteps: 10});
    assert.equal(alphaBarAt(schedule, -1), 1);
    assert.equal(alphaBarAt(schedule, 0), schedule.alphaBar[0]);
    assert.equal(alphaBarAt(schedule, 9), schedule.alphaBar[9]);
    for (const t of [-2, 10, 0.5, NaN]) assert.throws(() => alphaBarAt(schedule, t), /whole numbers from -1 to 9/);
  });
});

describe("snr(alphaBar) and logSnr(alphaBar)", () => {
  it("are undone by alphaBarOfLogSnr, relative to what is left of the signal and of the noise", () => {
    fc.assert(
      fc.property(fc.double({min: -60, max: 30, noNaN: true}), (level) => {
        const alphaBar = alphaBarOfLogSnr(level);
        const tolerance = 1e-14 * (1 + Math.abs(level)) + 3e-16 * Math.exp(level);
        const again = logSnr(alphaBar);
        assert.ok(Math.abs(again - level) <= tolerance, `logSnr is ${again}, not ${level}`);
      })
    );
    assert.equal(snr(0.5), 1);
    assert.equal(snr(0.8), 0.8 / (1 - 0.8));
    assert.equal(alphaBarOfLogSnr(-Infinity), 0);
    assert.equal(alphaBarOfLogSnr(Infinity), 1);
  });
});

describe("firstTimestepBelowSnr(schedule, level)", () => {
  it("finds where noise overtakes signal", () => {
    const found = names.map((name) => firstTimestepBelowSnr(makeSchedule(name)));
    assert.deepEqual(found, [259, 496, 354, 439]);
  });

  it("takes a level, and is T where no timestep is below it", () => {
    const schedule = makeSchedule("linear");
    const t = firstTimestepBelowSnr(schedule, 0.01);
    assertAbove(0.01, snr(schedule.alphaBar[t]));
    assertAbove(snr(schedule.alphaBar[t - 1]), 0.01);
    assert.equal(firstTimestepBelowSnr(schedule, 1e-9), 1000);
  });
});

describe("rescaleZeroTerminalSnr(schedule)", () => {
  for (const name of names) {
    it(`ends ${name} at 0 and keeps its first level, falling all the way`, () => {
      const schedule = makeSchedule(name);
      const {alphaBar, beta, alpha} = rescaleZeroTerminalSnr(schedule);
      assert.equal(alphaBar[999], 0);
      assert.equal(beta[999], 1);
      assertRelative(alphaBar[0], schedule.alphaBar[0], 1e-15);
      for (let t = 1; t < 1000; t++) {
        assertAbove(alphaBar[t - 1], alphaBar[t], `alphaBar[${t - 1}]`);
        assertRelative(alphaBar[t - 1] * alpha[t], alphaBar[t], 1e-15);
      }
    });
  }

  it("refuses a schedule of 1 timestep", () => {
    assert.throws(() => rescaleZeroTerminalSnr(scheduleFromBetas([0.5])), /at least 2 timesteps/);
  });
});

describe("linspace(start, end, count)", () => {
  it("includes both ends exactly, and is the start alone for 1", () => {
    assert.deepEqual(Array.from(linspace(0, 1, 5)), [0, 0.25, 0.5, 0.75, 1]);
    assert.equal(linspace(0.1, 0.7, 38)[37], 0.7); // start + 37 steps is 0.7000000000000001
    assert.deepEqual(Array.from(linspace(3, 9, 1)), [3]);
  });
});
