import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {describe, it} from "node:test";
import {denoiserGap} from "../../lib/denoiser-gap.js";
import {withError} from "../../lib/denoiser-error.js";
import {mixtureDenoiser} from "../../lib/mixture.js";
import {pointSet} from "../../lib/points/index.js";
import {makeSchedule} from "../../lib/schedule.js";
import type {ObjectiveRecord} from "../../src/components/objective-rows.js";
import {meanText, objectiveRows} from "../../src/components/objective-rows.js";
import {assertNear} from "./near.js";

const schedule = makeSchedule("linear");
const mixture = pointSet("tri").mixture!;
const exact = mixtureDenoiser(mixture, schedule);

describe("denoiserGap", () => {
  it("is 0 for the exact denoiser, whatever the loss", () => {
    assert.deepEqual(denoiserGap(exact, mixture, schedule, {levels: 20, count: 20}), {bound: 0, simple: 0});
  });

  it("is the square of a constant error by the simple loss, and the sum of the weights times it by the bound", () => {
    const off = {
      prediction: "epsilon" as const,
      predict: (x: Float64Array, t: number) => exact.predict(x, t).map((e) => e + 0.1)
    };
    const {bound, simple} = denoiserGap(off, mixture, schedule, {levels: 999, count: 2});
    const {alphaBar, beta, alpha} = schedule;
    let sum = 0;
    for (let t = 1; t < 1000; ++t) sum += beta[t] / (2 * alpha[t] * (1 - alphaBar[t - 1]));
    assertNear(simple, 0.01, 1e-9);
    assertNear(bound / (0.02 * sum), 1, 1e-9); // two coordinates
  });
});

describe("withError", () => {
  it("is off by a wave of the given size", () => {
    const x = Float64Array.from({length: 400}, (_, i) => Math.sin(7 * i));
    const errors = withError(exact, 0.2)
      .predict(x, 300)
      .map((value, i) => value - exact.predict(x, 300)[i]);
    assertNear(Math.max(...errors.map(Math.abs)), 0.2, 0.01);
  });
});

describe("the recorded comparison of the two losses", () => {
  const recorded = JSON.parse(readFileSync("src/data/objective.json", "utf8")) as ObjectiveRecord;
  it("has a run of each loss for each seed", () => {
    const names = recorded.settings.seeds.flatMap((seed) => [`simple ${seed}`, `bound ${seed}`]);
    assert.deepEqual(Object.keys(recorded.runs).sort(), names.sort());
  });
  it("says what the page says: here the simple loss wins by both measures", () => {
    for (const seed of recorded.settings.seeds) {
      const [simple, bound] = [recorded.runs[`simple ${seed}`], recorded.runs[`bound ${seed}`]];
      for (const key of ["bound", "simple", "distance"] as const) {
        assert.ok(simple[key] < bound[key], `seed ${seed}, ${key}: ${simple[key]} and ${bound[key]}`);
      }
    }
  });
  it("is read as a mean and a spread", () => {
    assert.equal(meanText([1, 2, 3]), "2.0\u00a0±\u00a01");
    assert.match(objectiveRows(recorded).simple.inside, /^\d+%\s±\s\d/);
  });
});
