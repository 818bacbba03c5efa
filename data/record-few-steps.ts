/**
 * npx tsx data/record-few-steps.ts: measures what /few-steps states, and writes src/data/few-steps.json. It goes on where
 * it was stopped; about a minute on one core.
 */
import type {FewStepsRecord} from "../lib/few-steps-record.js";
import {
  recordList,
  recordOrder,
  recordSteps,
  recordTamed,
  recordedListSteps,
  recordedOrderSteps,
  recordedRules
} from "../lib/few-steps-record.js";
import {solverNames} from "../lib/ladder.js";
import {resumable} from "./resumable.js";

const settings = {seeds: [1, 2, 3, 4], count: 300};
const {seeds, count} = settings;
const empty: FewStepsRecord = {settings, orders: {}, lists: {}, steps: {}, tamed: {}};
const {value, once} = await resumable("few-steps", empty);

for (const steps of recordedOrderSteps) {
  for (const solver of solverNames) {
    await once(value.orders, `${solver} ${steps}`, () =>
      seeds.map((seed) => recordOrder(solver, {steps, seed, count}))
    );
  }
}
for (const rule of ["trailing", "quadratic"] as const) {
  await once(value.steps, `${rule} 10`, () => seeds.map((seed) => recordSteps(rule, {steps: 10, seed, count})));
}
for (const rule of ["leading", "trailing"] as const) {
  for (const steps of [10, 20]) {
    await once(value.tamed, `${rule} ${steps}`, () => seeds.map((seed) => recordTamed(rule, {steps, seed, count})));
  }
}
for (const schedule of ["linear", "cosine"] as const) {
  for (const rule of recordedRules) {
    for (const steps of recordedListSteps) {
      for (const solver of solverNames) {
        const place = {schedule, rule, steps, solver};
        await once(value.lists, `${schedule} ${rule} ${steps} ${solver}`, () =>
          seeds.map((seed) => recordList(place, {seed, count}))
        );
      }
    }
  }
}
