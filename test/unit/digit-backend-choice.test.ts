import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {DigitBackend} from "../../lib/digits/digit-backend-choice.js";
import {pickDigitBackend} from "../../lib/digits/digit-backend-choice.js";

type Rates = Partial<Record<DigitBackend, number | string>>;

/** Backends of these rates, or with a reason why they do not start. The first step of each takes ten times as long. */
function backends(rates: Rates) {
  const steps: Partial<Record<DigitBackend, number>> = {};
  const ended: DigitBackend[] = [];
  async function* trial(name: DigitBackend) {
    const rate = rates[name] ?? "not there.";
    try {
      if (typeof rate === "string") throw new Error(rate);
      for (steps[name] = 1; ; ++steps[name]!) yield {stepsPerSecond: steps[name] === 1 ? rate / 10 : rate};
    } finally {
      ended.push(name);
    }
  }
  return {trial, steps, ended};
}

describe("pickDigitBackend", () => {
  it("takes the fastest of all, and says how fast each was", async () => {
    const {trial, ended} = backends({wasm: 7, webgpu: 42, webgl: 20});
    const tried: string[] = [];
    const choice = await pickDigitBackend({wish: "auto", trial, onTry: (name) => tried.push(name)});
    assert.equal(choice.name, "webgpu");
    assert.ok(Math.abs(choice.stepsPerSecond - 42) < 1e-9, `${choice.stepsPerSecond} steps a second`);
    const reason =
      "webgpu is the fastest here, with 42 training steps a second; " +
      "webgl: 20 training steps a second; wasm: 7.0 training steps a second";
    assert.equal(choice.reason, reason);
    assert.deepEqual(tried, ["wasm", "webgpu", "webgl"], "wasm first: its rate tells which others are worth it");
    assert.deepEqual(ended, tried, "each trial was ended, so that its network is freed");
  });

  it("leaves a backend that is clearly slower after two steps, and measures the others for the time given", async () => {
    const {trial, steps} = backends({wasm: 100, webgpu: 40, webgl: 90});
    await pickDigitBackend({wish: "auto", trial, milliseconds: 60});
    assert.deepEqual(steps, {wasm: 7, webgpu: 2, webgl: 7});
  });

  it("takes what was wished for without trying the others, also when it is slow", async () => {
    const {trial, ended} = backends({wasm: 7, webgl: 0.5});
    const {name, reason} = await pickDigitBackend({wish: "webgl", trial});
    assert.deepEqual([name, reason], ["webgl", "training on webgl, with 0.50 training steps a second"]);
    assert.deepEqual(ended, ["webgl"]);
  });

  it("trains on the next one when the wish does not start, and says why", async () => {
    const {trial} = backends({wasm: 7, webgl: "its textures hold half floats only, which is too coarse to train with"});
    const {name, reason} = await pickDigitBackend({wish: "webgl", trial});
    assert.equal(name, "wasm");
    assert.match(reason, /^webgl: its textures hold half floats only.*; training on wasm, with 7.0 training steps a/);
  });

  it("throws NothingTrains, with every reason, when nothing does", async () => {
    const {trial} = backends({wasm: "this browser has no WebAssembly."});
    await assert.rejects(pickDigitBackend({wish: "auto", trial}), {
      name: "NothingTrains",
      message:
        "This browser cannot train the network. wasm: this browser has no WebAssembly; webgpu: not there; " +
        "webgl: not there. The pretrained network needs no training."
    });
  });

  it("stops between two steps when its signal aborts", async () => {
    const ending = new AbortController();
    const {trial, steps, ended} = backends({wasm: 7});
    const picked = pickDigitBackend({
      wish: "auto",
      signal: ending.signal,
      async *trial(name) {
        for await (const report of trial(name)) {
          if (steps.wasm === 2) ending.abort(new Error("left"));
          yield report;
        }
      }
    });
    await assert.rejects(picked, /left/);
    assert.deepEqual([ended, steps], [["wasm"], {wasm: 2}]);
  });
});
