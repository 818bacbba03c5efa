import type {PointSet} from "./point-set.js";
import {standardPoints} from "./point-set.js";
import type {Stroke} from "./stroke-font.js";
import {glyph, glyphNames} from "./stroke-font.js";

const GAP = 3; // between letters; a letter is 10 high
const SPACE = 5; // width of a blank
const LONGEST = 12; // letters

/**
 * The points of a word, spread evenly along its pen strokes: mean 0, scale 1.
 *
 * `word` has 1 to 12 of the letters A to Z (small ones are made large), digits and blanks, at least one of them not
 * blank. `thickness` is the std of the Gaussian blur across a stroke, as a share of the letters' height; it defaults to
 * 0.025. Throws a RangeError for other words, and for a thickness outside 0..0.5.
 */
export function letterPoints(word: string, {thickness = 0.025}: {thickness?: number} = {}): PointSet {
  if (!(thickness >= 0 && thickness <= 0.5)) {
    throw new RangeError(`thickness is ${thickness}: choose a share of the letters' height between 0 and 0.5`);
  }
  const segments = segmentsOf(strokesOf(word));
  const blur = 10 * thickness;
  const ends = cumulativeLengths(segments);
  const length = ends[ends.length - 1];
  const average = (f: (s: Segment) => number) => segments.reduce((sum, s) => sum + s.length * f(s), 0) / length;
  return standardPoints("letters", `The letters ${word.trim().toUpperCase()}`, {
    mean: [average((s) => s.x + s.dx / 2), average((s) => s.y + s.dy / 2)],
    meanSquare: average(meanSquareOf) + 2 * blur ** 2,
    draw(random, out, at) {
      const position = length * random.uniform();
      const i = firstAbove(ends, position);
      const {x, y, dx, dy, length: l} = segments[i];
      const t = (position - (ends[i] - l)) / l;
      out[at] = x + t * dx + blur * random.normal();
      out[at + 1] = y + t * dy + blur * random.normal();
    }
  });
}

interface Segment {
  x: number;
  y: number;
  dx: number;
  dy: number;
  length: number;
}

/** E|p|^2 for p even on the segment. */
function meanSquareOf({x, y, dx, dy}: Segment): number {
  return x * x + y * y + x * dx + y * dy + (dx * dx + dy * dy) / 3;
}

/** The word's strokes, letter beside letter. */
function strokesOf(word: string): Stroke[] {
  const characters = [...word.trim().toUpperCase()];
  if (characters.length < 1 || characters.length > LONGEST) {
    throw new RangeError(`the word has ${characters.length} letters: choose between 1 and ${LONGEST}`);
  }
  let left = 0;
  return characters.flatMap((character) => {
    const shape = character === " " ? {width: SPACE - GAP, strokes: []} : glyph(character);
    if (!shape) throw new RangeError(`there is no letter "${character}": use ${glyphNames.join("")} and blanks`);
    const moved = shape.strokes.map((stroke) => stroke.map(([x, y]): [number, number] => [x + left, y]));
    left += shape.width + GAP;
    return moved;
  });
}

function segmentsOf(strokes: Stroke[]): Segment[] {
  return strokes.flatMap((stroke) =>
    stroke.slice(1).map(([x1, y1], i) => {
      const [x, y] = stroke[i];
      return {x, y, dx: x1 - x, dy: y1 - y, length: Math.hypot(x1 - x, y1 - y)};
    })
  );
}

function cumulativeLengths(segments: Segment[]): Float64Array {
  let sum = 0;
  return Float64Array.from(segments, ({length}) => (sum += length));
}

/** The first index whose entry is above `value`, by bisection; the entries ascend. */
function firstAbove(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
