import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {sameModeShare} from "../../lib/metrics/index.js";
import {mixtureDenoiser} from "../../lib/mixture.js";
import type {PairedOptions, PairedRuns} from "../../lib/paired-runs.js";
import {pairedRuns} from "../../lib/paired-runs.js";
import {pointSet} from "../../lib/points/index.js";
import {seededRandom} from "../../lib/random.js";
import {makeSchedule} from "../../lib/schedule.js";
import {timestepList} from "../../lib/timesteps.js";

const schedule = makeSchedule("linear");
const mixture = pointSet("ring8").mixture!;
const denoiser = mixtureDenoiser(mixture, schedule);
const xT = seededRandom(1).normals(2 * 400);

function run(eta: number, steps = 50): PairedRuns {
  const timesteps = timestepList("trailing", {timesteps: 1000, steps});
  const work = pairedRuns(denoiser, xT, {schedule, timesteps, eta, seed: 1, secondSeed: 2});
  for (;;) {
    const {done, value} = work.next();
    if (done) return value;
  }
}

function share({states, secondEnd}: PairedRuns["ddpm"]): number {
  return sameModeShare(mixture, Float64Array.from(states.at(-1)!), Float64Array.from(secondEnd));
}

describe("pairedRuns", () => {
  it("gives S + 1 states and S sigmas for both samplers, from the same x_T", () => {
    const {ddpm, ddim} = run(0, 7);
    for (const {states, sigma} of [ddpm, ddim]) {
      assert.equal(states.length, 8);
      assert.equal(sigma.length, 7);
      assert.deepEqual(states[0], Float32Array.from(xT));
    }
  });

  it("makes DDIM at eta = 1 the same chain as DDPM, point by point", () => {
    const {ddpm, ddim} = run(1);
    for (const [k, state] of ddpm.states.entries()) {
      state.forEach((value, i) => assert.ok(Math.abs(value - ddim.states[k][i]) < 1e-5 * Math.max(1, Math.abs(value))));
    }
    ddpm.sigma.forEach((value, k) => assert.ok(Math.abs(value - ddim.sigma[k]) < 1e-12));
  });

  it("ends where it ended before at eta = 0, and only there", () => {
    const {ddpm, ddim} = run(0);
    assert.deepEqual(ddim.secondEnd, ddim.states.at(-1));
    assert.notDeepEqual(ddpm.secondEnd, ddpm.states.at(-1));
    assert.equal(share(ddim), 1);
  });

  it("loses the mode of the start at chance level for DDPM, and already at eta = 0.5", () => {
    // Eight equal modes: chance is 0.125, and 400 points make its standard error 0.017.
    assert.ok(Math.abs(share(run(0).ddpm) - 0.125) < 0.07);
    assert.ok(share(run(0.5).ddim) < 0.3);
  });

  it("takes steps of the caller's own, and runs DDIM a second time only where its own step adds noise", () => {
    const timesteps = timestepList("trailing", {timesteps: 1000, steps: 10});
    const count = (steps: PairedOptions["steps"]) => {
      const work = pairedRuns(denoiser, xT, {schedule, timesteps, eta: 0, seed: 1, secondSeed: 2, steps});
      for (let yields = 0; ; ++yields) {
        const {done, value} = work.next();
        if (done) return {yields, runs: value};
      }
    };
    const still = count({ddim: ({x}) => x});
    assert.deepEqual(still.runs.ddim.states.at(-1), Float32Array.from(xT));
    assert.equal(still.yields, 3 * 11);
    const noisy = count({ddim: ({x, z}) => x + 0.5 * z});
    assert.deepEqual([...new Set(noisy.runs.ddim.sigma.map((s) => s.toFixed(9)))], ["0.500000000"]);
    assert.notDeepEqual(noisy.runs.ddim.secondEnd, noisy.runs.ddim.states.at(-1));
    assert.equal(noisy.yields, 4 * 11);
  });

  it("yields after each step, so that its caller can stop in the middle", () => {
    const timesteps = timestepList("trailing", {timesteps: 1000, steps: 10});
    const work = pairedRuns(denoiser, xT, {schedule, timesteps, eta: 0, seed: 1, secondSeed: 2});
    assert.deepEqual(work.next(), {done: false, value: undefined});
    assert.equal(work.return(undefined as never).done, true);
    assert.equal(work.next().done, true);
  });
});
