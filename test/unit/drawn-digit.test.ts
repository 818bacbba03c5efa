import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {centreOfMass, drawnDigit} from "../../lib/digits/drawn-digit.js";
import {glyph} from "../../lib/points/stroke-font.js";
import {assertAllNear, assertNear} from "./near.js";

const strokesOf = (character: string) => glyph(character)!.strokes.map((stroke) => stroke.flat());
const board = 10;

/** First and last row and column with ink of at least half. */
function boxOf(pixels: Uint8Array): {rows: number; columns: number} {
  const ink = [...pixels.keys()].filter((i) => pixels[i] >= 128);
  const side = (place: (i: number) => number) => Math.max(...ink.map(place)) - Math.min(...ink.map(place)) + 1;
  return {rows: side((i) => Math.floor(i / 28)), columns: side((i) => i % 28)};
}

describe("drawnDigit(strokes, board)", () => {
  it("puts the centre of mass in the middle, wherever it was drawn", () => {
    for (const digit of "0123456789") {
      for (const [dx, dy] of [
        [0, 0],
        [31.3, -7.9]
      ]) {
        const moved = strokesOf(digit).map((stroke) => stroke.map((value, i) => value + (i % 2 ? dy : dx)));
        assertAllNear(centreOfMass(drawnDigit(moved, board)), [13.5, 13.5], 0.02);
      }
    }
  });

  it("fills the box of 20 pixels with the longer side, at any size of the drawing", () => {
    for (const size of [0.5, 1, 4]) {
      const strokes = strokesOf("3").map((stroke) => stroke.map((value) => size * value));
      const {rows, columns} = boxOf(drawnDigit(strokes, board));
      assert.ok(Math.abs(rows - 20) <= 1, `${rows} rows`);
      assert.ok(columns < 18, `${columns} columns keep the shape`);
    }
  });

  it("does not blow a dot up to a digit", () => {
    const {rows, columns} = boxOf(drawnDigit([[5, 5]], board));
    assert.ok(rows <= 3 && columns <= 3, `${rows} x ${columns}`);
  });

  it("draws up as up", () => {
    const seven = drawnDigit(strokesOf("7"), board); // its bar is at the top
    const row = (k: number) => seven.slice(28 * k, 28 * (k + 1)).reduce((sum, value) => sum + value, 0);
    const rows = Array.from({length: 28}, (_, k) => row(k));
    assert.ok(rows.indexOf(Math.max(...rows)) < 12, "the row with most ink is in the upper half");
  });

  it("has ink like MNIST: strokes of two or three pixels with soft edges, an eighth of the picture or so", () => {
    let sum = 0;
    for (const digit of "0123456789") {
      const pixels = drawnDigit(strokesOf(digit), board);
      assert.ok(pixels.includes(255), "the middle of a stroke is full");
      const soft = pixels.filter((value) => value > 0 && value < 255).length / pixels.filter(Boolean).length;
      assert.ok(soft > 0.2 && soft < 0.8, `${soft} of ${digit} is edge`);
      sum += pixels.reduce((all, value) => all + value, 0) / (255 * 784);
    }
    assertNear(sum / 10, 0.131, 0.04, "the mean of the pixels"); // MNIST's is 0.131
  });

  it("is empty when nothing was drawn", () => {
    assert.ok(
      drawnDigit([], board).every((value) => value === 0),
      "no ink"
    );
    assert.ok(
      drawnDigit([[]], board).every((value) => value === 0),
      "no ink"
    );
  });
});
