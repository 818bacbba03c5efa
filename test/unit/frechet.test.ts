import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {frechetDistance, gaussianFrechet, gaussianOf} from "../../lib/metrics/frechet.js";
import {seededRandom} from "../../lib/random.js";

describe("the Fréchet distance", () => {
  it("is the closed form for distributions with independent coordinates", () => {
    const a = {mean: Float64Array.of(0, 1, 2), covariance: Float64Array.of(1, 0, 0, 0, 4, 0, 0, 0, 9)};
    const b = {mean: Float64Array.of(1, 1, 0), covariance: Float64Array.of(4, 0, 0, 0, 4, 0, 0, 0, 1)};
    const expected = 1 + 4 + (2 - 1) ** 2 + 0 + (3 - 1) ** 2;
    assert.ok(Math.abs(gaussianFrechet(a, b) - expected) < 1e-9, `it is ${gaussianFrechet(a, b)}`);
  });

  it("does not change when both are turned, and is symmetric", () => {
    const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
    const turn = ([x, y, z]: number[]) => [c * x - s * y, s * x + c * y, z];
    const random = seededRandom(1);
    const cloud = (n: number, scale: number[], shift: number[]) =>
      Array.from({length: n}, () => scale.map((size, i) => size * random.normal() + shift[i]));
    const [a, b] = [cloud(200, [1, 3, 0.5], [0, 0, 0]), cloud(150, [2, 1, 0.5], [1, 0, 2])];
    const plain = frechetDistance(a.flat(), b.flat(), 3);
    const turned = frechetDistance(a.map(turn).flat(), b.map(turn).flat(), 3);
    assert.ok(plain > 1, `it is ${plain}`);
    assert.ok(Math.abs(plain - turned) < 1e-9 * plain, `${plain} became ${turned}`);
    assert.ok(Math.abs(plain - frechetDistance(b.flat(), a.flat(), 3)) < 1e-9 * plain, "it is not symmetric");
  });

  it("agrees with a solution by hand for correlated coordinates in the plane", () => {
    // In two dimensions, tr (C D)^1/2 = sqrt(tr(C D) + 2 sqrt(det C det D)).
    const [C, D] = [Float64Array.of(2, 0.8, 0.8, 1), Float64Array.of(1, -0.5, -0.5, 3)];
    const product = C[0] * D[0] + 2 * C[1] * D[1] + C[3] * D[3];
    const det = (m: Float64Array) => m[0] * m[3] - m[1] * m[2];
    const shared = Math.sqrt(product + 2 * Math.sqrt(det(C) * det(D)));
    const mean = Float64Array.of(0, 0);
    const expected = C[0] + C[3] + D[0] + D[3] - 2 * shared;
    const value = gaussianFrechet({mean, covariance: C}, {mean, covariance: D});
    assert.ok(Math.abs(value - expected) < 1e-9, `${value} is not ${expected}`);
  });

  it("is 0 for equal clouds, also flat ones, and falls with the counts for two samples of one distribution", () => {
    const flat = Array.from({length: 60}, (_, i) => [i % 7, 2 * (i % 7), 0, 1]).flat();
    assert.ok(frechetDistance(flat, flat, 4) < 1e-6, "equal clouds are apart");
    const random = seededRandom(2);
    const floor = (n: number) => frechetDistance(random.normals(8 * n), random.normals(8 * n), 8);
    const [few, many] = [floor(50), floor(2000)];
    assert.ok(many < few / 10, `${few} with 50 points, ${many} with 2000`);
  });

  it("takes means and covariances over n - 1, and refuses clouds that have none", () => {
    const {mean, covariance} = gaussianOf([0, 0, 2, 4], 2);
    assert.deepEqual([...mean, ...covariance], [1, 2, 2, 4, 4, 8]);
    assert.throws(() => gaussianOf([1, 2], 2), /at least two points/);
    assert.throws(() => frechetDistance([1, 2, 3], [1, 2, 3], 2), /at least two points/);
  });
});
