import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import type {StepRule} from "../../lib/timesteps.js";
import {publishedTimesteps, roundHalfEven, timestepList, withPrevious} from "../../lib/timesteps.js";

const rules: StepRule[] = ["leading", "trailing", "linspace", "uniform", "quadratic"];
const sizes = fc
  .integer({min: 1, max: 1200})
  .chain((timesteps) => fc.tuple(fc.constant(timesteps), fc.integer({min: 1, max: timesteps})));

describe("timestepList(rule, {timesteps, steps})", () => {
  for (const rule of rules) {
    it(`descends within 0..T-1 without repeats, for ${rule} and every S up to T`, () => {
      fc.assert(
        fc.property(sizes, ([timesteps, steps]) => {
          const list = timestepList(rule, {timesteps, steps});
          list.forEach((t, i) => assert.ok(Number.isInteger(t) && (i === 0 || t < list[i - 1]), `${t} at ${i}`));
          assert.ok(list[0] < timesteps && list[list.length - 1] >= 0, `it leaves 0..${timesteps - 1}`);
          const {length} = list;
          const allowed =
            rule === "uniform" ? length >= steps : rule === "quadratic" ? length <= steps : length === steps;
          assert.ok(allowed, `${length} entries for S = ${steps}`);
        }),
        {numRuns: 300}
      );
    });
  }

  it("starts and ends where each rule says", () => {
    const ends = rules.map((rule) => {
      const list = timestepList(rule, {timesteps: 1000, steps: 20});
      return [list[0], list[1], list[list.length - 1]];
    });
    assert.deepEqual(ends, [
      [950, 900, 0],
      [999, 949, 49],
      [999, 946, 0],
      [950, 900, 0],
      [800, 718, 0]
    ]);
    assert.equal(timestepList("leading", {timesteps: 1000, steps: 600})[0], 599);
  });

  it("visits everything when S is T, but for the paper's quadratic rule", () => {
    const all = Array.from({length: 50}, (_, i) => 49 - i);
    for (const rule of ["leading", "trailing", "linspace", "uniform"] as const)
      assert.deepEqual(timestepList(rule, {timesteps: 50, steps: 50}), all);
    assert.equal(timestepList("quadratic", {timesteps: 50, steps: 50})[0], 40);
  });

  it("rounds halves to the even number, as numpy does", () => {
    assert.deepEqual(timestepList("linspace", {timesteps: 4, steps: 3}), [3, 2, 0]);
    assert.deepEqual(timestepList("linspace", {timesteps: 6, steps: 3}), [5, 2, 0]);
    assert.deepEqual(timestepList("trailing", {timesteps: 5, steps: 2}), [4, 1]);
    assert.deepEqual(timestepList("trailing", {timesteps: 7, steps: 2}), [6, 3]);
  });

  it("adds the offset of leading, as long as it stays in 0..T-1", () => {
    assert.deepEqual(timestepList("leading", {timesteps: 100, steps: 4, offset: 1}), [76, 51, 26, 1]);
    assert.throws(
      () => timestepList("leading", {timesteps: 10, steps: 10, offset: 1}),
      /runs from 10 to 1.*smaller offset/
    );
    assert.throws(() => timestepList("leading", {timesteps: 10, steps: 5, offset: -1}), /runs from 7 to -1/);
    assert.throws(
      () => timestepList("trailing", {timesteps: 10, steps: 5, offset: 1}),
      /only the rule "leading" has one/
    );
    assert.throws(() => timestepList("leading", {timesteps: 10, steps: 5, offset: 0.5}), /whole number/);
  });

  it("keeps the extra entries of uniform", () => {
    assert.equal(timestepList("uniform", {timesteps: 1000, steps: 30}).length, 31);
    assert.equal(timestepList("uniform", {timesteps: 1000, steps: 600}).length, 1000);
  });

  it("drops the repeats of quadratic", () => {
    const options = {timesteps: 1000, steps: 30};
    assert.deepEqual(publishedTimesteps("quadratic", options).slice(-3), [3, 0, 0]);
    assert.deepEqual(timestepList("quadratic", options).slice(-3), [8, 3, 0]);
    assert.equal(timestepList("quadratic", options).length, 29);
  });

  it("drops the stray -1 that numpy's rounding adds to trailing", () => {
    const options = {timesteps: 1000, steps: 61};
    assert.equal(publishedTimesteps("trailing", options)[61], -1);
    assert.equal(timestepList("trailing", options).length, 61);
  });

  it("says what is wrong with S", () => {
    for (const rule of rules) {
      assert.throws(
        () => timestepList(rule, {timesteps: 1000, steps: 1200}),
        /only 1000 timesteps: choose at most 1000/
      );
      for (const steps of [0, -1, 2.5, NaN])
        assert.throws(() => timestepList(rule, {timesteps: 1000, steps}), /whole number of at least 1/);
    }
    assert.throws(() => timestepList("leading", {timesteps: 0, steps: 1}), /timesteps is 0/);
    assert.throws(() => timestepList("karras" as StepRule, {timesteps: 10, steps: 1}), /no step rule "karras"/);
  });
});

describe("withPrevious(list)", () => {
  it("steps to the next entry, and from the last to clean data", () => {
    assert.deepEqual(withPrevious([7, 3, 0]), [
      {t: 7, tPrev: 3},
      {t: 3, tPrev: 0},
      {t: 0, tPrev: -1}
    ]);
  });

  it("refuses a list that is empty, repeats, climbs, or leaves the schedule", () => {
    assert.throws(() => withPrevious([]), /empty/);
    assert.throws(() => withPrevious([5, 5, 0]), /5 is followed by 5.*without repeats/);
    assert.throws(() => withPrevious([1, 2]), /1 is followed by 2/);
    assert.throws(() => withPrevious([3, -1]), /at least 0/);
    assert.throws(() => withPrevious([2.5]), /2.5 is not a whole number/);
  });
});

describe("roundHalfEven(x)", () => {
  it("takes halves to the even number and all else to the nearest", () => {
    assert.deepEqual([0.5, 1.5, 2.5, 3.5, 2.4999, 2.5001, 7].map(roundHalfEven), [0, 2, 2, 4, 2, 3, 7]);
  });
});
