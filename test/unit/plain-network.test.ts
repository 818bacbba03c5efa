import assert from "node:assert/strict";
import {before, describe, it} from "node:test";
import {plainNetwork, timeFrequencies} from "../../lib/plain-network.js";
import {createPointNetwork} from "../../lib/point-network.js";
import {seededRandom} from "../../lib/random.js";
import * as tf from "../../lib/tf.js";

before(() => tf.useBackend("cpu"));

describe("plainNetwork", () => {
  it("is the averaged network, at every time", async () => {
    const network = createPointNetwork({width: 16, seed: 1, prediction: "x0", timesteps: 200});
    const other = createPointNetwork({width: 16, seed: 2, prediction: "x0", timesteps: 200});
    network.load({...(await network.save()), ema: (await other.save()).weights});
    const plain = plainNetwork(await network.save());
    assert.equal(plain.prediction, "x0");
    const x = seededRandom(3).normals(40);
    for (const t of [0, 77, 199]) {
      const expected = tf.tidy(() => network.ema.predict(tf.tensor2d(Float32Array.from(x), [20, 2]), t).dataSync());
      const output = plain.predict(x, t);
      assert.equal(output.length, 40);
      output.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) < 1e-5, `${value} is not ${expected[i]}`));
    }
    network.dispose();
    other.dispose();
  });
});

describe("timeFrequencies", () => {
  it("are 16, from 1 to 30 in equal ratios", () => {
    assert.equal(timeFrequencies.length, 16);
    assert.equal(timeFrequencies[0], 1);
    assert.ok(Math.abs(timeFrequencies[15] - 30) < 1e-5);
    for (let k = 1; k < 16; ++k)
      assert.ok(Math.abs(timeFrequencies[k] / timeFrequencies[k - 1] - 30 ** (1 / 15)) < 1e-5);
  });
});
