import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {seededRandom} from "../../lib/random.js";

/** The standard normal distribution function, by integrating its series (Marsaglia 2004). */
function normalCdf(x: number): number {
  if (Math.abs(x) > 7) return x > 0 ? 1 : 0;
  let sum = x;
  let term = x;
  for (let i = 3; Math.abs(term) > 1e-17; i += 2) sum += term *= (x * x) / i;
  return 0.5 + (sum * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI);
}

/** The Kolmogorov-Smirnov statistic times sqrt(n): above 1.95 once in a thousand sets. */
function kolmogorov(values: Float64Array, cdf: (x: number) => number): number {
  const n = values.length;
  const distances = values
    .slice()
    .sort()
    .map((x, i) => Math.max((i + 1) / n - cdf(x), cdf(x) - i / n));
  return Math.sqrt(n) * distances.reduce((a, b) => Math.max(a, b));
}

const draw = (n: number, f: () => number) => new Float64Array(n).map(() => f());

describe("seededRandom", () => {
  it("gives the same numbers for the same seed, and other numbers for any other", () => {
    const safe = fc.maxSafeInteger();
    fc.assert(
      fc.property(safe, safe, (a, b) => {
        const [first, again, other] = [a, a, b].map((seed) => seededRandom(seed).normals(4).join());
        assert.equal(first, again);
        assert.equal(first === other, a === b);
      })
    );
  });

  it("keeps its numbers for good: recorded runs and links depend on them", () => {
    const random = seededRandom(1);
    assert.deepEqual(
      [random.uniform(), random.uniform(), random.normal(), random.integer(1000)],
      [0.15551512471271656, 0.9317511573729493, 1.3093985483106159, 821]
    );
  });

  it("takes 0, negative and the largest safe seeds, which all differ", () => {
    const seeds = [0, 1, -1, 2 ** 32, -(2 ** 32), 2 ** 32 + 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
    assert.equal(new Set(seeds.map((seed) => seededRandom(seed).uniform())).size, seeds.length);
  });

  it("refuses seeds that are not safe integers, and says what to choose", () => {
    for (const seed of [0.5, NaN, Infinity, 2 ** 53]) {
      assert.throws(() => seededRandom(seed), {name: "RangeError", message: /^seed is .*: choose a whole number/});
    }
  });
});

describe("uniform", () => {
  it("is even on [0, 1)", () => {
    const values = draw(100_000, seededRandom(3).uniform);
    assert.ok(values.every((u) => u >= 0 && u < 1));
    assert.ok(kolmogorov(values, (u) => u) < 1.95);
  });

  it("fills the square evenly with pairs of successive numbers", () => {
    const {uniform} = seededRandom(4);
    const counts = new Float64Array(256);
    for (let i = 0; i < 256_000; ++i) ++counts[16 * Math.floor(16 * uniform()) + Math.floor(16 * uniform())];
    const chi2 = counts.reduce((sum, c) => sum + (c - 1000) ** 2 / 1000, 0);
    assert.ok(chi2 > 185 && chi2 < 335, `chi2 is ${chi2}; 255 +- 3.5 sd expected`);
  });

  it("has the low bits of a double too", () => {
    const bits = draw(10_000, seededRandom(5).uniform).map((u) => (u * 2 ** 53) % 2);
    const odd = bits.reduce((a, b) => a + b);
    assert.ok(Math.abs(odd - 5000) < 200, `${odd} of 10000 have the last bit set`);
  });
});

describe("normal", () => {
  it("has the standard normal distribution", () => {
    assert.ok(kolmogorov(seededRandom(6).normals(200_000), normalCdf) < 1.95);
  });

  it("has the right first four moments", () => {
    const z = seededRandom(7).normals(1_000_000);
    const moment = (k: number) => z.reduce((sum, value) => sum + value ** k, 0) / z.length;
    for (const [k, expected, sd] of [
      [1, 0, 1],
      [2, 1, Math.sqrt(2)],
      [3, 0, Math.sqrt(15)],
      [4, 3, Math.sqrt(96)]
    ]) {
      assert.ok(Math.abs(moment(k) - expected) < (4 * sd) / 1000, `moment ${k} is ${moment(k)}`);
    }
  });

  it("has both tails, also beyond the last layer of the ziggurat", () => {
    const z = seededRandom(8).normals(4_000_000);
    for (const edge of [3, 3.5, 4]) {
      const expected = z.length * (1 - normalCdf(edge));
      for (const sign of [1, -1]) {
        const count = z.reduce((sum, value) => sum + (sign * value > edge ? 1 : 0), 0);
        assert.ok(
          Math.abs(count - expected) < 4 * Math.sqrt(expected),
          `${count} beyond ${sign * edge}, not ${expected}`
        );
      }
    }
  });

  it("is not correlated with the number before", () => {
    const z = seededRandom(9).normals(400_000);
    const sum = z.subarray(1).reduce((total, value, i) => total + value * z[i], 0);
    assert.ok(Math.abs(sum / Math.sqrt(z.length)) < 4);
  });
});

describe("normals, integer and shuffle", () => {
  it("normals gives what normal would give in turn", () => {
    assert.deepEqual(seededRandom(10).normals(9), draw(9, seededRandom(10).normal));
    assert.equal(seededRandom(10).normals(0).length, 0);
  });

  it("integer gives each of 0..n-1 equally often", () => {
    const {integer} = seededRandom(11);
    const counts = new Float64Array(7);
    for (let i = 0; i < 70_000; ++i) ++counts[integer(7)];
    assert.ok(
      counts.every((c) => Math.abs(c - 10_000) < 400),
      counts.join()
    );
    assert.equal(integer(1), 0);
  });

  it("refuses counts that are not whole", () => {
    const random = seededRandom(12);
    for (const n of [0, -1, 1.5, NaN]) assert.throws(() => random.integer(n), RangeError);
    for (const n of [-1, 1.5, NaN]) assert.throws(() => random.normals(n), RangeError);
  });

  it("shuffle makes every order equally often, in place", () => {
    const random = seededRandom(13);
    const counts = new Map<string, number>();
    for (let i = 0; i < 12_000; ++i) {
      const array = ["a", "b", "c"];
      assert.equal(random.shuffle(array), array);
      counts.set(array.join(""), (counts.get(array.join("")) ?? 0) + 1);
    }
    assert.equal(counts.size, 6);
    for (const [order, count] of counts) assert.ok(Math.abs(count - 2000) < 170, `${order}: ${count}`);
  });
});

describe("fork", () => {
  it("does not depend on what was drawn, and does not advance the stream", () => {
    const random = seededRandom(14);
    const before = random.fork(3).normals(5);
    const drawn = [random.normal(), random.uniform()];
    assert.deepEqual(random.fork(3).normals(5), before);
    const other = seededRandom(14);
    assert.deepEqual([other.normal(), other.uniform()], drawn);
  });

  it("gives unlike streams for unlike names, and for unlike paths of names", () => {
    const root = seededRandom(15);
    const streams = [root, root.fork(0), root.fork(1), root.fork(-1), root.fork(1).fork(2), root.fork(2).fork(1)];
    assert.equal(new Set(streams.map((random) => random.uniform())).size, streams.length);
  });

  it("gives streams that are not correlated", () => {
    const root = seededRandom(16);
    const [a, b] = [root.fork(1).normals(100_000), root.fork(2).normals(100_000)];
    const sum = a.reduce((total, value, i) => total + value * b[i], 0);
    assert.ok(Math.abs(sum / Math.sqrt(a.length)) < 4);
  });
});
