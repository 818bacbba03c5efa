/**
 * npx tsx data/record-errata.ts [NAME…]: runs every exhibit of /errata, or those named, as the page's fences have it, beside
 * the right code, over several seeds, and writes the numbers that the page states to src/data/errata.json.
 */
import {existsSync, readFileSync} from "node:fs";
import {writeFile} from "node:fs/promises";
import type {Code} from "../lib/errata/code.js";
import type {SceneName} from "../lib/errata/exhibit.js";
import {exhibits} from "../lib/errata/exhibits.js";
import type {ErrataRecord} from "../lib/errata/record.js";
import {measureScene, spreadOf} from "../lib/errata/record.js";
import {breather} from "../tools/breather.js";
import {errataFences, errataFunction} from "../tools/errata-fences.js";

const file = new URL("../src/data/errata.json", import.meta.url);
const seeds = [1, 2, 3, 4, 5];
const points = 2000;
const wanted = process.argv.slice(2);

const record: ErrataRecord = existsSync(file)
  ? (JSON.parse(readFileSync(file, "utf8")) as ErrataRecord)
  : {seeds, points, exhibits: {}};
Object.assign(record, {seeds, points});
const fences = errataFences();

for (const exhibit of exhibits) {
  if (wanted.length && !wanted.includes(exhibit.name)) continue;
  const code = (await errataFunction(fences.get(exhibit.name)!.bug)) as Code;
  const scenes = {} as ErrataRecord["exhibits"][string];
  for (const name of ["shows", "hides"] as SceneName[]) {
    const runs = [];
    for (const seed of seeds)
      runs.push(await measureScene(exhibit, name, code, {seed, count: points, breathe: breather()}));
    scenes[name] = {
      buggy: spreadOf(runs.map(({buggy}) => buggy)),
      right: spreadOf(runs.map(({right}) => right))
    };
    console.log(exhibit.name, name, JSON.stringify(scenes[name]));
  }
  record.exhibits[exhibit.name] = scenes;
  // After each, so that a stop loses little.
  const ordered = exhibits.map((one) => one.name).filter((name) => record.exhibits[name]);
  record.exhibits = Object.fromEntries(ordered.map((name) => [name, record.exhibits[name]]));
  await writeFile(file, `${JSON.stringify(record, null, 1)}\n`);
}
