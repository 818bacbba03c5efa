import assert from "node:assert/strict";
import {before, describe, it} from "node:test";
import {pointBatches} from "../../lib/batches.js";
import {createPointNetwork} from "../../lib/point-network.js";
import {pointSet} from "../../lib/points/index.js";
import {makeSchedule} from "../../lib/schedule.js";
import * as tf from "../../lib/tf.js";
import {trainStep} from "../../lib/train-step.js";
import {assertNoLeak} from "../no-leak.js";

before(() => tf.useBackend("cpu"));

const schedule = makeSchedule("linear");
const data = pointSet("moons");

describe("trainStep", () => {
  it("returns the mean squared error of the weights before the step", () => {
    const network = createPointNetwork({width: 8, prediction: "epsilon"});
    const batch = pointBatches({data, schedule, batch: 32, seed: 0})();
    const xt = batch.x0.map((x, i) => batch.signal[i >> 1] * x + batch.noise[i >> 1] * batch.epsilon[i]);
    const guess = tf.tidy(() => network.predict(tf.tensor2d(xt, [32, 2]), tf.tensor1d(batch.t)).dataSync<"float32">());
    const expected = guess.reduce((sum, value, i) => sum + (value - batch.epsilon[i]) ** 2, 0) / 64;
    const optimizer = tf.train.adam(0.01);
    const loss = trainStep(network, optimizer, batch);
    assert.ok(Math.abs(loss.dataSync()[0] - expected) < 1e-5);
    tf.dispose(loss);
    optimizer.dispose();
    network.dispose();
  });

  it("moves the weights against the gradient", async () => {
    const network = createPointNetwork({width: 8});
    const batch = pointBatches({data, schedule, batch: 32, seed: 0})();
    const optimizer = tf.train.sgd(0.05);
    const losses: number[] = [];
    await assertNoLeak(() => {
      for (let i = 0; i < 10; ++i) {
        const loss = trainStep(network, optimizer, batch);
        losses.push(loss.dataSync()[0]);
        loss.dispose();
      }
    });
    losses.slice(1).forEach((loss, i) => assert.ok(loss < losses[i], `step ${i + 1}: ${loss} after ${losses[i]}`));
    optimizer.dispose();
    network.dispose();
  });

  it("leaves no tensors when a loss throws after some work", async () => {
    const network = createPointNetwork({width: 8});
    const batch = pointBatches({data, schedule, batch: 8, seed: 0})();
    const optimizer = tf.train.sgd(0.05);
    await assertNoLeak(() =>
      assert.throws(
        () =>
          trainStep(network, optimizer, batch, (network, {x0, t}) => {
            network.predict(x0, t).square();
            throw new Error("a slip of the reader");
          }),
        /a slip of the reader/
      )
    );
    optimizer.dispose();
    network.dispose();
  });
});
