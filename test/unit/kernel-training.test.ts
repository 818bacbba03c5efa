import assert from "node:assert/strict";
import {before, describe, it} from "node:test";
import {kernelTraining} from "../../lib/kernel-training.js";
import {createPointNetwork} from "../../lib/point-network.js";
import {pointSet} from "../../lib/points/index.js";
import {makeSchedule} from "../../lib/schedule.js";
import * as tf from "../../lib/tf.js";
import {trainPoints} from "../../lib/training.js";
import {createWasmPointNetwork} from "../../lib/wasm-point-network.js";

before(() => tf.useBackend("cpu"));

const schedule = makeSchedule("cosine");
const data = pointSet("moons");

const relative = (a: number, b: number) => Math.abs(a / b - 1);

/** Asserts that arrays agree, but for the rounding of some tens of steps. */
function assertNear(actual: ArrayLike<number>[], expected: ArrayLike<number>[]): void {
  actual.forEach((values, i) => {
    const size = Math.max(...Array.from(expected[i], Math.abs));
    Array.from(values).forEach((value, j) =>
      assert.ok(Math.abs(value - expected[i][j]) < 1e-3 * size, `${value} in array ${i}, not ${expected[i][j]}`)
    );
  });
}

describe("training on our kernels", () => {
  it("has the losses of trainPoints from the same seed, step for step at first and within 3% after 300", async () => {
    const settings = {data, schedule, steps: 300, batch: 64, learningRate: 3e-3, seed: 7};
    const network = createPointNetwork({width: 16, seed: 2});
    const theirs: number[] = [];
    let early: ArrayLike<number>[] = []; // their running average after 30 steps
    for await (const {loss, step} of trainPoints({...settings, network, reportEvery: 10})) {
      theirs.push(loss);
      if (step === 30) early = (await network.save()).ema;
    }
    network.dispose();
    const own = await createWasmPointNetwork({width: 16, seed: 2});
    const training = kernelTraining({...settings, network: own});
    const ours = theirs.map((_, i) => {
      const {loss} = training.advance(10);
      if (i === 2) assertNear(own.save().ema, early);
      return loss;
    });
    assert.equal(training.step, 300);
    assert.ok(relative(ours[0], theirs[0]) < 1e-5, `${ours[0]} against ${theirs[0]}`);
    assert.ok(theirs.at(-1)! < 0.9 * theirs[0], "the loss falls");
    ours.forEach((loss, i) => assert.ok(relative(loss, theirs[i]) < 0.03, `report ${i}: ${loss}, not ${theirs[i]}`));
  });

  it("makes as many steps as it is asked for, and none beyond the end", async () => {
    const network = await createWasmPointNetwork({width: 32});
    const training = kernelTraining({network, data, schedule, steps: 40, batch: 64});
    assert.deepEqual([training.advance(7).count, training.step], [7, 7]);
    const {step, count, loss} = training.advance(100);
    assert.deepEqual([step, count], [40, 33]);
    assert.ok(loss > 0 && loss < 2);
    assert.equal(training.advance(1).count, 0);
  });

  it("puts the last good weights back when the loss is no number, and says so", async () => {
    const network = await createWasmPointNetwork({width: 16});
    const before = network.save();
    const training = kernelTraining({network, data, schedule, steps: 100, batch: 32, learningRate: 1e30});
    assert.throws(() => training.advance(100), {
      name: "TrainingDiverged",
      restoredStep: 0,
      message: /The loss became (NaN|Infinity) at step \d+.*The weights of step 0 are back/
    });
    assert.deepEqual(network.save(), before);
    assert.equal(training.step, 0);
  });

  it("goes on with the falling rate from a step in the middle", async () => {
    const network = await createWasmPointNetwork({width: 16});
    const whole = kernelTraining({network, data, schedule, steps: 10, batch: 16});
    const rates = Array.from({length: 10}, () => whole.advance(1).learningRate);
    const rest = kernelTraining({network, data, schedule, steps: 10, batch: 16, from: 6});
    assert.deepEqual(
      Array.from({length: 4}, () => rest.advance(1).learningRate),
      rates.slice(6)
    );
    assert.equal(rest.step, 10);
  });

  it("refuses what cannot be, in words", async () => {
    const network = await createWasmPointNetwork({width: 8, timesteps: 20});
    assert.throws(() => kernelTraining({network, data, schedule, steps: 5}), /for 20 timesteps, the schedule has 1000/);
    const right = await createWasmPointNetwork({width: 8});
    assert.throws(() => kernelTraining({network: right, data, schedule, steps: 0}), /steps is 0/);
    assert.throws(
      () => kernelTraining({network: right, data, schedule, steps: 5, learningRate: 0}),
      /learningRate is 0/
    );
  });
});
