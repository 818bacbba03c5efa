import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {encodeDdimAsync, sampleDdimAsync, sampleDdpmAsync} from "../../lib/async-sampler.js";
import type {CoordinateStepInput} from "../../lib/coordinate-step.js";
import type {Denoiser} from "../../lib/denoiser.js";
import {seededRandom} from "../../lib/random.js";
import {encodeDdim, sampleDdim, sampleDdpm} from "../../lib/sampler.js";
import {makeSchedule} from "../../lib/schedule.js";
import {timestepList} from "../../lib/timesteps.js";

const schedule = makeSchedule("cosine");
const timesteps = timestepList("trailing", {timesteps: 1000, steps: 8});
const denoiser: Denoiser<Float64Array> = {prediction: "v", predict: (x, t) => x.map((value) => value * Math.sin(t))};
const slow = {prediction: denoiser.prediction, predict: async (x: Float64Array, t: number) => denoiser.predict(x, t)};
const xT = seededRandom(1).normals(12);

describe("the samplers for denoisers that take their time", () => {
  it("yield what the others yield", async () => {
    for (const options of [{}, {eta: 0.7, clip: 1}, {eta: 1, seed: 4}]) {
      const all = {schedule, timesteps, ...options};
      assert.deepEqual(await list(sampleDdimAsync(slow, xT, all)), [...sampleDdim(denoiser, xT, all)]);
      assert.deepEqual(await list(sampleDdpmAsync(slow, xT, all)), [...sampleDdpm(denoiser, xT, all)]);
      assert.deepEqual(await list(encodeDdimAsync(slow, xT, all)), [...encodeDdim(denoiser, xT, all)]);
    }
  });

  it("take a step of the caller's own", async () => {
    const all = {schedule, timesteps, step: ({epsilon, z}: CoordinateStepInput) => epsilon + 0.1 * z};
    assert.deepEqual(await list(sampleDdimAsync(slow, xT, all)), [...sampleDdim(denoiser, xT, all)]);
    assert.deepEqual(await list(sampleDdpmAsync(slow, xT, all)), [...sampleDdpm(denoiser, xT, all)]);
  });

  it("end without another question once they are stopped", async () => {
    for (const sample of [sampleDdimAsync, sampleDdpmAsync, encodeDdimAsync]) {
      const controller = new AbortController();
      let asked = 0;
      const counting = {
        prediction: denoiser.prediction,
        async predict(x: Float64Array, t: number) {
          if (++asked === 3) controller.abort();
          return denoiser.predict(x, t);
        }
      };
      const states = await list(sample(counting, xT, {schedule, timesteps, signal: controller.signal}));
      assert.equal(asked, 3);
      assert.equal(states.length, 3); // the start, and two steps
    }
  });
});

async function list<A>(items: AsyncIterable<A>): Promise<A[]> {
  const all: A[] = [];
  for await (const item of items) all.push(item);
  return all;
}
