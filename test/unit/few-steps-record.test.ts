import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {describe, it} from "node:test";
import type {FewStepsRecord} from "../../lib/few-steps-record.js";
import {
  recordList,
  recordOrder,
  recordSteps,
  recordTamed,
  recordedListSteps,
  recordedOrderSteps,
  recordedRules
} from "../../lib/few-steps-record.js";
import {climb, ladderTruth, listLadder, solverNames} from "../../lib/ladder.js";
import {medianOf} from "../../lib/path.js";
import {pointSet} from "../../lib/points/index.js";
import {seededRandom} from "../../lib/random.js";
import {makeSchedule} from "../../lib/schedule.js";
import {timestepList} from "../../lib/timesteps.js";
import {toTheEnd} from "../../lib/to-the-end.js";

const file = new URL("../../src/data/few-steps.json", import.meta.url);
const record = JSON.parse(readFileSync(file, "utf8")) as FewStepsRecord;
const {count, seeds} = record.settings;

function same(value: number, recorded: number, what: string): void {
  assert.ok(Math.abs(value - recorded) <= 1e-3 * recorded, `${what}: ${value}, recorded ${recorded}`);
}

describe("the recorded measurements of /few-steps", () => {
  it("are what the library measures now", () => {
    for (const solver of solverNames) {
      same(recordOrder(solver, {steps: 20, seed: 1, count}), record.orders[`${solver} 20`][0], `order of ${solver}`);
      const place = {schedule: "linear", rule: "quadratic", steps: 10, solver} as const;
      same(
        recordList(place, {seed: 2, count}),
        record.lists[`linear quadratic 10 ${solver}`][1],
        `list with ${solver}`
      );
    }
    same(recordTamed("leading", {steps: 10, seed: 1, count}), record.tamed["leading 10"][0], "the tamed step");
    const steps = recordSteps("trailing", {steps: 10, seed: 1, count});
    steps.forEach((error, i) => same(error, record.steps["trailing 10"][0][i], `step ${i}`));
  });

  it("have, for 2M, an error just before the end that points against that of the last step", () => {
    const mixture = pointSet("tri").mixture!;
    const start = seededRandom(3).normals(200);
    const list = timestepList("quadratic", {timesteps: 1000, steps: 100});
    const levels = listLadder(makeSchedule("linear"), list);
    const before = levels.slice(0, -1);
    const exact = ladderTruth(mixture, start, before, 1e-8);
    const end = ladderTruth(mixture, start, levels, 1e-8);
    const reached = toTheEnd(climb(mixture, start, {levels: before, solver: "dpm-solver"}));
    const last = toTheEnd(climb(mixture, exact, {levels: levels.slice(-2), solver: "ddim"}));
    const [own, missed] = [reached.map((x, i) => x - exact[i]), last.map((x, i) => x - end[i])];
    const cosines = Array.from({length: 100}, (_, i) => {
      const [a, b, c, d] = [own[2 * i], own[2 * i + 1], missed[2 * i], missed[2 * i + 1]];
      return (a * c + b * d) / Math.hypot(a, b) / Math.hypot(c, d);
    });
    assert.ok(medianOf(cosines) < -0.9, `the cosine between the two is ${medianOf(cosines)}`);
  });

  it("have every run, with every seed", () => {
    const lists = ["linear", "cosine"].flatMap((schedule) =>
      recordedRules.flatMap((rule) =>
        recordedListSteps.flatMap((steps) => solverNames.map((solver) => `${schedule} ${rule} ${steps} ${solver}`))
      )
    );
    assert.deepEqual(Object.keys(record.lists).sort(), lists.sort());
    const orders = solverNames.flatMap((solver) => recordedOrderSteps.map((steps) => `${solver} ${steps}`));
    assert.deepEqual(Object.keys(record.orders).sort(), orders.sort());
    for (const rows of [record.lists, record.orders, record.tamed]) {
      for (const [name, values] of Object.entries(rows)) assert.equal(values.length, seeds.length, name);
    }
  });
});
