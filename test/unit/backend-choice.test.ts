import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {startBackend} from "../../lib/backend.js";
import {pickBackend} from "../../lib/backend-choice.js";
import * as tf from "../../lib/tf.js";

describe("pickBackend", () => {
  it("stops when the signal aborts, and leaves the backend that ran", async () => {
    await startBackend("cpu");
    await assert.rejects(pickBackend({signal: AbortSignal.abort(new Error("left the page"))}), /left the page/);
    const stop = new AbortController();
    const choice = pickBackend({backends: ["wasm", "cpu"], milliseconds: 60000, signal: stop.signal});
    setTimeout(() => stop.abort(new Error("left the page")), 300);
    await assert.rejects(choice, /left the page/);
    assert.equal(tf.getBackend(), "cpu");
    assert.equal(tf.memory().numTensors, 0);
  });

  it("starts the fastest, and says how fast each was or why it is not there", async () => {
    const {name, reason, trials} = await pickBackend({milliseconds: 50});
    assert.equal(tf.getBackend(), name);
    assert.deepEqual(
      trials.map((trial) => trial.name),
      ["webgpu", "webgl", "wasm", "cpu"]
    );
    const [webgpu, webgl, wasm, cpu] = trials;
    for (const {available, stepsPerSecond, reason} of [webgpu, webgl]) {
      assert.deepEqual([available, stepsPerSecond], [false, undefined]);
      assert.match(reason, /no Web/);
    }
    assert.equal(wasm.available, true);
    assert.ok(wasm.stepsPerSecond! > 0.1);
    assert.match(wasm.reason, /^(at most )?[\d.]+ training steps a second$/);
    assert.deepEqual([cpu.available, cpu.stepsPerSecond], [true, undefined]);
    assert.match(cpu.reason, /not tried, since wasm/);
    assert.equal(name, "wasm");
    assert.ok(reason.startsWith(`${name} is the fastest here, with ${wasm.reason}; `));
    for (const trial of trials) assert.ok(reason.includes(trial.reason));
    assert.equal(tf.memory().numTensors, 0);
  });

  it("measures the cpu when there is no wasm", async () => {
    const {name, trials} = await pickBackend({backends: ["webgl", "cpu"], milliseconds: 20});
    assert.equal(name, "cpu");
    assert.ok(trials[1].stepsPerSecond! > 0.1);
  });

  it("remembers the answer, starts it again, and lets calls that overlap wait", async () => {
    const first = await pickBackend();
    await startBackend(first.name === "cpu" ? "wasm" : "cpu");
    const [again, once] = await Promise.all([pickBackend(), pickBackend()]);
    assert.equal(again, first);
    assert.equal(once, first);
    assert.equal(tf.getBackend(), first.name);
  });

  it("throws with the reasons when none of the backends starts", async () => {
    await assert.rejects(pickBackend({backends: ["webgl", "webgpu"]}), /No backend starts. webgl: .*; webgpu: /);
  });
});
