import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {GaussianMixture} from "../../lib/mixture.js";
import {mixtureDenoiser} from "../../lib/mixture.js";
import {exactOdeEnd} from "../../lib/ode.js";
import {threeModes} from "../../lib/points/mixtures.js";
import {seededRandom} from "../../lib/random.js";
import {last, sampleDdim} from "../../lib/sampler.js";
import {makeSchedule} from "../../lib/schedule.js";
import {timestepList} from "../../lib/timesteps.js";

const tri = threeModes.mixture!;
const worst = (a: Float64Array, b: Float64Array) => a.reduce((max, v, i) => Math.max(max, Math.abs(v - b[i])), 0);

describe("exactOdeEnd", () => {
  it("solves one Gaussian as the closed form does: deviations from the mean grow with the std of the level", () => {
    const mixture: GaussianMixture = {weights: [1], means: [[0.4, -1, 2]], stds: [0.3]};
    const x = seededRandom(1).normals(90);
    for (const [alphaBarFrom, alphaBarTo] of [
      [4e-5, 1],
      [2.4e-9, 1],
      [0, 1],
      [0.3, 0.9],
      [1, 1e-4]
    ]) {
      const std = (a: number) => Math.sqrt(0.09 * a + 1 - a);
      const expected = x.map((v, i) => {
        const mean = mixture.means[0][i % 3];
        const deviation = (v - Math.sqrt(alphaBarFrom) * mean) / std(alphaBarFrom);
        return Math.sqrt(alphaBarTo) * mean + std(alphaBarTo) * deviation;
      });
      const end = exactOdeEnd(mixture, x, {alphaBarFrom, alphaBarTo, tolerance: 1e-12});
      assert.ok(worst(end, expected) < 5e-12, `from ${alphaBarFrom} to ${alphaBarTo}: ${worst(end, expected)}`);
    }
  });

  it("comes back to where it set out, on a mixture", () => {
    const x = seededRandom(2).normals(20);
    const end = exactOdeEnd(tri, x, {alphaBarFrom: 4e-5, tolerance: 1e-12});
    const back = exactOdeEnd(tri, end, {alphaBarFrom: 1, alphaBarTo: 4e-5, tolerance: 1e-12});
    assert.ok(worst(back, x) < 1e-7, `${worst(back, x)}`); // encoding stretches distances in a mode a hundredfold
  });

  it("is nearer to the limit the smaller the tolerance", () => {
    const x = seededRandom(3).normals(20);
    const [limit, ...ends] = [1e-13, 1e-4, 1e-7, 1e-10].map((tolerance) =>
      exactOdeEnd(tri, x, {alphaBarFrom: 0.01, tolerance})
    );
    const errors = ends.map((end) => worst(end, limit));
    assert.ok(errors[0] < 1e-2 && errors[1] < errors[0] / 20 && errors[2] < errors[1] / 20, `${errors}`);
    assert.deepEqual(exactOdeEnd(tri, x, {alphaBarFrom: 0.01}), ends[2]);
  });

  it("is what DDIM tends to, at first order", () => {
    const schedule = makeSchedule("linear");
    const x = seededRandom(4).normals(20);
    const exact = exactOdeEnd(tri, x, {alphaBarFrom: schedule.alphaBar[999]});
    const [e100, e1000] = [100, 1000].map((steps) => {
      const timesteps = timestepList("trailing", {timesteps: 1000, steps});
      return worst(last(sampleDdim(mixtureDenoiser(tri, schedule), x, {schedule, timesteps})).x, exact);
    });
    assert.ok(e1000 < 0.02 && e100 > 5 * e1000, `${e100}, ${e1000}`);
  });

  it("leaves x alone, and goes nowhere between equal levels", () => {
    const x = seededRandom(5).normals(4);
    const before = x.slice();
    assert.deepEqual(exactOdeEnd(tri, x, {alphaBarFrom: 0.5, alphaBarTo: 0.5}), x);
    exactOdeEnd(tri, x, {alphaBarFrom: 0.5});
    assert.deepEqual(x, before);
  });

  it("refuses levels, tolerances and points that make no sense", () => {
    const x = new Float64Array(2);
    assert.throws(() => exactOdeEnd(tri, x, {alphaBarFrom: -0.1}), /level -0.1/);
    assert.throws(() => exactOdeEnd(tri, x, {alphaBarFrom: 0.5, alphaBarTo: NaN}), /level NaN/);
    assert.throws(() => exactOdeEnd(tri, x, {alphaBarFrom: 0.5, tolerance: 0}), /tolerance is 0/);
    assert.throws(() => exactOdeEnd(tri, Float64Array.of(NaN, 0), {alphaBarFrom: 0.5}), /not finite/);
  });
});
