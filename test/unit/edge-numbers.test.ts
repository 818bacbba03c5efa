import assert from "node:assert/strict";
import {before, describe, it} from "node:test";
import {etaLimit} from "../../lib/ddim.js";
import type {Denoiser} from "../../lib/denoiser.js";
import {kernelTraining} from "../../lib/kernel-training.js";
import {energyDistance, sampleMoments, slicedWasserstein} from "../../lib/metrics/index.js";
import {mixtureDenoiser, mixtureOfPoints} from "../../lib/mixture.js";
import {etaDialEnd, etaLimitOfList} from "../../lib/noise-share.js";
import {createPointNetwork} from "../../lib/point-network.js";
import {drawnPoints} from "../../lib/points/drawn.js";
import {pointSet} from "../../lib/points/index.js";
import {seededRandom} from "../../lib/random.js";
import {last, sampleDdim} from "../../lib/sampler.js";
import {sampleBy, samplerTitles} from "../../lib/sampler-names.js";
import type {Schedule, ScheduleName} from "../../lib/schedule.js";
import {leftSignalText, makeSchedule, rescaleZeroTerminalSnr} from "../../lib/schedule.js";
import * as tf from "../../lib/tf.js";
import {timestepList} from "../../lib/timesteps.js";
import {trainPoints} from "../../lib/training.js";
import type {TrainingReport} from "../../lib/training.js";
import {createWasmPointNetwork} from "../../lib/wasm-point-network.js";
import {flightOf} from "../../src/components/flight.js";

const names: ScheduleName[] = ["linear", "cosine", "scaled_linear", "sigmoid"];
const samplers = Object.keys(samplerTitles) as (keyof typeof samplerTitles)[];
const xT = seededRandom(1).normals(40);
const same = Float64Array.from({length: 200}, (_, i) => (i % 2 ? 0.3 : -0.7)); // one place, 100 times

/** The end of a run with S = `steps`. */
function sampled(
  denoiser: Denoiser<Float64Array>,
  schedule: Schedule,
  steps: number,
  name = samplers[0]
): Float64Array {
  const timesteps = timestepList("trailing", {timesteps: schedule.timesteps, steps});
  return last(sampleBy(name, denoiser, xT, {schedule, timesteps})).x;
}

function assertFinite(x: ArrayLike<number>, what: string): void {
  for (let i = 0; i < x.length; ++i) assert.ok(Number.isFinite(x[i]), `${what}: number ${i} is ${x[i]}`);
}

describe("one timestep and one step", () => {
  it("S = 1, S = T and T = 1 give samples that are numbers, with every sampler and schedule", () => {
    const {mixture} = pointSet("tri");
    for (const schedule of names) {
      for (const [timesteps, steps] of [
        [1, 1],
        [40, 1],
        [40, 40]
      ]) {
        const made = makeSchedule(schedule, {timesteps});
        for (const name of samplers)
          assertFinite(
            sampled(mixtureDenoiser(mixture!, made), made, steps, name),
            `${name}, ${schedule}, S = ${steps}`
          );
      }
    }
  });

  it("S = 1 is one jump to the predicted x0, and no eta makes noise in it", () => {
    const schedule = makeSchedule("cosine", {timesteps: 40});
    const denoiser = mixtureDenoiser(pointSet("tri").mixture!, schedule);
    const {x, x0} = last(sampleDdim(denoiser, xT, {schedule, timesteps: [39], eta: 1000}));
    assert.deepEqual(x, x0);
    assert.equal(etaLimitOfList(schedule, [39]), Infinity);
    assert.equal(etaDialEnd(schedule, [39]), 1, "a dial has an end all the same");
    assert.equal(etaDialEnd(schedule, [39, 20, 3]), etaLimitOfList(schedule, [39, 20, 3]));
    assert.equal(etaLimit(schedule.alphaBar[39], 1), Infinity);
  });

  it("T = 1 cannot end at zero signal, and S above T is refused, in sentences", () => {
    assert.throws(() => rescaleZeroTerminalSnr(makeSchedule("linear", {timesteps: 1})), /needs at least 2 timesteps/);
    assert.throws(() => timestepList("trailing", {timesteps: 1, steps: 2}), /^RangeError: .*steps/);
    assert.throws(() => makeSchedule("linear", {timesteps: 0}), /needs a whole number of at least 1 timestep/);
  });
});

