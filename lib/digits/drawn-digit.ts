import {digitPixels, digitSize} from "./digit.js";

/** One stroke of a pen: points [n, 2] flat, x to the right, y up, in any unit. A single point is a dot. */
export type PenStroke = ArrayLike<number>;

const box = 20; // pixels of MNIST's inner box, which the digit fills
const pen = 2.4; // pixels: how thick strokes are, about as in MNIST
const soft = 0.7; // pixels over which an edge fades, on each side
const least = 0.25; // of the board: a smaller drawing is not blown up beyond this

/**
 * A drawing as MNIST has its digits (LeCun et al. 1998, section III.A): scaled until its longer side fills a box of 20
 * pixels, drawn with soft edges, and moved until its centre of mass lies in the middle of the 28 x 28. Returns pixels
 * 0..255 [784], 255 is ink; without a stroke all are 0. `board` is the side of the board that was drawn on, in the unit of
 * the strokes: what is much smaller is not blown up to the full box.
 */
export function drawnDigit(strokes: readonly PenStroke[], board: number): Uint8Array {
  const drawn = strokes.filter((stroke) => stroke.length >= 2);
  if (!drawn.length) return new Uint8Array(digitPixels);
  const x = rangeOf(drawn, 0);
  const y = rangeOf(drawn, 1);
  const scale = (box - pen) / Math.max(x.size, y.size, least * board);
  const half = (digitSize - 1) / 2; // pixels are counted by their middles
  const placed = drawn.map((stroke) =>
    Float64Array.from(stroke, (value, i) => half + scale * (i % 2 ? y.middle - value : value - x.middle))
  );
  const [cx, cy] = centreOfMass(render(placed));
  // The strokes are moved, not the pixels: so a part of a pixel does not blur the edges.
  const moved = placed.map((stroke) => stroke.map((value, i) => value + half - (i % 2 ? cy : cx)));
  return Uint8Array.from(render(moved), (ink) => Math.round(255 * ink));
}

/** Where the ink of a picture [784] lies on average, [column, row], counted from the first pixel's middle. */
export function centreOfMass(picture: ArrayLike<number>): [number, number] {
  let [mass, column, row] = [0, 0, 0];
  for (let i = 0; i < digitPixels; ++i) {
    mass += picture[i];
    column += picture[i] * (i % digitSize);
    row += picture[i] * Math.floor(i / digitSize);
  }
  return [column / mass, row / mass];
}

/** Ink 0..1 [784] of strokes in pixels, y down. */
function render(strokes: readonly Float64Array[]): Float64Array {
  return Float64Array.from({length: digitPixels}, (_, i) => {
    const away = Math.min(...strokes.map((stroke) => distance(stroke, i % digitSize, Math.floor(i / digitSize))));
    const inside = Math.max(0, Math.min(1, (pen / 2 + soft - away) / (2 * soft)));
    return inside * inside * (3 - 2 * inside);
  });
}

/** From a place to the nearest of a stroke's pieces. */
function distance(stroke: Float64Array, px: number, py: number): number {
  let nearest = Math.hypot(px - stroke[0], py - stroke[1]);
  for (let k = 2; k + 1 < stroke.length; k += 2) {
    const [ax, ay] = [stroke[k - 2], stroke[k - 1]];
    const [dx, dy] = [stroke[k] - ax, stroke[k + 1] - ay];
    const square = dx * dx + dy * dy;
    const share = square ? Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / square)) : 0;
    nearest = Math.min(nearest, Math.hypot(px - ax - share * dx, py - ay - share * dy));
  }
  return nearest;
}

function rangeOf(strokes: readonly PenStroke[], axis: 0 | 1): {middle: number; size: number} {
  let [low, high] = [Infinity, -Infinity];
  for (const stroke of strokes) {
    for (let i = axis; i < stroke.length; i += 2) {
      low = Math.min(low, stroke[i]);
      high = Math.max(high, stroke[i]);
    }
  }
  return {middle: (low + high) / 2, size: high - low};
}
