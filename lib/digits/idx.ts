import {digitPixels, digitSize} from "./digit.js";
import type {DigitArray} from "./digit-set.js";

const imageMagic = 2051;
const labelMagic = 2049;

/**
 * The pixels [count * 784] of an IDX file of images: big-endian 32-bit integers 2051, count, rows, columns, then the pixels
 * row by row. `name` is what errors call the file. Throws an Error for another kind of file, for images that are not
 * 28×28, and for a file that is shorter or longer than its count says.
 */
export function parseImages(bytes: Uint8Array, name = "the file of images"): Uint8Array {
  const [count, rows, columns] = header(bytes, name, {magic: imageMagic, sizes: 3, what: "images"});
  if (rows !== digitSize || columns !== digitSize) {
    throw new Error(`${name} has images of ${rows}×${columns} pixels: those of MNIST have ${digitSize}×${digitSize}.`);
  }
  return body(bytes, name, {start: 16, length: count * digitPixels, what: `${count} images`});
}

/**
 * The labels [count], 0..9, of an IDX file of labels: big-endian 32-bit integers 2049 and count, then a byte each. Throws
 * an Error for another kind of file, for a label above 9, and for a file that is shorter or longer than its count says.
 */
export function parseLabels(bytes: Uint8Array, name = "the file of labels"): Uint8Array {
  const [count] = header(bytes, name, {magic: labelMagic, sizes: 1, what: "labels"});
  const labels = body(bytes, name, {start: 8, length: count, what: `${count} labels`});
  const wrong = labels.findIndex((label) => label > 9);
  if (wrong >= 0) throw new Error(`${name} has the label ${labels[wrong]} at place ${wrong}: labels are 0 to 9.`);
  return labels;
}

/** The digits of a file of images and a file of labels. Throws as the two above, and if the counts differ. */
export function parseDigits(images: Uint8Array, labels: Uint8Array, names: [string?, string?] = []): DigitArray {
  const digits = {pixels: parseImages(images, names[0]), labels: parseLabels(labels, names[1])};
  const count = digits.pixels.length / digitPixels;
  if (count !== digits.labels.length) {
    const [here = "the file of images", there = "the file of labels"] = names;
    throw new Error(
      `${here} has ${count} images, but ${there} has ${digits.labels.length} labels: they do not belong together.`
    );
  }
  return {count, ...digits};
}

interface Kind {
  magic: number;
  sizes: number; // integers after the magic number
  what: string;
}

function header(bytes: Uint8Array, name: string, {magic, sizes, what}: Kind): number[] {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) throw new Error(`${name} is still packed with gzip: unpack it first.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = bytes.length < 4 ? magic : view.getUint32(0);
  if (found !== magic) {
    const other = found === imageMagic ? " (images)" : found === labelMagic ? " (labels)" : "";
    throw new Error(`${name} begins with ${found}${other}: an IDX file of ${what} begins with ${magic}.`);
  }
  const length = 4 * (1 + sizes);
  if (bytes.length < length) {
    throw new Error(
      `${name} has ${bytes.length} bytes: an IDX file of ${what} begins with ${length} bytes of numbers.`
    );
  }
  return Array.from({length: sizes}, (_, i) => view.getUint32(4 * (i + 1)));
}

function body(bytes: Uint8Array, name: string, part: {start: number; length: number; what: string}): Uint8Array {
  const {start, length, what} = part;
  const found = bytes.length - start;
  if (found !== length) {
    const how = found < length ? `${length - found} bytes are missing` : `there are ${found - length} bytes too many`;
    throw new Error(`${name} says that it has ${what}, but ${how}: it is damaged.`);
  }
  return new Uint8Array(bytes.subarray(start)); // a Buffer's own slice would not copy
}
