import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {digitPixels} from "../../lib/digits/digit.js";
import {paintDigits} from "../../src/components/digit-grid.js";

const [columns, rows] = [3, 2];
const pitch = 31;
const width = columns * pitch - 1;
const height = rows * pitch - 1;

/** The opacity of pixel (x, y) of digit k. */
function ink(image: Uint8ClampedArray, k: number, x: number, y: number): number {
  const across = (k % columns) * pitch + 1 + x;
  const down = Math.floor(k / columns) * pitch + 1 + y;
  return image[4 * (down * width + across) + 3];
}

function paint(digits: ArrayLike<number>): Uint8ClampedArray {
  const image = new Uint8ClampedArray(4 * width * height);
  paintDigits(image, digits, columns, rows, [10, 20, 30]);
  return image;
}

describe("paintDigits", () => {
  it("takes numbers in -1..1, clamps the others, and makes ink opaque", () => {
    const digits = new Float64Array(digitPixels).fill(-1);
    digits.set([1, 0, 3, -3], 28);
    const image = paint(digits);
    assert.deepEqual(
      [0, 1, 2, 3, 4].map((x) => ink(image, 0, x, 1)),
      [255, 128, 255, 0, 0]
    );
    assert.deepEqual([...image.slice(4 * (2 * width + 1), 4 * (2 * width + 1) + 3)], [10, 20, 30]);
  });

  it("takes bytes as they are", () => {
    const digits = new Uint8Array(digitPixels);
    digits[0] = 200;
    assert.equal(ink(paint(digits), 0, 0, 0), 200);
  });

  it("puts digits in rows, with paper between them, and leaves out those without a place", () => {
    const digits = new Uint8Array(8 * digitPixels).fill(255, 4 * digitPixels);
    const image = paint(digits);
    assert.deepEqual(
      [0, 3, 4, 5].map((k) => ink(image, k, 27, 27)),
      [0, 0, 255, 255]
    );
    const opaque = Array.from({length: width * height}, (_, i) => image[4 * i + 3]).filter(Boolean).length;
    assert.equal(opaque, 2 * digitPixels);
  });
});
