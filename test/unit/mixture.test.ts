import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import type {GaussianMixture} from "../../lib/mixture.js";
import {
  mixtureDenoiser,
  mixtureEpsilon,
  mixtureMoments,
  mixtureOfPoints,
  mixtureResponsibilities,
  mixtureScore,
  mixtureX0,
  nearestMode,
  sampleMixture
} from "../../lib/mixture.js";
import {seededRandom} from "../../lib/random.js";
import {makeSchedule} from "../../lib/schedule.js";

const tri: GaussianMixture = {
  weights: [0.5, 0.3, 0.2],
  means: [
    [0.9, 0.2],
    [-0.7, 0.6],
    [-0.1, -0.8]
  ],
  stds: [0.1, 0.2, 0.15]
};

/** The density of the diffused mixture, written down term by term. */
function density({weights, means, stds}: GaussianMixture, x: readonly number[], alphaBar: number): number {
  const total = weights.reduce((a, b) => a + b);
  return means.reduce((sum, mean, k) => {
    const v = alphaBar * stds[k] ** 2 + 1 - alphaBar;
    const square = mean.reduce((s, mu, d) => s + (x[d] - Math.sqrt(alphaBar) * mu) ** 2, 0);
    return sum + ((weights[k] / total) * Math.exp(-square / (2 * v))) / (2 * Math.PI * v) ** (mean.length / 2);
  }, 0);
}

function closeTo(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; ++i) {
    const error = Math.abs(actual[i] - expected[i]);
    assert.ok(error <= tolerance * (1 + Math.abs(expected[i])), `[${i}] is ${actual[i]}, not ${expected[i]}`);
  }
}

const double = (min: number, max: number) => fc.double({min, max, noNaN: true});
const anyMixture = fc.integer({min: 1, max: 4}).chain((dim) =>
  fc
    .array(
      fc.record({
        w: double(0.1, 2),
        mean: fc.array(double(-1, 1), {minLength: dim, maxLength: dim}),
        s: double(0.2, 1)
      }),
      {
        minLength: 1,
        maxLength: 4
      }
    )
    .map((modes) => ({weights: modes.map((m) => m.w), means: modes.map((m) => m.mean), stds: modes.map((m) => m.s)}))
);
const anyPoint = fc.array(double(-1.5, 1.5), {minLength: 4, maxLength: 4});

