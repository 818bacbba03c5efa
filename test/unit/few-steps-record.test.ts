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
import {solverNames} from "../../lib/ladder.js";

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
