import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {describe, it} from "node:test";
import type {BenchRow} from "../../lib/bench-row.js";
import {pointTask} from "../../lib/bench/point-task.js";

const rows = JSON.parse(readFileSync("src/data/bench.json", "utf8")) as BenchRow[];
const value = (id: string) => rows.find((row) => row.id === id)?.value ?? NaN;

// /speed takes its numbers from the record; these hold its words to it.
describe("the record of /speed", () => {
  it("has PyTorch as installed about as fast as our kernels, and over a quarter of its time for its memory", () => {
    const [installed, keeping] = ["", "_keeping_memory"].map((kind) => value(`points.wasm_over_torch${kind}`));
    assert.ok(Math.abs(installed - 1) < 0.1, `ours make ${installed} of its steps`);
    const share = 1 - keeping / installed;
    assert.ok(share > 0.25 && share < 0.34, `${share} of its time`);
  });

  it("has no room for PyTorch's speed with vectors of four, even in a step of products alone", () => {
    const most = (1e9 * value("points.wasm.gemm_peak")) / pointTask.stepFlops;
    const torch = value("points.wasm.steps") / value("points.wasm_over_torch_keeping_memory");
    assert.ok(most < torch, `${most} steps/s are possible, PyTorch makes ${torch}`);
  });

  it("has every row that the page names", () => {
    const page = readFileSync("src/speed.md", "utf8");
    const named = [...page.matchAll(/(?:whole|share)\("([^"]+)"\)/g)].map(([, id]) => id);
    assert.ok(named.length > 8, `${named.length} are named`);
    assert.deepEqual(
      named.filter((id) => !Number.isFinite(value(id))),
      []
    );
  });
});
