import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {BenchRow} from "../../lib/bench-row.js";
import type {AskBench, BenchProgress} from "../../lib/bench/bench-run.js";
import {runBench} from "../../lib/bench/bench-run.js";
import {middleRow, worstRow} from "../../lib/bench/middle-row.js";
import {benchTable} from "../../tools/bench-markdown.js";

const path = (id: string, counts: "launches" | "dispatches" | null = null) => ({id, name: id, counts});
const paths = {
  points: [path("wasm"), path("tfjs_cpu"), path("webgpu", "dispatches"), path("tfjs_webgpu", "dispatches")],
  digits: [path("wasm")]
};
const speeds: Record<string, number> = {wasm: 240, tfjs_cpu: 4, webgpu: 1000, tfjs_webgpu: 10};

/** A thread that measures what it is told to. */
function fake(broken?: string): {ask: AskBench; asked: string[]} {
  const asked: string[] = [];
  const ask = async (task: string, content: unknown): Promise<unknown> => {
    const {subject, path, sampler, steps} = (content ?? {}) as Record<string, string>;
    asked.push([task, subject, path].filter(Boolean).join(" "));
    if (broken !== undefined && path === broken) throw new Error("there is no such card");
    if (task === "paths") return paths;
    if (task === "begin") return {train: path === "webgpu" ? 2 : 187, ddim: 1};
    if (task === "turn") {
      const stepsPerSecond = speeds[path];
      return {stepsPerSecond, threadMs: path === "webgpu" ? 0.01 : 12, gflops: 20, peakGflops: 25};
    }
    if (task === "sample") return {ms: sampler === "ddpm" ? 5000 : 5 * Number(steps)};
    return task === "quality" ? {ratio: path === "wasm" ? 1.2 : 1.4} : undefined;
  };
  return {ask: ask as AskBench, asked};
}

async function run(options: Partial<Parameters<typeof runBench>[0]> = {}, broken?: string) {
  const {ask, asked} = fake(broken);
  const steps: BenchProgress[] = [];
  for await (const step of runBench({ask, device: "a test", ...options})) steps.push(step);
  const rows = steps.flatMap(({rows}) => rows);
  const value = (id: string) => rows.find((row) => row.id === id)?.value;
  return {asked, steps, rows, value};
}

describe("runBench", () => {
  it("makes the rows of the issue's ids, as ratios of turns", async () => {
    const {value} = await run({others: [{id: "torch", turn: async () => 200}]});
    assert.equal(value("points.wasm_over_tfjs_cpu"), 60);
    assert.equal(value("points.wasm_over_torch"), 1.2);
    assert.equal(value("points.wasm_share_of_gemm_peak"), 0.8);
    assert.equal(value("points.webgpu.dispatches"), 2);
    assert.equal(value("points.webgpu.main_thread_ratio"), 1200);
    assert.equal(value("ddpm1000_over_ddim20.points"), 50);
    assert.equal(value("ddpm1000_over_ddim20.digits"), 50);
    assert.equal(value("points.wasm.swd_over_floor.1000"), 1.2);
  });

  it("lets the paths take turns, and does not measure one to its end before the next", async () => {
    const {asked} = await run();
    const turns = asked.filter((task) => task.startsWith("turn points")).map((task) => task.split(" ")[2]);
    const round = paths.points.map(({id}) => id);
    assert.deepEqual(turns, Array.from({length: 9}, () => round).flat());
  });

  it("leaves out a path that does not start, says why, and measures the others", async () => {
    const {steps, value} = await run({}, "webgpu");
    const missing = steps.flatMap((step) => step.missing ?? []);
    assert.deepEqual(missing, ["points, webgpu: there is no such card"]);
    assert.equal(value("points.webgpu.steps"), undefined);
    assert.equal(value("points.wasm.steps"), 240);
  });

  it("measures only what is asked for, and goes forward to its end", async () => {
    const {asked, steps} = await run({only: "digits", quick: true});
    assert.ok(!asked.some((task) => task.includes("points")), asked.join(", "));
    const done = steps.map((step) => step.done);
    assert.deepEqual(
      done,
      done.toSorted((a, b) => a - b)
    );
    assert.equal(done.at(-1), 1);
  });

  it("stops between two tasks when asked to", async () => {
    const {ask, asked} = fake();
    const job = new AbortController();
    for await (const {doing} of runBench({ask, device: "a test", signal: job.signal}))
      if (doing.includes("turn 2")) job.abort();
    assert.equal(asked.filter((task) => task === "turn points wasm").length, 2);
  });
});

describe("the table of a bench", () => {
  const row = (id: string, value: number): BenchRow => middleRow(id, [value], "ratio", "a test");

  it("takes the median, and half the distance of the quartiles", () => {
    const {value, spread, samples} = middleRow("a", [5, 1, 2, 4, 3], "ms", "a test");
    assert.deepEqual({value, spread, samples}, {value: 3, spread: 1, samples: 5});
  });

  it("names the worst path's value under the common id", () => {
    const rows = [row("points.wasm.swd", 1.2), row("points.webgl.swd", 1.4), row("other", 9)];
    assert.equal(worstRow("points.swd", rows, /^points\.\w+\.swd$/)?.value, 1.4);
    assert.equal(worstRow("points.swd", [], /x/), undefined);
  });

  it("says of each goal whether it is reached, and which were not measured", () => {
    const table = benchTable([row("points.wasm_over_tfjs_cpu", 44), row("points.webgl.launches", 39)]);
    assert.match(table, /`points\.wasm_over_tfjs_cpu` \| 44\.0 \| ≥ 45 \| no \|/);
    assert.match(table, /`points\.webgl\.launches` \| 39\.0 \| ≤ 40 \| yes \|/);
    assert.match(table, /`points\.webgpu\.dispatches` \| not measured/);
  });
});
