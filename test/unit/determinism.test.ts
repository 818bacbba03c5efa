import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {chanceOfSameMode, measureDeterminism} from "../../lib/determinism.js";
import {mixtureDenoiser} from "../../lib/mixture.js";
import {pointSet} from "../../lib/points/index.js";
import {seededRandom} from "../../lib/random.js";
import {makeSchedule} from "../../lib/schedule.js";
import {timestepList} from "../../lib/timesteps.js";
import {toTheEnd} from "../../lib/to-the-end.js";

const schedule = makeSchedule("linear");
const mixture = pointSet("ring8").mixture!;

function measured(eta: number, count = 400, steps = 20) {
  const timesteps = timestepList("trailing", {timesteps: schedule.timesteps, steps});
  const options = {schedule, timesteps, eta, mixture, seed: 1, secondSeed: 2};
  return toTheEnd(measureDeterminism(mixtureDenoiser(mixture, schedule), seededRandom(1).normals(2 * count), options));
}

describe("measureDeterminism", () => {
  it("finds no distance at all without noise", () => {
    assert.deepEqual(measured(0), {same: 1, apart: 0});
  });

  it("finds the level of chance at eta 1, within its noise", () => {
    const {same, apart} = measured(1);
    const sd = Math.sqrt((0.125 * 0.875) / 400);
    assert.ok(Math.abs(same - 0.125) < 4 * sd, `${same} of the points agree`);
    assert.ok(apart > 1, `the ends are ${apart} apart`);
  });

  it("finds less agreement with more noise", () => {
    const shares = [0, 0.1, 0.3].map((eta) => measured(eta).same);
    assert.ok(shares[0] > shares[1] && shares[1] > shares[2], shares.join(" > "));
  });

  it("finds with 50 steps what the first page says: at eta 0.2 most points change their mode, at 0.5 nearly by chance", () => {
    const [some, more] = [0.2, 0.5].map((eta) => measured(eta, 1000, 50).same);
    assert.ok(some > 0.3 && some < 0.45, `${some} of the points agree at 0.2`);
    assert.ok(more > 0.1 && more < 0.2, `${more} of them at 0.5`);
  });
});

describe("chanceOfSameMode", () => {
  it("is the sum of the squares of the shares, whatever the weights add up to", () => {
    assert.ok(Math.abs(chanceOfSameMode({weights: [5, 3, 2], means: [], stds: []}) - 0.38) < 1e-12, "0.38");
    assert.equal(chanceOfSameMode(mixture), 1 / 8);
  });

  it("is how often independent samples agree", () => {
    const {weights} = pointSet("tri").mixture!;
    const random = seededRandom(4);
    const draw = () => {
      let u = random.uniform();
      return weights.findIndex((w) => (u -= w) < 0);
    };
    const agree = Array.from({length: 20000}, () => draw() === draw()).filter(Boolean).length / 20000;
    assert.ok(Math.abs(agree - chanceOfSameMode(pointSet("tri").mixture!)) < 0.015, `${agree} agree`);
  });
});
