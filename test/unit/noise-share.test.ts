import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {ddimSigma, etaLimit} from "../../lib/ddim.js";
import {mixtureDenoiser} from "../../lib/mixture.js";
import {etaLimitOfList, noiseShareStep} from "../../lib/noise-share.js";
import {pointSet} from "../../lib/points/index.js";
import {seededRandom} from "../../lib/random.js";
import {last, sampleDdim} from "../../lib/sampler.js";
import {alphaBarAt, makeSchedule} from "../../lib/schedule.js";
import {timestepList, withPrevious} from "../../lib/timesteps.js";

const schedule = makeSchedule("linear");
const timesteps = timestepList("trailing", {timesteps: 1000, steps: 20});

describe("noiseShareStep", () => {
  it("is DDIM without a share of fresh noise", () => {
    const denoiser = mixtureDenoiser(pointSet("tri").mixture!, schedule);
    const xT = seededRandom(1).normals(40);
    const {x} = last(sampleDdim(denoiser, xT, {schedule, timesteps, step: noiseShareStep(0)}));
    const {x: ddim} = last(sampleDdim(denoiser, xT, {schedule, timesteps}));
    x.forEach((value, i) => assert.ok(Math.abs(value - ddim[i]) < 1e-9, `number ${i}: ${value}, ${ddim[i]}`));
  });

  it("leaves the next level as much noise as it must have, for every share", () => {
    const levels = {alphaBar: 0.3, alphaBarPrev: 0.6, sigma: 0};
    for (const share of [0, 0.2, 0.7, 1]) {
      const step = noiseShareStep(share);
      const at = (epsilon: number, z: number) => step({...levels, x: Math.sqrt(0.7) * epsilon, epsilon, z}); // x_0 = 0
      const [kept, fresh] = [at(1, 0), at(0, 1)];
      assert.ok(Math.abs(kept ** 2 + fresh ** 2 - 0.4) < 1e-12, `share ${share}`);
      assert.ok(Math.abs(fresh ** 2 - share * 0.4) < 1e-12, `share ${share} is fresh`);
    }
  });

  it("refuses a share that is none", () => {
    assert.throws(() => noiseShareStep(1.1), /from 0 to 1/);
    assert.throws(() => noiseShareStep(NaN), /from 0 to 1/);
  });
});

describe("etaLimitOfList", () => {
  it("is the limit of the step that allows least", () => {
    const limit = etaLimitOfList(schedule, timesteps);
    const limits = withPrevious(timesteps).map(({t, tPrev}) =>
      etaLimit(alphaBarAt(schedule, t), alphaBarAt(schedule, tPrev))
    );
    assert.equal(limit, Math.min(...limits));
    for (const {t, tPrev} of withPrevious(timesteps)) {
      const [a, b] = [alphaBarAt(schedule, t), alphaBarAt(schedule, tPrev)];
      assert.ok(ddimSigma(a, b, limit) ** 2 <= 1 - b + 1e-12, `the step from ${t} has a root`);
    }
  });
});
