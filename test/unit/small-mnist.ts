/** Digits, IDX files and mirrors that tests make. */
import {createHash} from "node:crypto";
import {createServer} from "node:http";
import type {IncomingMessage, ServerResponse} from "node:http";
import type {AddressInfo} from "node:net";
import {gzipSync} from "node:zlib";
import type {KnownFile} from "../../data/download.js";
import type {MnistFiles} from "../../data/mnist.js";
import {digitPixels} from "../../lib/digits/digit.js";
import type {DigitArray} from "../../lib/digits/digit-set.js";
import {seededRandom} from "../../lib/random.js";

/** Digits of noise, labels 0, 1, … 9, 0, …; `ink` is the share of pixels that are not 0. */
export function noiseDigits(count: number, seed: number, ink = 1): DigitArray {
  const random = seededRandom(seed);
  const pixels = Uint8Array.from({length: count * digitPixels}, () =>
    random.uniform() < ink ? random.integer(256) : 0
  );
  return {count, pixels, labels: Uint8Array.from({length: count}, (_, i) => i % 10)};
}

/** An IDX file: these big-endian integers, then these bytes. */
export function idx(header: number[], body: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(4 * header.length + body.length);
  header.forEach((value, i) => new DataView(bytes.buffer).setUint32(4 * i, value));
  bytes.set(body, 4 * header.length);
  return bytes;
}

export function imagesFile({count, pixels}: DigitArray): Uint8Array {
  return idx([2051, count, 28, 28], pixels);
}

export function labelsFile({count, labels}: DigitArray): Uint8Array {
  return idx([2049, count], labels);
}

/** What `readMnist` is to know of these bytes. */
export function known(name: string, bytes: Uint8Array): KnownFile {
  return {name, bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex")};
}

/** The four files of a small data set, by name, and what is known of them. */
export function smallMnist(train: DigitArray, test: DigitArray) {
  const made = {
    trainImages: imagesFile(train),
    trainLabels: labelsFile(train),
    testImages: imagesFile(test),
    testLabels: labelsFile(test)
  };
  const packed = Object.entries(made).map(([key, bytes]) => [key, gzipSync(bytes)] as const);
  const contents = new Map(packed.map(([key, bytes]) => [`${key}.gz`, new Uint8Array(bytes)]));
  const files = Object.fromEntries(packed.map(([key, bytes]) => [key, known(`${key}.gz`, bytes)]));
  return {contents, files: files as unknown as MnistFiles};
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A mirror on this machine. */
export interface Mirror {
  url: string;
  asked: string[]; // each request, "name" or "name from byte"
  close(): Promise<void>;
}

/** Starts a mirror that answers as told. */
export async function mirror(answer: Answer): Promise<Mirror> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const from = startOf(request);
    asked.push(request.url!.slice(1) + (from ? ` from ${from}` : ""));
    answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    close: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    }
  };
}

/** The answer of a good mirror of these files, with Range. */
export function serving(contents: Map<string, Uint8Array>): Answer {
  return (request, response) => {
    const bytes = contents.get(request.url!.slice(1));
    if (!bytes) return void response.writeHead(404).end();
    const from = startOf(request);
    if (!from) return void response.writeHead(200, {"content-length": bytes.length}).end(bytes);
    const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
    response.writeHead(206, {"content-range": range}).end(bytes.subarray(from));
  };
}

/** The byte that a request wants to begin with; 0 without a Range. */
export function startOf(request: IncomingMessage): number {
  return Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
}
