import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {ddimSigma, ddimStep, etaLimit} from "../../lib/ddim.js";
import type {Denoiser} from "../../lib/denoiser.js";
import {fractionWithin, sameModeShare} from "../../lib/metrics/index.js";
import {mixtureDenoiser} from "../../lib/mixture.js";
import {offCentre, ringOfEight, threeModes} from "../../lib/points/mixtures.js";
import {predictionViews} from "../../lib/prediction.js";
import {seededRandom} from "../../lib/random.js";
import type {SampleStep} from "../../lib/sampler.js";
import {last, levelsOf, sampleDdim, sampleDdpm} from "../../lib/sampler.js";
import {makeSchedule} from "../../lib/schedule.js";
import {timestepList} from "../../lib/timesteps.js";
import {closeTo, recording, variance} from "./sampling.js";

const schedule = makeSchedule("linear");
const tri = threeModes.mixture!;
const triDenoiser = mixtureDenoiser(tri, schedule);
const list = (steps: number) => timestepList("linspace", {timesteps: 1000, steps}); // tau even on 1..T, both included
const xT = seededRandom(1).normals(40);
const run = {schedule, timesteps: list(10)};

/** The same denoiser in another parameterisation. */
function as(prediction: "x0" | "v", denoiser: Denoiser<Float64Array>): Denoiser<Float64Array> {
  const predict = (x: Float64Array, t: number) =>
    predictionViews("epsilon", denoiser.predict(x, t), x, schedule.alphaBar[t])[prediction];
  return {prediction, predict};
}

