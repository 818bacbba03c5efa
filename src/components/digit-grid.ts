import {digitPixels, digitSize} from "../lib/digits/digit.js";
import {element} from "./element.js";
import {pickedPoint} from "./picked-point.js";
import {gridPicking} from "./grid-picking.js";
import {onThemeChange, themeColor} from "./theme.js";

/** Whether a digit is the one that was asked for; null leaves it unmarked. */
export type DigitMark = "right" | "wrong" | null;

export interface DigitGridOptions {
  columns: number;
  rows: number;
  scale?: number; // CSS pixels for a pixel of a digit, where there is room; defaults to 2
  label: string; // the text alternative, until `show` gives another
  columnLabels?: readonly (string | number)[]; // written above
  rowLabels?: readonly (string | number)[]; // written at the left
  picks?: boolean; // whether a digit can be picked; the same place is then the same noise in all grids of the page
  signal?: AbortSignal; // stops following the page's theme; without it the grid follows as long as the page is open
}

export interface ShowOptions {
  /** One for each digit: a line under what is right, a frame around what is wrong. */
  marks?: readonly DigitMark[];
  label?: string; // a new text alternative
}

/** Digits side by side. */
export interface DigitGrid extends HTMLElement {
  /**
   * Draws digits [n, 784], row by row of the grid: bytes 0..255 with 255 as ink, any other numbers as -1..1 with 1 as ink.
   * Places without a digit stay empty, digits without a place are left out.
   */
  show(values: ArrayLike<number>, options?: ShowOptions): void;
}

const pitch = digitSize + 3; // of two digits, in their pixels: room for a frame and for paper

/** A grid of digits on a canvas, dark ink on light paper or the other way round, as the theme has it. */
export function digitGrid(options: DigitGridOptions): DigitGrid {
  const {columns, rows, scale = 2, label, columnLabels, rowLabels, picks = false} = options;
  const signal = options.signal ?? new AbortController().signal;
  let digits: ArrayLike<number> = [];
  let marks: readonly DigitMark[] = [];
  const width = columns * pitch - 1;
  const height = rows * pitch - 1;
  const style = `image-rendering: pixelated; width: 100%; height: auto; border-radius: 3px; background: ${paper}`;
  const canvas = element("canvas", {width, height, role: "img", "aria-label": label, style});
  const context = canvas.getContext("2d")!;
  const across = `${rowLabels ? "auto " : ""}minmax(0, ${width * scale}px)`;
  const root = element(
    "div",
    {class: "digit-grid", style: `display: grid; grid-template-columns: ${across}; gap: 0.2rem 0.4rem`},
    columnLabels && rowLabels && element("span"),
    columnLabels && names(columnLabels, `grid-template-columns: repeat(${columns}, minmax(0, 1fr))`),
    rowLabels && names(rowLabels, `grid-template-rows: repeat(${rows}, minmax(0, 1fr)); text-align: right`),
    canvas
  );
  onThemeChange(draw, signal);
  if (picks) gridPicking(canvas, {columns, rows, pitch, redraw: draw, signal});
  return Object.assign(root, {
    show(next: ArrayLike<number>, {marks: nextMarks = [], label: text}: ShowOptions = {}) {
      digits = next;
      marks = nextMarks;
      if (text !== undefined) canvas.setAttribute("aria-label", text);
      draw();
    }
  });

  function draw(): void {
    const image = context.createImageData(width, height);
    paintDigits(image.data, digits, columns, rows, rgb(themeColor("theme-foreground")));
    context.putImageData(image, 0, 0);
    for (const [k, mark] of marks.slice(0, columns * rows).entries()) {
      if (mark) drawMark(mark, (k % columns) * pitch, Math.floor(k / columns) * pitch);
    }
    if (picks) drawPickedDigit();
  }

  function drawPickedDigit(): void {
    const {index} = pickedPoint();
    if (index === null || index >= columns * rows) return;
    context.strokeStyle = themeColor("theme-foreground");
    context.lineWidth = 2;
    context.strokeRect((index % columns) * pitch + 1, Math.floor(index / columns) * pitch + 1, pitch - 3, pitch - 3);
  }

  // Told apart by their shape too, since some readers do not see the colours.
  function drawMark(mark: "right" | "wrong", x: number, y: number): void {
    const side = pitch - 1;
    context.fillStyle = themeColor(mark === "right" ? "data" : "theme-red");
    context.fillRect(x, y + side - 1, side, 1);
    if (mark === "right") return;
    context.fillRect(x, y, side, 1);
    context.fillRect(x, y, 1, side);
    context.fillRect(x + side - 1, y, 1, side);
  }
}

/**
 * Paints digits [n, 784] into the RGBA bytes of a grid's image: the ink colour everywhere, and as opaque as there is ink.
 */
export function paintDigits(
  data: Uint8ClampedArray,
  digits: ArrayLike<number>,
  columns: number,
  rows: number,
  [red, green, blue]: readonly [number, number, number]
): void {
  const bytes = digits instanceof Uint8Array || digits instanceof Uint8ClampedArray;
  const width = columns * pitch - 1;
  const count = Math.min(columns * rows, Math.floor(digits.length / digitPixels));
  for (let k = 0; k < count; ++k) {
    const corner = (Math.floor(k / columns) * pitch + 1) * width + (k % columns) * pitch + 1;
    for (let i = 0; i < digitPixels; ++i) {
      const value = digits[k * digitPixels + i];
      const at = 4 * (corner + Math.floor(i / digitSize) * width + (i % digitSize));
      data[at] = red;
      data[at + 1] = green;
      data[at + 2] = blue;
      data[at + 3] = bytes ? value : 127.5 * (value + 1); // clamped by the array
    }
  }
}

const paper = "light-dark(#fffefb, #191c21)";

function names(texts: readonly (string | number)[], layout: string): HTMLElement {
  const style = `display: grid; align-items: center; text-align: center; font-size: 0.78rem; color: var(--theme-foreground-muted); ${layout}`;
  return element("div", {style, "aria-hidden": "true"}, ...texts.map((text) => element("span", {}, text)));
}

/** The three channels of a resolved colour such as `rgb(11, 98, 164)`. */
function rgb(color: string): [number, number, number] {
  const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map(Number);
  return [red, green, blue];
}