describe("a denoiser of a reader’s", () => {
  const schedule = makeSchedule("linear", {timesteps: 20});
  const says = (predict: unknown) => ({prediction: "epsilon", predict}) as Denoiser<Float64Array>;

  it("that says NaN or infinity ends in points that are none, which the figure tells", () => {
    for (const value of [NaN, Infinity, -Infinity]) {
      const denoiser = says((x: Float64Array) => x.map(() => value));
      const states = [xT, sampled(denoiser, schedule, 3)].map((x) => Float32Array.from(x));
      const show = () => flightOf(states, {who: "your denoiser", size: 1, usual: 2});
      assert.throws(show, /^RangeError: step 1 made numbers that are not finite.*look for/, String(value));
    }
  });

  it("that returns nothing, a number or another shape is told what to return", () => {
    const attempt = (predict: unknown) => () => sampled(says(predict), schedule, 3);
    assert.throws(
      attempt(() => undefined),
      /^TypeError: output is nothing, but it should be 40 numbers.*is there a return/
    );
    assert.throws(
      attempt(() => 3),
      /^TypeError: output is a value of type number/
    );
    assert.throws(
      attempt(() => new Float64Array(2)),
      /^RangeError: output has 2 numbers, but x has 40/
    );
  });
});

describe("a learning rate", () => {
  before(() => tf.useBackend("cpu"));
  const schedule = makeSchedule("cosine", {timesteps: 20});
  const options = {width: 8, prediction: "epsilon", timesteps: 20, seed: 1} as const;
  const data = pointSet("tri");

  async function train(learningRate: number): Promise<TrainingReport | undefined> {
    const network = createPointNetwork(options);
    let report: TrainingReport | undefined;
    try {
      for await (report of trainPoints({network, data, schedule, steps: 20, batch: 16, learningRate}));
      return report;
    } finally {
      for (const {name} of network.variables) assert.ok(name, "the network is still there");
      assertFinite(
        (await network.save()).weights.flatMap((w) => [...Array.from(w)]),
        `weights after ${learningRate}`
      );
      network.dispose();
    }
  }

  it("of 0, below it, or none at all is refused before a step is made", async () => {
    const own = await createWasmPointNetwork(options);
    for (const learningRate of [0, -1, NaN, Infinity, -Infinity]) {
      await assert.rejects(train(learningRate), /^RangeError: learningRate is .*: choose a number above 0/);
      assert.throws(
        () => kernelTraining({network: own, data, schedule, steps: 20, learningRate}),
        /^RangeError: learningRate is .*: choose a number above 0/
      );
    }
  });

  it("that is huge ends in a sentence with one that works, and the weights are as they were", async () => {
    for (const learningRate of [1e6, 1e30, Number.MAX_VALUE])
      await assert.rejects(
        train(learningRate),
        /^TrainingDiverged: The loss became .* are back\. Choose a learning rate/
      );
  });

  it("that is tiny trains without harm", async () => {
    assert.ok(Number.isFinite((await train(Number.MIN_VALUE))?.loss), "the loss");
  });
});

describe("a data set of identical points", () => {
  it("is met by the exact denoiser of its one place, with a width and without", () => {
    const schedule = makeSchedule("cosine", {timesteps: 200});
    for (const std of [0, 0.1]) {
      const x = sampled(mixtureDenoiser(mixtureOfPoints(same, std), schedule), schedule, 200);
      assertFinite(x, `std ${std}`);
      const off = Math.max(...Array.from(x, (value, i) => Math.abs(value - same[i])));
      assert.ok(off <= 1e-6 + 5 * std, `std ${std}: ${off} away`);
    }
  });

  it("is no distance from itself, and has a spread of 0", () => {
    assert.equal(energyDistance(same, same), 0);
    assert.equal(slicedWasserstein(same, same), 0);
    assert.ok(Math.max(...sampleMoments(same).covariance.map(Math.abs)) < 1e-12, "the covariance");
  });

  it("can be trained on", async () => {
    await tf.useBackend("cpu");
    const schedule = makeSchedule("cosine", {timesteps: 20});
    const network = createPointNetwork({width: 8, prediction: "epsilon", timesteps: 20, seed: 1});
    for await (const {loss} of trainPoints({network, data: same, schedule, steps: 20, batch: 16}))
      assert.ok(Number.isFinite(loss), `the loss is ${loss}`);
    network.dispose();
  });

  it("cannot be drawn: the board asks for more places", () => {
    assert.throws(() => drawnPoints(same), /^RangeError: Your drawing has 1 point, and 20 are needed/);
  });
});

describe("leftSignalText", () => {
  it("warns of a schedule that leaves data in x_T, with how much, what it does and what to do", () => {
    const text = leftSignalText(makeSchedule("linear", {timesteps: 100}))!;
    assert.match(text, /ends with 60% of the data still in x_T.*starts from noise alone.*Take more timesteps/);
    assert.match(leftSignalText(makeSchedule("scaled_linear"))!, /7% of the data/);
  });

  it("says nothing of one that ends near noise, rescaled or not", () => {
    for (const name of ["linear", "cosine", "sigmoid"] as const)
      assert.equal(leftSignalText(makeSchedule(name)), undefined);
    assert.equal(leftSignalText(makeSchedule("linear", {timesteps: 100, rescale: true})), undefined);
    assert.equal(leftSignalText(rescaleZeroTerminalSnr(makeSchedule("scaled_linear"))), undefined);
  });
});
