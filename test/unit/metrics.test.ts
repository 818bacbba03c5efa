import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {
  assignModes,
  covarianceError,
  energyDistance,
  fractionWithin,
  meanError,
  modeWeightTv,
  noiseFloor,
  projectedWasserstein,
  projections,
  sameModeShare,
  sampleMoments,
  slicedWasserstein,
  withinModeStdRatio
} from "../../lib/metrics/index.js";
import type {GaussianMixture} from "../../lib/mixture.js";
import {sampleMixture} from "../../lib/mixture.js";
import {threeModes} from "../../lib/points/mixtures.js";
import {seededRandom} from "../../lib/random.js";

const normals = (n: number, seed: number) => seededRandom(seed).normals(n);
const tri = threeModes.mixture!;
const disc: GaussianMixture = {weights: [1], means: [[0.3, -0.2]], stds: [0.5]};
const gaussian = (std: number, n: number, seed: number) =>
  normals(2 * n, seed).map((z, i) => disc.means[0][i % 2] + std * z);

function near(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual}, not ${expected} +- ${tolerance}`);
}

describe("slicedWasserstein", () => {
  it("of a set and the same set moved by v is |v| / sqrt(dim) for p = 2, and E|v . line| for p = 1", () => {
    for (const [v, meanCosine] of [
      [[0.3, -0.4], 2 / Math.PI], // E|cos| on a circle
      [[1, 2, 2], 1 / 2] // on a sphere
    ] as const) {
      const dim = v.length;
      const length = Math.hypot(...v);
      const a = normals(50 * dim, 1);
      const b = a.map((x, i) => x + v[i % dim]);
      const options = {dim, directions: 20_000, seed: 5};
      near(slicedWasserstein(a, b, {...options, p: 2}), length / Math.sqrt(dim), 0.01 * length);
      near(slicedWasserstein(a, b, {...options, p: 1}), length * meanCosine, 0.01 * length);
    }
  });

  it("of two centred Gaussians of std 1 and 2 is 1 for p = 2, and sqrt(2 / pi) for p = 1", () => {
    const [a, b] = [normals(100_000, 2), normals(100_000, 3).map((z) => 2 * z)];
    near(slicedWasserstein(a, b, {p: 2, directions: 30}), 1, 0.02);
    near(slicedWasserstein(a, b, {p: 1, directions: 30}), Math.sqrt(2 / Math.PI), 0.02);
  });

  it("of unequal counts is what it is when both are repeated to an equal count", () => {
    const repeat = (set: Float64Array, times: number) =>
      Float64Array.from(Array.from({length: times}, () => Array.from(set)).flat());
    const set = (min: number) => fc.array(fc.double({min: -5, max: 5, noNaN: true}), {minLength: min, maxLength: 6});
    fc.assert(
      fc.property(set(1), set(1), fc.constantFrom<1 | 2>(1, 2), (first, second, p) => {
        const [a, b] = [Float64Array.from(first), Float64Array.from(second)];
        const equal = slicedWasserstein(repeat(a, b.length), repeat(b, a.length), {dim: 1, p});
        near(slicedWasserstein(a, b, {dim: 1, p}), equal, 1e-9);
      })
    );
  });

  it("is the cost of matching in order, on a line", () => {
    // 0 0 1 1 against 2 0 3 1 in order: 0-0, 0-1, 1-2, 1-3
    const [a, b] = [Float64Array.of(1, 0, 1, 0), Float64Array.of(2, 0, 3, 1)];
    near(slicedWasserstein(a, b, {dim: 1, p: 1}), (0 + 1 + 1 + 2) / 4, 1e-12);
    near(slicedWasserstein(a, b, {dim: 1, p: 2}), Math.sqrt((0 + 1 + 1 + 4) / 4), 1e-12);
  });

  it("is 0 only from a set to itself in any order, and the same both ways", () => {
    const a = normals(40, 4);
    const shuffled = Float64Array.from([...a.slice(20), ...a.slice(0, 20)]);
    assert.equal(slicedWasserstein(a, shuffled), 0);
    const b = normals(60, 5);
    near(slicedWasserstein(a, b), slicedWasserstein(b, a), 1e-12);
    assert.ok(slicedWasserstein(a, b) > 0.1);
  });

  it("depends on the seed of the lines, which are the same for all sets", () => {
    const [a, b] = [normals(40, 6), normals(40, 7)];
    const distance = slicedWasserstein(a, b, {seed: 1, p: 1});
    const kept = projections(b, {seed: 1});
    assert.equal(projectedWasserstein(projections(a, {seed: 1}), kept, 1), distance);
    assert.notEqual(slicedWasserstein(a, b, {seed: 2, p: 1}), distance);
    assert.throws(() => projectedWasserstein(projections(a, {directions: 7}), kept, 1), /7 and 100 lines/);
  });

  it("has lines of length 1: evenly spaced in the plane, even on the sphere in space", () => {
    const plane = projections(Float64Array.of(1, 0), {directions: 90});
    const angles = plane.map(([cos]) => Math.acos(cos)).sort((x, y) => x - y);
    angles.slice(1).forEach((angle, i) => near(angle - angles[i], Math.PI / 90, 1e-9));
    const space = projections(Float64Array.of(0, 0, 2), {dim: 3, directions: 4000});
    near(space.reduce((sum, [z]) => sum + z * z, 0) / 4000, 4 / 3, 0.08); // 2^2 / dim
    near(space.reduce((sum, [z]) => sum + z ** 4, 0) / 4000, 16 / 5, 0.3);
  });

  it("does not change the sets, and refuses empty and broken ones", () => {
    const a = normals(10, 8);
    const before = a.slice();
    slicedWasserstein(a, a);
    assert.deepEqual(a, before);
    assert.throws(() => slicedWasserstein(a, new Float64Array(0)), /a set has 0 numbers/);
    assert.throws(() => slicedWasserstein(new Float64Array(3), a), /a set has 3 numbers/);
    assert.throws(() => slicedWasserstein(a, a, {p: 3 as 2}), /p is 3/);
    assert.throws(() => slicedWasserstein(a, a, {directions: 0}), /directions is 0/);
  });
});

describe("energyDistance", () => {
  it("is 2 E|A - B| - E|A - A'| - E|B - B'| without a point's distance to itself", () => {
    near(
      energyDistance(Float64Array.of(0, 1), Float64Array.of(3, 5), {dim: 1}),
      2 * ((3 + 5 + 2 + 4) / 4) - 1 - 2,
      1e-12
    );
    const square = Float64Array.of(0, 0, 3, 4);
    near(energyDistance(square, square), 2 * (5 / 2) - 5 - 5, 1e-12);
    near(energyDistance(square, Float64Array.of(0, 0, 0, 0, 0, 0)), 2 * (5 / 2) - 5, 1e-12);
    near(energyDistance(Float64Array.of(0, 0, 0, 2, 3, 6), Float64Array.of(0, 0, 0, 0, 0, 0), {dim: 3}), 7 - 7, 1e-12);
  });

  it("of two Gaussians on a line is the closed form", () => {
    // E|N(m, 2)| = 2 exp(-m^2 / 4) / sqrt(pi) + m erf(m / 2); erf(0.5) = 0.5204998778
    const expected = 2 * ((2 * Math.exp(-0.25)) / Math.sqrt(Math.PI) + 0.5204998778) - 4 / Math.sqrt(Math.PI);
    const b = normals(4000, 10).map((z) => z + 1);
    near(energyDistance(normals(4000, 9), b, {dim: 1}), expected, 0.05);
  });

  it("of two Gaussians of std 1 and 2 in the plane is the closed form", () => {
    // |N(0, v I)| is a Rayleigh variable of mean sqrt(v pi / 2), with v = 5, 2 and 8
    const mean = (v: number) => Math.sqrt((v * Math.PI) / 2);
    const b = normals(8000, 12).map((z) => 2 * z);
    near(energyDistance(normals(8000, 11), b), 2 * mean(5) - mean(2) - mean(8), 0.03);
  });

  it("has mean 0 between sets of one distribution: it is unbiased", () => {
    const {mean, sd} = noiseFloor(energyDistance, (random) => random.normals(100), {repeats: 200});
    near(mean, 0, (4 * sd) / Math.sqrt(200));
    assert.ok(sd < 0.05, "so a bias of 2 E|A - A'| / n = 0.07 would be seen");
  });

  it("refuses sets of fewer than two points, and half points", () => {
    assert.throws(() => energyDistance(new Float64Array(2), new Float64Array(8)), /a set has 2 numbers/);
    assert.throws(() => energyDistance(new Float64Array(8), new Float64Array(5)), /a set has 5 numbers/);
  });
});

describe("assignModes", () => {
  it("measures in each mode's own std", () => {
    const two = {
      weights: [1, 1],
      means: [
        [0, 0],
        [1, 0]
      ],
      stds: [0.1, 0.3]
    };
    const {mode, distance} = assignModes(two, Float64Array.of(0.2, 0, 0.3, 0, 1, 0.6));
    assert.deepEqual(Array.from(mode), [0, 1, 1]);
    [2, 7 / 3, 2].forEach((expected, i) => near(distance[i], expected, 1e-12));
  });

  it("gives a lost point to no mode, and refuses modes of std 0", () => {
    const {mode, distance} = assignModes(tri, Float64Array.of(NaN, 0, Infinity, 0));
    assert.deepEqual(Array.from(mode), [-1, -1]);
    assert.deepEqual(Array.from(distance), [Infinity, Infinity]);
    assert.throws(() => assignModes({...disc, stds: [0]}, new Float64Array(2)), /std 0/);
    assert.throws(() => assignModes(disc, new Float64Array(3)), /3 numbers/);
  });
});

describe("fractionWithin", () => {
  it("of the true distribution is 1 - exp(-sds^2 / 2) in the plane", () => {
    const x = gaussian(0.5, 100_000, 13);
    for (const sds of [1, 2, 3]) {
      const expected = 1 - Math.exp(-(sds ** 2) / 2);
      near(fractionWithin(disc, x, sds), expected, 4 * Math.sqrt((expected * (1 - expected)) / 100_000));
    }
    assert.equal(fractionWithin(disc, x), fractionWithin(disc, x, 3));
  });

  it("is 0.9973 on a line, and counts a point near any mode", () => {
    const line = {weights: [1, 1], means: [[-5], [5]], stds: [1, 2]};
    near(fractionWithin(line, sampleMixture(line, 100_000, seededRandom(14))), 0.9973, 0.0007);
    assert.equal(fractionWithin(line, Float64Array.of(-8.1, -7.9, 10.9, 11.1)), 0.5);
  });

  it("counts lost points as outside", () =>
    assert.equal(fractionWithin(disc, Float64Array.of(0.3, -0.2, NaN, 0)), 0.5));
});

describe("withinModeStdRatio", () => {
  it("of the true distribution is that of a Gaussian cut off at `cut` stds", () => {
    const x = gaussian(0.5, 200_000, 15);
    for (const cut of [1, 2, 3, 5]) {
      const tail = Math.exp(-(cut ** 2) / 2);
      const expected = Math.sqrt(1 - ((cut ** 2 / 2) * tail) / (1 - tail));
      near(withinModeStdRatio(disc, x, cut), expected, 0.006);
    }
    assert.equal(withinModeStdRatio(disc, x), withinModeStdRatio(disc, x, 5));
  });

  it("is 0.7 where the modes are 0.7 as wide, and 1 on the whole mixture", () => {
    near(withinModeStdRatio(disc, gaussian(0.35, 100_000, 16)), 0.7, 0.005);
    near(withinModeStdRatio(tri, sampleMixture(tri, 100_000, seededRandom(17))), 1, 0.01);
  });

  it("sees a mode that is off its place, and is NaN where nothing is near", () => {
    near(withinModeStdRatio(disc, Float64Array.of(0.3 + 1, -0.2)), 2 / Math.SQRT2, 1e-12);
    assert.ok(Number.isNaN(withinModeStdRatio(disc, Float64Array.of(10, 10))));
  });
});

describe("modeWeightTv", () => {
  const at = (...modes: number[]) => Float64Array.from(modes.flatMap((k) => tri.means[k]));

  it("is half the sum of the differences of the shares", () => {
    near(modeWeightTv(tri, at(0, 0, 0, 0, 0, 1, 1, 1, 2, 2)), 0, 1e-12);
    near(modeWeightTv(tri, at(0, 0, 0, 1)), (0.25 + 0.05 + 0.2) / 2, 1e-12);
    near(modeWeightTv(tri, at(2)), 0.8, 1e-12);
  });

  it("takes weights by their ratio, and a lost point as a share of no mode", () => {
    near(modeWeightTv({...tri, weights: [5, 3, 2]}, at(0, 0, 0, 1)), 0.25, 1e-12);
    near(modeWeightTv(tri, Float64Array.of(...tri.means[0], NaN, NaN)), 0.5, 1e-12);
  });
});

describe("sameModeShare", () => {
  it("counts the points that end in one mode in both runs", () => {
    const [p, q] = [tri.means[0], tri.means[1]];
    assert.equal(
      sameModeShare(tri, Float64Array.from([p, p, q, q].flat()), Float64Array.from([p, q, q, p].flat())),
      0.5
    );
    assert.throws(() => sameModeShare(tri, new Float64Array(2), new Float64Array(4)), /2 and 4 numbers/);
  });

  it("of independent runs is the sum of the squared weights", () => {
    const [a, b] = [18, 19].map((seed) => sampleMixture(tri, 100_000, seededRandom(seed)));
    near(sameModeShare(tri, a, b), 0.25 + 0.09 + 0.04, 0.008);
  });
});

describe("the moments", () => {
  it("sampleMoments divides by n", () => {
    const {mean, covariance} = sampleMoments(Float64Array.of(0, 0, 2, 4));
    assert.deepEqual([...mean, ...covariance], [1, 2, 1, 2, 2, 4]);
    assert.deepEqual([...sampleMoments(Float64Array.of(1, 3), 1).covariance], [1]);
  });

  it("meanError and covarianceError are distances to the mixture's own moments", () => {
    const x = Float64Array.of(0.3, -0.2, 2.3, -0.2);
    near(meanError(disc, x), 1, 1e-12);
    near(covarianceError(disc, x), Math.hypot(1 - 0.25, 0.25), 1e-12);
  });
});

describe("noiseFloor", () => {
  it("is the mean and sd of the metric between two independent true sets", () => {
    const mean = (x: Float64Array) => x.reduce((a, b) => a + b) / x.length;
    const floor = noiseFloor(
      (a, b) => mean(a) - mean(b),
      (random) => random.normals(50),
      {repeats: 4000}
    );
    near(floor.mean, 0, 4 * Math.sqrt(2 / 50 / 4000));
    near(floor.sd, Math.sqrt(2 / 50), 0.01); // each mean has variance 1 / 50
    assert.equal(floor.values.length, 4000);
  });

  it("depends on its seed only, and needs a spread", () => {
    const draw = (random: {normals(n: number): Float64Array}) => random.normals(20);
    assert.deepEqual(noiseFloor(slicedWasserstein, draw), noiseFloor(slicedWasserstein, draw, {repeats: 20, seed: 0}));
    assert.notDeepEqual(noiseFloor(slicedWasserstein, draw), noiseFloor(slicedWasserstein, draw, {seed: 1}));
    assert.throws(() => noiseFloor(slicedWasserstein, draw, {repeats: 1}), /repeats is 1/);
  });

  it("uses n - 1 for the sd", () => {
    let calls = 0;
    const {mean, sd} = noiseFloor(
      () => ++calls,
      () => new Float64Array(1),
      {repeats: 2}
    );
    near(mean, 1.5, 1e-12);
    near(sd, Math.SQRT1_2, 1e-12);
  });
});