describe("sampleDdim", () => {
  it("yields x_T and then S states, each with its levels and what the step used", () => {
    const steps = [...sampleDdim(triDenoiser, xT, run)];
    assert.deepEqual(
      steps.map((s) => s.index),
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    );
    assert.deepEqual(
      steps.map((s) => s.tPrev),
      [999, 888, 777, 666, 555, 444, 333, 222, 111, 0, -1]
    );
    assert.deepEqual(
      steps.map((s) => s.t),
      [999, 999, 888, 777, 666, 555, 444, 333, 222, 111, 0]
    );
    assert.deepEqual(steps[0].x, xT);
    for (let i = 1; i < steps.length; ++i) {
      const [a, prev] = [steps[i].t, steps[i].tPrev].map((t) => (t < 0 ? 1 : schedule.alphaBar[t]));
      const {x0, epsilon, x, sigma} = steps[i];
      closeTo(
        x0.map((v, j) => Math.sqrt(a) * v + Math.sqrt(1 - a) * epsilon[j]),
        steps[i - 1].x,
        1e-12
      );
      closeTo(
        x0.map((v, j) => Math.sqrt(prev) * v + Math.sqrt(1 - prev) * epsilon[j]),
        x,
        1e-12
      );
      assert.equal(sigma, 0);
    }
    assert.deepEqual(steps[0].x0, steps[1].x0);
    assert.deepEqual(steps[0].epsilon, steps[1].epsilon);
  });

  it("asks the denoiser once a step, with original indices", () => {
    const denoiser = recording(triDenoiser);
    last(sampleDdim(denoiser, xT, run));
    assert.deepEqual(denoiser.calls, run.timesteps);
  });

  it("is deterministic at eta 0: the seed has no part in it", () => {
    const ends = [1, 2].map((seed) => last(sampleDdim(triDenoiser, xT, {...run, seed})).x);
    assert.deepEqual(ends[0], ends[1]);
  });

  it("at eta above 0 is the same run for the same seed, and another for another", () => {
    const end = (seed: number) => last(sampleDdim(triDenoiser, xT, {...run, eta: 0.5, seed})).x;
    assert.deepEqual(end(1), end(1));
    assert.notDeepEqual(end(1), end(2));
  });

  it("adds noise of the paper's sigma, and none in the last step", () => {
    const many = seededRandom(4).normals(20_000);
    let before: SampleStep | undefined;
    for (const step of sampleDdim(triDenoiser, many, {...run, eta: 0.7})) {
      if (before) {
        const [a, prev] = [step.t, step.tPrev].map((t) => (t < 0 ? 1 : schedule.alphaBar[t]));
        assert.equal(step.sigma, ddimSigma(a, prev, 0.7));
        const direction = Math.sqrt(1 - prev - step.sigma ** 2);
        const noise = step.x.map((v, i) => v - Math.sqrt(prev) * step.x0[i] - direction * step.epsilon[i]);
        const ratio = step.sigma > 0 ? Math.sqrt(variance(noise)) / step.sigma : variance(noise);
        assert.ok(step.tPrev < 0 ? ratio < 1e-20 : Math.abs(ratio - 1) < 0.02, `step ${step.index}: ${ratio}`);
      }
      before = step;
    }
    assert.equal(before!.sigma, 0);
  });

  it("takes epsilon, x0 and v from a denoiser all alike", () => {
    const end = last(sampleDdim(triDenoiser, xT, run)).x;
    closeTo(last(sampleDdim(as("x0", triDenoiser), xT, run)).x, end, 1e-9);
    closeTo(last(sampleDdim(as("v", triDenoiser), xT, run)).x, end, 1e-9);
  });

  it("clips x0 if asked, and derives epsilon again", () => {
    for (const step of sampleDdim(triDenoiser, xT, {...run, clip: 0.5})) {
      if (step.index > 0) assert.ok(step.x0.every((v) => Math.abs(v) <= 0.5));
    }
    const [first, second] = sampleDdim(triDenoiser, xT, {...run, clip: 0.5});
    const a = schedule.alphaBar[second.t];
    closeTo(
      second.x0.map((v, i) => Math.sqrt(a) * v + Math.sqrt(1 - a) * second.epsilon[i]),
      first.x,
      1e-12
    );
  });

  it("ends at alphaBarFinal", () => {
    const {x, x0, epsilon} = last(
      sampleDdim(triDenoiser, xT, {...run, timesteps: [900, 500, 100], alphaBarFinal: 0.99})
    );
    closeTo(
      x,
      x0.map((v, i) => Math.sqrt(0.99) * v + 0.1 * epsilon[i]),
      1e-12
    );
  });

  it("stops when the caller stops: no further call of the denoiser", () => {
    const denoiser = recording(triDenoiser);
    for (const {index} of sampleDdim(denoiser, xT, run)) if (index === 3) break;
    assert.deepEqual(denoiser.calls, [999, 888, 777]);
  });

  it("changes nothing that the caller holds", () => {
    const start = xT.slice();
    const timesteps = Object.freeze([...run.timesteps]);
    const options = Object.freeze({schedule, timesteps, eta: 1, clip: 2});
    const copies: Float64Array[] = [];
    const states: Float64Array[] = [];
    for (const sampler of [sampleDdim, sampleDdpm]) {
      for (const step of sampler(triDenoiser, start, options)) {
        states.push(step.x, step.x0, step.epsilon);
        copies.push(step.x.slice(), step.x0.slice(), step.epsilon.slice());
      }
    }
    assert.deepEqual(states, copies);
    assert.equal(new Set(states).size, states.length);
    assert.deepEqual(start, xT);
    assert.ok(!states.includes(start));
  });

  it("refuses lists that do not descend or do not fit, and an eta beyond its limit", () => {
    const bad = (change: object) => () => last(sampleDdim(triDenoiser, xT, {...run, ...change}));
    assert.throws(bad({timesteps: []}), RangeError);
    assert.throws(bad({timesteps: [1, 2, 3]}), RangeError);
    assert.throws(bad({timesteps: [5, 5]}), RangeError);
    assert.throws(bad({timesteps: [1000, 5]}), RangeError);
    assert.throws(bad({timesteps: [5, 1.5]}), RangeError);
    assert.throws(bad({eta: 50}), /eta is 50/);
    assert.throws(bad({alphaBarFinal: 0}), /alphaBarFinal is 0/);
    assert.throws(bad({alphaBarFinal: 1.5}), /alphaBarFinal is 1.5/);
  });

  it("takes any eta up to the limit of its list, beyond 1", () => {
    const limit = Math.min(...levelsOf(run).map(({alphaBar, alphaBarPrev}) => etaLimit(alphaBar, alphaBarPrev)));
    assert.ok(limit > 1);
    assert.ok(last(sampleDdim(triDenoiser, xT, {...run, eta: limit})).x.every(Number.isFinite));
    assert.throws(() => last(sampleDdim(triDenoiser, xT, {...run, eta: limit * 1.001})), RangeError);
  });
});

