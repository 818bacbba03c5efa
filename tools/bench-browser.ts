import {spawn} from "node:child_process";
import {readdir} from "node:fs/promises";
import {cpus, loadavg} from "node:os";
import {join} from "node:path";
import {createInterface} from "node:readline";
import type {Browser} from "playwright-core";
import type {BenchRow} from "../lib/bench-row.js";
import type {AskBench, OtherProgram} from "../lib/bench/bench-run.js";
import {runBench} from "../lib/bench/bench-run.js";
import {launchBrowser} from "./browser.js";
import {weighPages, weightRows} from "./page-weights.js";
import {serve} from "./serve.js";

/** Options of `benchInBrowser`. */
export interface BrowserBenchOptions {
  quick?: boolean;
  only?: string; // as in BenchOptions; "page" weighs pages alone
  torch?: boolean; // with PyTorch, in turn with the paths
  gpu?: boolean; // on the machine's own graphics card instead of a software one
  onRows: (rows: BenchRow[]) => Promise<void>; // as they come
  log: (text: string) => void;
}

/** Runs the bench of /speed in Chromium, on the built site, and weighs its pages. */
export async function benchInBrowser({only = "", log, onRows, ...options}: BrowserBenchOptions): Promise<void> {
  const site = await serve({folder: "dist"});
  const browser = await launchBrowser({gpu: options.gpu});
  const torch = options.torch ? [await startTorch("torch"), await startTorch("torch_keeping_memory", keepsMemory)] : [];
  try {
    const {ask, card} = await openBench(browser, site.url);
    // A machine that does other things too is no good for times: say so in the rows.
    const load = `load ${loadavg()[0].toFixed(1)} on ${cpus().length} cores`;
    const device = `${cpus()[0]?.model ?? "unknown"}, ${load}, Chromium ${browser.version()}, ${card}`;
    log(`on ${device}${torch.length ? `, and ${torch[0].name}` : ""}`);
    if (only === "" || only === "page") await onRows(await weights(browser, device));
    if (only === "page") return;
    for await (const {doing, rows, missing} of runBench({...options, ask, device, only, others: torch})) {
      if (doing) log(doing);
      if (missing) log(`left out: ${missing}`);
      if (rows.length) await onRows(rows);
    }
  } finally {
    for (const {end} of torch) end();
    await browser.close();
    await site.close();
  }
}

async function weights(browser: Browser, device: string): Promise<BenchRow[]> {
  const pages = (await readdir("dist")).filter((name) => name.endsWith(".html"));
  return weightRows(await weighPages(browser, "dist", pages), device);
}

/** The worker of /speed, in a page of the site that has nothing else to do; and what draws there. */
export async function openBench(browser: Browser, url: string): Promise<{ask: AskBench; card: string}> {
  const folder = "_import/components";
  const names = await readdir(join("dist", folder));
  const [worker, starter] = ["bench-worker", "start-worker"].map((module) =>
    names.find((name) => name.startsWith(`${module}.`) && name.endsWith(".js"))
  );
  if (!worker || !starter) throw new Error("the site has no bench-worker: build it, with the page /speed");
  const page = await browser.newPage();
  await page.goto(`${url}references.html`);
  const card = (await page.evaluate(`(async () => {
    const {startWorker} = await import("${url}${folder}/${starter}");
    const worker = startWorker("${url}${folder}/${worker}");
    const waiting = new Map();
    let calls = 0;
    worker.onmessage = ({data}) => {
      const {resolve, reject} = waiting.get(data.id);
      waiting.delete(data.id);
      if (data.failure) reject(new Error(data.failure.message));
      else resolve(data.answer);
    };
    worker.onerror = ({message}) => waiting.forEach(({reject}) => reject(new Error(message)));
    globalThis.ask = (task, content) => new Promise((resolve, reject) => {
      waiting.set(++calls, {resolve, reject});
      worker.postMessage({id: calls, task, content});
    });
    const gl = document.createElement("canvas").getContext("webgl2");
    const info = gl?.getExtension("WEBGL_debug_renderer_info");
    const webgl = gl ? gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER) : "no WebGL";
    const adapter = await navigator.gpu?.requestAdapter();
    const webgpu = adapter ? [adapter.info.vendor, adapter.info.architecture, adapter.info.description].filter(Boolean).join(" ") : "none";
    return "WebGL: " + webgl + ", WebGPU: " + webgpu;
  })()`)) as string;
  const ask = (task: string, content: unknown) =>
    page.evaluate(`ask(${JSON.stringify(task)}, ${JSON.stringify(content) ?? "undefined"})`);
  return {ask: ask as AskBench, card};
}

// As installed, PyTorch gives memory back to the system in each step and asks for it anew, which can cost more than the
// step itself. So it takes part twice: as it comes, and told to keep its memory.
const keepsMemory = {MALLOC_TRIM_THRESHOLD_: "1000000000", MALLOC_MMAP_THRESHOLD_: "1000000000"};

/** PyTorch on one thread, which trains the same network; see data/bench_torch.py. */
async function startTorch(
  id: string,
  settings: Record<string, string> = {}
): Promise<OtherProgram & {name: string; end(): void}> {
  const env = {...process.env, ...settings, OPENBLAS_NUM_THREADS: "1", OMP_NUM_THREADS: "1"};
  const child = spawn("/usr/bin/python3", ["data/bench_torch.py"], {env, stdio: ["pipe", "pipe", "inherit"]});
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async () => {
    const {value, done} = await lines.next();
    if (!done) return value;
    throw new Error("PyTorch did not start: it needs Debian's python3-torch and libopenblas0 (apt-get install)");
  };
  const name = await next();
  return {
    id,
    name,
    async turn(ms) {
      child.stdin.write(`${ms}\n`);
      return Number(await next());
    },
    end: () => void child.stdin.end()
  };
}
