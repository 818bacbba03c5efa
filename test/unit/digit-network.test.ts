import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {createTensorDigitNetwork} from "../../lib/digits/tensor-digit-network.js";
import {createWasmDigitNetwork} from "../../lib/digits/wasm-digit-network.js";
import type {DigitBatch, DigitNetwork} from "../../lib/digits/digit-network.js";
import type {DigitShape} from "../../lib/digits/digit-shape.js";
import {digitMatrices, digitParameters, flops, parameterCount} from "../../lib/digits/digit-shape.js";
import {seededRandom} from "../../lib/random.js";
import * as tf from "../../lib/tf.js";

const small: DigitShape = {outer: 8, inner: 16, embedding: 16, mixing: 12};

describe("the digit network on our kernels", () => {
  it("has the weights that it says, and its first answer is small", async () => {
    const network = await createWasmDigitNetwork();
    const {weights} = await network.save();
    assert.equal(weights.length, parameterCount());
    assert.ok(2 * parameterCount() < 400_000, "in 16 bits they are more than 400 kB");
    assert.ok(flops() < 30e6, "an answer takes more than 30 MFLOP");
    const {x, t, labels} = randomBatch(3, 1);
    const v = await network.predict(x, t, labels);
    assert.equal(v.length, x.length);
    assert.ok(rms(v) > 0 && rms(v) < 1, `the answer has size ${rms(v)}`);
  });

  it("has the gradient that finite differences of its loss have, for each array of weights", async () => {
    const network = await createWasmDigitNetwork({shape: small, capacity: 2});
    const start = await shaken(network);
    const batch = randomBatch(3, 2); // more than fit at a time
    const gradient = await gradientOf(network, batch);
    const random = seededRandom(3);
    for (const {name, offset, size} of digitParameters(small)) {
      const own = gradient.subarray(offset, offset + size);
      const direction = Float32Array.from(own, (g) => g + 0.5 * rms(own) * random.normal());
      const length = rms(direction) * Math.sqrt(size);
      assert.ok(length > 0, `the loss does not depend on ${name}`);
      const loss = async (h: number) => {
        const weights = start.weights.slice();
        direction.forEach((d, i) => (weights[offset + i] += (h * d) / length));
        network.load({...start, weights});
        network.step(batch, 0, 0);
        return network.readLoss();
      };
      const numeric = ((await loss(0.02)) - (await loss(-0.02))) / 0.04;
      const exact = own.reduce((sum, g, i) => sum + (g * direction[i]) / length, 0);
      assert.ok(
        Math.abs(numeric - exact) < 0.01 * Math.abs(numeric),
        `${name}: ${exact}, but differences say ${numeric}`
      );
    }
  });

  it("answers alike, however many digits it takes at a time", async () => {
    const {x, t, labels} = randomBatch(5, 4);
    const [few, many] = [
      await createWasmDigitNetwork({capacity: 2}),
      await createWasmDigitNetwork({capacity: 16, training: false})
    ];
    assert.deepEqual(await few.predict(x, t, labels), await many.predict(x, t, labels));
  });

  it("goes on from what it saved as if it had not stopped", async () => {
    const [a, b] = [
      await createWasmDigitNetwork({shape: small}),
      await createWasmDigitNetwork({shape: small, seed: 9})
    ];
    for (let i = 0; i < 3; ++i) a.step(randomBatch(4, i), 1e-3, 0.5);
    b.load(await a.save());
    for (const network of [a, b]) network.step(randomBatch(4, 7), 1e-3, 0.5);
    assert.deepEqual(await b.save(), await a.save());
  });

  it("refuses weights of another network", async () => {
    const network = await createWasmDigitNetwork({shape: small, training: false});
    assert.throws(() => network.loadWeights(new Float32Array(5)), /5 weights, but the network has \d+/);
    assert.throws(() => network.step(randomBatch(1, 0), 1e-3, 0.5), /cannot be trained/);
  });
});

