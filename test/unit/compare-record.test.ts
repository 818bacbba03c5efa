import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {describe, it} from "node:test";
import type {CompareRecord} from "../../lib/compare-record.js";
import {recordDeterminism, recordPath, recordShare} from "../../lib/compare-record.js";
import {mixtureDenoiser} from "../../lib/mixture.js";
import {unpackWeights} from "../../lib/packed-weights.js";
import {plainNetwork} from "../../lib/plain-network.js";
import {pointSet} from "../../lib/points/index.js";
import {gridPlaces, measurePlace, measureTruth, placeName, scoreRow} from "../../lib/sampler-grid.js";
import {makeSchedule} from "../../lib/schedule.js";
import {toTheEnd} from "../../lib/to-the-end.js";

const read = (name: string) => JSON.parse(readFileSync(new URL(`../../src/data/${name}`, import.meta.url), "utf8"));
const record = read("compare.json") as CompareRecord;
const {settings, grids} = record;

function same(value: number, recorded: number, what: string): void {
  assert.ok(
    Math.abs(value - recorded) <= 1e-4 * Math.max(1, Math.abs(recorded)),
    `${what}: ${value}, recorded ${recorded}`
  );
}

describe("the recorded measurements of /compare", () => {
  it("are what the library measures now: two runs from one start", () => {
    for (const eta of [0, 0.2]) {
      const {same: share, apart} = recordDeterminism("tri", eta, {...settings, seed: 1});
      const recorded = record.determinism[`tri ${eta}`];
      same(share, recorded.same[0], `share at eta ${eta}`);
      same(apart, recorded.apart[0], `distance at eta ${eta}`);
    }
  });

  it("are what the library measures now: paths, and shares of fresh noise", () => {
    for (const sampler of ["ddim", "ddpm"] as const) {
      const {length, bend} = recordPath(sampler, {count: 300, steps: 50, seed: 2});
      same(length, record.paths[`${sampler} 50`].length[1], `length of ${sampler}`);
      same(bend, record.paths[`${sampler} 50`].bend[1], `bend of ${sampler}`);
    }
    const {width, distance} = recordShare(1, {...settings, steps: 50, seed: 1});
    same(width, record.shares["1 50"].width[0], "width");
    same(distance, record.shares["1 50"].distance[0], "distance");
  });

  it("are what the library measures now: a cell of each exact table, and its floor", () => {
    for (const grid of [grids.tri, grids.ring]) {
      const {mixture} = pointSet(grid.set);
      const schedule = makeSchedule(grid.schedule);
      const source = {denoiser: mixtureDenoiser(mixture!, schedule), schedule, set: pointSet(grid.set)};
      const {count} = grid;
      const place = {rule: "quadratic", steps: 10, noise: 1} as const;
      const scores = scoreRow(toTheEnd(measurePlace(source, place, {count, seed: 1})));
      scores.forEach((score, k) => same(score!, grid.cells[placeName(place)][0][k]!, `score ${k} of ${grid.title}`));
      scoreRow(measureTruth(source, {count, seed: 1})).forEach((score, k) =>
        same(score!, grid.truth[0][k]!, `floor ${k}`)
      );
    }
  });

  it("has a table of a network whose samples are what its weights make now, but for the rounding of tensors", () => {
    const {network} = grids;
    const denoiser = plainNetwork(unpackWeights(read("training-weights.json")));
    const source = {denoiser, schedule: makeSchedule(network.schedule), set: pointSet(network.set)};
    const place = {rule: "trailing", steps: 10, noise: 0} as const;
    const {width} = toTheEnd(measurePlace(source, place, {count: network.count, seed: 1}));
    const recorded = network.cells[placeName(place)][0][1]!;
    assert.ok(Math.abs(width - recorded) < 0.02, `width ${width}, recorded ${recorded}`);
  });

  it("have every cell, with every seed", () => {
    for (const {cells, seeds, truth} of Object.values(grids)) {
      assert.deepEqual(Object.keys(cells).sort(), gridPlaces().map(placeName).sort());
      for (const rows of [truth, ...Object.values(cells)]) assert.equal(rows.length, seeds.length);
    }
  });
});
