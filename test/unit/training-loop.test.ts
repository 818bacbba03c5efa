import assert from "node:assert/strict";
import {before, describe, it} from "node:test";
import type {PointNetwork} from "../../lib/point-network.js";
import {createPointNetwork} from "../../lib/point-network.js";
import {pointSet} from "../../lib/points/index.js";
import {makeSchedule} from "../../lib/schedule.js";
import * as tf from "../../lib/tf.js";
import type {TrainingLoop, TrainingOptions, TrainingReport} from "../../lib/training.js";
import {squaredError, trainPoints} from "../../lib/training.js";
import {assertNoLeak} from "../no-leak.js";

before(() => tf.useBackend("cpu"));

const schedule = makeSchedule("linear");
const small = {data: pointSet("moons"), schedule, steps: 12, batch: 16, reportEvery: 4};

/** Trains a small network of the same seed; returns its weights and the reports. */
async function trained(options: Partial<TrainingOptions>) {
  const network = createPointNetwork({width: 8, seed: 1});
  const reports: TrainingReport[] = [];
  try {
    for await (const report of trainPoints({...small, network, ...options})) reports.push(report);
    const {weights, ema} = await network.save();
    return {weights, ema, reports};
  } finally {
    network.dispose();
  }
}

/** As it stands on the page. */
const plain: TrainingLoop = function* ({network, optimizer, loss, nextBatch, setRate, average, from, steps}) {
  for (let n = from + 1; n <= steps; ++n) {
    const batch = nextBatch();
    setRate((1 + Math.cos((Math.PI * (n - 1)) / steps)) / 2);
    const value = optimizer.minimize(() => loss(network, batch), true, network.variables);
    average(Math.min(0.99, n / (10 + n)));
    yield value;
  }
};

describe("a training loop of the reader's", () => {
  it("trains as the library does when it is the library's recipe", () =>
    assertNoLeak(async () => {
      const [own, library] = [await trained({loop: plain}), await trained({})];
      assert.deepEqual([own.weights, own.ema], [library.weights, library.ema]);
      assert.deepEqual(
        own.reports.map(({step, loss, learningRate}) => ({step, loss, learningRate})),
        library.reports.map(({step, loss, learningRate}) => ({step, loss, learningRate}))
      );
    }));

  it("gets the run's loss, checked", async () => {
    const half = await trained({loop: plain, loss: (network, batch) => squaredError(network, batch).mul(0)});
    assert.ok(
      half.reports.every(({loss}) => loss === 0),
      "the loop minimises the loss of the run"
    );
    const wrong = trained({loop: plain, loss: (() => undefined) as never});
    await assert.rejects(wrong, {name: "TypeError", message: /^the loss returned nothing/});
  });

  it("may end early, and the run ends with it", async () => {
    const loop: TrainingLoop = function* (tools) {
      let n = 0;
      for (const value of {[Symbol.iterator]: () => plain(tools)})
        if (++n <= 6) yield value;
        else return;
    };
    assert.deepEqual(
      (await trained({loop})).reports.map(({step}) => step),
      [4, 6]
    );
  });

  it("is asked for one step at a time, and ended when the caller has enough", async () => {
    let made = 0;
    let ended = false;
    const loop: TrainingLoop = function* (tools) {
      try {
        for (const value of {[Symbol.iterator]: () => plain(tools)}) {
          ++made;
          yield value;
        }
      } finally {
        ended = true;
      }
    };
    const network = createPointNetwork({width: 8});
    await assertNoLeak(async () => {
      for await (const {step} of trainPoints({...small, network, loop})) {
        assert.equal(made, step);
        if (step === 8) break;
      }
    });
    assert.equal(ended, true);
    network.dispose();
  });

  it("has its tensors freed after each step, also when it throws", async () => {
    const network = createPointNetwork({width: 8});
    const throws: TrainingLoop = function* ({network, nextBatch, optimizer}) {
      const {x0, t} = nextBatch();
      yield optimizer.minimize(() => network.predict(x0, t).square().mean(), true);
      optimizer.minimize(() => {
        network.predict(nextBatch().x0, t).square();
        throw new Error("a slip of the reader");
      });
    };
    await assertNoLeak(() => assert.rejects(all({network, loop: throws}), /a slip of the reader|disposed/));
    network.dispose();
  });

  it("may yield numbers", async () => {
    const loop: TrainingLoop = function* ({steps}) {
      for (let n = 1; n <= steps; ++n) yield n as unknown as tf.Scalar;
    };
    assert.deepEqual(
      (await trained({loop})).reports.map(({loss}) => loss),
      [2.5, 6.5, 10.5]
    );
  });

  it("says what is wrong with it", async () => {
    const wrong: [unknown, RegExp][] = [
      [() => undefined, /the training loop is no generator: write function\*/],
      [() => [1, 2], /is no generator/],
      [async () => {}, /the training loop is async.*without async/],
      [async function* () {}, /the training loop is async/],
      [function* () {}, /ended before its first step/],
      [
        function* () {
          yield undefined;
        },
        /the training loop yielded nothing, .* minimize\(…, true, …\)/
      ],
      [
        function* () {
          yield tf.ones([3]);
        },
        /yielded a tensor \[3\]/
      ]
    ];
    for (const [loop, message] of wrong) {
      await assertNoLeak(() => assert.rejects(trained({loop: loop as TrainingLoop}), {message}));
    }
  });
});

describe("an optimizer of the reader's", () => {
  it("takes the steps, with the rate that the loop sets", async () => {
    const moved = async (learningRate: number) => {
      const initial = await trained({steps: 1, optimizer: (tf) => tf.train.sgd(0), learningRate: 1e-12});
      const {weights} = await trained({steps: 1, optimizer: (tf, rate) => tf.train.sgd(rate), learningRate});
      return weights[2][0] - initial.weights[2][0];
    };
    const [one, two] = [await moved(0.05), await moved(0.1)];
    assert.ok(one !== 0 && Math.abs(two / one - 2) < 1e-2, `${one} and ${two}`);
  });

  for (const make of ["sgd", "momentum", "rmsprop", "adagrad"] as const) {
    it(`may be ${make}, and leaves nothing behind`, () =>
      assertNoLeak(async () => {
        const optimizer: TrainingOptions["optimizer"] = ({train}, rate) =>
          make === "momentum" ? train.momentum(rate, 0.9) : train[make](rate);
        const {reports} = await trained({optimizer, learningRate: 0.01});
        assert.equal(reports.length, 3);
      }));
  }

  it("is refused when tfjs cannot save it", () =>
    assertNoLeak(async () => {
      const optimizer: TrainingOptions["optimizer"] = ({train}, rate) => train.adamax(rate);
      await assert.rejects(trained({optimizer}), {
        name: "TypeError",
        message: /^the optimizer cannot be saved .*take adam/
      });
    }));

  it("is refused when it is none", async () => {
    for (const made of [undefined, null, 3, {minimize() {}}]) {
      const optimizer = (() => made) as unknown as TrainingOptions["optimizer"];
      await assertNoLeak(() =>
        assert.rejects(trained({optimizer}), {name: "TypeError", message: /^the optimizer is none of tfjs/})
      );
    }
  });
});

async function all(options: {network: PointNetwork; loop: TrainingLoop}): Promise<void> {
  for await (const _ of trainPoints({...small, ...options}));
}
