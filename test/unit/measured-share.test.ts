import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {measuredShare} from "../../lib/metrics/measured-share.js";
import {seededRandom} from "../../lib/random.js";
import {assertAbove, assertNear, assertRelative} from "./near.js";

describe("measuredShare(hits, count)", () => {
  it("is the share, with the binomial error when there are many of both", () => {
    const {value, error} = measuredShare(400, 1000);
    assert.equal(value, 0.4);
    assertRelative(error, Math.sqrt((0.4 * 0.6) / 1000), 0.01, "the error");
  });

  it("is never certain: a hundred hits of a hundred have an error that a thousand of a thousand make smaller", () => {
    const [few, many] = [measuredShare(100, 100), measuredShare(1000, 1000)];
    assert.equal(few.value, 1);
    assertAbove(few.error, 0.01, "the error of 100");
    assertAbove(few.error / 5, many.error, "a fifth of it");
    assertNear(measuredShare(0, 100).error, few.error, 1e-12, "the error of none");
  });

  it("covers the true share about as often as a standard error should", () => {
    const random = seededRandom(1);
    let covered = 0;
    for (let run = 0; run < 500; ++run) {
      let hits = 0;
      for (let i = 0; i < 200; ++i) hits += random.uniform() < 0.97 ? 1 : 0;
      const {value, error} = measuredShare(hits, 200);
      covered += Math.abs(value - 0.97) < error ? 1 : 0;
    }
    assertNear(covered / 500, 0.68, 0.12, "the share of runs");
  });

  it("refuses what is no share", () => {
    assert.throws(() => measuredShare(1, 0), /RangeError: count is 0/);
    assert.throws(() => measuredShare(5, 4), /RangeError: hits is 5/);
  });
});
