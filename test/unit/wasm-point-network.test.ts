import assert from "node:assert/strict";
import {before, describe, it} from "node:test";
import fc from "fast-check";
import type {Batch} from "../../lib/batches.js";
import {pointBatches} from "../../lib/batches.js";
import {plainNetwork} from "../../lib/plain-network.js";
import {createPointNetwork} from "../../lib/point-network.js";
import {pointSet} from "../../lib/points/index.js";
import type {Prediction} from "../../lib/prediction.js";
import {seededRandom} from "../../lib/random.js";
import {makeSchedule} from "../../lib/schedule.js";
import * as tf from "../../lib/tf.js";
import {batchTensors, squaredError} from "../../lib/train-step.js";
import {trainOnce} from "../../lib/training.js";
import {createWasmPointNetwork, wasmPointDenoiser} from "../../lib/wasm-point-network.js";

before(() => tf.useBackend("cpu"));

const schedule = makeSchedule("cosine", {timesteps: 60});
const predictions: Prediction[] = ["epsilon", "x0", "v"];

const batchesOf = (batch: number, seed: number) => pointBatches({data: pointSet("ring8"), schedule, batch, seed});

/** The largest difference, as a share of the largest value. */
function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  assert.equal(a.length, b.length);
  let [most, size] = [0, 1e-6];
  for (let i = 0; i < b.length; ++i) {
    most = Math.max(most, Math.abs(a[i] - b[i]));
    size = Math.max(size, Math.abs(b[i]));
  }
  return most / size;
}

function tensorGradients(network: ReturnType<typeof createPointNetwork>, batch: Batch): [number, Float32Array[]] {
  return tf.tidy(() => {
    const tensors = batchTensors(batch);
    const {value, grads} = tf.variableGrads(() => squaredError(network, tensors), network.variables);
    const gradients = network.variables.map(({name}) => grads[name].dataSync<"float32">().slice());
    return [value.dataSync()[0], gradients];
  });
}

describe("a point network on our kernels", () => {
  it("answers, and has each gradient, as the network of tfjs, over random sizes and seeds", async () => {
    const size = fc.record({
      width: fc.constantFrom(8, 20, 33, 64),
      batch: fc.integer({min: 1, max: 150}),
      capacity: fc.constantFrom(16, 60, 128),
      seed: fc.integer({min: 0, max: 1000}),
      prediction: fc.constantFrom(...predictions)
    });
    await fc.assert(
      fc.asyncProperty(size, async ({width, batch, capacity, seed, prediction}) => {
        const options = {width, prediction, timesteps: 60, seed};
        const [tensors, own] = [createPointNetwork(options), await createWasmPointNetwork({...options, capacity})];
        // Other biases than 0, so that they matter.
        const random = seededRandom(seed + 1);
        const saved = await tensors.save();
        const weights = saved.weights.map((values) => Float32Array.from(values, (v) => v + 0.1 * random.normal()));
        tensors.load({...saved, weights, ema: weights});
        own.load({...saved, weights, ema: weights});
        const x = random.normals(2 * batch);
        const answer = tensors.predict(tf.tensor2d(Float32Array.from(x), [batch, 2]), 17).dataSync();
        assert.ok(apart(own.predict(x, 17), answer) < 1e-5, "the answer");
        const draws = batchesOf(batch, seed)();
        const [loss, gradients] = tensorGradients(tensors, draws);
        own.step(draws, 1e-3, 0.5);
        const ownLoss = own.readLoss();
        assert.ok(Math.abs(ownLoss - loss) < 1e-5 * (1 + loss), `the loss is ${ownLoss}, not ${loss}`);
        own.gradients().forEach((values, i) => {
          const error = apart(values, gradients[i]);
          assert.ok(error < 2e-5, `the gradient of array ${i} is off by ${error}`);
        });
        tensors.dispose();
      }),
      {numRuns: 25}
    );
  });

  it("goes the same way as tfjs for a hundred steps of Adam, with its running average", async () => {
    const options = {width: 16, prediction: "v", timesteps: 60, seed: 3} as const;
    const [tensors, own] = [createPointNetwork(options), await createWasmPointNetwork(options)];
    const optimizer = tf.train.adam(3e-3, 0.9, 0.99, 1e-7);
    const [forTensors, forOwn] = [batchesOf(64, 5), batchesOf(64, 5)];
    let theirs = 0;
    for (let n = 0; n < 100; ++n) {
      const loss = trainOnce(tensors, optimizer, forTensors(), 0.9);
      theirs += loss.dataSync()[0] / 100;
      loss.dispose();
      own.step(forOwn(), 3e-3, 0.9);
    }
    const ours = own.readLoss();
    assert.ok(Math.abs(ours / theirs - 1) < 1e-3, `the mean loss is ${ours}, in tfjs ${theirs}`);
    const [a, b] = [own.save(), await tensors.save()];
    for (const key of ["weights", "ema"] as const)
      a[key].forEach((values, i) => assert.ok(apart(values, b[key][i]) < 2e-2, `array ${i} of ${key}`));
    optimizer.dispose();
    tensors.dispose();
  });

  it("goes on from a saved state as if it had not been stopped", async () => {
    const options = {width: 16, timesteps: 60};
    const [one, two] = [await createWasmPointNetwork(options), await createWasmPointNetwork(options)];
    const draw = batchesOf(32, 1);
    const draws = Array.from({length: 12}, draw);
    for (const batch of draws.slice(0, 6)) one.step(batch, 3e-3, 0.8);
    two.loadState(one.saveState());
    one.readLoss();
    for (const batch of draws.slice(6)) {
      one.step(batch, 3e-3, 0.8);
      two.step(batch, 3e-3, 0.8);
    }
    assert.equal(two.readLoss(), one.readLoss());
    assert.deepEqual(two.save(), one.save());
  });

  it("refuses weights of another network, in words", async () => {
    const own = await createWasmPointNetwork({width: 16, timesteps: 60});
    const other = await createWasmPointNetwork({width: 20, timesteps: 60});
    assert.throws(() => own.load(other.save()), /width 20, but this network has 16/);
    assert.throws(() => own.load({...own.save(), ownForward: true}), /another denoiser than the library's/);
    assert.throws(() => own.load({...own.save(), ema: []}), /0 weights, but the network has/);
  });

  it("answers with the running average, as the network in plain numbers does", async () => {
    const own = await createWasmPointNetwork({width: 24, timesteps: 60, prediction: "epsilon"});
    const draw = batchesOf(32, 2);
    for (let n = 0; n < 5; ++n) own.step(draw(), 0.05, 0.9);
    const saved = own.save();
    const [plain, fast] = [plainNetwork(saved), await wasmPointDenoiser(saved)];
    const x = seededRandom(4).normals(2 * 300);
    for (const t of [0, 30, 59]) assert.ok(apart(fast.predict(x, t), plain.predict(x, t)) < 1e-5, `t = ${t}`);
    assert.equal(fast.prediction, "epsilon");
    assert.ok(apart(saved.ema[2], saved.weights[2]) > 1e-2, "the average is not the weights");
  });
});
