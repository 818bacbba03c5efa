import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {Denoiser} from "../../lib/denoiser.js";
import {heunStep, sampleHeun} from "../../lib/heun.js";
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
const timesteps = timestepList("leading", {timesteps: 1000, steps: 10});

function closeTo(actual: Float64Array, expected: Float64Array, tolerance: number): void {
  actual.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) <= tolerance, `${value}, not ${expected[i]}`));
}

describe("sampleHeun", () => {
  it("is of second order on Gaussian data of known end", () => {
    const errors = gaussianErrors(sampleHeun);
    const orders = errors.slice(1).map((error, i) => Math.log2(errors[i] / error));
    for (const order of orders) assert.ok(Math.abs(order - 2) < 0.15, `orders ${orders}`);
  });

  it("asks the denoiser twice a step, at both ends of it, and once in the last", () => {
    const calls: number[] = [];
    const counted: Denoiser<Float64Array> = {
      prediction: "epsilon",
      predict: (x, t) => (calls.push(t), denoiser.predict(x, t))
    };
    const steps = [...sampleHeun(counted, xT, {schedule, timesteps: [900, 500, 100]})];
    assert.deepEqual(calls, [900, 500, 500, 100, 100]);
    assert.deepEqual(
      steps.map((s) => [s.index, s.t, s.tPrev]),
      [
        [0, 900, 900],
        [1, 900, 500],
        [2, 500, 100],
        [3, 100, -1]
      ]
    );
    closeTo(steps[3].x, steps[3].x0, 1e-12);
  });

  it("is DDIM if there is but one step, or if epsilon does not change", () => {
    const end = (sampler: typeof sampleDdim, d: Denoiser<Float64Array>, list: number[]) =>
      last(sampler(d, xT, {schedule, timesteps: list})).x;
    closeTo(end(sampleHeun, denoiser, [400]), end(sampleDdim, denoiser, [400]), 1e-12);
    const constant: Denoiser<Float64Array> = {prediction: "epsilon", predict: (x) => x.map((_, i) => Math.cos(i))};
    closeTo(end(sampleHeun, constant, timesteps), end(sampleDdim, constant, timesteps), 1e-9);
  });

  it("is nearer to the fine solution than DDIM with the same number of calls", () => {
    const fine = last(
      sampleHeun(denoiser, xT, {schedule, timesteps: timestepList("leading", {timesteps: 1000, steps: 1000})})
    ).x;
    const distance = (x: Float64Array) => x.reduce((sum, v, i) => sum + Math.abs(v - fine[i]), 0);
    const list = (steps: number) => timestepList("leading", {timesteps: 1000, steps});
    const heun = distance(last(sampleHeun(denoiser, xT, {schedule, timesteps: list(50)})).x);
    const ddim = distance(last(sampleDdim(denoiser, xT, {schedule, timesteps: list(100)})).x);
    assert.ok(heun < ddim / 2, `${heun} against ${ddim}`);
  });

  it("stops when the caller stops, and leaves xT alone", () => {
    const start = xT.slice();
    let calls = 0;
    const counted: Denoiser<Float64Array> = {
      prediction: "epsilon",
      predict: (x, t) => (++calls, denoiser.predict(x, t))
    };
    for (const {index} of sampleHeun(counted, start, {schedule, timesteps})) if (index === 1) break;
    assert.equal(calls, 2);
    assert.deepEqual(start, xT);
  });
});

describe("heunStep", () => {
  it("averages the slopes d(x / sqrt(alphaBar)) / d(rho) at both ends", () => {
    // alphaBar 0.5 is rho = 1, alphaBar 0.8 is rho = 0.5
    const result = heunStep(
      Float64Array.of(Math.sqrt(0.5)),
      Float64Array.of(2),
      {alphaBar: 0.5, alphaBarPrev: 0.8},
      (x) => {
        closeTo(x, Float64Array.of(Math.sqrt(0.8) * (1 - 0.5 * 2)), 1e-14);
        return Float64Array.of(1);
      }
    );
    closeTo(result, Float64Array.of(Math.sqrt(0.8) * (1 - 0.5 * 1.5)), 1e-14);
  });
});
