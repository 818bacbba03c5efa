import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {ddimStep} from "../../lib/ddim.js";
import {ddpmStep} from "../../lib/ddpm.js";
import {initialPointWeights, plainNetwork} from "../../lib/plain-network.js";
import type {PointWeights} from "../../lib/plain-network.js";
import {createPointNetwork} from "../../lib/point-network.js";
import {pointSet} from "../../lib/points/index.js";
import type {Prediction} from "../../lib/prediction.js";
import {seededRandom} from "../../lib/random.js";
import {levelsOf} from "../../lib/sampler.js";
import {makeSchedule} from "../../lib/schedule.js";
import * as tf from "../../lib/tf.js";
import {timestepList} from "../../lib/timesteps.js";
import {trainPoints} from "../../lib/training.js";
import {openBundle, openLab} from "./lab.js";
import {openBrowser} from "./site.js";
import {normalsOf, threefry, uniformOf} from "./threefry.js";
import type * as lab from "./webgpu-points-page.js";

const schedule = makeSchedule("cosine");
const predictions: Prediction[] = ["epsilon", "x0", "v"];
const lossWarnings = /device was lost|A valid external Instance reference no longer exists/i;

const [{url}, browser] = await Promise.all([openBundle("webgpu-points-page.ts"), openBrowser()]);
const {ask: inPage} = await openLab<typeof lab>(browser, url, lossWarnings);

/** Asserts that numbers agree, but for a share of the largest, or of 1. */
function assertNear(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string): void {
  assert.equal(actual.length, expected.length, what);
  const size = Math.max(1, ...Array.from(expected, Math.abs));
  for (let i = 0; i < expected.length; ++i) {
    const error = Math.abs(actual[i] - expected[i]);
    assert.ok(error < tolerance * size, `${what}, number ${i}: ${actual[i]} is not ${expected[i]}`);
  }
}

const sizes = fc.record({
  width: fc.constantFrom(4, 20, 64, 128, 240),
  batch: fc.integer({min: 1, max: 70}),
  prediction: fc.constantFrom(...predictions),
  seed: fc.integer({min: -5, max: 1000})
});

describe("a training step in our shaders", () => {
  // As shares of the largest number of each array.
  it("has the answers, the loss, each gradient, and the step of Adam and of the average, of plain tfjs", async () => {
    for (const one of fc.sample(sizes, {numRuns: 3, seed: 5})) {
      const {answer, plain, loss, gradients, weights, ema} = await inPage("compareStep", one);
      const found = `${JSON.stringify(one)}: ${JSON.stringify({answer, plain, loss, gradients, weights, ema})}`;
      assert.ok(answer < 1e-5 && plain < 1e-5, `the answer of ${found}`);
      assert.ok(loss < 1e-5, `the loss of ${found}`);
      for (const error of gradients) assert.ok(error < 2e-5, `a gradient of ${found}`);
      // Adam's first step is as long for a tiny gradient as for a large one, but its sign is that of the rounding.
      for (const error of [...weights, ...ema]) assert.ok(error < 2e-4, `a weight of ${found}`);
    }
  });

  it("learns the same from what the card draws as from the same batch when it is given", async () => {
    const {losses, ema} = await inPage("compareDrawn", {width: 20, batch: 33, prediction: "x0", seed: 4});
    assert.ok(Math.abs(losses[0] / losses[1] - 1) < 1e-5, `the losses are ${losses.join(" and ")}`);
    for (const error of ema) assert.ok(error < 1e-5, `the averages are off by ${error}`);
  });

  it("takes two dispatches", async () => {
    assert.equal(await inPage("dispatchesOfAStep"), 2);
  });
});

