import assert from "node:assert/strict";
import {before, describe, it} from "node:test";
import type {Denoiser} from "../../lib/denoiser.js";
import {mixtureDenoiser} from "../../lib/mixture.js";
import {createPointNetwork} from "../../lib/point-network.js";
import {pointSet} from "../../lib/points/index.js";
import {predictionViews} from "../../lib/prediction.js";
import {seededRandom} from "../../lib/random.js";
import type {SampleStep} from "../../lib/sampler.js";
import {sampleDdim, sampleDdpm} from "../../lib/sampler.js";
import {alphaBarAt, makeSchedule} from "../../lib/schedule.js";
import {numberDenoiser, tensorDenoiser} from "../../lib/tensor-denoiser.js";
import type {TensorStep} from "../../lib/tensor-sampler.js";
import {ddimStepTensor, sampleDdimTensors, sampleDdpmTensors} from "../../lib/tensor-sampler.js";
import * as tf from "../../lib/tf.js";
import {timestepList} from "../../lib/timesteps.js";
import {assertNoLeak} from "../no-leak.js";

before(() => tf.useBackend("cpu"));

const schedule = makeSchedule("linear");
const exact = mixtureDenoiser(pointSet("ring8").mixture!, schedule);
const xT = Float64Array.from(Float32Array.from(seededRandom(3).normals(80)));
const timesteps = timestepList("trailing", {timesteps: 1000, steps: 25});

async function collect(run: AsyncGenerator<SampleStep, void>): Promise<SampleStep[]> {
  const states: SampleStep[] = [];
  for await (const state of run) states.push(state);
  return states;
}

/** Fails unless two runs have the same states, up to a relative error of 5e-5 in the size of each array. */
function assertSameRun(actual: SampleStep[], expected: SampleStep[], tolerance = 5e-5): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((state, i) => {
    const {index, t, tPrev, sigma} = expected[i];
    assert.deepEqual([state.index, state.t, state.tPrev], [index, t, tPrev]);
    assert.ok(Math.abs(state.sigma - sigma) < 1e-12);
    for (const key of ["x", "x0", "epsilon"] as const) {
      const size = Math.max(1, ...expected[i][key].map(Math.abs));
      const error = Math.max(...state[key].map((value, k) => Math.abs(value - expected[i][key][k])));
      assert.ok(error < tolerance * size, `${key} of state ${i} is off by ${error}, at a size of ${size}`);
    }
  });
}

/** The same exact denoiser with another output. */
function predicting(prediction: "x0" | "v"): Denoiser<Float64Array> {
  return {
    prediction,
    predict: (x, t) => predictionViews(exact.prediction, exact.predict(x, t), x, alphaBarAt(schedule, t))[prediction]
  };
}

