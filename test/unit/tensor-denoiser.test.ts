import assert from "node:assert/strict";
import {before, describe, it} from "node:test";
import type {Denoiser} from "../../lib/denoiser.js";
import {mixtureDenoiser} from "../../lib/mixture.js";
import {createPointNetwork} from "../../lib/point-network.js";
import {pointSet} from "../../lib/points/index.js";
import {seededRandom} from "../../lib/random.js";
import {alphaBarAt, makeSchedule} from "../../lib/schedule.js";
import {numberDenoiser, predictField, readTensors, tensorDenoiser} from "../../lib/tensor-denoiser.js";
import * as tf from "../../lib/tf.js";
import {assertNoLeak} from "../no-leak.js";

before(() => tf.useBackend("cpu"));

const schedule = makeSchedule("cosine");
const exact = mixtureDenoiser(pointSet("ring8").mixture!, schedule);
const x = seededRandom(8).normals(60);

function assertNear(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  Array.from(actual).forEach((value, i) => {
    assert.ok(
      Math.abs(value - expected[i]) <= tolerance * Math.max(1, Math.abs(expected[i])),
      `${value} is not ${expected[i]}`
    );
  });
}

describe("tensorDenoiser", () => {
  it("answers as the denoiser on numbers does", () =>
    assertNoLeak(() => {
      const denoiser = tensorDenoiser(exact);
      assert.equal(denoiser.prediction, exact.prediction);
      const points = tf.tensor2d(Float32Array.from(x), [30, 2]);
      const output = denoiser.predict(points, 400);
      assertNear(output.dataSync(), exact.predict(x, 400), 1e-5);
      tf.dispose([points, output]);
    }));
});

describe("numberDenoiser", () => {
  it("answers as the network does", () =>
    assertNoLeak(() => {
      const network = createPointNetwork({width: 8});
      const expected = tf.tidy(() => network.predict(tf.tensor2d(Float32Array.from(x), [30, 2]), 7).dataSync());
      const denoiser = numberDenoiser(network);
      assert.equal(denoiser.prediction, "v");
      assert.deepEqual([...denoiser.predict(x, 7)], [...expected]);
      network.dispose();
    }));

  it("undoes tensorDenoiser", () => {
    assertNear(numberDenoiser(tensorDenoiser(exact)).predict(x, 123), exact.predict(x, 123), 1e-5);
  });
});

describe("predictField", () => {
  it("gives the noise and the clean points at each point of the grid", () =>
    assertNoLeak(async () => {
      const {x0, epsilon} = await predictField(tensorDenoiser(exact), x, {schedule, t: 300});
      const alphaBar = alphaBarAt(schedule, 300);
      assertNear(epsilon, exact.predict(x, 300), 1e-6);
      assertNear(
        x0.map((value, i) => Math.sqrt(alphaBar) * value + Math.sqrt(1 - alphaBar) * epsilon[i]),
        x,
        1e-6
      );
    }));

  it("gives the noise whatever the network predicts", async () => {
    const alphaBar = alphaBarAt(schedule, 500);
    const output = Float64Array.from(x, () => 0.25);
    const noises = {
      epsilon: output,
      x0: x.map((value) => (value - Math.sqrt(alphaBar) * 0.25) / Math.sqrt(1 - alphaBar)),
      v: x.map((value) => Math.sqrt(1 - alphaBar) * value + Math.sqrt(alphaBar) * 0.25)
    };
    for (const [prediction, noise] of Object.entries(noises)) {
      const denoiser: Denoiser<tf.Tensor2D> = {
        prediction: prediction as "v",
        predict: ({shape}) => tf.fill(shape, 0.25)
      };
      assertNear((await predictField(denoiser, x, {schedule, t: 500})).epsilon, noise, 1e-6);
    }
  });
});

describe("readTensors", () => {
  it("reads several tensors in their order and frees all that was made", () =>
    assertNoLeak(async () => {
      const [a, b] = await readTensors(() => [tf.ones([3, 2]), tf.ones([3, 2]).mul(2)]);
      assert.deepEqual([a, b], [new Float64Array(6).fill(1), new Float64Array(6).fill(2)]);
    }));

  it("frees what was made before an error, and passes the error on", () =>
    assertNoLeak(() =>
      assert.rejects(
        readTensors(() => {
          tf.ones([3, 2]);
          throw new Error("in the middle");
        }),
        /in the middle/
      )
    ));
});