describe("what the card draws", () => {
  it("is the generator of Random123, by its known answers", () => {
    const hex = (words: string) => words.split(" ").map((word) => parseInt(word, 16));
    const known = [
      ["0 0 0 0", "0 0 0 0", "9c6ca96a e17eae66 fc10ecd4 5256a7d8"],
      [
        "ffffffff ffffffff ffffffff ffffffff",
        "ffffffff ffffffff ffffffff ffffffff",
        "2a881696 57012287 f6c7446e a16a6732"
      ]
    ];
    for (const [key, counter, words] of known) assert.deepEqual(threefry(hex(key), hex(counter)), hex(words));
  });

  it("is that generator's: a clean point, a normal noise, and a time from each slice of the chain", async () => {
    for (const seed of [7, -3]) {
      const batch = 100;
      const {pool, drawn} = await inPage("draws", {seed, steps: [0, 41], batch});
      drawn.forEach(({x0, epsilon, t, signal, noise}, k) => {
        for (let row = 0; row < batch; ++row) {
          const key = [seed >>> 0, seed < 0 ? 0xffffffff : 0, 1, 0];
          const [a, b, ...c] = threefry(key, [[0, 41][k], row, 0, 0]);
          const time = ((row + uniformOf(a)) / batch) * 1000; // that the card has to 24 bits only
          assert.ok(Math.abs(t[row] + 0.5 - time) < 0.501, `row ${row} has the time ${t[row]}, not ${time}`);
          assert.deepEqual(x0.slice(2 * row, 2 * row + 2), pool.slice(2 * (b % 1000), 2 * (b % 1000) + 2));
          assertNear(epsilon.slice(2 * row, 2 * row + 2), normalsOf(c), 5e-3, "the noise");
          assertNear([signal[row], noise[row]], [alphaRoot(t[row]), noiseRoot(t[row])], 1e-6, "the level");
        }
      });
    }
  });

  it("has the moments of its distributions, and no two draws are alike", async () => {
    const steps = Array.from({length: 40}, (_, i) => i);
    const {drawn} = await inPage("draws", {seed: 0, steps, batch: 512});
    const noises = drawn.flatMap(({epsilon}) => epsilon);
    const n = noises.length; // 40,960
    const moment = (power: number) => noises.reduce((sum, z) => sum + z ** power, 0) / n;
    for (const [power, expected, spread] of [
      [1, 0, 1],
      [2, 1, 2],
      [3, 0, 15],
      [4, 3, 96]
    ]) {
      const bound = 4 * Math.sqrt(spread / n);
      assert.ok(Math.abs(moment(power) - expected) < bound, `the moment ${power} is ${moment(power)}`);
    }
    const together = noises.reduce((sum, z, i) => sum + (i % 2 ? z * noises[i - 1] : 0), 0) / (n / 2);
    assert.ok(Math.abs(together) < 4 / Math.sqrt(n / 2), `the two of a point go together by ${together}`);
    const times = drawn.map(({t}) => t.reduce((sum, i) => sum + i, 0) / t.length);
    // One time from each slice of the chain: the mean of 512 of them hardly moves.
    for (const mean of times) assert.ok(Math.abs(mean - 499.5) < 0.3, `a batch has the mean time ${mean}`);
    assert.equal(new Set(drawn.map(({epsilon}) => epsilon[0])).size, 40);
  });
});

