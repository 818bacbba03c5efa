import assert from "node:assert/strict";
import {before, describe, it} from "node:test";
import {timeFrequencies} from "../../lib/plain-network.js";
import type {PointNetworkOptions} from "../../lib/point-network.js";
import {createPointNetwork, pointFeatures} from "../../lib/point-network.js";
import {seededRandom} from "../../lib/random.js";
import * as tf from "../../lib/tf.js";
import {assertNoLeak} from "../no-leak.js";

before(() => tf.useBackend("cpu"));

const points = (n: number): tf.Tensor2D => tf.tensor2d(Float32Array.from(seededRandom(1).normals(2 * n)), [n, 2]);

/** The weights of a fresh network, as arrays that deepEqual compares. */
async function weightsOf(options: PointNetworkOptions) {
  const network = createPointNetwork(options);
  const {weights, ema} = await network.save();
  network.dispose();
  return {weights, ema};
}

describe("createPointNetwork", () => {
  it("maps 34 features over three hidden layers to 2 numbers", () => {
    const network = createPointNetwork();
    const shapes = network.variables.map(({shape}) => shape);
    assert.deepEqual(shapes, [[34, 128], [128], [128, 128], [128], [128, 128], [128], [128, 2], [2]]);
    assert.equal(network.prediction, "v");
    network.dispose();
  });

  it("answers with the shape of x, for one time and for a time each", () => {
    const network = createPointNetwork({width: 8});
    const x = points(5);
    const one = network.predict(x, 300);
    const each = network.predict(x, tf.tensor1d([300, 300, 300, 300, 0]));
    assert.deepEqual(one.shape, [5, 2]);
    assert.deepEqual(one.arraySync().slice(0, 4), each.arraySync().slice(0, 4));
    assert.notDeepEqual(one.arraySync()[4], each.arraySync()[4]);
    tf.dispose([x, one, each]);
    network.dispose();
  });

  it("is the perceptron that its weights say", async () => {
    const network = createPointNetwork({width: 8, seed: 2});
    const {weights} = await network.save();
    const x = points(20);
    const features = pointFeatures(x, 17, 1000);
    const output = network.predict(x, 17);
    const expected = features.arraySync().flatMap((h) => {
      for (let layer = 0; layer < 4; ++layer) {
        const [kernel, bias] = [weights[2 * layer], weights[2 * layer + 1]];
        h = Array.from(bias, (b, j) => h.reduce((sum, value, i) => sum + value * kernel[i * bias.length + j], b));
        if (layer < 3) h = h.map((value) => Math.max(0, value));
      }
      return h;
    });
    assert.ok(expected.some((value) => value < 0) && expected.some((value) => value > 0));
    output.dataSync().forEach((value, i) => {
      assert.ok(Math.abs(value - expected[i]) < 1e-6, `${value} is not ${expected[i]}`);
    });
    tf.dispose([x, features, output]);
    network.dispose();
  });

  it("starts from the same weights for the same seed, and from others for another", async () => {
    const [first, again, other] = await Promise.all([0, 0, 1].map((seed) => weightsOf({width: 8, seed})));
    assert.deepEqual(first, again);
    assert.notDeepEqual(first.weights, other.weights);
    assert.deepEqual(first.weights, first.ema);
  });

  it("scales the initial kernels for ReLU", async () => {
    const {weights} = await weightsOf({width: 128});
    const variance = (kernel: ArrayLike<number>): number =>
      Array.from(kernel).reduce((sum, w) => sum + w * w, 0) / kernel.length;
    assert.ok(Math.abs(variance(weights[2]) * 64 - 1) < 0.05);
    assert.ok(Math.abs(variance(weights[0]) * 17 - 1) < 0.1);
  });

  it("comes back from saved weights, also through JSON", async () => {
    const network = createPointNetwork({width: 8, seed: 1});
    const other = createPointNetwork({width: 8, seed: 2});
    const saved = await other.save();
    network.load(
      JSON.parse(
        JSON.stringify({
          ...saved,
          weights: saved.weights.map((w) => Array.from(w)),
          ema: saved.ema.map((w) => Array.from(w))
        })
      )
    );
    assert.deepEqual(await network.save(), saved);
    network.reset();
    assert.deepEqual((await network.save()).weights, (await weightsOf({width: 8, seed: 1})).weights);
    network.dispose();
    other.dispose();
  });

  it("refuses weights of another network", async () => {
    const network = createPointNetwork({width: 8});
    const saved = await network.save();
    assert.throws(() => network.load({...saved, width: 16}), /width 16, but this network has 8/);
    assert.throws(() => network.load({...saved, prediction: "x0"}), RangeError);
    assert.throws(() => network.load({...saved, weights: saved.weights.slice(1)}), /7 weight arrays/);
    assert.throws(() => network.load({...saved, ema: [[1, 2], ...saved.ema.slice(1)]}), /weight array 0 holds 2/);
    network.dispose();
  });

  it("refuses a width that is no number of units", () => {
    for (const width of [0, -1, 2.5, NaN]) assert.throws(() => createPointNetwork({width}), RangeError);
  });

  it("leaves no tensors when it is disposed of", () =>
    assertNoLeak(async () => {
      const network = createPointNetwork({width: 8});
      const x = points(3);
      network.predict(x, 5).dispose();
      network.ema.predict(x, 5).dispose();
      network.load(await network.save());
      network.reset();
      network.dispose();
      x.dispose();
    }));
});

describe("pointFeatures", () => {
  it("are the point, then the sines and cosines of (t + 1) / T times the frequencies", () => {
    const x = tf.tensor2d([[0.5, -2]]);
    const features = pointFeatures(x, 249, 1000);
    const expected = [
      0.5,
      -2,
      ...[...timeFrequencies].map((w) => Math.sin(w / 4)),
      ...[...timeFrequencies].map((w) => Math.cos(w / 4))
    ];
    features.dataSync().forEach((value, i) => assert.ok(Math.abs(value - expected[i]) < 1e-5));
    assert.equal(features.size, 34);
    tf.dispose([x, features]);
  });
});
