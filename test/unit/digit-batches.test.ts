import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {middleTimesteps} from "../../lib/digits/digit-batches.js";
import {seededRandom} from "../../lib/random.js";

describe("middleTimesteps", () => {
  const draws = Array.from({length: 400}, (_, k) => middleTimesteps(64, 1000, seededRandom(k)));
  const all = draws.flatMap((t) => [...t]);

  it("draws whole times of the chain, the same for the same seed", () => {
    assert.ok(
      all.every((t) => Number.isInteger(t) && t >= 0 && t < 1000),
      "a time is not in the chain"
    );
    assert.deepEqual(middleTimesteps(64, 1000, seededRandom(3)), draws[3]);
  });

  it("draws middle times three times as often as the first and the last", () => {
    const share = (from: number, to: number) => all.filter((t) => t >= from && t < to).length / all.length;
    const expected = (from: number, to: number) => {
      const below = (u: number) => u - Math.sin(2 * Math.PI * u) / (4 * Math.PI);
      return below(to / 1000) - below(from / 1000);
    };
    for (const [from, to] of [
      [0, 100],
      [200, 300],
      [450, 550],
      [900, 1000]
    ])
      assert.ok(Math.abs(share(from, to) / expected(from, to) - 1) < 0.05, `${from} to ${to}: ${share(from, to)}`);
    assert.ok(share(450, 550) > 2.5 * share(0, 100), "the middle is not more frequent");
  });

  it("spreads each batch over the whole chain", () => {
    for (const t of draws) {
      const sorted = [...t].sort((a, b) => a - b);
      assert.ok(sorted[0] < 60 && sorted[63] > 940, `${sorted[0]} to ${sorted[63]}`);
      const gaps = sorted.slice(1).map((value, i) => value - sorted[i]);
      assert.ok(Math.max(...gaps) < 100, `a gap of ${Math.max(...gaps)}`);
    }
  });
});