describe("the same network in tfjs", () => {
  it("answers as the kernels do, and has their gradient", async () => {
    await tf.useBackend("cpu");
    const tensors = createTensorDigitNetwork({shape: small});
    const kernels = await createWasmDigitNetwork({shape: small});
    const start = await shaken(kernels);
    tensors.load(start);
    const batch = randomBatch(3, 5);
    near(await tensors.predict(batch.x, batch.t, batch.labels), await kernels.predict(batch.x, batch.t, batch.labels));
    const [a, b] = [await gradientOf(tensors, batch), await gradientOf(kernels, batch)];
    for (const {name, offset, size} of digitParameters(small)) {
      near(a.subarray(offset, offset + size), b.subarray(offset, offset + size), `gradient of ${name}`);
    }
    tensors.dispose();
  });

  it("takes the same steps of Muon and of Adam, and keeps the same average", async () => {
    await tf.useBackend("cpu");
    const tensors = createTensorDigitNetwork({shape: small});
    const kernels = await createWasmDigitNetwork({shape: small});
    for (let i = 0; i < 2; ++i)
      for (const network of [tensors, kernels]) await network.step(randomBatch(2, i), 1e-3, 0.4);
    const [a, b] = [await tensors.save(), await kernels.save()];
    assert.equal(a.step, 2);
    for (const key of ["weights", "average"] as const) {
      const worst = a[key].reduce((most, value, i) => Math.max(most, Math.abs(value - b[key][i])), 0);
      assert.ok(worst < 1e-3, `${key} differ by ${worst}`); // Adam's first steps go by the sign of a gradient near 0
    }
    assert.ok(Math.abs((await tensors.readLoss()) - (await kernels.readLoss())) < 1e-4, "the losses differ");
    tensors.dispose();
  });

  it("leaves no tensors", async () => {
    await tf.useBackend("cpu");
    const before = tf.memory().numTensors;
    const network = createTensorDigitNetwork({shape: small});
    for (let i = 0; i < 3; ++i) {
      const batch = randomBatch(2, i);
      await network.step(batch, 1e-3, 0.5);
      await network.predict(batch.x, batch.t, batch.labels);
      if (i === 1) await network.readLoss();
      network.load(await network.save());
    }
    network.dispose();
    assert.equal(tf.memory().numTensors, before);
  });
});

function randomBatch(n: number, seed: number): DigitBatch {
  const random = seededRandom(seed);
  return {
    x: Float32Array.from(random.normals(n * 784)),
    target: Float32Array.from(random.normals(n * 784)),
    t: Float32Array.from({length: n}, () => random.integer(1000)),
    labels: Uint8Array.from({length: n}, (_, i) => (i === 1 ? 10 : random.integer(10)))
  };
}

/** Weights at which every layer matters, also those that begin near 0. */
async function shaken(network: DigitNetwork) {
  const state = await network.save();
  const random = seededRandom(11);
  const weights = state.weights.map((w) => w + 0.1 * random.normal());
  const moved = {...state, weights, average: weights};
  network.load(moved);
  return moved;
}

/** After one step the running mean is a tenth of the gradient where Adam moves, a twentieth where Muon does. */
async function gradientOf(network: DigitNetwork, batch: DigitBatch): Promise<Float32Array> {
  await network.step(batch, 0, 0);
  const {first} = await network.save();
  const gradient = first.map((value) => 10 * value);
  for (const {offset, rows, columns} of digitMatrices(digitParameters(small)))
    for (let i = offset; i < offset + rows * columns; ++i) gradient[i] *= 2;
  return gradient;
}

function near(a: Float32Array, b: Float32Array, what = "answer"): void {
  assert.equal(a.length, b.length);
  const worst = a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
  assert.ok(worst < 1e-3 * rms(b), `${what}: differs by ${worst}, where it has size ${rms(b)}`);
}

function rms(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);
}
