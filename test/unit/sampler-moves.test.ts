import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {initialPointWeights, plainNetwork} from "../../lib/plain-network.js";
import type {Prediction} from "../../lib/prediction.js";
import {seededRandom} from "../../lib/random.js";
import type {SamplerMove} from "../../lib/sampler-moves.js";
import {ddimMoves, ddpmMoves} from "../../lib/sampler-moves.js";
import {last, sampleDdim, sampleDdpm} from "../../lib/sampler.js";
import {makeSchedule} from "../../lib/schedule.js";
import {timestepList} from "../../lib/timesteps.js";

const schedule = makeSchedule("linear");
const timesteps = timestepList("trailing", {timesteps: 1000, steps: 12});
const xT = seededRandom(3).normals(40);
const weights = initialPointWeights(8, 1);

describe("the moves of a sampler", () => {
  for (const prediction of ["epsilon", "x0", "v"] satisfies Prediction[]) {
    const denoiser = plainNetwork({width: 8, prediction, timesteps: 1000, weights, ema: weights});

    /** Takes the points along, with the noise that the samplers draw. */
    function follow(moves: SamplerMove[]): Float64Array {
      const random = seededRandom(6);
      return moves.reduce((x: Float64Array, move) => {
        const output = denoiser.predict(x, move.t);
        const z = move.noise > 0 ? random.normals(x.length) : new Float64Array(x.length);
        return x.map((value, i) => move.x * value + move.output * output[i] + move.noise * z[i]);
      }, xT);
    }

    function assertNear(actual: Float64Array, expected: Float64Array): void {
      const size = Math.max(...expected.map(Math.abs));
      actual.forEach((value, i) =>
        assert.ok(Math.abs(value - expected[i]) < 1e-9 * size, `number ${i} is ${value}, not ${expected[i]}`)
      );
    }

    it(`are those of DDIM at any eta, predicting ${prediction}`, () => {
      for (const eta of [0, 0.4, 1]) {
        const {x} = last(sampleDdim(denoiser, xT, {schedule, timesteps, eta, seed: 6}));
        assertNear(follow(ddimMoves(prediction, {schedule, timesteps, eta})), x);
      }
    });

    it(`are those of DDPM with both variances, also to a level short of clean data, predicting ${prediction}`, () => {
      for (const variance of ["fixed_small", "fixed_large"] as const) {
        for (const alphaBarFinal of [1, schedule.alphaBar[0]]) {
          const options = {schedule, timesteps, variance, alphaBarFinal};
          const {x} = last(sampleDdpm(denoiser, xT, {...options, seed: 6}));
          assertNear(follow(ddpmMoves(prediction, options)), x);
        }
      }
    });
  }

  it("are refused where the samplers refuse", () => {
    assert.throws(() => ddimMoves("v", {schedule, timesteps, eta: 50}), /eta is 50, but this step allows at most/);
    assert.throws(() => ddpmMoves("v", {schedule, timesteps: [3, 7]}), RangeError);
  });
});
