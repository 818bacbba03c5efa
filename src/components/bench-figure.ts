import type {BenchProgress} from "../lib/bench/bench-run.js";
import {runBench} from "../lib/bench/bench-run.js";
import type {BenchCalls} from "../lib/bench/bench-work.js";
import type {BenchRow} from "../lib/bench-row.js";
import {devicesText} from "../lib/bench-row.js";
import {benchCells, benchColumns} from "./bench-columns.js";
import {button, buttonRow, controls, select} from "./controls.js";
import {element} from "./element.js";
import {lifetime} from "./lifetime.js";
import type {Live} from "./live.js";
import {live} from "./live.js";
import {saveFile} from "./save-file.js";
import {workerCalls} from "./worker-calls.js";
import {startWorker} from "./start-worker.js";

export interface BenchFigureOptions {
  recorded: readonly BenchRow[];
  invalidation?: Promise<unknown>;
}

/** The project's bench: a recorded run, and one on the reader's device, which begins when the reader asks for it. */
export function benchFigure({recorded, invalidation}: BenchFigureOptions): Live {
  const signal = lifetime(invalidation);
  let rows: BenchRow[] = [...recorded];
  let missing: string[] = [];
  let job: AbortController | undefined;
  const what = select<"points" | "points.wasm" | "points,digits.wasm">({
    name: "what",
    long: true,
    options: [
      {value: "points", label: "points, every way this browser has"},
      {value: "points.wasm", label: "points, our kernels alone"},
      {value: "points,digits.wasm", label: "points every way, digits on our kernels"}
    ]
  });
  const length = select<"quick" | "full">({
    name: "length",
    long: true,
    options: [
      {value: "quick", label: "quick: about two minutes"},
      {value: "full", label: "full: nine turns of each, all qualities"}
    ]
  });
  const start = button("Run the bench here", () => void toggle(), {primary: true});
  const copy = button("Copy as JSON", () => void copyRows());
  const save = button("Save as JSON", () => saveFile(new Blob([asJson()], {type: "application/json"}), "bench.json"));
  const progress = element("progress", {max: 1, value: 0, "aria-label": "Progress of the bench", hidden: true});
  const box = element("div", {class: "table-scroll", role: "region", "aria-label": "Measurements", tabindex: 0});
  const notes = element("p", {class: "live-note", hidden: true});
  const root = live(
    "The bench: speed of each path",
    controls(what, length),
    buttonRow(start, copy, save),
    progress as unknown as HTMLElement,
    box,
    notes
  );
  root.badge("recorded", "the project’s bench");
  root.say(`Device: ${devicesText(rows)}.`);
  root.table(() => ({
    columns: ["id", "value", "unit", "spread", "samples", "device"],
    rows: rows.map((row) => [row.id, row.value, row.unit, row.spread, row.samples, row.device])
  }));
  show();
  signal.addEventListener("abort", () => job?.abort());
  return root;

  async function toggle(): Promise<void> {
    if (job) return job.abort();
    const own = (job = new AbortController());
    const worker = workerCalls<BenchCalls>(spawnWorker);
    own.signal.addEventListener("abort", () => worker.end()); // even in the middle of a turn
    begin();
    try {
      const options = {ask: worker.ask, device: thisDevice(), quick: length.value === "quick", only: what.value};
      for await (const step of runBench({...options, signal: own.signal})) take(step);
    } catch (error) {
      if (!own.signal.aborted) root.alert(error instanceof Error ? error.message : String(error));
    } finally {
      worker.end();
      end(own.signal.aborted);
      job = undefined;
    }
  }

  function begin(): void {
    [rows, missing] = [[], []];
    root.alert("");
    root.badge("trained", "measured on this device");
    start.textContent = "Stop";
    progress.hidden = false;
    progress.value = 0;
    for (const input of [what, length]) for (const list of input.querySelectorAll("select")) list.disabled = true;
    show();
  }

  function take({done, doing, rows: found, missing: why}: BenchProgress): void {
    progress.value = done;
    if (doing) root.say(`Measuring ${doing}. Leave the tab in front, and the machine alone.`, true);
    if (why) missing.push(why);
    rows.push(...found);
    if (found.length || why) show();
  }

  function end(stopped: boolean): void {
    start.textContent = "Run the bench here";
    progress.hidden = true;
    for (const input of [what, length]) for (const list of input.querySelectorAll("select")) list.disabled = false;
    root.say(`${stopped ? "Stopped" : "Done"}: ${rows.length} numbers. Device: ${thisDevice()}.`);
  }

  function show(): void {
    const head = benchColumns.map(({label}) => element("th", {scope: "col"}, label));
    const body = benchCells(rows).map(({name, cells}) =>
      element(
        "tr",
        {},
        element("th", {scope: "row", style: "font-weight: normal; text-align: left; vertical-align: top"}, name),
        ...cells.map(benchCell)
      )
    );
    const empty = element("tr", {}, element("td", {colspan: benchColumns.length + 1}, "Nothing is measured yet."));
    box.replaceChildren(
      element(
        "table",
        {style: "max-width: none"},
        element("thead", {}, element("tr", {}, element("th", {scope: "col"}, "path"), ...head)),
        element("tbody", {}, ...(body.length ? body : [empty]))
      )
    );
    notes.hidden = missing.length === 0;
    notes.textContent = missing.length ? `Left out here: ${missing.join("; ")}.` : "";
  }

  async function copyRows(): Promise<void> {
    try {
      await navigator.clipboard.writeText(asJson());
      root.say(`Copied ${rows.length} rows.`);
    } catch {
      root.say("The browser does not let this page copy: save the file instead.");
    }
  }

  function asJson(): string {
    return `${JSON.stringify(rows, null, 2)}\n`;
  }
}

function spawnWorker(): Worker {
  return startWorker(import.meta.resolve("./bench-worker.js"));
}

/** What the browser says of itself and of the machine. */
function thisDevice(): string {
  const {userAgent, hardwareConcurrency} = navigator;
  const browser = /(?:Firefox|Edg|Chrome|Version)\/[\d.]+/.exec(userAgent)?.[0] ?? "a browser";
  const system = /\(([^;)]*)/.exec(userAgent)?.[1] ?? "unknown";
  return `${browser.replace("Version", "Safari")}, ${system}, ${hardwareConcurrency} threads`;
}

/** A number with its spread below it, so that the columns are narrow. */
function benchCell(text: string): HTMLElement {
  const [value, spread] = text.split(/ (?=±)/);
  const below = element("small", {style: "display: block; color: var(--theme-foreground-muted)"}, spread ?? "");
  return element(
    "td",
    {style: "white-space: nowrap; vertical-align: top"},
    ...(spread ? [`${value} `, below] : [value])
  );
}
