import assert from "node:assert/strict";
import {afterEach, describe, it, mock} from "node:test";
import {
  BackendLost,
  isBackendLost,
  onBackendLost,
  restartBackend,
  startBackend,
  tryBackend,
  webgpuDevice
} from "../../lib/backend.js";
import * as tf from "../../lib/tf.js";

// A browser that loses its graphics card is in test/pages/training.test.ts.

afterEach(() => mock.restoreAll());

describe("startBackend", () => {
  it("starts the one that is asked for", async () => {
    for (const name of ["wasm", "cpu"] as const) {
      assert.deepEqual(await startBackend(name), {name, reason: `running on ${name}`});
      assert.equal(tf.getBackend(), name);
    }
  });

  it("falls to the next one that works, and says why", async () => {
    const {name, reason} = await startBackend("webgpu");
    assert.equal(name, "wasm");
    assert.match(
      reason,
      /^webgpu does not start: this browser has no WebGPU.*; webgl does not start: .*; running on wasm$/
    );
  });

  it("throws with every reason when nothing starts", async () => {
    mock.method(tf.engine(), "setBackend", () => Promise.resolve(false));
    await assert.rejects(startBackend("cpu"), /^Error: No backend starts\. cpu .*; webgpu .*; webgl .*; wasm .*$/);
  });
});

describe("tryBackend", () => {
  it("returns the reason instead of another backend", async () => {
    await startBackend("cpu");
    assert.match((await tryBackend("webgl"))!, /no WebGL/);
    assert.equal(await tryBackend("wasm"), undefined);
  });

  it("asks WebGPU for an adapter first", async () => {
    const navigator = {gpu: {requestAdapter: () => Promise.resolve(null)}};
    Object.defineProperty(globalThis, "navigator", {value: navigator, configurable: true});
    assert.match((await tryBackend("webgpu"))!, /no graphics adapter/);
    navigator.gpu.requestAdapter = () => Promise.reject(new Error("the driver is blocked"));
    assert.equal(await tryBackend("webgpu"), "the driver is blocked");
    Reflect.deleteProperty(globalThis, "navigator");
  });
});

describe("a browser without WebAssembly", () => {
  it("is told that it has none, and the processor computes", async () => {
    const {WebAssembly} = globalThis;
    Reflect.deleteProperty(globalThis, "WebAssembly");
    try {
      const {name, reason} = await startBackend("wasm");
      assert.equal(name, "cpu");
      assert.match(reason, /^wasm does not start: this browser has no WebAssembly; .*; running on cpu$/);
    } finally {
      Object.defineProperty(globalThis, "WebAssembly", {value: WebAssembly, configurable: true, writable: true});
    }
  });
});

describe("the backends", () => {
  it("agree on the gradient of a small network", async () => {
    const results: Float32Array[] = [];
    for (const name of ["cpu", "wasm"] as const) {
      await startBackend(name);
      const gradient = tf.tidy(() => {
        const x = tf.tensor2d([0.5, -1, 2, 0.25], [2, 2]);
        return tf.grad((w) => x.matMul(w).relu().square().mean())(tf.tensor2d([1, 2, -3, 0.5], [2, 2]));
      });
      results.push((await gradient.data()) as Float32Array);
      gradient.dispose();
    }
    assert.deepEqual([...results[0]], [...results[1]]);
    assert.ok(results[0].some((value) => value !== 0));
  });
});

describe("restartBackend", () => {
  it("does nothing while the backend is well", async () => {
    await startBackend("cpu");
    const backend = tf.backend();
    const stop = onBackendLost(() => assert.fail("nothing was lost"));
    assert.equal(isBackendLost(), false);
    assert.deepEqual(await restartBackend(), {name: "cpu", reason: "running on cpu"});
    assert.equal(tf.backend(), backend);
    stop();
  });
});

describe("webgpuDevice", () => {
  it("is refused where tfjs has not started WebGPU", () => {
    assert.throws(webgpuDevice, /tfjs does not run on WebGPU: start it first/);
  });
});

describe("BackendLost", () => {
  it("says what was lost, why, and what to do", () => {
    const {message, backend} = new BackendLost("webgl");
    assert.equal(backend, "webgl");
    assert.match(message, /stopped webgl.*driver reset.*Run this again/);
  });
});
