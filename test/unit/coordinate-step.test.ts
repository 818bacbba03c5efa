import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {CoordinateStep} from "../../lib/coordinate-step.js";
import {stepByCoordinate} from "../../lib/coordinate-step.js";
import {mixtureDenoiser} from "../../lib/mixture.js";
import {threeModes} from "../../lib/points/mixtures.js";
import {seededRandom} from "../../lib/random.js";
import {last, sampleDdim, sampleDdpm} from "../../lib/sampler.js";
import {makeSchedule} from "../../lib/schedule.js";
import {timestepList} from "../../lib/timesteps.js";
import {closeTo} from "./sampling.js";

const schedule = makeSchedule("linear");
const denoiser = mixtureDenoiser(threeModes.mixture!, schedule);
const xT = seededRandom(1).normals(40);
const run = {schedule, timesteps: timestepList("trailing", {timesteps: 1000, steps: 20}), seed: 4};

const ddim: CoordinateStep = ({x, epsilon, alphaBar, alphaBarPrev, sigma, z}) => {
  const data = (x - Math.sqrt(1 - alphaBar) * epsilon) / Math.sqrt(alphaBar);
  return Math.sqrt(alphaBarPrev) * data + Math.sqrt(1 - alphaBarPrev - sigma ** 2) * epsilon + sigma * z;
};

const ddpm: CoordinateStep = ({x, epsilon, alphaBar, alphaBarPrev, z}) => {
  const beta = 1 - alphaBar / alphaBarPrev;
  const mean = (x - (beta / Math.sqrt(1 - alphaBar)) * epsilon) / Math.sqrt(1 - beta);
  return mean + Math.sqrt((beta * (1 - alphaBarPrev)) / (1 - alphaBar)) * z;
};

describe("a step of one coordinate", () => {
  for (const eta of [0, 0.6, 1]) {
    it(`makes the sampler's own run when it is the sampler's own step, for DDIM with eta ${eta}`, () => {
      const own = [...sampleDdim(denoiser, xT, {...run, eta, step: ddim})];
      [...sampleDdim(denoiser, xT, {...run, eta})].forEach((state, k) => {
        closeTo(own[k].x, state.x, 1e-9);
        closeTo(own[k].x0, state.x0, 1e-9);
        assert.ok(Math.abs(own[k].sigma - state.sigma) < 1e-12, `sigma ${own[k].sigma} at state ${k}`);
      });
    });
  }

  it("makes the sampler's own run for DDPM, and is told the sigma of its variance", () => {
    closeTo(last(sampleDdpm(denoiser, xT, {...run, step: ddpm})).x, last(sampleDdpm(denoiser, xT, run)).x, 1e-9);
    const large = {...run, variance: "fixed_large"} as const;
    const seen: number[] = [];
    const step: CoordinateStep = ({sigma, ...input}) => (seen.push(sigma), ddpm({sigma, ...input}));
    const told = [...sampleDdpm(denoiser, xT, {...large, step})].slice(1);
    const each = seen.length / told.length;
    [...sampleDdpm(denoiser, xT, large)].slice(1).forEach(({sigma}, k) => {
      assert.ok(Math.abs(seen[k * each] - sigma) < 1e-12, `${seen[k * each]} in place of ${sigma}`);
    });
  });

  it("clips when the sampler is told to", () => {
    const clipped = {...run, clip: 0.3};
    closeTo(
      last(sampleDdim(denoiser, xT, {...clipped, step: ddim})).x,
      last(sampleDdim(denoiser, xT, clipped)).x,
      1e-9
    );
  });

  it("measures the noise that it adds, whatever it was told", () => {
    const views = {x: Float64Array.of(1, 2), x0: new Float64Array(2), epsilon: new Float64Array(2)};
    const input = {...views, z: Float64Array.of(1, -1), alphaBar: 0.5, alphaBarPrev: 0.9, sigma: 0};
    const {x, sigma} = stepByCoordinate(({x, z}) => 3 * x - 0.25 * z, input);
    assert.deepEqual([...x, sigma], [2.75, 6.25, 0.25]);
  });

  it("says what it should return when it returns something else", () => {
    const wrong: [unknown, RegExp][] = [
      [undefined, /the step returned nothing, but it should return the coordinate at the next level, a number/],
      [[1], /an array/],
      ["1", /a value of type string/]
    ];
    for (const [value, message] of wrong) {
      const step = (() => value) as unknown as CoordinateStep;
      assert.throws(() => last(sampleDdim(denoiser, xT, {...run, step})), {name: "TypeError", message});
    }
  });
});
