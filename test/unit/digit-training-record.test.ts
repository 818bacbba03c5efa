import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {digitPixels} from "../../lib/digits/digit.js";
import {seededRandom} from "../../lib/random.js";
import type {DigitTrainingRecord} from "../../src/components/digit-training-record.js";
import {packPixels, recordedSnapshots} from "../../src/components/digit-training-record.js";

const record: DigitTrainingRecord = {
  ...{source: "mnist", backend: "wasm", steps: 10, batch: 64, learningRate: 0.004, seed: 0, seconds: 1},
  ...{losses: [[10, 0.5]], snapshots: []}
};

describe("a recorded training of digits", () => {
  it("gives its pixels back to within half a shade of 16, and black and white exactly", () => {
    const random = seededRandom(1);
    const pixels = Uint8Array.from({length: 20 * digitPixels}, (_, i) => (i < 2 ? 255 * i : random.integer(256)));
    const snapshots = [{step: 10, pixels: packPixels(pixels), seen: [1, 2]}];
    const [{step, pixels: back, seen}] = recordedSnapshots({...record, snapshots});
    assert.deepEqual([step, seen], [10, [1, 2]]);
    assert.deepEqual([...back.subarray(0, 2)], [0, 255]);
    const off = back.reduce((most, value, i) => Math.max(most, Math.abs(value - pixels[i])), 0);
    assert.equal(off, 8);
    assert.ok(new Set(back).size <= 16, "there are at most 16 shades");
  });

  it("is refused when a snapshot is not whole", () => {
    const snapshots = [{step: 3, pixels: packPixels(new Uint8Array(5))}];
    assert.throws(() => recordedSnapshots({...record, snapshots}), /samples of step 3 have 5 pixels, not 15680/);
  });
});
