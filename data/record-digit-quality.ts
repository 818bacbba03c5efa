/**
 * npx tsx data/record-digit-quality.ts [digits in each cell]: samples and measures the cells of the table of /mnist, and
 * writes them to src/data/digit-quality.json. The network, the classifier and the real digits are those of the page: the
 * distances are to as many of its training digits as a cell has samples. 1000 digits a cell take some 20 minutes on one core.
 */
import {readFile, writeFile} from "node:fs/promises";
import {gunzipSync} from "node:zlib";
import {classifierParameters} from "../lib/digits/classifier-network.js";
import {createDigitClassifier} from "../lib/digits/digit-classifier.js";
import {guided} from "../lib/digits/digit-predictor.js";
import type {DigitSource} from "../lib/digits/digit-set.js";
import {unpackDigits} from "../lib/digits/digit-set.js";
import {parameterCount} from "../lib/digits/digit-shape.js";
import {toUnit} from "../lib/digits/digit.js";
import type {QualityCell, RecordedQuality} from "../lib/digits/quality-cells.js";
import {distanceWithError, leastForDistance, measureCell, twoSets} from "../lib/digits/quality-cells.js";
import {qualityEtas, qualitySteps} from "../lib/digits/quality-cells.js";
import {createWasmDigitNetwork} from "../lib/digits/wasm-digit-network.js";
import type {WeightsKind} from "../lib/digits/weights-file.js";
import {decodeWeights} from "../lib/digits/weights-file.js";
import {digitPack} from "./digit-pack.js";

const samples = Number(process.argv[2] ?? leastForDistance);
const guidance = 1.5;
const seed = 1;

const {values, manifest} = await weightsOf("digit-network", parameterCount());
const network = await createWasmDigitNetwork({training: false, capacity: 100});
network.loadWeights(values);
const classes = await weightsOf("digit-classifier", parameterCount(classifierParameters()));
const classifier = await createDigitClassifier(classes.values);
const {source, real, others} = await realDigits();
const floor = real && others && (await distanceWithError(others, real));

const cells: QualityCell[] = [];
for (const steps of qualitySteps) {
  for (const eta of qualityEtas) {
    const denoiser = (labels: Uint8Array) => guided(network, labels, guidance);
    const cell = measureCell({steps, eta, samples, seed, real, denoiser, classify: (x) => classifier.classify(x)});
    let next = await cell.next();
    while (!next.done) next = await cell.next();
    cells.push(next.value!);
    const {accuracy, distance} = next.value!;
    console.log(
      `S = ${steps}, eta = ${eta}: ${(100 * accuracy.value).toFixed(1)}%, ${distance?.value.toFixed(1) ?? "–"}`
    );
  }
}
const record: RecordedQuality = {
  ...{samples, guidance, seed, source, floor, cells},
  ...{backend: network.backend, trainingSteps: manifest.steps}
};
const rounded = (_key: string, value: unknown) => (typeof value === "number" ? Number(value.toPrecision(4)) : value);
await writeFile(new URL("../src/data/digit-quality.json", import.meta.url), `${JSON.stringify(record, rounded)}\n`);

async function weightsOf(kind: WeightsKind, count: number) {
  return decodeWeights(await readFile(new URL(`../src/data/${kind}.bin`, import.meta.url)), {kind, count});
}

/** Features of real digits, as many as a cell has, and of as many others for the floor. */
async function realDigits(): Promise<{source?: DigitSource; real?: Float32Array; others?: Float32Array}> {
  if (samples < leastForDistance) return {};
  const {source, train} = unpackDigits(gunzipSync(await digitPack()));
  const [real, others] = twoSets(train, samples).map((pixels) => classifier.classify(toUnit(pixels)).features);
  return {source, real, others};
}
