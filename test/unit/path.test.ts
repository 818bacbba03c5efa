import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {mixtureDenoiser} from "../../lib/mixture.js";
import {distancesBetween, medianOf, medianShape, noiseRatio, pathShapes, straightenedPaths} from "../../lib/path.js";
import {pointSet} from "../../lib/points/index.js";
import {seededRandom} from "../../lib/random.js";
import {sampleDdim, sampleDdpm} from "../../lib/sampler.js";
import {makeSchedule} from "../../lib/schedule.js";
import {timestepList} from "../../lib/timesteps.js";

const schedule = makeSchedule("linear");
const mixture = pointSet("tri").mixture!;
const xT = seededRandom(1).normals(100);
const listOf = (steps: number) => timestepList("trailing", {timesteps: schedule.timesteps, steps});
const ddim = (steps: number) => [
  ...sampleDdim(mixtureDenoiser(mixture, schedule), xT, {schedule, timesteps: listOf(steps)})
];

describe("pathShapes", () => {
  it("measures the path of one point in its own unit", () => {
    const at = (x: number[], x0: number[]) => ({
      index: 0,
      t: 0,
      tPrev: 0,
      x: Float64Array.from(x),
      x0: Float64Array.from(x0),
      epsilon: new Float64Array(2),
      sigma: 0
    });
    const [shape] = pathShapes([at([0, 0], [1, 1]), at([3, 4], [1, 1]), at([3, 0], [4, 5])]);
    assert.deepEqual(shape, {length: 9, chord: 3, bend: 5});
  });

  it("gives one jump the length of its chord and no bend", () => {
    for (const {length, chord, bend} of pathShapes(ddim(1))) {
      assert.ok(Math.abs(length - chord) < 1e-12, `length ${length}, chord ${chord}`);
      assert.equal(bend, 0);
    }
  });

  it("lets DDIM’s length settle and DDPM’s grow as the root of the steps", () => {
    const ddpm = (steps: number) =>
      medianShape(
        pathShapes([
          ...sampleDdpm(mixtureDenoiser(mixture, schedule), xT, {schedule, timesteps: listOf(steps), seed: 1})
        ])
      ).length;
    const growth = ddpm(400) / ddpm(100);
    assert.ok(Math.abs(growth - 2) < 0.15, `four times the steps make DDPM’s path ${growth} times as long`);
    const settled = medianShape(pathShapes(ddim(200))).length / medianShape(pathShapes(ddim(100))).length;
    assert.ok(Math.abs(settled - 1) < 0.03, `twice the steps make DDIM’s path ${settled} times as long`);
  });
});

describe("straightenedPaths", () => {
  it("makes each step of DDIM a straight piece whose foot is the predicted x_0", () => {
    const states = ddim(10);
    const straight = straightenedPaths(states, schedule);
    for (let k = 1; k < states.length; ++k) {
      const [from, to] = [straight[k - 1], straight[k]];
      for (let i = 0; i < xT.length; ++i) {
        const slope = (to.x[i] - from.x[i]) / (to.rho - from.rho);
        const foot = from.x[i] - from.rho * slope;
        assert.ok(Math.abs(foot - states[k].x0[i]) < 1e-9, `step ${k}, number ${i}: foot ${foot}`);
      }
    }
    assert.equal(straight.at(-1)!.rho, 0);
  });
});

describe("noiseRatio, distancesBetween and medianOf", () => {
  it("have the values that can be seen at a glance", () => {
    assert.equal(noiseRatio(1), 0);
    assert.equal(noiseRatio(0.5), 1);
    assert.deepEqual([...distancesBetween([0, 0, 1, 1], [3, 4, 1, 1])], [5, 0]);
    assert.equal(medianOf([5, 1, 3]), 3);
    assert.equal(medianOf([4, 1, 3, 2]), 2.5);
    assert.ok(Number.isNaN(medianOf([])), "no values have no median");
  });
});
