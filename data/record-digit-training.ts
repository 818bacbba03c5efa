/**
 * npx tsx data/record-digit-training.ts: trains a network of digits as /mnist does with its first settings, and writes what
 * the page shows before the reader trains to src/data/digit-training.json. It takes the digits of the page and our own
 * kernels; the same seed gives the same numbers. A few minutes on one core.
 */
import {existsSync} from "node:fs";
import {readFile, writeFile} from "node:fs/promises";
import {gunzipSync} from "node:zlib";
import {classifierParameters} from "../lib/digits/classifier-network.js";
import {createDigitClassifier} from "../lib/digits/digit-classifier.js";
import {parameterCount} from "../lib/digits/digit-shape.js";
import {unpackDigits} from "../lib/digits/digit-set.js";
import {trainDigits} from "../lib/digits/digit-training.js";
import {toUnit} from "../lib/digits/digit.js";
import {createWasmDigitNetwork} from "../lib/digits/wasm-digit-network.js";
import {decodeWeights} from "../lib/digits/weights-file.js";
import type {DigitSnapshot} from "../src/components/digit-samples.js";
import {drawDigits} from "../src/components/digit-samples.js";
import {firstWish} from "../src/components/digit-training-plan.js";
import type {DigitTrainingRecord} from "../src/components/digit-training-record.js";
import {packPixels} from "../src/components/digit-training-record.js";
import {digitPack} from "./digit-pack.js";

const {steps, batch, learningRate, seed} = firstWish;
const moments = [0, 20, 50, 100, 150, 200, 300, 400, 500, 700]; // steps with samples
const reportEvery = 5;

const {source, train} = unpackDigits(gunzipSync(await digitPack()));
const network = await createWasmDigitNetwork({seed});
const seen = await loadClassifier();
const losses: DigitTrainingRecord["losses"] = [];
const snapshots: DigitTrainingRecord["snapshots"] = [await snapshot(0)];
let seconds = 0;
const {pixels, labels} = train;
for await (const report of trainDigits({network, pixels, labels, steps, batch, learningRate, seed, reportEvery})) {
  const {step, loss, stepsPerSecond} = report;
  seconds += reportEvery / stepsPerSecond;
  losses.push([step, Number(loss.toPrecision(4))]);
  if (moments.includes(step)) snapshots.push(await snapshot(step));
  if (step % 50 === 0) console.log(`step ${step}: loss ${loss.toFixed(4)}, ${stepsPerSecond.toFixed(1)} steps/s`);
}
const record: DigitTrainingRecord = {
  ...{source, backend: network.backend, steps, batch, learningRate, seed, seconds: Math.round(seconds)},
  ...{losses, snapshots}
};
await writeFile(new URL("../src/data/digit-training.json", import.meta.url), `${JSON.stringify(record)}\n`);

async function snapshot(step: number): Promise<DigitTrainingRecord["snapshots"][number]> {
  const drawn: DigitSnapshot = {step, pixels: (await drawDigits(network))!};
  return {step, pixels: packPixels(drawn.pixels), ...(seen && {seen: seen(drawn.pixels)})};
}

/** What the classifier takes digits for; undefined while there are no weights of it. */
async function loadClassifier(): Promise<((pixels: Uint8Array) => number[]) | undefined> {
  const file = new URL("../src/data/digit-classifier.bin", import.meta.url);
  if (!existsSync(file)) return undefined;
  const count = parameterCount(classifierParameters());
  const {values} = decodeWeights(await readFile(file), {kind: "digit-classifier", count});
  const classifier = await createDigitClassifier(values);
  return (pixels) => [...classifier.classify(toUnit(pixels)).labels];
}
