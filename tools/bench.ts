/**
 * npm run bench -- digits|points [--json FILE] [--only PART]: measures the project's own code and writes rows {id, value, unit,
 * spread, samples, device}. It says how far it is, keeps what it has measured in .cache/bench, and goes on from there;
 * --fresh forgets it. --only takes the parts whose ids contain the text.
 */
import {mkdir, readFile, rename, rm, writeFile} from "node:fs/promises";
import {dirname} from "node:path";
import {parseArgs} from "node:util";
import type {BenchNotes, BenchPart} from "../data/bench-digits.js";
import {digitBench} from "../data/bench-digits.js";
import {pointBench} from "../data/bench-points.js";
import type {BenchRow} from "../lib/bench-row.js";

const benches: Record<string, BenchPart[]> = {digits: digitBench, points: pointBench};

const {values: options, positionals} = parseArgs({
  options: {json: {type: "string"}, only: {type: "string"}, fresh: {type: "boolean"}},
  allowPositionals: true
});
const [name = "digits"] = positionals;
const bench = benches[name];
if (!bench) throw new Error(`there is no bench ${name}: say ${Object.keys(benches).join(", ")}`);
const file = `.cache/bench/${name}.json`;
if (options.fresh) await rm(file, {force: true});
const kept = JSON.parse(await readFile(file, "utf8").catch(() => "{}")) as Record<string, unknown>;
const notes: BenchNotes = {
  get: <A>(key: string) => kept[key] as A | undefined,
  async set(key, value) {
    kept[key] = value;
    await write(file, kept);
  }
};
const only = options.only ?? "";
const rows: BenchRow[] = options.json
  ? (JSON.parse(await readFile(options.json, "utf8").catch(() => "[]")) as BenchRow[])
  : [];
for (const part of bench.filter(({ids}) => ids.some((id) => id.includes(only)))) {
  console.log(`measuring ${part.ids.join(", ")}`);
  for (const row of await part.run(notes, (text) => console.log(text))) {
    const at = rows.findIndex(({id}) => id === row.id);
    if (at < 0) rows.push(row);
    else rows[at] = row;
    console.log(`${row.id}: ${Number(row.value.toPrecision(4))} ± ${Number(row.spread.toPrecision(2))} ${row.unit}`);
  }
  if (options.json) await write(options.json, rows);
}

async function write(path: string, content: unknown): Promise<void> {
  await mkdir(dirname(path), {recursive: true});
  await writeFile(`${path}.part`, `${JSON.stringify(content, null, 2)}\n`);
  await rename(`${path}.part`, path);
}
