/**
 * npm run bench [-- --quick --torch --gpu --only TEXT --json FILE --record]: measures training and sampling in Chromium, on
 * the built site, each path in turn with the others, and weighs the pages; prints a table. --record keeps what it found as
 * the run that /speed shows, and writes docs/bench.md.
 *
 * npm run bench -- digits [--only TEXT --json FILE --fresh]: the quality of the digits on our kernels, in Node. It says how
 * far it is, keeps what it has measured in .cache/bench, and goes on from there; --fresh forgets it. Rows of both are
 * {id, value, unit, spread, samples, device}; --only takes what contains the text.
 */
import {execFile} from "node:child_process";
import {mkdir, readFile, rename, rm, writeFile} from "node:fs/promises";
import {dirname} from "node:path";
import {parseArgs, promisify} from "node:util";
import type {BenchNotes} from "../data/bench-digits.js";
import {digitBench} from "../data/bench-digits.js";
import type {BenchRow} from "../lib/bench-row.js";
import {worstRow} from "../lib/bench/middle-row.js";
import {benchInBrowser} from "./bench-browser.js";
import {benchTable} from "./bench-markdown.js";
import {isBuilt} from "./build-stamp.js";

const {values: options, positionals} = parseArgs({
  options: {
    json: {type: "string"},
    only: {type: "string"},
    fresh: {type: "boolean"},
    quick: {type: "boolean"},
    torch: {type: "boolean"},
    gpu: {type: "boolean"},
    record: {type: "boolean"}
  },
  allowPositionals: true
});
const [name] = positionals;
if (name !== undefined && name !== "digits") throw new Error(`there is no bench ${name}: say digits, or nothing`);
const log = (text: string) => console.log(text);
const json = options.json ?? (options.record ? "src/data/bench.json" : undefined);
const rows: BenchRow[] = json ? (JSON.parse(await readFile(json, "utf8").catch(() => "[]")) as BenchRow[]) : [];

if (name === "digits") await benchDigits();
else {
  if (!(await isBuilt())) {
    log("building the site");
    await promisify(execFile)(process.execPath, ["--import", "tsx", "tools/build.ts"], {maxBuffer: 1 << 26});
  }
  const began = performance.now();
  await benchInBrowser({...options, log, onRows: keep});
  const worst = worstRow("points.swd_over_floor.1000", rows, /^points\.\w+\.swd_over_floor\.1000$/); // of earlier runs too
  if (worst) await keep([worst]);
  log(`\n${benchTable(rows)}\n\n${Math.round((performance.now() - began) / 1000)} s`);
  if (options.record) await writeFile("docs/bench.md", `${benchTable(rows, {page: true})}\n`);
}

async function benchDigits(): Promise<void> {
  const file = ".cache/bench/digits.json";
  if (options.fresh) await rm(file, {force: true});
  const kept = JSON.parse(await readFile(file, "utf8").catch(() => "{}")) as Record<string, unknown>;
  const notes: BenchNotes = {
    get: <A>(key: string) => kept[key] as A | undefined,
    async set(key, value) {
      kept[key] = value;
      await write(file, kept);
    }
  };
  for (const part of digitBench.filter(({ids}) => ids.some((id) => id.includes(options.only ?? "")))) {
    log(`measuring ${part.ids.join(", ")}`);
    await keep(await part.run(notes, log));
  }
}

async function keep(found: BenchRow[]): Promise<void> {
  for (const row of found) {
    const at = rows.findIndex(({id}) => id === row.id);
    if (at < 0) rows.push(row);
    else rows[at] = row;
    log(`${row.id}: ${Number(row.value.toPrecision(4))} ± ${Number(row.spread.toPrecision(2))} ${row.unit}`);
  }
  if (json) await write(json, rows);
}

async function write(path: string, content: unknown): Promise<void> {
  await mkdir(dirname(path), {recursive: true});
  await writeFile(`${path}.part`, `${JSON.stringify(content, null, 2)}\n`);
  await rename(`${path}.part`, path);
}
