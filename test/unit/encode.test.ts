import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {Denoiser} from "../../lib/denoiser.js";
import {mixtureDenoiser, sampleMixture} from "../../lib/mixture.js";
import {threeModes} from "../../lib/points/mixtures.js";
import {seededRandom} from "../../lib/random.js";
import {encodeDdim, last, sampleDdim} from "../../lib/sampler.js";
import {makeSchedule} from "../../lib/schedule.js";
import {timestepList} from "../../lib/timesteps.js";
import {closeTo, recording, variance} from "./sampling.js";

const schedule = makeSchedule("linear");
const tri = threeModes.mixture!;
const triDenoiser = mixtureDenoiser(tri, schedule);
const list = (steps: number) => timestepList("linspace", {timesteps: 1000, steps}); // tau even on 1..T, both included
const run = {schedule, timesteps: list(10)};

describe("encodeDdim", () => {
  const data = sampleMixture(tri, 20, seededRandom(7));

  it("asks for epsilon at the level to be reached, as diffusers does, or at the level left", () => {
    const timesteps = [900, 600, 300];
    const target = recording(triDenoiser);
    const steps = [...encodeDdim(target, data, {schedule, timesteps})];
    assert.deepEqual(target.calls, [300, 600, 900]);
    assert.deepEqual(
      steps.map((s) => [s.index, s.t, s.tPrev]),
      [
        [0, -1, -1],
        [1, -1, 300],
        [2, 300, 600],
        [3, 600, 900]
      ]
    );
    assert.deepEqual(steps[0].x, data);
    const source = recording(triDenoiser);
    const [, first] = encodeDdim(source, data, {schedule, timesteps, at: "source"});
    closeTo(
      first.x,
      data.map((v) => Math.sqrt(schedule.alphaBar[300]) * v),
      1e-14
    );
    last(encodeDdim(source, data, {schedule, timesteps, at: "source"}));
    assert.deepEqual(source.calls, [300, 600]);
    last(encodeDdim(source, data, {schedule, timesteps, at: "source", alphaBarFinal: schedule.alphaBar[0]}));
    assert.deepEqual(source.calls, [300, 600, 0, 300, 600]);
  });

  it("is undone by sampleDdim, better with more steps", () => {
    for (const at of ["target", "source"] as const) {
      const errors = [10, 100, 1000].map((steps) => {
        const options = {schedule, timesteps: timestepList("leading", {timesteps: 1000, steps})};
        const latent = last(encodeDdim(triDenoiser, data, {...options, at})).x;
        const back = last(sampleDdim(triDenoiser, latent, options)).x;
        return variance(back.map((v, i) => v - data[i]));
      });
      assert.ok(errors[0] > errors[1] && errors[1] > errors[2] && errors[2] < 5e-4, `${at}: ${errors}`);
    }
  });

  it("undoes a step of sampleDdim exactly where the denoiser says the same at both levels", () => {
    const constant: Denoiser<Float64Array> = {prediction: "epsilon", predict: (x) => x.map((_, i) => Math.sin(i))};
    const latent = last(encodeDdim(constant, data, run)).x;
    closeTo(last(sampleDdim(constant, latent, run)).x, data, 1e-10);
  });

  it("changes nothing that the caller holds", () => {
    const before = data.slice();
    const [start] = encodeDdim(triDenoiser, data, run);
    last(encodeDdim(triDenoiser, data, run));
    assert.deepEqual(data, before);
    assert.notEqual(start.x, data);
  });
});
