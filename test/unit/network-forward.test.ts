import assert from "node:assert/strict";
import {before, describe, it} from "node:test";
import {timeFrequencies} from "../../lib/plain-network.js";
import {plainNetwork} from "../../lib/plain-network.js";
import type {Forward} from "../../lib/point-network.js";
import {createPointNetwork} from "../../lib/point-network.js";
import {pointSet} from "../../lib/points/index.js";
import {makeSchedule} from "../../lib/schedule.js";
import * as tf from "../../lib/tf.js";
import {trainPoints} from "../../lib/training.js";
import {assertNoLeak} from "../no-leak.js";

before(() => tf.useBackend("cpu"));

/** As it stands on the page. */
const usual: Forward = (x, t, [W1, b1, W2, b2, W3, b3, W4, b4]) => {
  const angle = t
    .add(1)
    .div(1000)
    .expandDims(1)
    .mul([...timeFrequencies]);
  const h0 = x.concat([angle.sin(), angle.cos()] as tf.Tensor2D[], 1);
  const h1 = h0.matMul(W1).add(b1).relu();
  const h2 = h1.matMul(W2).add(b2).relu();
  const h3 = h2.matMul(W3).add(b3).relu();
  return h3.matMul(W4).add(b4);
};

const shallow: Forward = (x, _, [W1, b1, , , , , W4, b4]) =>
  x
    .concat(tf.zeros([x.shape[0], 32]), 1)
    .matMul(W1)
    .add(b1)
    .tanh()
    .matMul(W4)
    .add(b4);

const schedule = makeSchedule("linear");
const data = pointSet("moons");

async function train(forward?: Forward) {
  const network = createPointNetwork({width: 8, seed: 1, forward});
  for await (const _ of trainPoints({network, data, schedule, steps: 10, batch: 16}));
  const saved = await network.save();
  network.dispose();
  return saved;
}

describe("a network with a forward pass of the reader's", () => {
  it("is the library's network, trained alike, when the forward pass is the library's", () =>
    assertNoLeak(async () => {
      const [own, library] = [await train(usual), await train()];
      own.ema.forEach((weights, k) =>
        Array.from(weights).forEach((value, i) => {
          assert.ok(Math.abs(value - library.ema[k][i]) < 1e-5, `${value} is not ${library.ema[k][i]}`);
        })
      );
      assert.equal(own.ownForward, undefined);
    }));

  it("learns with another one: the gradient reaches the weights that it uses, and no others", () =>
    assertNoLeak(async () => {
      const initial = createPointNetwork({width: 8, seed: 1});
      const {weights: before} = await initial.save();
      initial.dispose();
      const {weights} = await train(shallow);
      const moved = weights.map((w, k) => Array.from(w).some((value, i) => value !== before[k][i]));
      assert.deepEqual(moved, [true, true, false, false, false, false, true, true]);
    }));

  it("answers for one time and for a time each", () => {
    const network = createPointNetwork({width: 8, forward: usual});
    const library = createPointNetwork({width: 8});
    const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    const [one, each, expected] = [
      network.predict(x, 300),
      network.ema.predict(x, tf.tensor1d([300, 300])),
      library.predict(x, 300)
    ];
    expected.dataSync().forEach((value, i) => {
      assert.ok(Math.abs(one.dataSync()[i] - value) < 1e-5, "for one time");
      assert.ok(Math.abs(each.dataSync()[i] - value) < 1e-5, "for a time each");
    });
    network.dispose();
    library.dispose();
  });

  it("says what it should answer when it answers something else, and leaves no tensors", async () => {
    const wrong: [Forward, RegExp][] = [
      [
        () => undefined as never,
        /the denoiser returned nothing, but it should return two numbers for each point, a tensor \[1,2\]/
      ],
      [(x) => x.square().sum(), /returned a tensor \[\]/],
      [(x, t) => (x.add(t.expandDims(1)), 3 as never), /returned number/]
    ];
    for (const [forward, message] of wrong) {
      await assertNoLeak(() => {
        const network = createPointNetwork({width: 8, forward});
        const x = tf.tensor2d([[1, 2]]);
        assert.throws(() => network.predict(x, 5), {name: "TypeError", message});
        tf.dispose(x);
        network.dispose();
      });
      await assertNoLeak(() =>
        assert.rejects(
          train(forward).finally(() => tf.disposeVariables()),
          /the denoiser returned/
        )
      );
    }
  });

  it("frees its tensors when it throws", () =>
    assertNoLeak(() => {
      const network = createPointNetwork({
        width: 8,
        forward(x) {
          x.square();
          throw new Error("a slip of the reader");
        }
      });
      const x = tf.tensor2d([[1, 2]]);
      assert.throws(() => network.predict(x, 5), /a slip of the reader/);
      tf.dispose(x);
      network.dispose();
    }));

  it("saves weights that nobody takes for the library's", async () => {
    const saved = await train(shallow);
    assert.equal(saved.ownForward, true);
    assert.throws(() => plainNetwork(saved), {name: "RangeError", message: /another denoiser than the library's/});
    const [library, own] = [createPointNetwork({width: 8}), createPointNetwork({width: 8, forward: shallow})];
    assert.throws(() => library.load(saved), {name: "RangeError", message: /another denoiser/});
    own.load(saved);
    assert.deepEqual((await own.save()).ema, saved.ema);
    library.dispose();
    own.dispose();
  });
});
