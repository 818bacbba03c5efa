import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {mixtureDenoiser} from "../../lib/mixture.js";
import {pointSet} from "../../lib/points/index.js";
import {seededRandom} from "../../lib/random.js";
import {scoreNames, scoreReference, scoreSamples, spreadOf} from "../../lib/sample-scores.js";
import {gridPlaces, measurePlace, measureTruth, placeName, scoreRow, scoreSpread} from "../../lib/sampler-grid.js";
import {makeSchedule} from "../../lib/schedule.js";
import {toTheEnd} from "../../lib/to-the-end.js";

const schedule = makeSchedule("linear");
const set = pointSet("tri");
const source = {denoiser: mixtureDenoiser(set.mixture!, schedule), schedule, set};

describe("gridPlaces", () => {
  it("has every sampler on both lists, and one list with all steps", () => {
    const places = gridPlaces();
    assert.equal(places.length, 4 * 2 * 5 + 5);
    assert.equal(new Set(places.map(placeName)).size, places.length);
    assert.ok(!places.some(({rule, steps}) => rule === "quadratic" && steps === 1000), "all steps are one list");
    assert.ok(
      gridPlaces(50).every(({steps}) => steps <= 50),
      "no more steps than asked for"
    );
  });
});

describe("measurePlace", () => {
  const measure = (rule: "trailing" | "quadratic", noise: number | "sigma-hat") =>
    toTheEnd(measurePlace(source, {rule, steps: 10, noise}, {count: 800, seed: 1}));

  it("sees that quadratic steps are better than even ones, and the large variance worst", () => {
    const [even, quadratic, large] = [
      measure("trailing", 0),
      measure("quadratic", 0),
      measure("quadratic", "sigma-hat")
    ];
    assert.ok(quadratic.distance < even.distance, `${quadratic.distance} < ${even.distance}`);
    assert.ok(large.width > 1.3, `the modes are ${large.width} times as wide`);
    assert.ok(Math.abs(quadratic.width - 1) < 0.1, `the modes are ${quadratic.width} times as wide`);
  });

  it("goes from 0 to 1, step by step", () => {
    const shares = [...measurePlace(source, {rule: "trailing", steps: 10, noise: 0}, {count: 20, seed: 1})];
    assert.deepEqual(
      shares,
      Array.from({length: 11}, (_, k) => k / 10)
    );
  });
});

describe("the scores", () => {
  it("give true samples what is right", () => {
    const truth = measureTruth({set}, {count: 4000, seed: 3});
    assert.ok(Math.abs(truth.width - 1) < 0.03, `width ${truth.width}`);
    assert.ok(Math.abs(truth.within - 0.989) < 0.01, `within ${truth.within}`);
    assert.ok(truth.distance < 0.12 && truth.weights < 0.04, `distance ${truth.distance}, weights ${truth.weights}`);
  });

  it("have only a distance where there is no mixture, and a row says so with null", () => {
    const x = seededRandom(1).normals(200);
    const row = scoreRow(scoreSamples(x, scoreReference(seededRandom(2).normals(200))));
    assert.equal(row.length, scoreNames.length);
    assert.ok(typeof row[0] === "number", "the distance is a number");
    assert.deepEqual(row.slice(1), [null, null, null]);
    assert.equal(scoreSpread([row], "width"), null);
  });

  it("are spread over the seeds with n − 1", () => {
    assert.deepEqual(spreadOf([1, 2, 3]), {mean: 2, sd: 1});
    assert.deepEqual(spreadOf([4]), {mean: 4, sd: 0});
    assert.throws(() => spreadOf([]), /at least one/);
    assert.deepEqual(
      scoreSpread(
        [
          [1, 5, 0, 0],
          [3, 5, 0, 0]
        ],
        "distance"
      ),
      {mean: 2, sd: Math.SQRT2}
    );
  });
});