describe("sampleDdpm", () => {
  it("is DDIM with eta 1, noise for noise, over all 1000 steps and over few", () => {
    for (const steps of [1000, 20]) {
      const options = {schedule, timesteps: list(steps), seed: 5};
      const ddpm = sampleDdpm(triDenoiser, xT, options);
      for (const step of sampleDdim(triDenoiser, xT, {...options, eta: 1})) {
        const other = ddpm.next().value as SampleStep;
        closeTo(other.x, step.x, 1e-9);
        assert.ok(Math.abs(other.sigma - step.sigma) < 1e-10, `${other.sigma}, not ${step.sigma}`);
        assert.deepEqual([other.index, other.t, other.tPrev], [step.index, step.t, step.tPrev]);
      }
      assert.equal(ddpm.next().done, true);
    }
  });

  it("with fixed_large adds noise of variance 1 - alphaBar / alphaBarPrev to the same mean, and none in the last step", () => {
    const small = [...sampleDdpm(triDenoiser, xT, run)];
    const large = [...sampleDdpm(triDenoiser, xT, {...run, variance: "fixed_large"})];
    const ratio = schedule.alphaBar[999] / schedule.alphaBar[888];
    assert.ok(Math.abs(large[1].sigma - Math.sqrt(1 - ratio)) < 1e-12);
    const z = (step: SampleStep, mean: Float64Array) => step.x.map((v, i) => (v - mean[i]) / step.sigma);
    const mean = ddimStep(xT, small[1].epsilon, {
      alphaBar: schedule.alphaBar[999],
      alphaBarPrev: schedule.alphaBar[888],
      eta: 1,
      noise: new Float64Array(xT.length)
    }).x;
    closeTo(z(large[1], mean), z(small[1], mean), 1e-9);
    assert.equal(large[10].sigma, 0);
    closeTo(large[10].x, large[10].x0, 1e-12);
  });

  it("may end on the level of its last timestep: that step changes nothing", () => {
    const steps = [...sampleDdpm(triDenoiser, xT, {...run, alphaBarFinal: schedule.alphaBar[0]})];
    assert.deepEqual(steps[10].x, steps[9].x);
  });
});

describe("both samplers, with the exact denoiser", () => {
  const all = timestepList("trailing", {timesteps: 1000, steps: 1000});
  const start = seededRandom(6).normals(2000);

  it("reach the mixture in 1000 steps; DDPM forgets x_T, and DDIM does not", () => {
    const ring = ringOfEight.mixture!;
    const denoiser = mixtureDenoiser(ring, schedule);
    const [few, ddim] = [list(20), all].map((timesteps) => last(sampleDdim(denoiser, start, {schedule, timesteps})).x);
    const [ddpm, again] = [1, 2].map((seed) => last(sampleDdpm(denoiser, start, {schedule, timesteps: all, seed})).x);
    for (const x of [ddim, ddpm]) assert.ok(fractionWithin(ring, x) > 0.97, `${fractionWithin(ring, x)}`);
    assert.ok(sameModeShare(ring, few, ddim) > 0.98, "20 steps and 1000 end in the same mode");
    assert.ok(sameModeShare(ring, ddpm, again) < 0.2, "a chance of one in eight");
  });

  it("show on off-centre data that starting far below t = 999 is wrong, DDIM above all", () => {
    const clusters = offCentre.mixture!;
    const denoiser = mixtureDenoiser(clusters, schedule);
    const within = (x: Float64Array) => fractionWithin(clusters, x);
    const right = within(last(sampleDdim(denoiser, start, {schedule, timesteps: all})).x);
    const wrong = within(last(sampleDdim(denoiser, start, {schedule, timesteps: all.slice(900)})).x);
    assert.ok(right > 0.97, `all steps: ${right}`);
    assert.ok(wrong < 0.1, `the last 100 steps only: ${wrong}`);
  });
});

describe("last", () => {
  it("is the last thing yielded, also if that is undefined, and an error if there is none", () => {
    assert.equal(last([1, 2, 3]), 3);
    assert.equal(last([1, undefined]), undefined);
    assert.throws(() => last([]), /at least one timestep/);
  });
});
