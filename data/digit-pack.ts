import {readFile} from "node:fs/promises";
import {fileURLToPath} from "node:url";
import {gunzipSync, gzipSync} from "node:zlib";
import {digitPixels} from "../lib/digits/digit.js";
import {packDigits, sliceDigits, unpackDigits} from "../lib/digits/digit-set.js";
import type {DigitSet} from "../lib/digits/digit-set.js";
import {readMnist} from "./mnist.js";
import type {Mnist} from "./mnist.js";

/** How many digits of MNIST the pages have: the first of each part. */
export const siteCounts = {train: 10_000, test: 2_000};

/** The digits of a build without MNIST, made by data/make-offline-digits.ts. */
export const offlineFile = fileURLToPath(new URL("offline-digits.bin", import.meta.url));

const mostBytes = {mnist: 2_500_000, offline: 600_000};

/** Where the pack of the pages comes from; the defaults are the real ones. */
export interface DigitPackOptions {
  read?: () => Promise<Pick<Mnist, "train" | "test">>; // MNIST
  offline?: string; // the file of the offline digits
  say?: (line: string) => void; // called, with one line, when there is no MNIST
}

/**
 * Makes the file of digits that the pages load: of MNIST, or, where that cannot be had, the offline digits. Throws an Error
 * if those are missing or damaged too.
 */
export async function digitPack(options: DigitPackOptions = {}): Promise<Uint8Array> {
  const {read = readMnist, offline = offlineFile, say = console.error} = options;
  let mnist: Pick<Mnist, "train" | "test">;
  try {
    mnist = await read();
  } catch (error) {
    const reason = oneLine(error);
    const bytes = await readOffline(offline, reason);
    say(`No MNIST: ${reason}. The pages get the offline digits, drawn by the pretrained model.`);
    return bytes;
  }
  return packMnist(mnist);
}

/** Packs the first digits of MNIST, as many as `counts` says, in gzip. */
export function packMnist({train, test}: Pick<Mnist, "train" | "test">, counts = siteCounts): Uint8Array {
  return gzip({
    source: "mnist",
    train: sliceDigits(train, 0, counts.train),
    test: sliceDigits(test, 0, counts.test)
  });
}

/** How `packOffline` packs. */
export interface PackOfflineOptions {
  test?: number; // how many of the digits, the last ones, are for testing; defaults to a sixth
  levels?: number; // shades of grey that are kept, 2 to 256; defaults to 32
}

/**
 * Packs digits that the network drew, pixels [n * 784] in 0..255 and labels [n] in 0..9, in gzip, for
 * data/offline-digits.bin. The labels should alternate (0, 1, … 9, 0, …), so that both parts have all ten. Greys are
 * rounded to the levels, which takes away the noise of the sampler that the eye does not see and gzip cannot pack. Throws
 * an Error unless there are 2,000 digits for training, and if the file is above 600 kB.
 */
export function packOffline(
  pixels: ArrayLike<number>,
  labels: ArrayLike<number>,
  {test = Math.floor(labels.length / 6), levels = 32}: PackOfflineOptions = {}
): Uint8Array {
  const count = labels.length;
  if (pixels.length !== count * digitPixels) {
    throw new Error(`there are ${count} labels, but ${pixels.length} pixels: a digit has ${digitPixels}`);
  }
  if (count - test < 2000) throw new Error(`${count - test} digits are for training: at least 2000 are needed`);
  const step = 255 / (levels - 1);
  const rounded = Uint8Array.from(pixels, (pixel) => Math.round(Math.round(pixel / step) * step));
  const all = {count, pixels: rounded, labels: Uint8Array.from(labels)};
  return gzip({
    source: "offline",
    train: sliceDigits(all, 0, count - test),
    test: sliceDigits(all, count - test, count)
  });
}

/** Whether this packed file holds the offline digits, or is damaged: then it is worth making anew. */
export function isOfflinePack(bytes: Uint8Array): boolean {
  try {
    return unpackDigits(gunzipSync(bytes)).source === "offline";
  } catch {
    return true;
  }
}

function gzip(set: DigitSet): Uint8Array {
  const bytes = gzipSync(packDigits(set), {level: 9, memLevel: 9});
  const most = mostBytes[set.source];
  if (bytes.length > most) throw new Error(`the packed digits have ${bytes.length} bytes: at most ${most} are allowed`);
  return bytes;
}

async function readOffline(file: string, reason: string): Promise<Uint8Array> {
  const remedy = "Set MNIST_DIR to a folder with the four files of MNIST, or build where the network can be reached.";
  const bytes = await readFile(file).catch(() => undefined);
  if (!bytes) throw new Error(`No MNIST: ${reason}. The offline digits are missing too (${file}). ${remedy}`);
  try {
    const {source} = unpackDigits(gunzipSync(bytes));
    if (source !== "offline") throw new Error(`they say that they are from ${source}`);
  } catch (error) {
    throw new Error(`No MNIST: ${reason}. The offline digits are damaged (${file}: ${oneLine(error)}). ${remedy}`);
  }
  return bytes;
}

function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\s+/g, " ").replace(/\.$/, "");
}
