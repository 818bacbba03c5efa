import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {pointBatches, stratifiedTimesteps} from "../../lib/batches.js";
import {pointSet} from "../../lib/points/index.js";
import {seededRandom} from "../../lib/random.js";
import {makeSchedule} from "../../lib/schedule.js";

const schedule = makeSchedule("linear");

describe("stratifiedTimesteps", () => {
  it("draws one index from each of the equal slices of the chain", () => {
    fc.assert(
      fc.property(
        fc.integer({min: 1, max: 300}),
        fc.integer({min: 1, max: 1000}),
        fc.integer(),
        (count, timesteps, seed) => {
          const t = stratifiedTimesteps(count, timesteps, seededRandom(seed));
          assert.equal(t.length, count);
          t.forEach((index, i) => {
            assert.ok(Number.isInteger(index) && index >= 0 && index < timesteps);
            assert.ok(index >= Math.floor((i / count) * timesteps) && index <= ((i + 1) / count) * timesteps);
          });
        }
      )
    );
  });

  it("draws every index equally often", () => {
    const random = seededRandom(3);
    const counts = new Float64Array(10);
    for (let i = 0; i < 5000; ++i) for (const t of stratifiedTimesteps(4, 10, random)) counts[t]++;
    for (const count of counts) assert.ok(Math.abs(count - 2000) < 150, `${count} is not near 2000`);
  });
});

describe("pointBatches", () => {
  const moons = {data: pointSet("moons"), schedule, batch: 64, seed: 5};

  it("draws the same for the same seed, and other points, noises and times for another", () => {
    const [first, again, other] = [5, 5, 6].map((seed) => pointBatches({...moons, seed})());
    assert.deepEqual(first, again);
    for (const key of ["x0", "epsilon", "t"] as const) assert.notDeepEqual(first[key], other[key]);
  });

  it("draws anew for every batch", () => {
    const next = pointBatches(moons);
    assert.notDeepEqual(next(), next());
  });

  it("gives the levels of each point's own time", () => {
    const {t, signal, noise} = pointBatches(moons)();
    t.forEach((index, i) => {
      assert.ok(Math.abs(signal[i] ** 2 - schedule.alphaBar[index]) < 1e-6);
      assert.ok(Math.abs(noise[i] ** 2 - (1 - schedule.alphaBar[index])) < 1e-6);
    });
  });

  it("takes whole points from an array, all of them in time", () => {
    const data = Float64Array.of(1, -1, 2, -2, 0.5, -0.5);
    const next = pointBatches({...moons, data});
    const seen = new Set<number>();
    for (let k = 0; k < 3; ++k) {
      const {x0} = next();
      for (let i = 0; i < x0.length; i += 2) {
        assert.equal(x0[i + 1], -x0[i]);
        seen.add(x0[i]);
      }
    }
    assert.deepEqual([...seen].sort(), [0.5, 1, 2]);
  });

  it("refuses points that the noise could not hide, or would drown", () => {
    assert.throws(() => pointBatches({...moons, data: Float64Array.of(100, 120, 90, 80)}), /mean 0 and scale 1/);
    assert.throws(() => pointBatches({...moons, data: Float64Array.of(0.01, 0, 0.02, 0)}), RangeError);
    assert.throws(() => pointBatches({...moons, data: Float64Array.of(NaN, 0)}), RangeError);
  });

  it("refuses half a point, no point, and no batch", () => {
    assert.throws(() => pointBatches({...moons, data: Float64Array.of(1, 2, 3)}), /3 numbers/);
    assert.throws(() => pointBatches({...moons, data: new Float64Array(0)}), RangeError);
    assert.throws(() => pointBatches({...moons, batch: 0}), RangeError);
  });
});
