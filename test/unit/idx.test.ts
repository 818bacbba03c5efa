import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {gzipSync} from "node:zlib";
import {parseDigits, parseImages, parseLabels} from "../../lib/digits/idx.js";
import {idx, imagesFile, labelsFile, noiseDigits} from "./small-mnist.js";

const digits = noiseDigits(3, 1);
const images = imagesFile(digits);
const labels = labelsFile(digits);

describe("parseDigits", () => {
  it("returns pixels and labels as they stand in the files", () => {
    assert.deepEqual(parseDigits(images, labels), digits);
  });

  it("takes files that lie inside a larger buffer, and copies what it returns", () => {
    const buffer = new Uint8Array(images.length + 5);
    buffer.set(images, 5);
    const pixels = parseImages(buffer.subarray(5));
    buffer.fill(0);
    assert.deepEqual(pixels, digits.pixels);
  });

  it("returns plain arrays of their own for Node's buffers too", () => {
    assert.deepEqual(parseDigits(Buffer.from(images), Buffer.from(labels)), digits);
  });

  it("takes files of no digits", () => {
    const none = noiseDigits(0, 1);
    assert.deepEqual(parseDigits(imagesFile(none), labelsFile(none)), none);
  });

  it("refuses counts that differ", () => {
    const others = labelsFile(noiseDigits(4, 1));
    assert.throws(() => parseDigits(images, others, ["a", "b"]), /^Error: a has 3 images, but b has 4 labels/);
  });
});

describe("parseImages", () => {
  const refused: [what: string, bytes: Uint8Array, message: RegExp][] = [
    ["labels", labels, /^Error: a begins with 2049 \(labels\): an IDX file of images begins with 2051/],
    ["another kind of file", idx([7, 3, 28, 28], digits.pixels), /^Error: a begins with 7: .* begins with 2051/],
    ["a file that is still packed", gzipSync(images), /^Error: a is still packed with gzip/],
    ["a header cut short", images.subarray(0, 15), /^Error: a has 15 bytes: .* begins with 16 bytes of numbers/],
    ["an empty file", new Uint8Array(0), /^Error: a has 0 bytes/],
    ["a file cut short", images.subarray(0, -1), /^Error: a says that it has 3 images, but 1 bytes are missing/],
    ["extra bytes", new Uint8Array([...images, 0, 0]), /^Error: a says .* 3 images, but there are 2 bytes too many/],
    ["a wrong count", idx([2051, 4, 28, 28], digits.pixels), /^Error: a says .* 4 images, but 784 bytes are missing/],
    ["other rows", idx([2051, 3, 27, 28], digits.pixels), /^Error: a has images of 27×28 pixels: .* have 28×28/],
    ["other columns", idx([2051, 3, 28, 32], digits.pixels), /^Error: a has images of 28×32 pixels/]
  ];
  for (const [what, bytes, message] of refused)
    it(`refuses ${what}`, () => assert.throws(() => parseImages(bytes, "a"), message));
});

describe("parseLabels", () => {
  const refused: [what: string, bytes: Uint8Array, message: RegExp][] = [
    ["images", images, /^Error: b begins with 2051 \(images\): an IDX file of labels begins with 2049/],
    ["a header cut short", labels.subarray(0, 7), /^Error: b has 7 bytes: .* begins with 8 bytes of numbers/],
    ["a file cut short", labels.subarray(0, -2), /^Error: b says that it has 3 labels, but 2 bytes are missing/],
    ["extra bytes", new Uint8Array([...labels, 0]), /^Error: b says .* 3 labels, but there are 1 bytes too many/],
    ["a wrong count", idx([2049, 2], digits.labels), /^Error: b says .* 2 labels, but there are 1 bytes too many/],
    ["a label above 9", idx([2049, 3], [0, 9, 10]), /^Error: b has the label 10 at place 2: labels are 0 to 9/]
  ];
  for (const [what, bytes, message] of refused)
    it(`refuses ${what}`, () => assert.throws(() => parseLabels(bytes, "b"), message));
});
