import assert from "node:assert/strict";
import {before, describe, it} from "node:test";
import type {PointNetwork} from "../../lib/point-network.js";
import {createPointNetwork} from "../../lib/point-network.js";
import {pointSet} from "../../lib/points/index.js";
import {makeSchedule} from "../../lib/schedule.js";
import * as tf from "../../lib/tf.js";
import type {PointLoss, TensorBatch, TrainingOptions, TrainingReport} from "../../lib/training.js";
import {TrainingDiverged, cosineDecay, squaredError, trainPoints} from "../../lib/training.js";
import {assertNoLeak} from "../no-leak.js";

before(() => tf.useBackend("cpu"));

const schedule = makeSchedule("linear");
const data = pointSet("moons");
const small = {data, schedule, steps: 12, batch: 16, reportEvery: 4};

/** Trains a small network of the same seed, lets `follow` drive the run, and returns the weights. */
async function trained(
  options: Partial<TrainingOptions>,
  follow: (run: AsyncGenerator<TrainingReport, void>, network: PointNetwork) => Promise<unknown> = collect
) {
  const network = createPointNetwork({width: 8, seed: 1});
  try {
    await follow(trainPoints({...small, network, ...options}), network);
    const {weights, ema} = await network.save();
    return {weights, ema};
  } finally {
    network.dispose();
  }
}

async function collect<A>(run: AsyncGenerator<A, void>): Promise<A[]> {
  const reports: A[] = [];
  for await (const report of run) reports.push(report);
  return reports;
}

describe("trainPoints", () => {
  it("makes the loss fall, for each prediction", async () => {
    await tf.useBackend("wasm"); // the faster one
    for (const [prediction, bound] of Object.entries({v: 1.05, epsilon: 0.75, x0: 0.75})) {
      const network = createPointNetwork({width: 32, prediction: prediction as "v"});
      const reports = await collect(
        trainPoints({...small, network, batch: 128, steps: 120, learningRate: 0.01, reportEvery: 20})
      );
      const [first, final] = [reports[0].loss, reports.at(-1)!.loss];
      assert.ok(final < first * 0.98 && final < bound, `${prediction}: ${first} to ${final}`);
      network.dispose();
    }
    await tf.useBackend("cpu");
  });

  it("reports every few steps and at the end", async () => {
    await trained({steps: 10}, async (run) => {
      const reports = await collect(run);
      assert.deepEqual(
        reports.map(({step}) => step),
        [4, 8, 10]
      );
      for (const {loss, learningRate, stepsPerSecond, steps, backend, step} of reports) {
        assert.ok(loss > 0 && stepsPerSecond > 0);
        assert.ok(Math.abs(learningRate - cosineDecay(3e-3, step - 1, 10)) < 1e-15, `${learningRate} at step ${step}`);
        assert.deepEqual({steps, backend}, {steps: 10, backend: "cpu"});
      }
    });
  });

  it("reports the mean loss since the last report", async () => {
    const losses = async (reportEvery: number): Promise<number[]> => {
      let reports: TrainingReport[] = [];
      await trained({reportEvery}, async (run) => (reports = await collect(run)));
      return reports.map(({loss}) => loss);
    };
    const [each, four] = [await losses(1), await losses(4)];
    assert.equal(each.length, 12);
    four.forEach((loss, i) => {
      const mean = each.slice(4 * i, 4 * i + 4).reduce((a, b) => a + b) / 4;
      assert.ok(Math.abs(loss - mean) < 1e-6);
    });
  });

  it("gives the same weights for the same seed, and others for another", async () => {
    const [first, again, other] = [await trained({}), await trained({}), await trained({seed: 1})];
    assert.deepEqual(first, again);
    assert.notDeepEqual(first.weights, other.weights);
  });

  it("gives the weights of an uninterrupted run when it is paused, and with other reports", async () => {
    const whole = await trained({});
    const paused = await trained({}, async (run, network) => {
      await run.next();
      await new Promise((resolve) => setTimeout(resolve, 30));
      const x = tf.tensor2d([[1, 2]]);
      tf.dispose([network.ema.predict(x, 3), x]); // a figure samples meanwhile
      await collect(run);
    });
    assert.deepEqual(paused, whole);
    assert.deepEqual(await trained({reportEvery: 5}), whole);
  });

  it("does not count the time of a pause", async () => {
    await trained({}, async (run) => {
      await run.next();
      await new Promise((resolve) => setTimeout(resolve, 400));
      const {value} = await run.next();
      assert.ok(value!.stepsPerSecond > 4 / 0.4);
      await run.return();
    });
  });

  it("averages the weights as it goes", async () => {
    const {weights, ema} = await trained({steps: 1});
    const network = createPointNetwork({width: 8, seed: 1});
    const initial = (await network.save()).weights;
    network.dispose();
    ema.forEach((average, k) =>
      Array.from(average).forEach((value, i) => {
        assert.ok(Math.abs(value - (initial[k][i] + 10 * weights[k][i]) / 11) < 1e-6);
      })
    );
  });

  it("does not depend on the backend's idea of a small number, which tfjs would take for Adam's epsilon", async (t) => {
    const usual = await trained({});
    t.mock.method(tf.backend(), "epsilon", () => 1e-2);
    assert.deepEqual(await trained({}), usual);
  });

  it("falls to a learning rate of 0 along half a cosine", () => {
    assert.equal(cosineDecay(0.4, 0, 10), 0.4);
    assert.ok(Math.abs(cosineDecay(0.4, 5, 10) - 0.2) < 1e-15);
    assert.ok(Math.abs(cosineDecay(0.4, 10, 10)) < 1e-15);
  });

  it("uses the falling rate: the last steps hardly move the weights", async () => {
    const moved: number[] = [];
    await trained({steps: 40, reportEvery: 1}, async (run, network) => {
      let last: number[] | undefined;
      for await (const _ of run) {
        const now = Array.from(await network.variables[2].data());
        if (last) moved.push(Math.sqrt(now.reduce((sum, w, i) => sum + (w - last![i]) ** 2, 0)));
        last = now;
      }
    });
    assert.ok(moved.at(-1)! < moved[1] / 20, `${moved.at(-1)} against ${moved[1]}`);
  });

  it("stops with TrainingDiverged when the loss is no number, and has the last good weights back", async () => {
    const network = createPointNetwork({width: 8, seed: 1});
    const before = await network.save();
    await assertNoLeak(() =>
      assert.rejects(
        collect(trainPoints({...small, network, steps: 200, learningRate: 1e25})),
        (error: TrainingDiverged) => {
          assert.ok(error instanceof TrainingDiverged);
          assert.equal(error.restoredStep, 0);
          assert.ok(error.step > 0 && error.step <= 200);
          assert.match(error.message, /at step \d+: .*weights of step 0 are back.*learning rate below 1e\+25/s);
          return true;
        }
      )
    );
    assert.deepEqual(await network.save(), before);
    network.dispose();
  });

  it("minimises the reader's own loss", async () => {
    const weightless: PointLoss = (network, batch) => squaredError(network, batch).mul(0);
    const moved = await trained({loss: weightless});
    const initial = await trained({}, async () => {});
    assert.deepEqual(moved.weights, initial.weights);
    assert.deepEqual(await trained({loss: squaredError}), await trained({}));
  });

  it("says what a loss should return when it returns something else", async () => {
    const wrong: [unknown, RegExp][] = [
      [() => undefined, /returned nothing, but it should return one number/],
      [() => 0.5, /returned number/],
      [(_: PointNetwork, {x0}: TensorBatch) => x0.square(), /returned a tensor \[16,2\]/],
      [(network: PointNetwork, {x0, t}: TensorBatch) => void network.predict(x0, t).square(), /returned nothing/]
    ];
    for (const [loss, message] of wrong) {
      await assertNoLeak(() => assert.rejects(trained({loss: loss as PointLoss}), {name: "TypeError", message}));
    }
  });

  it("refuses to start from weights that are no numbers", async () => {
    const network = createPointNetwork({width: 8});
    const saved = await network.save();
    network.load({...saved, weights: saved.weights.map((w) => Float32Array.from(w).fill(NaN))});
    await assertNoLeak(() => assert.rejects(collect(trainPoints({...small, network})), /reset it/));
    network.dispose();
  });

  it("says what is wrong with an option", async () => {
    const cases: [Partial<TrainingOptions>, RegExp][] = [
      [{steps: 0}, /steps is 0/],
      [{reportEvery: 1.5}, /reportEvery is 1.5/],
      [{learningRate: -1}, /learningRate is -1/],
      [{batch: 0}, /batch is 0/],
      [{schedule: makeSchedule("linear", {timesteps: 100})}, /for 1000 timesteps, but the schedule has 100/],
      [{data: Float64Array.of(1000, 2000)}, /mean 0 and scale 1/]
    ];
    for (const [options, message] of cases) await assert.rejects(trained(options), {name: "RangeError", message});
  });
});

