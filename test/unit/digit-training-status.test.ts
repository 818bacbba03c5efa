import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {firstWish, problemOf, sameTraining} from "../../src/components/digit-training-plan.js";
import {thinned} from "../../src/components/digit-training-run.js";
import type {DigitStatus} from "../../src/components/digit-training-status.js";
import {digitTrainingStatus} from "../../src/components/digit-training-status.js";

const work = {wish: firstWish, origin: "here", step: 70, steps: 700, backend: "wasm"} as const;
const status: DigitStatus = {state: "training", work, wish: firstWish, line: "", stepsPerSecond: 7.24, pace: 6};

describe("the status of a training of digits", () => {
  const say = (change: Partial<DigitStatus>) => digitTrainingStatus({...status, ...change});

  it("says where it stands, how fast it is, and how long it will take with all that happens between steps", () => {
    assert.equal(say({}), "Training on wasm: step 70 of 700, 7.2 steps/s without sampling, 1 min 45 s left.");
    assert.equal(say({stepsPerSecond: NaN, pace: NaN}), "Training on wasm: step 70 of 700.");
  });

  it("says what Train does next", () => {
    assert.match(say({state: "idle", work: undefined}), /^This is a recording. Press Train/);
    assert.match(say({state: "stopped"}), /Stopped at step 70 of 700. Train goes on from here/);
    assert.match(say({state: "stopped", wish: {...firstWish, seed: 3}}), /settings have changed: Train starts afresh/);
    assert.match(say({state: "finished"}), /^Done: 70 steps on wasm, .* Train adds 700 more/);
    const file = {...work, origin: "file"} as const;
    assert.match(say({state: "finished", work: file, wish: {...firstWish, seed: 3}}), /from a file.*adds 700 steps/);
  });

  it("says what is being tried while it starts", () => {
    assert.equal(
      say({state: "starting", line: "trying webgl"}),
      "Starting: trying webgl. The first time this takes some seconds."
    );
  });
});

describe("the history of a training of digits", () => {
  it("stays short, and keeps its first and its last samples", () => {
    let history: {step: number; pixels: Uint8Array}[] = [];
    for (let step = 1; step <= 500; ++step) {
      history = thinned([...history, {step, pixels: new Uint8Array()}]);
      assert.ok(history.length <= 48, `${history.length} are kept after ${step}`);
      assert.deepEqual([history[0].step, history.at(-1)!.step], [1, step]);
    }
    const steps = history.map(({step}) => step);
    assert.deepEqual(
      steps,
      [...steps].sort((a, b) => a - b)
    );
    assert.ok(history.length >= 24, "enough are kept");
  });
});

describe("the plan of a training of digits", () => {
  it("can go on with another length or backend, but not with another recipe", () => {
    assert.ok(sameTraining(firstWish, {...firstWish, steps: 1000, backend: "webgl"}), "length and backend are free");
    for (const change of [{batch: 8}, {learningRate: 1}, {seed: 4}]) {
      assert.ok(!sameTraining(firstWish, {...firstWish, ...change}), `${Object.keys(change)} is not`);
    }
  });

  it("names what is wrong, and a value that works", () => {
    assert.equal(problemOf(firstWish), undefined);
    for (const [setting, wrong] of [
      ["steps", 0],
      ["steps", 1.5],
      ["batch", 0],
      ["batch", 1000],
      ["learningRate", 0],
      ["learningRate", Infinity],
      ["seed", -1]
    ] as const) {
      const problem = problemOf({...firstWish, [setting]: wrong})!;
      assert.equal(problem.setting, setting);
      assert.ok(problem.text.includes(String(wrong)), problem.text);
      assert.equal(problemOf({...firstWish, [setting]: problem.use}), undefined);
    }
  });
});
