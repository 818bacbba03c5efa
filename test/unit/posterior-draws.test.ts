import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {sampleMoments} from "../../lib/metrics/index.js";
import {posteriorBetween} from "../../lib/posterior.js";
import {posteriorDraws} from "../../lib/posterior-draws.js";
import {seededRandom} from "../../lib/random.js";

describe("posteriorDraws", () => {
  it("has the mean and the variance of the posterior’s formula, which it does not use", () => {
    const [alphaBar, alphaBarPrev, x0, xt] = [0.3, 0.5, [0.9, -0.4], [-0.2, 0.8]] as const;
    const draws = posteriorDraws({x0, xt, alphaBar, alphaBarPrev, tries: 40_000, random: seededRandom(1)});
    const {mean, covariance} = sampleMoments(draws);
    const right = posteriorBetween(alphaBar, alphaBarPrev);
    const error = Math.sqrt(right.variance / (draws.length / 2));
    assert.ok(draws.length > 10_000, `${draws.length / 2} draws`);
    for (const d of [0, 1]) {
      const off = Math.abs(mean[d] - right.x0 * x0[d] - right.xt * xt[d]);
      assert.ok(off < 4 * error, `axis ${d}: the mean is off by ${off / error} standard errors`);
      assert.ok(Math.abs(covariance[3 * d] / right.variance - 1) < 0.06, `axis ${d}: variance ${covariance[3 * d]}`);
    }
  });

  it("refuses levels that do not ascend", () => {
    const options = {x0: [0], xt: [0], alphaBar: 0.5, alphaBarPrev: 0.5, tries: 1, random: seededRandom(1)};
    assert.throws(() => posteriorDraws(options), RangeError);
  });
});