describe("a training run leaves no tensors", () => {
  const network = () => createPointNetwork({width: 8});

  /** Runs `work` with a network, and counts the tensors that are left beside it. */
  async function leavesNone(work: (network: PointNetwork) => Promise<unknown>): Promise<void> {
    const own = network();
    await assertNoLeak(() => work(own));
    own.dispose();
  }

  it("when it ends", () => leavesNone((network) => collect(trainPoints({...small, network}))));

  it("when the caller breaks off", () =>
    leavesNone(async (network) => {
      for await (const _ of trainPoints({...small, network})) break;
    }));

  it("when the signal aborts in the middle of the steps, which ends it without an error", () =>
    leavesNone(async (network) => {
      const stop = new AbortController();
      let draws = 0;
      const stopping = {
        sample: (...args: Parameters<typeof data.sample>) => (++draws === 4 && stop.abort(), data.sample(...args))
      };
      const reports = await collect(
        trainPoints({...small, network, data: stopping, reportEvery: 100, steps: 1e6, signal: stop.signal})
      );
      assert.deepEqual(reports, []);
      assert.ok(draws < 50, `${draws} batches were drawn`);
    }));

  it("when the signal aborts a paused run, at once", () =>
    leavesNone(async (network) => {
      const before = tf.memory().numTensors;
      const stop = new AbortController();
      const run = trainPoints({...small, network, signal: stop.signal});
      await run.next();
      assert.ok(tf.memory().numTensors > before);
      stop.abort();
      assert.equal(tf.memory().numTensors, before);
      assert.deepEqual(await run.next(), {value: undefined, done: true});
    }));

  it("when the signal had aborted before it began", () =>
    leavesNone(async (network) => {
      assert.deepEqual(await collect(trainPoints({...small, network, signal: AbortSignal.abort()})), []);
    }));

  it("when the data throw", () =>
    leavesNone(async (network) => {
      let draws = 0;
      const failing = {
        sample(...args: Parameters<typeof data.sample>) {
          if (++draws === 6) throw new Error("no more points");
          return data.sample(...args);
        }
      };
      await assert.rejects(collect(trainPoints({...small, network, data: failing})), /no more points/);
    }));
});
