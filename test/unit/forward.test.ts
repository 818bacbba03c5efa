import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {diffuse, diffuseOneStep, velocity} from "../../lib/forward.js";
import {seededRandom} from "../../lib/random.js";
import {makeSchedule} from "../../lib/schedule.js";
import {assertNear, assertRelative} from "./near.js";

const level = fc.double({min: 0, max: 1, noNaN: true});
const value = fc.double({min: -10, max: 10, noNaN: true});

describe("diffuse(x0, epsilon, alphaBar)", () => {
  it("is the data at alphaBar 1 and the noise at alphaBar 0", () => {
    const [x0, epsilon] = [Float64Array.of(1, -2), Float64Array.of(0.5, 3)];
    assert.deepEqual(diffuse(x0, epsilon, 1), x0);
    assert.deepEqual(diffuse(x0, epsilon, 0), epsilon);
    assert.deepEqual(Array.from(diffuse(Float64Array.of(1), Float64Array.of(2), 0.36)), [0.6 + 0.8 * 2]);
  });

  it("has the mean sqrt(alphaBar) x0 and the variance 1 - alphaBar", () => {
    const n = 40000;
    const x = diffuse(new Float64Array(n).fill(2), seededRandom(1).normals(n), 0.3);
    const mean = x.reduce((sum, v) => sum + v, 0) / n;
    const variance = x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / n;
    assert.ok(Math.abs(mean - 2 * Math.sqrt(0.3)) < 0.02, `mean ${mean}`); // 5 standard errors
    assert.ok(Math.abs(variance - 0.7) < 0.025, `variance ${variance}`);
  });

  it("refuses another shape and another range", () => {
    assert.throws(() => diffuse(new Float64Array(2), new Float64Array(3), 0.5), /epsilon has 3 numbers, but x has 2/);
    for (const bad of [-0.1, 1.1, NaN])
      assert.throws(() => diffuse(new Float64Array(1), new Float64Array(1), bad), RangeError);
  });
});

describe("velocity(x0, epsilon, alphaBar)", () => {
  it("turns with x: x and v are x0 and epsilon rotated by one angle", () => {
    fc.assert(
      fc.property(value, value, level, (x0, epsilon, alphaBar) => {
        const [x] = diffuse(Float64Array.of(x0), Float64Array.of(epsilon), alphaBar);
        const [v] = velocity(Float64Array.of(x0), Float64Array.of(epsilon), alphaBar);
        const [a, b] = [Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar)];
        assertNear(x * x + v * v, x0 * x0 + epsilon * epsilon, 1e-12);
        assertNear(a * x - b * v, x0, 1e-13);
      })
    );
  });

  it("refuses another shape and another range", () => {
    assert.throws(() => velocity(new Float64Array(2), new Float64Array(3), 0.5), /same shape/);
    assert.throws(() => velocity(new Float64Array(1), new Float64Array(1), 2), /alphaBar is 2/);
  });
});

describe("diffuseOneStep(xPrev, epsilon, beta)", () => {
  it("reaches the mean and the variance of diffuse when it is repeated", () => {
    const {beta, alphaBar} = makeSchedule("cosine", {timesteps: 50});
    let mean = Float64Array.of(1);
    let variance = 0;
    for (const b of beta) {
      mean = Float64Array.from(diffuseOneStep(mean, Float64Array.of(0), b));
      const noise = diffuseOneStep(Float64Array.of(0), Float64Array.of(1), b)[0];
      variance = variance * diffuseOneStep(Float64Array.of(1), Float64Array.of(0), b)[0] ** 2 + noise ** 2;
    }
    assertRelative(mean[0], Math.sqrt(alphaBar[49]), 1e-12);
    assertNear(variance, 1 - alphaBar[49], 1e-13);
  });

  it("refuses another shape and another range", () => {
    assert.throws(() => diffuseOneStep(new Float64Array(2), new Float64Array(3), 0.5), /same shape/);
    assert.throws(() => diffuseOneStep(new Float64Array(1), new Float64Array(1), -1), /beta is -1/);
  });
});
