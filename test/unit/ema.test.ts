import assert from "node:assert/strict";
import {before, describe, it} from "node:test";
import {emaDecay, updateAverage} from "../../lib/ema.js";
import * as tf from "../../lib/tf.js";
import {assertNoLeak} from "../no-leak.js";

before(() => tf.useBackend("cpu"));

describe("emaDecay", () => {
  it("is n / (10 + n) until it reaches its largest value", () => {
    assert.equal(emaDecay(1), 1 / 11);
    assert.equal(emaDecay(10), 0.5);
    assert.equal(emaDecay(989), 989 / 999);
    assert.equal(emaDecay(100000), 0.99);
    assert.equal(emaDecay(1000, 0.9), 0.9);
  });
});

describe("updateAverage", () => {
  it("keeps `decay` of the average and takes the rest from the variable", async () => {
    await assertNoLeak(() => {
      const variable = tf.tidy(() => tf.variable(tf.tensor1d([1, 2])));
      const average = tf.tidy(() => tf.variable(tf.tensor1d([5, -2]), false));
      updateAverage([average], [variable], 0.75);
      assert.deepEqual([...average.dataSync()], [4, -1]);
      assert.deepEqual([...variable.dataSync()], [1, 2]);
      tf.dispose([variable, average]);
    });
  });
});
