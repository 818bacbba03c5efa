import {digitPixels} from "./digit.js";

/** Where digits come from: MNIST, or the project's own pretrained network, which drew those of a build without MNIST. */
export type DigitSource = "mnist" | "offline";

/** Digits with their labels. */
export interface DigitArray {
  count: number;
  pixels: Uint8Array; // [count * 784], row by row, 0 background to 255 ink
  labels: Uint8Array; // [count], 0..9
}

/** The digits of a page, apart for training and for testing. */
export interface DigitSet {
  source: DigitSource;
  train: DigitArray;
  test: DigitArray;
}

/** Unpacks a pack of digits that comes in pieces. */
export interface DigitUnpacker {
  /** Takes the next bytes, which are copied; throws an Error as soon as they cannot belong to a pack. */
  push(bytes: Uint8Array): void;
  /** The share of the pack that has come, 0 to 1. */
  readonly fraction: number;
  /** The digits; throws an Error that says what is missing or wrong. */
  finish(): DigitSet;
}

// A pack is a header, the labels for training and for testing, then the pixels of both. The header: "DIGI", the version,
// the source, two zeros, the two counts as 32-bit little-endian integers.
const magic = [0x44, 0x49, 0x47, 0x49];
const version = 1;
const sources: readonly DigitSource[] = ["mnist", "offline"];
const headerBytes = 16;
const mostDigits = 100_000; // more than MNIST has: a count above it is damage, not a reason to ask for gigabytes
const remedy = "load the page again; if that does not help, its author has to build the site anew";

/** Returns digits `start` to `end` (the end left out) as a copy; throws a RangeError if there are not so many. */
export function sliceDigits({count, pixels, labels}: DigitArray, start: number, end: number): DigitArray {
  if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end < start || end > count) {
    throw new RangeError(`digits ${start} to ${end} were asked for, but there are ${count}`);
  }
  return {
    count: end - start,
    pixels: new Uint8Array(pixels.subarray(start * digitPixels, end * digitPixels)),
    labels: new Uint8Array(labels.subarray(start, end))
  };
}

/** Packs digits into bytes, which gzip then makes small. Throws an Error if the arrays do not fit their counts. */
export function packDigits({source, train, test}: DigitSet): Uint8Array {
  for (const [name, digits] of Object.entries({train, test})) checkDigits(name, digits);
  const header = new Uint8Array(headerBytes);
  header.set([...magic, version, sources.indexOf(source)]);
  const view = new DataView(header.buffer);
  view.setUint32(8, train.count, true);
  view.setUint32(12, test.count, true);
  const parts = [header, train.labels, test.labels, train.pixels, test.pixels];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Returns the digits of a pack that is whole. Throws an Error for a pack that is damaged, cut short or too long. */
export function unpackDigits(bytes: Uint8Array): DigitSet {
  const unpacker = digitUnpacker();
  unpacker.push(bytes);
  return unpacker.finish();
}

/** An unpacker that writes each piece straight to its place, so that no piece of a large pack takes long. */
export function digitUnpacker(): DigitUnpacker {
  const header = new Uint8Array(headerBytes);
  let parts: Uint8Array[] = [header];
  let set: DigitSet | undefined;
  let total = headerBytes;
  let come = 0; // bytes
  let part = 0; // that is being filled
  let filled = 0; // bytes of it
  return {
    push(bytes) {
      let at = 0;
      come += bytes.length;
      while (at < bytes.length && part < parts.length) {
        const piece = bytes.subarray(at, at + parts[part].length - filled);
        parts[part].set(piece, filled);
        at += piece.length;
        filled += piece.length;
        if (part === 0 && filled === headerBytes) {
          set = emptySet(header);
          const {train, test} = set;
          parts = [header, train.labels, test.labels, train.pixels, test.pixels];
          total = parts.reduce((sum, part) => sum + part.length, 0);
        }
        while (part < parts.length && filled === parts[part].length) {
          ++part;
          filled = 0;
        }
      }
      if (at < bytes.length) throw new Error(`The file of digits is longer than it says: ${remedy}.`);
    },
    get fraction() {
      return set ? come / total : 0;
    },
    finish() {
      if (!set || come < total) {
        const end = set ? `ends after ${come} of ${total} bytes` : `has only ${come} bytes`;
        throw new Error(`The file of digits ${end}: ${remedy}.`);
      }
      for (const {labels} of [set.train, set.test]) {
        if (labels.some((label) => label > 9)) throw new Error(`The file of digits has a label above 9: ${remedy}.`);
      }
      return set;
    }
  };
}

function emptySet(header: Uint8Array): DigitSet {
  if (magic.some((byte, i) => header[i] !== byte)) throw new Error(`This is not a file of digits: ${remedy}.`);
  if (header[4] !== version) {
    throw new Error(`The file of digits has version ${header[4]}, and this page reads ${version}: ${remedy}.`);
  }
  const view = new DataView(header.buffer);
  const counts = [view.getUint32(8, true), view.getUint32(12, true)];
  const source = sources[header[5]];
  if (!source || Math.max(...counts) > mostDigits) throw new Error(`The file of digits is damaged: ${remedy}.`);
  const [train, test] = counts.map((count) => ({
    count,
    pixels: new Uint8Array(count * digitPixels),
    labels: new Uint8Array(count)
  }));
  return {source, train, test};
}

function checkDigits(name: string, {count, pixels, labels}: DigitArray): void {
  if (labels.length !== count || pixels.length !== count * digitPixels) {
    const sizes = `${pixels.length} pixels and ${labels.length} labels`;
    throw new Error(`the ${name} digits say that they are ${count}, but have ${sizes}`);
  }
  if (count > mostDigits) throw new Error(`the ${name} digits are ${count}: a pack holds at most ${mostDigits}`);
  const wrong = labels.find((label) => label > 9);
  if (wrong !== undefined) throw new Error(`the ${name} digits have the label ${wrong}: labels are 0 to 9`);
}
