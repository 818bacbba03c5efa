import assert from "node:assert/strict";
import {before, describe, it} from "node:test";
import {diffuse, velocity} from "../../lib/forward.js";
import type {Prediction} from "../../lib/prediction.js";
import {predictionTarget, tensorViews} from "../../lib/tensor-prediction.js";
import {seededRandom} from "../../lib/random.js";
import * as tf from "../../lib/tf.js";
import {assertNoLeak} from "../no-leak.js";

before(() => tf.useBackend("cpu"));

const n = 20;
const random = seededRandom(2);
const [x0, epsilon] = [random.normals(2 * n), random.normals(2 * n)];
const tensor = (values: Float64Array): tf.Tensor2D => tf.tensor2d(Float32Array.from(values), [n, 2]);

function assertNear(actual: tf.Tensor, expected: Float64Array, tolerance: number): void {
  actual.dataSync().forEach((value, i) => {
    assert.ok(Math.abs(value - expected[i]) < tolerance, `${value} is not ${expected[i]}`);
  });
}

describe("tensorViews", () => {
  for (const prediction of ["epsilon", "x0", "v"] as Prediction[]) {
    it(`finds the clean points and the noise from a true ${prediction}`, () =>
      assertNoLeak(() =>
        tf.tidy(() => {
          for (const alphaBar of [0.95, 0.5, 0.05]) {
            const x = tensor(diffuse(x0, epsilon, alphaBar));
            const output = {x0, epsilon, v: velocity(x0, epsilon, alphaBar)}[prediction];
            const views = tensorViews(prediction, tensor(output), x, alphaBar);
            assertNear(views.x0, x0, 1e-5);
            assertNear(views.epsilon, epsilon, 1e-5);
          }
        })
      ));
  }
});

describe("predictionTarget", () => {
  it("is what the prediction's name says", () =>
    tf.tidy(() => {
      const level = (value: number): tf.Tensor2D => tf.fill([n, 1], Math.sqrt(value));
      const given = {x0: tensor(x0), epsilon: tensor(epsilon), signal: level(0.3), noise: level(0.7)};
      assertNear(predictionTarget("x0", given), x0, 1e-6);
      assertNear(predictionTarget("epsilon", given), epsilon, 1e-6);
      assertNear(predictionTarget("v", given), velocity(x0, epsilon, 0.3), 1e-5);
    }));
});
