import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {BenchPath} from "../../lib/bench/bench-path.js";
import {benchWork} from "../../lib/bench/bench-work.js";

/** A path whose steps and products take what they are told to, in ms, by a clock that has steps of 0.1 ms. */
function fake(times: {step: number; handing: number; product: number; atOnce?: number}) {
  let clock = 0;
  let waiting = 0;
  const handed: number[] = []; // steps at once
  const path: BenchPath = {
    id: "fake",
    name: "fake",
    counts: null,
    start: async () => ({
      take: async () => {},
      train(count) {
        handed.push(count);
        clock += times.handing;
        waiting += times.step * count;
      },
      async loss() {
        clock += waiting;
        waiting = 0;
        return 1;
      },
      sample: async () => new Float64Array(),
      async multiply(count) {
        clock += times.product * count;
      },
      multiplyFlops: 1e6,
      stepFlops: 1e6,
      atOnce: times.atOnce,
      dispose() {}
    })
  };
  const now = () => Math.floor(clock * 10) / 10;
  return {path, now, handed};
}

describe("benchWork", () => {
  const name = {subject: "points", path: "fake"} as const;

  it("measures steps and products that are shorter than the clock can tell", async (t) => {
    const {path, now} = fake({step: 0.02, handing: 0, product: 0.01});
    t.mock.method(performance, "now", now);
    const work = benchWork({points: [path], digits: []});
    await work.begin(name);
    const turn = await work.turn({...name, ms: 100});
    assert.ok(Math.abs(turn.stepsPerSecond - 50_000) < 1000, `${turn.stepsPerSecond} steps/s`);
    assert.ok(Math.abs(turn.peakGflops - 100) < 3, `${turn.peakGflops} GFLOP/s`);
  });

  it("hands as many steps to a slow card together as a training to a fast one, and waits for them", async (t) => {
    const {path, now, handed} = fake({step: 90, handing: 0.5, product: 10, atOnce: 32});
    t.mock.method(performance, "now", now);
    const work = benchWork({points: [path], digits: []});
    await work.begin(name);
    const turn = await work.turn({...name, ms: 1000});
    assert.equal(handed.at(-1), 32);
    assert.ok(Math.abs(turn.threadMs - 0.5 / 32) < 0.01, `${turn.threadMs} ms`);
    assert.ok(Math.abs(turn.stepsPerSecond - 1000 / 90) < 0.1, `${turn.stepsPerSecond} steps/s`);
  });
});
