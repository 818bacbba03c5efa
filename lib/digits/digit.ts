import {makeSchedule} from "../schedule.js";

/** Rows and columns of a digit. */
export const digitSize = 28;

/** Pixels of a digit, row by row. */
export const digitPixels = digitSize * digitSize;

/** The label that stands for "no label": the network then draws any digit. */
export const noLabel = 10;

/** The schedule of all digit networks: cosine, T = 1000. */
export const digitSchedule = makeSchedule("cosine");

/** Pixels 0..255 (255 is ink) as numbers in [-1, 1], the scale that the network works in. */
export function toUnit(pixels: ArrayLike<number>): Float32Array {
  return Float32Array.from(pixels, (pixel) => pixel / 127.5 - 1);
}

/** Numbers in [-1, 1] as pixels 0..255; what lies outside is clamped. */
export function toPixels(x: ArrayLike<number>): Uint8ClampedArray {
  return Uint8ClampedArray.from(x, (value) => 127.5 * (value + 1));
}
