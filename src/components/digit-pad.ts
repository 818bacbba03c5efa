import {drawnDigit} from "../lib/digits/drawn-digit.js";
import {glyph} from "../lib/points/stroke-font.js";
import {button, buttonRow, controls, select} from "./controls.js";
import {element} from "./element.js";
import {drawCross, followPointer, onBoard, penMoves} from "./pen.js";
import type {Plane} from "./plane.js";
import {plane} from "./plane.js";
import {themeColor} from "./theme.js";

export interface DigitPadOptions {
  digit?: string; // that is there to begin with, "0" to "9"; defaults to none
  /** Called after changes of the drawing, once a frame at most. */
  onChange: () => void;
  signal: AbortSignal;
}

/** A pad to draw a digit on: with the mouse, a finger, a pen or the keyboard. */
export interface DigitPad extends HTMLElement {
  /** What was drawn, as MNIST has its digits: pixels 0..255 [784], or null when the pad is empty. */
  readonly pixels: Uint8Array | null;
}

const extent = 1; // half of the pad's side
const penWidth = 0.2;
const stride = 0.08; // of an arrow key

/**
 * With the keyboard the arrow keys move a cross, Shift with an arrow draws, Space puts a dot, and Backspace takes back the
 * last stroke.
 */
export function digitPad({digit, onChange, signal}: DigitPadOptions): DigitPad {
  let strokes: number[][] = [];
  let cross: [number, number] | null = null; // the keyboard's place, shown while the pad has the focus
  let telling = 0; // the frame that tells of the last changes
  let drawing = false; // whether Shift is held, so that arrows go on with one stroke
  const board = plane({signal, extent, draw: paint});
  const canvas = board.querySelector("canvas")!;
  canvas.tabIndex = 0;
  board.dataset.drawing = "true";
  board.style.maxWidth = "15rem";
  const sample = select({
    name: "or begin with",
    options: [{value: "", label: "an empty pad"}, ..."0123456789"].map((one) =>
      typeof one === "string" ? {value: one, label: `a ${one} in block letters`} : one
    ),
    value: digit
  });
  sample.addEventListener("input", () => take(sample.value));
  const help = element(
    "p",
    {style: "margin-top: 0"},
    "Draw a digit with the mouse, a finger or a pen. With the keyboard, the arrow keys move a cross, Shift with an arrow ",
    "draws, Space puts a dot, and Backspace takes back a stroke."
  );
  const side = element(
    "div",
    {},
    help,
    controls(
      sample,
      buttonRow(
        button("Undo", undo),
        button("Clear", () => take(""))
      )
    )
  );
  const root = element("div", {class: "digit-pad", style: layout}, board, side);
  followPointer(board, {begin, follow}, signal);
  canvas.addEventListener("keydown", key, {signal});
  canvas.addEventListener("keyup", ({key}) => void (key === "Shift" && (drawing = false)), {signal});
  canvas.addEventListener("focus", () => show((cross ??= [0, 0])), {signal});
  canvas.addEventListener("blur", () => show((cross = null)), {signal});
  signal.addEventListener("abort", () => cancelAnimationFrame(telling));
  strokes = blockLetter(digit ?? "");
  show();
  return Object.defineProperty(root, "pixels", {
    get: () => (strokes.length ? drawnDigit(strokes, 2 * extent) : null)
  }) as unknown as DigitPad;

  function paint(view: Plane): void {
    const {context, x, y, size} = view;
    context.save();
    context.strokeStyle = themeColor("theme-foreground");
    context.lineWidth = (penWidth * size) / (2 * extent);
    context.lineCap = context.lineJoin = "round";
    context.beginPath();
    for (const stroke of strokes) {
      context.moveTo(x(stroke[0]), y(stroke[1]));
      for (let k = 0; k < stroke.length; k += 2) context.lineTo(x(stroke[k]), y(stroke[k + 1]));
    }
    context.stroke();
    context.restore();
    if (cross) drawCross(view, cross, themeColor("theme-red"));
  }

  function show(_?: unknown): void {
    board.redraw();
    const n = strokes.length;
    board.describe(
      `Pad with ${n} ${n === 1 ? "stroke" : "strokes"}. Draw a digit with the pointer, or use the arrow keys to move, ` +
        "Shift and an arrow key to draw, Space to put a dot, Backspace to take back a stroke."
    );
  }

  // What hears of it computes the whole drawing anew, and a pen moves many times between two frames.
  function changed(): void {
    show();
    telling ||= requestAnimationFrame(() => {
      telling = 0;
      onChange();
    });
  }

  function take(character: string): void {
    strokes = blockLetter(character);
    sample.value = character;
    changed();
  }

  function undo(): void {
    strokes.pop();
    changed();
  }

  function begin(at: readonly [number, number]): void {
    strokes.push([...at]);
    changed();
  }

  function follow(to: readonly [number, number]): void {
    strokes.at(-1)?.push(...to);
    changed();
  }

  function key(event: KeyboardEvent): void {
    cross ??= [0, 0];
    const move = penMoves[event.key];
    if (move) {
      if (event.shiftKey && !drawing) begin(cross);
      drawing = event.shiftKey;
      cross = cross.map((value, axis) => onBoard(value + stride * move[axis], extent)) as [number, number];
      if (drawing) follow(cross);
      show();
    } else if (event.key === " ") begin(cross);
    else if (event.key === "Backspace") undo();
    else return;
    event.preventDefault(); // the page must not scroll
  }
}

/** The strokes of a digit in block letters, in the middle of the pad. */
function blockLetter(character: string): number[][] {
  const letter = glyph(character);
  if (!letter) return [];
  const scale = (1.4 * extent) / 10;
  return letter.strokes.map((stroke) => stroke.flatMap(([x, y]) => [scale * (x - letter.width / 2), scale * (y - 5)]));
}

const layout =
  "display: grid; gap: 0.4rem 1.2rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 13rem), 1fr))";
