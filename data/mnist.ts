/**
 * The source of MNIST, the handwritten digits of LeCun, Cortes and Burges (CC BY-SA 3.0). To cite: LeCun, Bottou, Bengio,
 * Haffner, "Gradient-based learning applied to document recognition", Proc. IEEE 86(11), 1998.
 */
import {createHash} from "node:crypto";
import {existsSync} from "node:fs";
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {gunzipSync} from "node:zlib";
import type {DigitArray} from "../lib/digits/digit-set.js";
import {parseDigits} from "../lib/digits/idx.js";
import {damageOf, download} from "./download.js";
import type {KnownFile} from "./download.js";
import {progressLine} from "./progress-line.js";
import type {ProgressLine} from "./progress-line.js";

/** All of MNIST. */
export interface Mnist {
  train: DigitArray; // 60,000
  test: DigitArray; // 10,000
  checksum: string; // of the unpacked digits: digitsChecksum
}

/** The four files of a data set in the form of MNIST. */
export type MnistFiles = Record<"trainImages" | "trainLabels" | "testImages" | "testLabels", KnownFile>;

/** Where MNIST is looked for. */
export interface MnistPlaces {
  dir?: string; // a folder with the four files; then nothing else is looked at
  cache: string; // the folder in which downloaded files are kept
  mirrors: readonly string[]; // addresses of folders, each with a slash at the end
}

/** Options of `readMnist`; the places default to those of the environment. */
export interface MnistOptions extends Partial<MnistPlaces> {
  files?: MnistFiles; // defaults to the original four
  progress?: ProgressLine; // defaults to a line on the standard error
  idle?: number; // as in DownloadOptions
  limit?: number; // as in DownloadOptions
}

/** The original files. */
export const mnistFiles: MnistFiles = {
  trainImages: {
    name: "train-images-idx3-ubyte.gz",
    bytes: 9912422,
    sha256: "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"
  },
  trainLabels: {
    name: "train-labels-idx1-ubyte.gz",
    bytes: 28881,
    sha256: "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"
  },
  testImages: {
    name: "t10k-images-idx3-ubyte.gz",
    bytes: 1648877,
    sha256: "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"
  },
  testLabels: {
    name: "t10k-labels-idx1-ubyte.gz",
    bytes: 4542,
    sha256: "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"
  }
};

const publicMirrors = [
  "https://storage.googleapis.com/cvdf-datasets/mnist/",
  "https://ossci-datasets.s3.amazonaws.com/mnist/"
];

/**
 * The places that the environment names: `MNIST_DIR`, a folder with the four files; `MNIST_CACHE`, by default
 * `.cache/mnist` in the project; `MNIST_MIRRORS`, addresses with spaces between them, by default two public ones.
 */
export function mnistPlaces(env: Record<string, string | undefined> = process.env): MnistPlaces {
  return {
    dir: env.MNIST_DIR || undefined,
    cache: env.MNIST_CACHE || fileURLToPath(new URL("../.cache/mnist", import.meta.url)),
    mirrors: env.MNIST_MIRRORS?.split(/\s+/).filter(Boolean) ?? publicMirrors
  };
}

/** Whether the four files can be read without a download; what is in them is not looked at. */
export function mnistAtHand({dir, cache}: Pick<MnistPlaces, "dir" | "cache"> = mnistPlaces()): boolean {
  return Object.values(mnistFiles).every(({name}) => existsSync(join(dir ?? cache, name)));
}

/**
 * Reads MNIST: from `dir` if it is given, else from the cache, else from the mirrors in turn, each file with its SHA-256
 * checked. Throws an Error, in one line, that names `MNIST_DIR` if that is set and a file is missing there or is not the
 * original, and one that names the mirrors if none gives the files.
 */
export async function readMnist(options: MnistOptions = {}): Promise<Mnist> {
  const {files = mnistFiles} = options;
  const from = {...mnistPlaces(), ...options};
  const bytes = from.dir ? await readFolder(from.dir, files) : await readCache(from, files);
  const [train, test] = (["train", "test"] as const).map((part) => {
    const [images, labels] = ([`${part}Images`, `${part}Labels`] as const).map((key) => gunzipSync(bytes[key]));
    return parseDigits(images, labels, [files[`${part}Images`].name, files[`${part}Labels`].name]);
  });
  return {train, test, checksum: digitsChecksum({train, test})};
}

/** The SHA-256 of pixels and labels for training, then of those for testing, in hexadecimal. */
export function digitsChecksum({train, test}: Pick<Mnist, "train" | "test">): string {
  const hash = createHash("sha256");
  for (const {pixels, labels} of [train, test]) hash.update(pixels).update(labels);
  return hash.digest("hex");
}

type Contents = Record<keyof MnistFiles, Uint8Array>;

async function readFolder(dir: string, files: MnistFiles): Promise<Contents> {
  const remedy = "Put the four original files there, or unset it to have them downloaded.";
  return collect(files, keysOf(files), async (file) => {
    const bytes = await readFile(join(dir, file.name)).catch(() => undefined);
    if (!bytes) throw new Error(`MNIST_DIR is ${dir}, but ${file.name} cannot be read there. ${remedy}`);
    const damage = damageOf(bytes, file);
    if (damage) throw new Error(`MNIST_DIR is ${dir}, but ${file.name} is not the original: ${damage}. ${remedy}`);
    return bytes;
  });
}

async function readCache(from: MnistPlaces & MnistOptions, files: MnistFiles): Promise<Contents> {
  const {cache, progress = progressLine(process.stderr), idle, limit} = from;
  const total = sizeOf(Object.values(files));
  let done = 0; // bytes of finished files
  let downloaded = 0;
  let {mirrors} = from;
  // The small files first: without a network the first one says so, and soon.
  const keys = keysOf(files).sort((a, b) => files[a].bytes - files[b].bytes);
  const read = async (file: KnownFile) => {
    const kept = await readFile(join(cache, file.name)).catch(() => undefined);
    if (kept && !damageOf(kept, file)) {
      done += file.bytes;
      return kept;
    }
    const onProgress = (bytes: number, mirror: string) =>
      progress.update(`MNIST: ${megabytes(done + bytes)} of ${megabytes(total)} MB from ${new URL(mirror).host}`);
    const {bytes, mirror} = await download(file, {mirrors, folder: cache, idle, limit, onProgress});
    mirrors = [mirror, ...mirrors.filter((other) => other !== mirror)];
    done += file.bytes;
    downloaded += file.bytes;
    return bytes;
  };
  try {
    const contents = await collect(files, keys, read);
    if (downloaded) progress.end(`MNIST: ${megabytes(downloaded)} MB downloaded and checked`);
    return contents;
  } catch (error) {
    progress.end();
    throw error;
  }
}

async function collect(
  files: MnistFiles,
  keys: (keyof MnistFiles)[],
  read: (file: KnownFile) => Promise<Uint8Array>
): Promise<Contents> {
  const contents: Partial<Contents> = {};
  for (const key of keys) contents[key] = await read(files[key]);
  return contents as Contents;
}

function keysOf(files: MnistFiles): (keyof MnistFiles)[] {
  return Object.keys(files) as (keyof MnistFiles)[];
}

function sizeOf(files: KnownFile[]): number {
  return files.reduce((sum, {bytes}) => sum + bytes, 0);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
