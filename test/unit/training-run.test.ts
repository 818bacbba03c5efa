import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {pointSets} from "../../lib/points/index.js";
import {makeSchedule} from "../../lib/schedule.js";
import type {TrainingReport} from "../../lib/training.js";
import type {TrainingEngine} from "../../src/components/training-engine.js";
import type {TrainingPlan} from "../../src/components/training-plan.js";
import {trainingRun} from "../../src/components/training-run.js";
import type {TrainingRunOptions} from "../../src/components/training-run.js";

const schedule = makeSchedule("linear");
const plan = (learningRate: number, steps = 5): TrainingPlan => ({
  set: pointSets[0],
  schedule,
  prediction: "epsilon",
  learningRate,
  steps,
  backend: "cpu"
});
const turn = () => new Promise((resolve) => setTimeout(resolve, 1));

/** An engine that only counts; a step takes a turn of the event loop. */
const counting: TrainingEngine = {
  name: "counting",
  takesCode: false,
  async *round({steps}) {
    for (let step = 1; step <= steps; ++step) {
      await turn();
      yield {step} as TrainingReport;
    }
  },
  sample: async () => new Float64Array(2),
  field: async () => undefined,
  weights: async () => undefined,
  dispose() {}
};

function countingRun(options: Partial<TrainingRunOptions> = {}) {
  const seen: string[] = []; // what the figure is told
  const run = trainingRun({
    async startEngine() {
      await turn();
      return {...counting};
    },
    isOwn: (code) => code.loss !== undefined,
    onBegin: () => seen.push("begin"),
    mayRun: () => true,
    samplingSteps: () => 1,
    onState: (state) => seen.push(state),
    onReport: () => {},
    onSamples: () => {},
    onStop: async () => {},
    onTrouble: (error) => seen.push((error as Error).message),
    signal: new AbortController().signal,
    ...options
  });
  const until = async (reached: () => boolean) => {
    const end = Date.now() + 5000;
    while (!reached()) {
      assert.ok(Date.now() < end, `it did not come so far: ${seen.join(", ")}`);
      await turn();
    }
  };
  return {run, seen, until};
}

describe("trainingRun", () => {
  it("trains to the end of its plan, and another round when it is asked again", async () => {
    const {run, seen, until} = countingRun();
    run.go(plan(1));
    await until(() => run.state === "finished");
    assert.equal(run.step, 5);
    run.go({...run.plan!});
    await until(() => run.step === 10 && run.state === "finished");
    run.go(plan(1, 7));
    await until(() => run.step === 17 && run.state === "finished");
    assert.equal(seen.filter((what) => what === "begin").length, 1, "it went on with what was there");
  });

  it("goes on to the end that the plan has now: that many steps in all or, where these are made, that many more", async () => {
    const {run, seen, until} = countingRun();
    run.go(plan(1, 1000));
    await until(() => run.step > 6);
    run.stop();
    await until(() => run.state === "stopped");
    const before = run.step;
    run.go(plan(1, before + 4));
    await until(() => run.state === "finished");
    assert.deepEqual([run.step, run.steps], [before + 4, before + 4]);
    run.go(plan(1, 1000));
    await until(() => run.step > before + 6);
    run.go(plan(1, 3)); // also while it trains
    const at = run.step;
    await until(() => run.state === "finished");
    assert.equal(run.step, run.steps);
    assert.ok(run.step >= at + 3 && run.step < at + 6, `${run.step} steps, of which ${at} were made`);
    assert.equal(seen.filter((what) => what === "begin").length, 1, "it went on with what was there");
  });

  it("begins the plan that was wanted while another one trained, or was on its way to stop", async () => {
    const {run, until} = countingRun();
    run.go(plan(1, 1000));
    await until(() => run.step > 2);
    run.stop();
    run.go(plan(2));
    assert.equal(run.wanted?.learningRate, 2);
    await until(() => run.state === "finished");
    assert.deepEqual([run.plan?.learningRate, run.step], [2, 5]);
  });

  it("begins the plan that was wanted while another one started", async () => {
    const {run, until} = countingRun();
    run.go(plan(1, 1000));
    await until(() => run.state === "starting");
    run.go(plan(2));
    await until(() => run.state === "finished");
    assert.deepEqual([run.plan?.learningRate, run.step], [2, 5]);
  });

  it("tells what kept it from going on at another rate, and trains when it is asked again", async () => {
    let fails = false;
    const {run, seen, until} = countingRun({
      async startEngine() {
        if (fails) throw new Error("tfjs could not be loaded");
        return {...counting};
      }
    });
    run.go(plan(1, 1000));
    await until(() => run.step > 2);
    run.stop();
    await until(() => run.state === "stopped");
    run.use({loss: (() => {}) as never});
    fails = true;
    run.goOnAt(0.5);
    await until(() => seen.includes("tfjs could not be loaded"));
    fails = false;
    const before = run.step;
    run.goOnAt(0.25);
    await until(() => run.step > before);
    run.stop();
  });
});