describe("the exact denoiser of a mixture", () => {
  it("has the gradient of the log density as its score, in any dimension", () => {
    fc.assert(
      fc.property(anyMixture, anyPoint, double(0, 1), (mixture, numbers, alphaBar) => {
        const x = numbers.slice(0, mixture.means[0].length);
        const gradient = x.map((_, d) => {
          const at = (h: number) => Math.log(density(mixture, x.with(d, x[d] + h), alphaBar));
          const h = 1e-3; // a fourth-order difference
          return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
        });
        closeTo(mixtureScore(mixture, Float64Array.from(x), alphaBar), gradient, 1e-6);
      }),
      {numRuns: 300}
    );
  });

  it("predicts epsilon = -sqrt(1 - alphaBar) score, and the x0 that makes x with it", () => {
    fc.assert(
      fc.property(anyMixture, anyPoint, double(0.01, 0.99), (mixture, numbers, alphaBar) => {
        const x = Float64Array.from(numbers.slice(0, mixture.means[0].length));
        const epsilon = mixtureEpsilon(mixture, x, alphaBar);
        const x0 = mixtureX0(mixture, x, alphaBar);
        const b = Math.sqrt(1 - alphaBar);
        closeTo(
          epsilon,
          mixtureScore(mixture, x, alphaBar).map((score) => -b * score),
          1e-12
        );
        closeTo(
          epsilon.map((e, i) => Math.sqrt(alphaBar) * x0[i] + b * e),
          x,
          1e-12
        );
      })
    );
  });

  it("predicts the mean of the clean data given x, as integration finds it", () => {
    const mixture = {weights: [1, 3], means: [[-1], [0.5]], stds: [0.3, 0.1]};
    for (const [x, alphaBar] of [
      [0.2, 0.5],
      [-1.5, 0.9],
      [3, 0.01]
    ]) {
      let mass = 0;
      let mean = 0;
      for (let x0 = -4; x0 <= 4; x0 += 1e-3) {
        const likelihood = Math.exp(-((x - Math.sqrt(alphaBar) * x0) ** 2) / (2 * (1 - alphaBar)));
        mass += likelihood * density(mixture, [x0], 1);
        mean += x0 * likelihood * density(mixture, [x0], 1);
      }
      closeTo(mixtureX0(mixture, Float64Array.of(x), alphaBar), [mean / mass], 1e-8);
    }
  });

  it("handles many points at once, each for itself", () => {
    const x = seededRandom(1).normals(20);
    const all = mixtureEpsilon(tri, x, 0.4);
    for (let i = 0; i < 20; i += 2) assert.deepEqual(mixtureEpsilon(tri, x.slice(i, i + 2), 0.4), all.slice(i, i + 2));
  });

  it("gives in the plane what the loop for any dimension gives", () => {
    const flat = {...tri, means: tri.means.map((mean) => [...mean, 0])}; // the third axis takes no part
    const x = seededRandom(2).normals(40);
    const lifted = Float64Array.from({length: 60}, (_, i) => (i % 3 < 2 ? x[2 * Math.floor(i / 3) + (i % 3)] : 0));
    for (const alphaBar of [0.001, 0.5, 0.999]) {
      // One more axis divides each mode's density by its width, so weight the modes with it.
      const weights = tri.weights.map((w, k) => w * Math.sqrt(alphaBar * tri.stds[k] ** 2 + 1 - alphaBar));
      const expected = mixtureEpsilon({...flat, weights}, lifted, alphaBar).filter((_, i) => i % 3 < 2);
      closeTo(mixtureEpsilon(tri, x, alphaBar), expected, 1e-13);
    }
  });

  it("stays finite and right far from all modes, where every density underflows", () => {
    for (const far of [50, 1e4, 1e9]) {
      const x = Float64Array.of(-far, far); // the widest mode wins
      const v = 0.999 * 0.2 ** 2 + 0.001;
      const expected = [-far + 0.7 * Math.sqrt(0.999), far - 0.6 * Math.sqrt(0.999)].map(
        (d) => (d / v) * Math.sqrt(0.001)
      );
      closeTo(mixtureEpsilon(tri, x, 0.999), expected, 1e-12);
    }
  });

  it("is right at both ends: no noise at alphaBar 1, nothing but noise at 0", () => {
    const x = Float64Array.of(0.3, -0.2);
    closeTo(mixtureEpsilon(tri, x, 1), [0, 0], 0);
    closeTo(mixtureX0(tri, x, 1), x, 0);
    closeTo(mixtureEpsilon(tri, x, 0), x, 1e-15);
    closeTo(mixtureX0(tri, x, 0), [0.22, 0.12], 1e-15);
  });

  it("only looks at the ratio of weights, and not at modes without weight", () => {
    const x = seededRandom(3).normals(10);
    const tenfold = {...tri, weights: tri.weights.map((w) => 10 * w)};
    closeTo(mixtureEpsilon(tenfold, x, 0.7), mixtureEpsilon(tri, x, 0.7), 1e-13);
    const idle = {weights: [...tri.weights, 0], means: [...tri.means, [0, 0]], stds: [...tri.stds, 1]};
    assert.deepEqual(mixtureEpsilon(idle, x, 0.7), mixtureEpsilon(tri, x, 0.7));
  });

  it("with modes of std 0 knows its points by heart: x0 is the nearest one when there is little noise", () => {
    const points = Float64Array.of(0, 0, 1, 0, 0, 1);
    const mixture = mixtureOfPoints(points, 0);
    closeTo(mixtureX0(mixture, Float64Array.of(0.8, 0.1), 0.9999), [1, 0], 1e-12);
    closeTo(mixtureEpsilon(mixture, Float64Array.of(0.8, 0.1), 1), [0, 0], 0);
  });

  it("mixtureDenoiser looks its level up by the original index, and leaves x and the mixture alone", () => {
    const schedule = makeSchedule("cosine");
    const mixture = structuredClone(tri);
    const denoiser = mixtureDenoiser(mixture, schedule);
    const x = seededRandom(4).normals(6);
    const before = x.slice();
    const output = denoiser.predict(x, 300);
    assert.equal(denoiser.prediction, "epsilon");
    assert.deepEqual(output, mixtureEpsilon(tri, x, schedule.alphaBar[300]));
    assert.deepEqual(x, before);
    mixture.means[0][0] = 100;
    assert.deepEqual(denoiser.predict(x, 300), output);
    assert.throws(() => denoiser.predict(x, 1000), RangeError);
  });

  it("refuses what is not a mixture, or not whole points, and says why", () => {
    const bad: [Partial<GaussianMixture>, RegExp][] = [
      [{weights: [], means: [], stds: []}, /no mode/],
      [{weights: [1]}, /1 weights, 3 means and 3 stds/],
      [{weights: [1, -1, 1]}, /weights are 1, -1, 1/],
      [{weights: [0, 0, 0]}, /one must be above 0/],
      [{stds: [0.1, -0.2, 0.1]}, /stds are 0.1, -0.2, 0.1/],
      [{means: [[0, 0], [1], [2, 2]]}, /2 finite numbers/],
      [
        {
          means: [
            [0, 0],
            [1, NaN],
            [2, 2]
          ]
        },
        /2 finite numbers/
      ]
    ];
    for (const [change, message] of bad) {
      assert.throws(() => mixtureEpsilon({...tri, ...change}, new Float64Array(2), 0.5), {name: "RangeError", message});
    }
    assert.throws(() => mixtureEpsilon(tri, new Float64Array(3), 0.5), /x has 3 numbers/);
    assert.throws(() => mixtureEpsilon(tri, new Float64Array(2), 1.1), /alphaBar is 1.1/);
  });
});

