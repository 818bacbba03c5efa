import {readFile} from "node:fs/promises";
import {fileURLToPath} from "node:url";
import {classifierParameters} from "../lib/digits/classifier-network.js";
import type {DigitClassifier} from "../lib/digits/digit-classifier.js";
import {createDigitClassifier} from "../lib/digits/digit-classifier.js";
import type {DigitNetwork} from "../lib/digits/digit-network.js";
import {digitParameters, parameterCount} from "../lib/digits/digit-shape.js";
import {createWasmDigitNetwork} from "../lib/digits/wasm-digit-network.js";
import type {WeightsManifest} from "../lib/digits/weights-file.js";
import {decodeWeights} from "../lib/digits/weights-file.js";

/** Where the committed weights are. */
export function weightsFile(name: "network" | "classifier"): string {
  return fileURLToPath(new URL(`../src/data/digit-${name}.bin`, import.meta.url));
}

/** The committed weights, with their manifest. */
export async function readWeights(
  name: "network" | "classifier"
): Promise<{values: Float32Array; manifest: WeightsManifest}> {
  const count = parameterCount(name === "network" ? digitParameters() : classifierParameters());
  return decodeWeights(await readFile(weightsFile(name)), {kind: `digit-${name}`, count});
}

/** The pretrained network, on our kernels, for sampling only. */
export async function loadNetwork(): Promise<DigitNetwork> {
  const {values} = await readWeights("network");
  const network = await createWasmDigitNetwork({training: false});
  network.loadWeights(values);
  return network;
}

/** The trained classifier. */
export async function loadClassifier(): Promise<DigitClassifier> {
  return createDigitClassifier((await readWeights("classifier")).values);
}
