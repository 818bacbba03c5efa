import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {ddimStep} from "../../lib/ddim.js";
import type {Denoiser} from "../../lib/denoiser.js";
import {dpmSolver2MStep, sampleDpmSolver2M} from "../../lib/dpm-solver.js";
import {mixtureDenoiser} from "../../lib/mixture.js";
import {seededRandom} from "../../lib/random.js";
import {last, sampleDdim} from "../../lib/sampler.js";
import {makeSchedule} from "../../lib/schedule.js";
import {timestepList} from "../../lib/timesteps.js";
import {gaussianErrors} from "./solver-order.js";

const schedule = makeSchedule("linear");
const denoiser = mixtureDenoiser(
  {
    weights: [0.4, 0.6],
    means: [
      [1, 0],
      [-0.5, 0.3]
    ],
    stds: [0.3, 0.2]
  },
  schedule
);
const xT = seededRandom(1).normals(20);
const list = (steps: number) => timestepList("trailing", {timesteps: 1000, steps});

function closeTo(actual: Float64Array, expected: Float64Array, tolerance: number): void {
  actual.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) <= tolerance, `${value}, not ${expected[i]}`));
}

describe("sampleDpmSolver2M", () => {
  it("is of second order where DDIM is of first, on Gaussian data of known end", () => {
    const errors = gaussianErrors(sampleDpmSolver2M);
    const orders = errors.slice(1).map((error, i) => Math.log2(errors[i] / error));
    for (const order of orders) assert.ok(Math.abs(order - 2) < 0.1, `orders ${orders}`);
    const first = gaussianErrors(sampleDdim);
    for (const i of [1, 2]) assert.ok(Math.abs(Math.log2(first[i - 1] / first[i]) - 1) < 0.1);
  });

  it("begins with DDIM's step, and ends with it on clean data", () => {
    const steps = [...sampleDpmSolver2M(denoiser, xT, {schedule, timesteps: list(10)})];
    const [, first] = sampleDdim(denoiser, xT, {schedule, timesteps: list(10)});
    closeTo(steps[1].x, first.x, 1e-12);
    const {t, epsilon, x, x0} = steps[10];
    closeTo(x, ddimStep(steps[9].x, epsilon, {alphaBar: schedule.alphaBar[t], alphaBarPrev: 1}).x, 1e-12);
    closeTo(x, x0, 0);
    assert.deepEqual(
      steps.map((s) => s.tPrev),
      [...list(10), -1]
    );
  });

  it("asks the denoiser once a step, and stops when the caller stops", () => {
    const calls: number[] = [];
    const counted: Denoiser<Float64Array> = {
      prediction: "epsilon",
      predict: (x, t) => (calls.push(t), denoiser.predict(x, t))
    };
    for (const {index} of sampleDpmSolver2M(counted, xT, {schedule, timesteps: list(10)})) if (index === 2) break;
    assert.deepEqual(calls, [999, 899]);
  });

  it("is exact in any number of steps if x0 is known: both orders then follow the straight line", () => {
    const known: Denoiser<Float64Array> = {prediction: "x0", predict: (x) => x.map((_, i) => i)};
    const options = {schedule, timesteps: [999, 500, 200], alphaBarFinal: 0.9};
    const {x} = last(sampleDpmSolver2M(known, xT, options));
    const epsilon = xT.map(
      (v, i) => (v - Math.sqrt(schedule.alphaBar[999]) * i) / Math.sqrt(1 - schedule.alphaBar[999])
    );
    closeTo(
      x,
      epsilon.map((e, i) => Math.sqrt(0.9) * i + Math.sqrt(0.1) * e),
      1e-12
    );
  });

  it("clips x0 if asked, takes equal levels for no step, and leaves xT alone", () => {
    const start = xT.slice();
    const options = {schedule, timesteps: [...list(10), 0], clip: 0.2, alphaBarFinal: schedule.alphaBar[0]};
    const steps = [...sampleDpmSolver2M(denoiser, start, options)];
    for (const {x0, index} of steps) assert.ok(index === 0 || x0.every((v) => Math.abs(v) <= 0.2));
    assert.deepEqual(steps[11].x, steps[10].x);
    assert.ok(steps[11].x.every(Number.isFinite));
    assert.deepEqual(start, xT);
  });
});

describe("dpmSolver2MStep", () => {
  it("carries x0 ahead by h / (2 h_before) of its last change", () => {
    // lambda = -1, 0, 1: h = h_before = 1, so D = x0 + (x0 - before) / 2
    const level = (lambda: number) => 1 / (1 + Math.exp(-2 * lambda));
    const [x, x0, before] = [Float64Array.of(0.7), Float64Array.of(0.4), Float64Array.of(0.1)];
    const [a, b] = [level(0), level(1)];
    const result = dpmSolver2MStep(x, x0, {alphaBar: a, alphaBarPrev: b, previous: {x0: before, alphaBar: level(-1)}});
    const expected = Math.sqrt((1 - b) / (1 - a)) * 0.7 - Math.sqrt(b) * (Math.exp(-1) - 1) * (0.4 + 0.15);
    closeTo(result, Float64Array.of(expected), 1e-14);
  });
});