describe("mixtureResponsibilities", () => {
  it("is Bayes' rule: each mode's share of the density", () => {
    const x = Float64Array.of(0.2, 0.1, -0.5, -0.4);
    const rows = mixtureResponsibilities(tri, x, 0.6);
    for (let i = 0; i < 2; ++i) {
      const point = [x[2 * i], x[2 * i + 1]];
      const share = (k: number) => {
        const alone = {weights: [1], means: [tri.means[k]], stds: [tri.stds[k]]};
        return (tri.weights[k] * density(alone, point, 0.6)) / density(tri, point, 0.6);
      };
      closeTo(rows.slice(3 * i, 3 * i + 3), [share(0), share(1), share(2)], 1e-13);
    }
  });
});

describe("sampleMixture", () => {
  it("draws each mode with its weight, mean and std", () => {
    const n = 100_000;
    const x = sampleMixture({...tri, weights: [5, 3, 2]}, n, seededRandom(5));
    const modes = nearestMode(tri, x); // they hardly overlap
    for (const [k, w] of tri.weights.entries()) {
      const mine = Array.from(modes.keys()).filter((i) => modes[i] === k);
      assert.ok(Math.abs(mine.length / n - w) < 0.007, `share ${mine.length / n}`);
      for (const axis of [0, 1]) {
        const mean = mine.reduce((sum, i) => sum + x[2 * i + axis], 0) / mine.length;
        const square = mine.reduce((sum, i) => sum + (x[2 * i + axis] - mean) ** 2, 0) / mine.length;
        assert.ok(Math.abs(mean - tri.means[k][axis]) < 0.006, `mean ${mean}`);
        assert.ok(Math.abs(Math.sqrt(square) / tri.stds[k] - 1) < 0.015, `std ${Math.sqrt(square)}`);
      }
    }
  });

  it("draws the same for the same seed, in any dimension", () => {
    const line = {weights: [1, 1], means: [[0], [5]], stds: [1, 0]};
    assert.deepEqual(sampleMixture(line, 50, seededRandom(6)), sampleMixture(line, 50, seededRandom(6)));
    assert.equal(sampleMixture(line, 50, seededRandom(6)).length, 50);
  });
});

describe("nearestMode, mixtureMoments and mixtureOfPoints", () => {
  it("nearestMode goes by the mean, whatever the width and weight, and takes the first of equals", () => {
    const two = {
      weights: [0.99, 0.01],
      means: [
        [0, 0],
        [1, 0]
      ],
      stds: [0.01, 5]
    };
    assert.deepEqual(Array.from(nearestMode(two, Float64Array.of(0.49, 3, 0.51, -3, 0.5, 0))), [0, 1, 0]);
  });

  it("mixtureMoments are those of the density", () => {
    const {mean, covariance} = mixtureMoments({...tri, weights: [5, 3, 2]});
    closeTo(mean, [0.22, 0.12], 1e-15);
    // E[(x - m)(x - m)^T] by hand: sum w mu mu^T - m m^T + sum w s^2 I
    const within = 0.5 * 0.01 + 0.3 * 0.04 + 0.2 * 0.0225;
    const xx = 0.5 * 0.81 + 0.3 * 0.49 + 0.2 * 0.01 - 0.22 ** 2 + within;
    const xy = 0.5 * 0.18 - 0.3 * 0.42 + 0.2 * 0.08 - 0.22 * 0.12;
    const yy = 0.5 * 0.04 + 0.3 * 0.36 + 0.2 * 0.64 - 0.12 ** 2 + within;
    closeTo(covariance, [xx, xy, xy, yy], 1e-14);
  });

  it("mixtureOfPoints puts an equal mode at each point", () => {
    const mixture = mixtureOfPoints(Float64Array.of(1, 2, 3, 4, 5, 6), 0.3, 3);
    assert.deepEqual(mixture, {
      weights: [0.5, 0.5],
      means: [
        [1, 2, 3],
        [4, 5, 6]
      ],
      stds: [0.3, 0.3]
    });
  });
});
