/** One pen stroke: a polyline of at least two points [x, y], y up. */
export type Stroke = [number, number][];

/** A character as strokes inside the box [0, width] x [0, 10]. */
export interface Glyph {
  width: number;
  strokes: Stroke[];
}

// Paths as in SVG, but y points up and a letter is 10 high: M starts a stroke, L draws a line, C a cubic Bezier curve.
const paths: Record<string, string> = {
  A: "M0 0L4 10L8 0M1.4 3.5L6.6 3.5",
  B: "M0 0L0 10L3 10C7.4 10 7.4 5.4 3 5.4L0 5.4M3 5.4C8.4 5.4 8.4 0 3 0L0 0",
  C: "M7.5 8.2C5.5 11 0 11 0 5C0 -1 5.5 -1 7.5 1.8",
  D: "M0 0L0 10L2.5 10C9 10 9 0 2.5 0L0 0",
  E: "M6 10L0 10L0 0L6 0M0 5.3L5 5.3",
  F: "M6 10L0 10L0 0M0 5.3L5 5.3",
  G: "M7.5 8.2C5.5 11 0 11 0 5C0 -1 5.8 -1 7.5 1.6L7.5 4.6L4.5 4.6",
  H: "M0 0L0 10M7 0L7 10M0 5.3L7 5.3",
  I: "M0 0L0 10",
  J: "M5 10L5 3C5 -1 0 -1 0 2.6",
  K: "M0 0L0 10M7 10L0 4M2.6 6.2L7 0",
  L: "M0 10L0 0L6 0",
  M: "M0 0L0 10L4.5 3L9 10L9 0",
  N: "M0 0L0 10L7 0L7 10",
  O: "M4 10C-1.3 10 -1.3 0 4 0C9.3 0 9.3 10 4 10",
  P: "M0 0L0 10L3 10C8 10 8 4.8 3 4.8L0 4.8",
  Q: "M4 10C-1.3 10 -1.3 0 4 0C9.3 0 9.3 10 4 10M5 2.6L8 -0.4",
  R: "M0 0L0 10L3 10C8 10 8 4.8 3 4.8L0 4.8M3 4.8L7 0",
  S: "M6.6 8.4C5 10.8 0.2 10.4 0.2 7.5C0.2 4.4 7 5.8 7 2.5C7 -0.6 1.6 -0.8 0 2",
  T: "M0 10L8 10M4 10L4 0",
  U: "M0 10L0 3.6C0 -1.2 7 -1.2 7 3.6L7 10",
  V: "M0 10L4 0L8 10",
  W: "M0 10L2.6 0L5.5 8L8.4 0L11 10",
  X: "M0 0L7 10M0 10L7 0",
  Y: "M0 10L4 5L8 10M4 5L4 0",
  Z: "M0 10L7 10L0 0L7 0",
  "0": "M3.5 10C-1.2 10 -1.2 0 3.5 0C8.2 0 8.2 10 3.5 10",
  "1": "M0 7.8L3 10L3 0",
  "2": "M0.2 7.6C0.8 11 6.6 10.8 6.6 7.2C6.6 4.6 2.6 3 0 0L6.8 0",
  "3": "M0.2 8.4C1.6 10.9 6.4 10.5 6.4 7.6C6.4 5.6 4.6 5.2 2.8 5.2C4.8 5.2 7 4.8 7 2.6C7 -0.8 1.2 -0.8 0 1.8",
  "4": "M5.4 0L5.4 10L0 3L7.4 3",
  "5": "M6.2 10L1.2 10L0.6 5.4C2.4 6.8 6.8 6.8 6.8 3.2C6.8 -0.8 1.4 -0.8 0 1.6",
  "6": "M6 9.2C2.4 11.6 -0.2 7 0.1 3.4C0.4 -1 6.8 -1.2 6.8 3C6.8 7.2 0.6 7 0.1 3.4",
  "7": "M0 10L7 10L2.4 0",
  "8": "M3.5 5.4C-0.6 5.4 -0.4 10 3.5 10C7.4 10 7.6 5.4 3.5 5.4C-1.2 5.4 -1.2 0 3.5 0C8.2 0 8.2 5.4 3.5 5.4",
  "9": "M0.8 0.8C4.4 -1.6 7 3 6.7 6.6C6.4 11 0 11.2 0 7C0 2.8 6.2 3 6.7 6.6"
};

const SEGMENTS = 16; // straight pieces for each curve

/** The characters that have a glyph: A to Z and 0 to 9. */
export const glyphNames: readonly string[] = Object.keys(paths).sort();

/** The glyph of one character of `glyphNames`; undefined if there is none. */
export function glyph(character: string): Glyph | undefined {
  if (!Object.hasOwn(paths, character)) return undefined;
  const strokes = parsePath(paths[character]);
  const width = Math.max(...strokes.flat().map(([x]) => x));
  return {width, strokes};
}

function parsePath(path: string): Stroke[] {
  const strokes: Stroke[] = [];
  for (const [, command, list] of path.matchAll(/([MLC])([^MLC]*)/g)) {
    const v = list.trim().split(/\s+/).map(Number);
    const stroke = strokes.at(-1);
    if (command === "M") strokes.push([[v[0], v[1]]]);
    else if (command === "L") stroke!.push([v[0], v[1]]);
    else stroke!.push(...curve(stroke!.at(-1)!, v));
  }
  return strokes;
}

/** A cubic Bezier curve from a point by two handles to an end point (v: six numbers), without its first point. */
function curve([x, y]: [number, number], v: number[]): Stroke {
  return Array.from({length: SEGMENTS}, (_, i) => {
    const t = (i + 1) / SEGMENTS;
    const s = 1 - t;
    const along = (a: number, b: number, c: number, d: number) =>
      s ** 3 * a + 3 * s * s * t * b + 3 * s * t * t * c + t ** 3 * d;
    return [along(x, v[0], v[2], v[4]), along(y, v[1], v[3], v[5])];
  });
}
