import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {longTasks} from "../../tools/soak-measures.js";
import {robustSlope, verdict} from "../../tools/trend.js";

describe("the verdict of a soak", () => {
  it("finds a slope through odd rounds", () => {
    const values = Array.from({length: 20}, (_, i) => 100 + 3 * i);
    assert.equal(robustSlope(values), 3);
    values[4] = 1e6;
    values[11] = -1e6;
    assert.ok(Math.abs(robustSlope(values) - 3) < 0.2, `the slope is ${robustSlope(values)}`);
    assert.equal(robustSlope([5, 5, 5, 9, 5, 5]), 0);
  });

  it("calls flat what warms up, comes and goes, or shrinks, and nothing that grows by more than it may", () => {
    const flat = (values: number[], tolerance = 0) => verdict("nodes", values, {tolerance}).flat;
    assert.ok(flat([1, 50, 60, 60, 60, 60]), "only the first two rounds have grown");
    assert.ok(flat([9, 9, 60, 62, 60, 61, 59, 60]), "it comes and goes");
    assert.ok(flat([9, 9, 60, 50, 40]), "it shrinks");
    assert.ok(!flat([9, 9, 60, 61, 62, 63]), "it grows");
    assert.ok(flat([9, 9, 60, 61, 62, 63], 1), "it may grow so much");
    const {line} = verdict("heap", [9, 9, 60, 61, 62, 63], {tolerance: 0, unit: " kB"});
    assert.equal(line, "GROWS heap: 60 to 63 kB, 1 kB a round (at most 0)");
  });

  it("refuses too few rounds to tell", () => {
    assert.throws(() => verdict("heap", [1, 2, 3, 4], {tolerance: 0}), /4 rounds are too few; 5 are needed/);
  });
});

describe("the long tasks of a trace", () => {
  it("are those of a page's own thread, by the time of the processor, with what went on", () => {
    const task = {name: "ThreadControllerImpl::RunTask", pid: 1, tid: 1};
    const traceEvents = [
      {name: "thread_name", pid: 1, tid: 1, ts: 0, args: {name: "CrRendererMain"}},
      {name: "thread_name", pid: 1, tid: 2, ts: 0, args: {name: "DedicatedWorker thread"}},
      {...task, ts: 5, tdur: 201_000},
      {name: "soak: train: edit", pid: 1, tid: 1, ts: 10},
      {name: "soak: sample: hide", pid: 2, tid: 1, ts: 15},
      {...task, ts: 20, tdur: 350_000},
      {...task, ts: 30, tdur: 199_000, dur: 900_000},
      {...task, tid: 2, ts: 40, tdur: 900_000}
    ];
    assert.deepEqual(longTasks(Buffer.from(JSON.stringify({traceEvents})), 200), [
      {milliseconds: 201, during: "the load of a page"},
      {milliseconds: 350, during: "train: edit"}
    ]);
  });
});