describe("sampleDdimTensors", () => {
  for (const eta of [0, 0.5, 1]) {
    it(`agrees with the float64 sampler on the exact mixture, eta ${eta}`, async () => {
      const options = {schedule, timesteps, eta, seed: 4};
      assertSameRun(await collect(sampleDdimTensors(tensorDenoiser(exact), xT, options)), [
        ...sampleDdim(exact, xT, options)
      ]);
    });
  }

  it("agrees for a denoiser of x0 and of v", async () => {
    for (const denoiser of [predicting("x0"), predicting("v")]) {
      const options = {schedule, timesteps};
      assertSameRun(await collect(sampleDdimTensors(tensorDenoiser(denoiser), xT, options)), [
        ...sampleDdim(denoiser, xT, options)
      ]);
    }
  });

  it("agrees when it clips, and when it ends above clean data", async () => {
    const options = {schedule, timesteps, eta: 0.3, clip: 0.8, alphaBarFinal: schedule.alphaBar[0]};
    assertSameRun(await collect(sampleDdimTensors(tensorDenoiser(exact), xT, options)), [
      ...sampleDdim(exact, xT, options)
    ]);
  });

  it("agrees for a network", async () => {
    const network = createPointNetwork({width: 16});
    const options = {schedule, timesteps, eta: 1, seed: 9};
    const expected = [...sampleDdim(numberDenoiser(network), xT, options)];
    assertSameRun(await collect(sampleDdimTensors(network, xT, options)), expected);
    network.dispose();
  });

  it("takes x_T as a tensor, which stays the caller's", () =>
    assertNoLeak(async () => {
      const tensor = tf.tensor2d(Float32Array.from(xT), [40, 2]);
      const states = await collect(sampleDdimTensors(tensorDenoiser(exact), tensor, {schedule, timesteps}));
      assert.deepEqual(states[0].x, xT);
      assert.deepEqual([...tensor.dataSync()], [...xT]);
      tensor.dispose();
    }));

  it("draws no two states in one array", async () => {
    const arrays = (await collect(sampleDdimTensors(tensorDenoiser(exact), xT, {schedule, timesteps}))).flatMap((s) => [
      s.x,
      s.x0,
      s.epsilon
    ]);
    assert.equal(new Set(arrays.map(({buffer}) => buffer)).size, arrays.length);
  });

  it("refuses an eta beyond the limit before it computes anything", async () => {
    const never: Denoiser<tf.Tensor2D> = {prediction: "epsilon", predict: () => assert.fail("the denoiser was called")};
    for (const eta of [50, -1, NaN]) {
      await assert.rejects(sampleDdimTensors(never, xT, {schedule, timesteps, eta}).next(), {
        name: "RangeError",
        message: /eta is/
      });
    }
  });

  it("uses the reader's own step", async () => {
    const stay: TensorStep = ({x}) => x;
    const states = await collect(sampleDdimTensors(tensorDenoiser(exact), xT, {schedule, timesteps, step: stay}));
    assert.deepEqual(states.at(-1)!.x, xT);
    const own: TensorStep = (input) => ddimStepTensor({...input, sigma: 0});
    const [noiseless, plain] = [{eta: 1, step: own}, {eta: 0}].map((o) =>
      collect(sampleDdimTensors(tensorDenoiser(exact), xT, {schedule, timesteps, ...o}))
    );
    assert.deepEqual((await noiseless).at(-1)!.x, (await plain).at(-1)!.x);
  });

  it("gives noise to the reader's own step also where the sampler would add none", async () => {
    const noisy: TensorStep = ({x, noise}) => x.add(noise);
    const run = (step?: TensorStep) =>
      collect(sampleDdimTensors(tensorDenoiser(exact), xT, {schedule, timesteps: [999, 499], step}));
    const [, first, second] = await run(noisy);
    const drawn = second.x.map((value, i) => value - first.x[i]);
    assert.ok(Math.abs(drawn.reduce((sum, z) => sum + z * z, 0) / drawn.length - 1) < 0.4, "it is standard normal");
    assert.deepEqual((await run(({x, noise, sigma}) => x.add(noise.mul(sigma)))).at(-1)!.x, xT);
  });

  it("gives the step everything at its level", async () => {
    const seen: Parameters<TensorStep>[0][] = [];
    const step: TensorStep = (input) => {
      tf.keep(input.x0);
      seen.push(input);
      return ddimStepTensor(input);
    };
    const states = await collect(sampleDdimTensors(tensorDenoiser(exact), xT, {schedule, timesteps, eta: 1, step}));
    seen.forEach(({alphaBar, alphaBarPrev, sigma, t, tPrev, x0}, i) => {
      assert.deepEqual([t, tPrev, sigma], [states[i + 1].t, states[i + 1].tPrev, states[i + 1].sigma]);
      assert.deepEqual([alphaBar, alphaBarPrev], [alphaBarAt(schedule, t), alphaBarAt(schedule, tPrev)]);
      assert.deepEqual(Float64Array.from(x0.dataSync()), states[i + 1].x0);
    });
    assert.equal(seen.length, 25);
    tf.dispose(seen.map(({x0}) => x0));
  });

  it("says what a step should return when it returns something else", async () => {
    const wrong: [() => unknown, RegExp][] = [
      [() => undefined, /returned nothing, .* a tensor \[40,2\]/],
      [() => 3, /returned number/],
      [() => tf.ones([3]), /returned a tensor \[3\]/]
    ];
    for (const [step, message] of wrong) {
      const options = {schedule, timesteps, step: step as TensorStep};
      await assertNoLeak(() =>
        assert.rejects(collect(sampleDdimTensors(tensorDenoiser(exact), xT, options)), {name: "TypeError", message})
      );
    }
  });

  it("leaves no tensors: at the end, between states, when it is broken off, aborted, or fails", () =>
    assertNoLeak(async () => {
      const before = tf.memory().numTensors;
      const options = {schedule, timesteps, eta: 1};
      for await (const {index} of sampleDdimTensors(tensorDenoiser(exact), xT, options)) {
        assert.equal(tf.memory().numTensors, before);
        if (index === 5) break;
      }
      const stop = new AbortController();
      let states = 0;
      for await (const _ of sampleDdimTensors(tensorDenoiser(exact), xT, {...options, signal: stop.signal})) {
        if (++states === 3) stop.abort();
      }
      assert.equal(states, 3);
      const early = new AbortController();
      const run = sampleDdimTensors(tensorDenoiser(exact), xT, {...options, signal: early.signal});
      assert.equal((await run.next()).value!.index, 0);
      early.abort();
      assert.equal((await run.next()).done, true);
      const failing: Denoiser<tf.Tensor2D> = {
        prediction: "epsilon",
        predict(x, t) {
          const output = x.mul(0.5) as tf.Tensor2D;
          if (t < 500) throw new Error("the network is gone");
          return output;
        }
      };
      await assert.rejects(collect(sampleDdimTensors(failing, xT, options)), /the network is gone/);
    }));
});

describe("sampleDdpmTensors", () => {
  for (const variance of ["fixed_small", "fixed_large"] as const) {
    it(`agrees with the float64 sampler on the exact mixture, variance ${variance}`, async () => {
      const options = {schedule, timesteps, variance, seed: 6};
      assertSameRun(await collect(sampleDdpmTensors(tensorDenoiser(exact), xT, options)), [
        ...sampleDdpm(exact, xT, options)
      ]);
    });
  }

  it("agrees when it clips", async () => {
    const options = {schedule, timesteps, clip: 0.8};
    assertSameRun(await collect(sampleDdpmTensors(tensorDenoiser(exact), xT, options)), [
      ...sampleDdpm(exact, xT, options)
    ]);
  });

  it("adds the noise that DDIM adds with eta 1", async () => {
    const options = {schedule, timesteps, seed: 2};
    const ddim = await collect(sampleDdimTensors(tensorDenoiser(exact), xT, {...options, eta: 1}));
    assertSameRun(await collect(sampleDdpmTensors(tensorDenoiser(exact), xT, options)), ddim, 2e-4);
  });
});
