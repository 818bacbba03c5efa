import {digitPixels} from "./digit.js";

// The order of numbers in patches [n, 14, 14, 4] (2 x 2 pixels are the channels of a place), by the pixel of each.
const order = Uint16Array.from({length: digitPixels}, (_, i) => {
  const [place, part] = [i >> 2, i & 3];
  return (2 * Math.floor(place / 14) + (part >> 1)) * 28 + 2 * (place % 14) + (part & 1);
});
const margin = Uint16Array.from({length: digitPixels}, (_, i) => {
  const [place, part] = [i >> 2, i & 3];
  return ((Math.floor(place / 14) + 1) * 16 + (place % 14) + 1) * 4 + part;
});

/** The pixel, counted over digits, that the number i of patches [n, 14, 14, 4] shows. */
export function patchPixel(i: number): number {
  const digit = Math.floor(i / digitPixels);
  return digit * digitPixels + order[i - digit * digitPixels];
}

/** Where the number i of patches lies when each digit has a margin of 1. */
export function framedPlace(i: number): number {
  const digit = Math.floor(i / digitPixels);
  return digit * 1024 + margin[i - digit * digitPixels];
}

/** Digits from..from+size of x [n, 784] as patches with a margin, [size, 16, 16, 4]. */
export function toPatches(x: Float32Array, from: number, size: number, to: Float32Array): void {
  for (let i = 0; i < size * digitPixels; ++i) to[framedPlace(i)] = x[from * digitPixels + patchPixel(i)];
}
