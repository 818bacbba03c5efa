import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {openaiTimesteps, respaceSchedule} from "../../lib/respace.js";
import {makeSchedule} from "../../lib/schedule.js";
import {timestepList} from "../../lib/timesteps.js";
import {assertNear, assertRelative} from "./near.js";

describe("respaceSchedule(schedule, timesteps)", () => {
  const schedule = makeSchedule("cosine");

  it("has the original alphaBar at the timesteps it keeps, and betas between neighbours", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({min: 0, max: 999}), {minLength: 1, maxLength: 40}), (list) => {
        const {timestepMap, timesteps, beta, alpha, alphaBar} = respaceSchedule(schedule, list);
        assert.deepEqual(
          timestepMap,
          [...list].sort((a, b) => a - b)
        );
        assert.equal(timesteps, list.length);
        timestepMap.forEach((t, i) => {
          const previous = i ? schedule.alphaBar[timestepMap[i - 1]] : 1;
          assert.equal(beta[i], 1 - schedule.alphaBar[t] / previous);
          assert.equal(alphaBar[i], schedule.alphaBar[t]);
          assertRelative(alpha[i] * previous, alphaBar[i], 1e-15);
        });
      })
    );
  });

  it("is the schedule itself when it keeps everything, with the index as the map", () => {
    const linear = makeSchedule("linear");
    const whole = respaceSchedule(linear, timestepList("leading", {timesteps: 1000, steps: 1000}));
    whole.timestepMap.forEach((t, i) => assert.equal(t, i));
    linear.beta.forEach((beta, t) => assertNear(whole.beta[t], beta, 1e-15));
  });

  it("leaves the list alone", () => {
    const list = [900, 100];
    respaceSchedule(schedule, list);
    assert.deepEqual(list, [900, 100]);
  });

  it("refuses an empty list, a repeat, and a timestep outside the schedule", () => {
    assert.throws(() => respaceSchedule(schedule, []), /keep at least 1/);
    assert.throws(() => respaceSchedule(schedule, [5, 0, 5]), /timestep 5 is in the list twice/);
    assert.throws(() => respaceSchedule(schedule, [0, 1000]), /t is 1000.*0 to 999/);
    assert.throws(() => respaceSchedule(schedule, [0.5]), /t is 0.5/);
  });
});

describe("openaiTimesteps(spec, T)", () => {
  it("takes the smallest whole stride that gives N, for ddimN", () => {
    assert.deepEqual(openaiTimesteps("ddim4", 100), [0, 25, 50, 75]);
    assert.deepEqual(openaiTimesteps("ddim7", 100), [0, 15, 30, 45, 60, 75, 90]);
  });

  it("refuses a ddimN that no stride gives", () => {
    assert.throws(() => openaiTimesteps("ddim60", 100), /no whole stride.*exactly 60 of 100/);
    assert.throws(() => openaiTimesteps("ddim0", 100), RangeError);
  });

  it("spreads N from the first to the last, halves to the even number", () => {
    assert.deepEqual(openaiTimesteps("5", 1000), [0, 250, 500, 749, 999]);
    assert.deepEqual(openaiTimesteps("3", 4), [0, 2, 3]);
    assert.deepEqual(openaiTimesteps("3", 6), [0, 2, 5]);
    assert.deepEqual(openaiTimesteps("1", 10), [0]);
  });

  it("cuts T into sections, the first of them longer by one where T does not divide", () => {
    assert.deepEqual(openaiTimesteps("2,3", 11), [0, 5, 6, 8, 10]);
    assert.deepEqual(openaiTimesteps([2, 3], 11), [0, 5, 6, 8, 10]);
    assert.equal(openaiTimesteps("5,10,20", 1000).length, 35);
  });

  it("ascends without repeats within 0..T-1", () => {
    const sizes = fc.integer({min: 1, max: 600}).chain((n) => fc.tuple(fc.constant(n), fc.integer({min: 1, max: n})));
    fc.assert(
      fc.property(sizes, ([timesteps, count]) => {
        const list = openaiTimesteps(`${count}`, timesteps);
        assert.equal(list.length, count);
        list.forEach((t, i) => assert.ok(t > (i ? list[i - 1] : -1) && t < timesteps, `${t} at ${i}`));
      })
    );
  });

  it("refuses what it cannot do, and says what to write", () => {
    assert.throws(() => openaiTimesteps("11", 10), /section of 10 timesteps cannot give 11: choose at most 10/);
    assert.throws(() => openaiTimesteps("6,6", 11), /section of 5 timesteps cannot give 6/);
    for (const spec of ["", "ddim", "fast27", "5,", "-3", "2.5"])
      assert.throws(() => openaiTimesteps(spec, 100), /is not understood: write "ddim50"/);
    assert.throws(() => openaiTimesteps([], 100), /list of counts is empty/);
    for (const count of [2.5, 0, -1]) assert.throws(() => openaiTimesteps([count], 100), /whole number of at least 1/);
    assert.throws(() => openaiTimesteps("5", 0), /timesteps is 0/);
  });
});
