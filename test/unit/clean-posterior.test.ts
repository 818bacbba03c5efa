import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {cleanPosterior} from "../../lib/clean-posterior.js";
import {diffuse} from "../../lib/forward.js";
import {mixtureMoments, mixtureX0} from "../../lib/mixture.js";
import {pointSet} from "../../lib/points/index.js";
import {seededRandom} from "../../lib/random.js";
import {assertAllNear as near} from "./near.js";

const set = pointSet("tri");
const place = [0.3, 0.1];

describe("cleanPosterior", () => {
  it("has the exact denoiser for its mean", () => {
    for (const alphaBar of [0.05, 0.5, 0.95]) {
      const {mean} = mixtureMoments(cleanPosterior(set.mixture!, place, alphaBar));
      near(mean, mixtureX0(set.mixture!, Float64Array.from(place), alphaBar), 1e-10);
    }
  });

  it("has the spread of the data that came down near the place", () => {
    const alphaBar = 0.5;
    const x0 = set.sample(200_000, seededRandom(1));
    const x = diffuse(x0, seededRandom(2).normals(x0.length), alphaBar);
    const found: number[] = [];
    for (let i = 0; i < x.length; i += 2) {
      if (Math.hypot(x[i] - place[0], x[i + 1] - place[1]) < 0.07) found.push(x0[i], x0[i + 1]);
    }
    const {covariance} = mixtureMoments(cleanPosterior(set.mixture!, place, alphaBar));
    for (const axis of [0, 1]) {
      const values = found.filter((_, i) => i % 2 === axis);
      const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
      const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
      assert.ok(
        Math.abs(variance / covariance[3 * axis] - 1) < 0.12,
        `axis ${axis}: ${variance}, ${covariance[3 * axis]}`
      );
    }
  });

  it("splits the variance of one Gaussian into what x_t explains and what it leaves open", () => {
    const [s, alphaBar] = [0.7, 0.4];
    const seen = cleanPosterior({weights: [1], means: [[0]], stds: [s]}, [1], alphaBar);
    const explained = seen.means[0][0] ** 2 * (alphaBar * s ** 2 + 1 - alphaBar); // the mean is linear in x_t
    near([seen.stds[0] ** 2 + explained], [s ** 2], 1e-12);
  });

  it("refuses clean data", () => {
    assert.throws(() => cleanPosterior(set.mixture!, place, 1), RangeError);
  });
});
