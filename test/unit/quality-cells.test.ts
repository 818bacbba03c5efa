import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {guided} from "../../lib/digits/digit-predictor.js";
import type {CellOptions, QualityCell, SeenDigits} from "../../lib/digits/quality-cells.js";
import {distanceWithError, measureCell} from "../../lib/digits/quality-cells.js";
import {seededRandom} from "../../lib/random.js";
import {fakeDigits} from "./digit-fake.js";
import {assertAbove, assertNear} from "./near.js";

/** Reads a digit of the fake network by its mean; the features are 64 of its pixels. */
function read(x: Float32Array): SeenDigits {
  const count = x.length / 784;
  const labels = new Uint8Array(count);
  const features = new Float32Array(64 * count);
  for (let i = 0; i < count; ++i) {
    const digit = x.subarray(784 * i, 784 * (i + 1));
    labels[i] = Math.max(0, Math.min(9, Math.round((10 * digit.reduce((sum, value) => sum + value, 0)) / 784)));
    features.set(digit.subarray(0, 64), 64 * i);
  }
  return {labels, features};
}

const usual: CellOptions = {
  ...{steps: 10, eta: 0, samples: 120, seed: 1, classify: read},
  denoiser: (labels) => guided(fakeDigits({std: 0.2}), labels, 1)
};

async function measure(options: Partial<CellOptions> = {}): Promise<{cell?: QualityCell; shares: number[]}> {
  const run = measureCell({...usual, ...options});
  const shares: number[] = [];
  for (;;) {
    const {done, value} = await run.next();
    if (done) return {cell: value, shares};
    shares.push(value);
  }
}

describe("measureCell(options)", () => {
  it("counts the samples that are the digit asked for, and says how far it is", async () => {
    const {cell, shares} = await measure();
    assertAbove(cell!.accuracy.value, 0.9, "the accuracy");
    assertAbove(cell!.accuracy.error, 0, "its error");
    assert.equal(cell!.distance, undefined, "no distance without real digits");
    assert.equal(shares.at(-1), 1);
    assert.deepEqual(
      shares,
      shares.toSorted((a, b) => a - b)
    );
    const blind = await measure({denoiser: (labels) => guided(fakeDigits({std: 0.2}), labels, 0)});
    assertNear(blind.cell!.accuracy.value, 0.1, 0.05, "the accuracy without labels"); // all have the mean of a 0
  });

  it("starts all cells from the same noise, and gives the same numbers again", async () => {
    const starts = new Map<number, number[]>();
    const spy = (steps: number): CellOptions["denoiser"] => {
      return (labels) => {
        const inner = usual.denoiser(labels);
        return {
          ...inner,
          predict(x, t) {
            if (t === 999) starts.set(steps, [...(starts.get(steps) ?? []), x[0]]);
            return inner.predict(x, t);
          }
        };
      };
    };
    const [a, b] = [await measure({denoiser: spy(10)}), await measure({steps: 4, eta: 1, denoiser: spy(4)})];
    assert.deepEqual(starts.get(10), starts.get(4));
    assert.equal(new Set(starts.get(10)).size, 3, "each batch has its own");
    assert.deepEqual((await measure({denoiser: spy(10)})).cell, a.cell);
    assert.notDeepEqual(a.cell, b.cell);
  });

  it("measures the distance to real digits with an error, and a wrong sampler is far", async () => {
    const draw = (seed: number) =>
      Float32Array.from(seededRandom(seed).normals(64 * 120), (z, i) => (Math.floor(i / 64) % 10) / 10 + 0.2 * z);
    const right = (await measure({real: draw(1), steps: 50})).cell!.distance!;
    const wrong = (await measure({real: draw(1), step: ({x}) => x, steps: 50})).cell!.distance!;
    assertAbove(wrong.value, 10 * right.value, "the distance of pure noise");
    assertAbove(right.error, 0, "the error");
    const floor = await distanceWithError(draw(2), draw(1));
    assertNear(right.value / floor.value, 1, 0.3, "the distance over its floor");
  });

  it("ends without a cell when it is stopped", async () => {
    const job = new AbortController();
    const run = measureCell({...usual, signal: job.signal});
    await run.next();
    job.abort();
    let next = await run.next();
    while (!next.done) next = await run.next();
    assert.equal(next.value, undefined);
  });
});