describe("training in our shaders", () => {
  it("has the same weights for the same seed, however its steps are asked for, and others for another", async () => {
    const recipe = {width: 8, batch: 20, seed: 3, steps: 90};
    const one = await inPage("train", recipe, [90]);
    const two = await inPage("train", recipe, [1, 19, 70, 5]);
    const other = await inPage("train", {...recipe, seed: 4}, [90]);
    assert.deepEqual([one.step, two.step], [90, 90]);
    assert.deepEqual(one.weights, two.weights);
    assert.deepEqual(one.ema, two.ema);
    assert.ok(
      Math.abs(one.losses[0] - (two.losses[0] + 19 * two.losses[1] + 70 * two.losses[2]) / 90) < 1e-5,
      "the mean"
    );
    assert.notDeepEqual(one.weights, other.weights);
    assert.notDeepEqual(one.weights, one.ema);
  });

  it("ends within 3% of the loss of plain tfjs after 300 steps", async (t) => {
    const recipe = {width: 32, batch: 256, seed: 5, steps: 300};
    await tf.useBackend("cpu");
    const network = createPointNetwork({width: recipe.width, seed: recipe.seed});
    const theirs: number[] = [];
    const options = {network, data: pointSet("moons"), schedule, ...recipe, reportEvery: 100};
    for await (const {loss} of trainPoints(options)) theirs.push(loss);
    network.dispose();
    const {losses} = await inPage("train", recipe, [5, 195, 100]);
    t.diagnostic(`${losses.join(", ")} against ${theirs.join(", ")}`);
    const ratio = losses[2] / theirs[2];
    assert.ok(Math.abs(ratio - 1) < 0.03, `the loss of the last 100 steps is ${ratio} of tfjs's`);
    // Of v, most of the loss is noise that no network could know.
    assert.ok(losses[2] < 0.96 * losses[0], `the loss went from ${losses[0]} to ${losses[2]}`);
  });

  it("notices on the processor that the loss is no number, and puts the last good weights back", async () => {
    const {error, step, weights} = await inPage("train", {width: 8, batch: 20, seed: 3, steps: 30}, [10, 20], 1e30);
    assert.match(error, /^TrainingDiverged: The loss became (NaN|Infinity) at step \d+.*weights of step 0 are back/);
    assert.equal(step, 0);
    assertNear(weights[0], initialPointWeights(8, 3)[0], 1e-7, "the first weights");
  });

  it("says that the card was lost, and frees all that it had there", async () => {
    const {made, held, left, late} = await inPage("buffersLeft");
    assert.ok(held > 8 && made > held, `${held} buffers of ${made} were held`);
    assert.equal(left, 0);
    assert.match(String(late), /has been freed/);
    assert.deepEqual(await inPage("lose"), ["BackendLost", "BackendLost"]);
  });
});

describe("sampling in our shaders", () => {
  const xT = seededRandom(2).normals(2 * 37);

  for (const prediction of predictions) {
    it(`takes all steps of DDIM and DDPM in a dispatch each, as the library's samplers, predicting ${prediction}`, async () => {
      const arrays = initialPointWeights(32, 1);
      const lists = arrays.map((values) => Array.from(values)); // as they travel to the page
      const weights: PointWeights = {width: 32, prediction, timesteps: 1000, weights: lists, ema: lists};
      for (const {steps, eta} of [
        {steps: 20, eta: 0},
        {steps: 7, eta: 0.6}
      ]) {
        const found = await inPage("sample", weights, [...xT], {steps, eta, seed: 5});
        assert.equal(found.dispatches, 2);
        assertNear(found.ddim, run(weights, steps, "ddim", eta), 2e-3, `DDIM with eta ${eta}`);
        assertNear(found.ddpm, run(weights, steps, "ddpm", eta), 2e-3, "DDPM");
      }
    });
  }

  /** The library's steps, from the card's noise. */
  function run(weights: PointWeights, steps: number, kind: "ddim" | "ddpm", eta: number): Float64Array {
    const denoiser = plainNetwork(weights);
    const timesteps = timestepList("trailing", {timesteps: 1000, steps});
    return levelsOf({schedule, timesteps}).reduce((x: Float64Array, {t, alphaBar, alphaBarPrev, last}, i) => {
      const rows = Array.from({length: x.length / 2}, (_, row) => normalsOf(threefry([5, 0, 2, 0], [i, row, 0, 0])));
      const noise = Float64Array.from(rows.flat());
      const options = {alphaBar, alphaBarPrev, prediction: weights.prediction, noise};
      const output = denoiser.predict(x, t);
      return (kind === "ddim" ? ddimStep(x, output, {...options, eta}) : ddpmStep(x, output, {...options, last})).x;
    }, Float64Array.from(xT));
  }
});

const alphaRoot = (t: number) => Math.sqrt(schedule.alphaBar[t]);
const noiseRoot = (t: number) => Math.sqrt(1 - schedule.alphaBar[t]);
