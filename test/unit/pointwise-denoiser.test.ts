import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {mixtureDenoiser} from "../../lib/mixture.js";
import {threeModes} from "../../lib/points/mixtures.js";
import type {PointEpsilon} from "../../lib/pointwise-denoiser.js";
import {pointwiseDenoiser} from "../../lib/pointwise-denoiser.js";
import {seededRandom} from "../../lib/random.js";
import {makeSchedule} from "../../lib/schedule.js";
import {closeTo} from "./sampling.js";

const schedule = makeSchedule("linear");
const mixture = threeModes.mixture!;

/** As it stands in the chapter on DDIM. */
const exact: PointEpsilon = (x, alphaBar, {weights, means, stds}) => {
  const [root, rest] = [Math.sqrt(alphaBar), 1 - alphaBar];
  const v = stds.map((s) => alphaBar * s ** 2 + rest);
  const away = means.map((mu) => [x[0] - root * mu[0], x[1] - root * mu[1]]);
  const near = v.map((v, k) => -(away[k][0] ** 2 + away[k][1] ** 2) / (2 * v));
  const top = Math.max(...near);
  const r = near.map((e, k) => (weights[k] / v[k]) * Math.exp(e - top));
  const total = r.reduce((sum, rk) => sum + rk);
  const pull = (i: number) => r.reduce((sum, rk, k) => sum + (rk * away[k][i]) / v[k], 0);
  return [0, 1].map((i) => (Math.sqrt(rest) * pull(i)) / total);
};

describe("pointwiseDenoiser", () => {
  it("is the mixture's denoiser when the function is its formula, also far outside", () => {
    const [own, library] = [pointwiseDenoiser(exact, mixture, schedule), mixtureDenoiser(mixture, schedule)];
    const x = Float64Array.of(...seededRandom(1).normals(40), 1e4, -3e5);
    assert.equal(own.prediction, "epsilon");
    for (const t of [0, 300, 999]) {
      const expected = library.predict(x, t);
      own.predict(x, t).forEach((value, i) => {
        assert.ok(
          Math.abs(value - expected[i]) < 1e-9 * Math.max(1, Math.abs(expected[i])),
          `${value}: ${expected[i]}`
        );
      });
    }
  });

  it("hands over the point, the level and the mixture", () => {
    const calls: unknown[][] = [];
    const note: PointEpsilon = (...values) => (calls.push(values), [1, 2]);
    closeTo(pointwiseDenoiser(note, mixture, schedule).predict(Float64Array.of(3, 4), 7), Float64Array.of(1, 2), 0);
    assert.deepEqual(calls, [[[3, 4], schedule.alphaBar[7], mixture]]);
  });

  it("says what the function should return when it returns something else", () => {
    const wrong: [unknown, RegExp][] = [
      [undefined, /the denoiser returned nothing at \(3\.00, 4\.00\), but it should return 2 finite numbers/],
      [[1], /returned \[1\]/],
      [["1", "2"], /returned \["1","2"\]/],
      [[NaN, 1], /returned \(NaN, 1\)/]
    ];
    for (const [answer, message] of wrong) {
      const denoiser = pointwiseDenoiser((() => answer) as unknown as PointEpsilon, mixture, schedule);
      assert.throws(() => denoiser.predict(Float64Array.of(3, 4), 7), {name: "TypeError", message});
    }
  });

  it("lets a point that is lost stay lost", () => {
    const denoiser = pointwiseDenoiser(() => [NaN, NaN], mixture, schedule);
    assert.ok(denoiser.predict(Float64Array.of(Infinity, 4), 7).every(Number.isNaN), "it does not blame the function");
  });
});
