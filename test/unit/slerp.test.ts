import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {seededRandom} from "../../lib/random.js";
import {slerp} from "../../lib/slerp.js";
import {assertAllNear, assertNear} from "./near.js";

describe("slerp(a, b, share)", () => {
  const length = (v: Float64Array) => Math.hypot(...v);
  const noises = [1, 2].map((seed) => seededRandom(seed).normals(784));

  it("starts at a and ends at b, whatever their lengths", () => {
    const [a, b] = [noises[0], noises[1].map((value) => 3 * value)];
    assertAllNear(slerp(a, b, 0), a, 1e-12);
    assertAllNear(slerp(a, b, 1), b, 1e-12);
  });

  it("turns evenly: a quarter of the way is a quarter of the angle", () => {
    const half = slerp(Float64Array.of(1, 0), Float64Array.of(0, 1), 1 / 4);
    assertAllNear(half, [Math.cos(Math.PI / 8), Math.sin(Math.PI / 8)], 1e-12);
  });

  it("keeps the length of arrays of one length, which the straight line does not", () => {
    const [a, b] = noises.map((noise) => noise.map((value) => value / length(noise)));
    fc.assert(
      fc.property(fc.double({min: 0, max: 1, noNaN: true}), (share) =>
        assertNear(length(slerp(a, b, share)), 1, 1e-12, `the length at ${share}`)
      )
    );
    assert.ok(length(a.map((value, i) => (value + b[i]) / 2)) < 0.8, "the middle of the line is short");
  });

  it("goes along the line between arrays that point the same way", () => {
    assertAllNear(slerp(Float64Array.of(1, 2), Float64Array.of(2, 4), 0.5), [1.5, 3], 1e-12);
  });

  it("refuses ends between which there is no one way, and says why", () => {
    const [a, zero] = [Float64Array.of(1, 2), new Float64Array(2)];
    assert.throws(() => slerp(a, Float64Array.of(-1, -2), 0.5), /RangeError: the ends point in opposite directions/);
    assert.throws(() => slerp(a, zero, 0.5), /RangeError: one of the ends is zero/);
    assert.throws(() => slerp(a, new Float64Array(3), 0.5), /RangeError: a has 2 numbers and b has 3/);
  });
});
