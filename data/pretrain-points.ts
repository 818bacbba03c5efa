/**
 * npx tsx data/pretrain-points.ts [NAME …] [--fresh]: trains the pages' own point network on each point set, on the wasm
 * backend, and writes src/data/points-NAME.bin. Takes about half an hour; a set that is done is not trained again, so it
 * can be stopped at any time. `--steps N` is for a trial.
 */
import {createHash} from "node:crypto";
import {readFile, rename, writeFile} from "node:fs/promises";
import {parseArgs} from "node:util";
import {startBackend} from "../lib/backend.js";
import {createPointNetwork} from "../lib/point-network.js";
import type {PointSet} from "../lib/points/index.js";
import {pointSet, pointSets} from "../lib/points/index.js";
import {decodePointWeights, encodePointWeights, pointQuality, pretrainedShape} from "../lib/pretrained-points.js";
import {makeSchedule} from "../lib/schedule.js";
import {trainPoints} from "../lib/training.js";
import {progressLine} from "./progress-line.js";

const {values: options, positionals} = parseArgs({
  options: {steps: {type: "string", default: "4000"}, fresh: {type: "boolean"}},
  allowPositionals: true
});
const recipe = {steps: Number(options.steps), batch: 256, learningRate: 3e-3, largestDecay: 0.995, seed: 0};
const sets = positionals.length ? positionals.map(pointSet) : pointSets;
const schedule = makeSchedule(pretrainedShape.schedule, {timesteps: pretrainedShape.timesteps});
const {name: backend} = await startBackend("wasm");
const line = progressLine(process.stderr);
const code = await codeVersion();
for (const set of sets) {
  if (!options.fresh && (await isDone(set))) line.end(`${set.name}: done before`);
  else await pretrain(set);
}
process.exit(0); // the wasm backend keeps the process alive

function fileOf({name}: PointSet): URL {
  return new URL(`../src/data/points-${name}.bin`, import.meta.url);
}

async function isDone(set: PointSet): Promise<boolean> {
  const bytes = await readFile(fileOf(set)).catch(() => undefined);
  if (!bytes) return false;
  const {manifest} = decodePointWeights(bytes);
  return manifest.steps === recipe.steps && manifest.seed === recipe.seed;
}

async function pretrain(set: PointSet): Promise<void> {
  const network = createPointNetwork({...pretrainedShape, seed: recipe.seed});
  let loss = NaN;
  for await (const report of trainPoints({...recipe, network, data: set, schedule})) {
    loss = Number.isNaN(loss) ? report.loss : 0.98 * loss + 0.02 * report.loss;
    const left = Math.ceil((recipe.steps - report.step) / report.stepsPerSecond);
    line.update(`${set.name}: step ${report.step} of ${recipe.steps}, loss ${loss.toFixed(4)}, ${left} s left`);
  }
  const weights = await network.save();
  network.dispose();
  const known = {steps: recipe.steps, seed: recipe.seed, loss: round(loss), dataset: set.name, code, backend};
  const manifest = {...known, schedule: schedule.name};
  // What is measured is what is committed: the weights after they were rounded to 16 bits.
  const measured = pointQuality(decodePointWeights(encodePointWeights(weights, manifest)), set);
  const quality = Object.fromEntries(Object.entries(measured).map(([name, value]) => [name, round(value)]));
  const bytes = encodePointWeights(weights, {...manifest, quality});
  const part = new URL(`${fileOf(set).href}.part`);
  await writeFile(part, bytes);
  await rename(part, fileOf(set));
  const {ratio, spread} = measured;
  line.end(
    `${set.name}: ${bytes.length} bytes, loss ${loss.toFixed(4)}, ${ratio.toFixed(2)} ± ${spread.toFixed(2)} floors`
  );
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}

/** A hash of the code that trains. */
async function codeVersion(): Promise<string> {
  const hash = createHash("sha256");
  for (const name of [
    "training",
    "training-loop",
    "train-step",
    "point-network",
    "network-forward",
    "batches",
    "ema"
  ]) {
    hash.update(await readFile(new URL(`../lib/${name}.ts`, import.meta.url)));
  }
  return hash.digest("hex").slice(0, 12);
}
