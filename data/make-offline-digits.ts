/**
 * npx tsx data/make-offline-digits.ts: draws the offline digits, which stand in where MNIST cannot be had, with the
 * pretrained network, and writes data/offline-digits.bin. DDIM with 25 steps, guidance 1, digits 0..9 in turn, from a seed.
 */
import {writeFile} from "node:fs/promises";
import {toPixels} from "../lib/digits/digit.js";
import {drawSamples} from "./digit-bench.js";
import {offlineFile, packOffline} from "./digit-pack.js";
import {loadNetwork} from "./pretrained.js";

const {x, asked} = await drawSamples(await loadNetwork(), {steps: 25, count: 2400, guidance: 1, seed: 20});
const bytes = packOffline(Uint8Array.from(toPixels(x)), asked);
await writeFile(offlineFile, bytes);
console.log(`${asked.length} digits, ${bytes.length} bytes`);
