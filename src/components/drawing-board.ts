import {button, buttonRow, controls} from "./controls.js";
import {element} from "./element.js";
import {drawCross, followPointer, onBoard, penMoves} from "./pen.js";
import type {Plane} from "./plane.js";
import {plane} from "./plane.js";

export interface DrawingBoardOptions {
  /** Called with the points [n, 2] when the reader wants to use them. */
  onUse: (points: Float64Array) => void;
  signal: AbortSignal;
}

/** A board to draw points on: with the mouse, a finger, a pen or the keyboard. */
export interface DrawingBoard extends HTMLElement {
  readonly points: Float64Array; // [n, 2], in the order of drawing
  /** Puts the keyboard on the board. */
  start(): void;
}

const extent = 2.6;
const spacing = 0.07; // between the points of a stroke, so that a slow hand draws no more of them than a fast one
const stride = 0.1; // of an arrow key

/**
 * Strokes leave points at equal distances. With the keyboard the arrow keys move a cross, Space puts a point, Shift with an
 * arrow draws on the way, and Backspace takes the last point back.
 */
export function drawingBoard({onUse, signal}: DrawingBoardOptions): DrawingBoard {
  let points: number[] = [];
  let cross: [number, number] | null = null; // the keyboard's place, shown while the board has the focus
  const board = plane({signal, extent, draw: paint});
  const canvas = board.querySelector("canvas")!;
  canvas.tabIndex = 0;
  board.dataset.drawing = "true";
  const count = element("p", {class: "live-status", "aria-live": "polite"});
  const use = button("Use this drawing", () => onUse(Float64Array.from(points)), {primary: true});
  const help = element(
    "p",
    {style: "margin-top: 0"},
    "Draw with the mouse, a finger or a pen. With the keyboard, the arrow keys move a cross, Space puts a point, Shift with ",
    "an arrow draws a line, and Backspace takes a point back."
  );
  const root = element(
    "div",
    {class: "drawing-board", style: layout},
    board,
    element("div", {}, help, controls(buttonRow(use, button("Undo", undo), button("Clear", clear))), count)
  );
  followPointer(board, {begin: add, follow}, signal);
  canvas.addEventListener("keydown", key, {signal});
  canvas.addEventListener("focus", () => show((cross ??= [0, 0])), {signal});
  canvas.addEventListener("blur", () => show((cross = null)), {signal});
  show();
  return Object.defineProperty(Object.assign(root, {start: () => canvas.focus()}), "points", {
    get: () => Float64Array.from(points)
  }) as unknown as DrawingBoard;

  function paint(view: Plane): void {
    view.dots(points, {color: "data", radius: 3, alpha: 0.8});
    if (cross) drawCross(view, cross, getComputedStyle(root).color);
  }

  function show(_?: unknown): void {
    board.redraw();
    const n = points.length / 2;
    count.textContent = `${n} ${n === 1 ? "point" : "points"}.`;
    board.describe(
      `Drawing board with ${n} points. Draw with the pointer, or use the arrow keys to move, Space to put a point, ` +
        "Shift and an arrow key to draw a line, Backspace to undo."
    );
  }

  function add(at: readonly [number, number]): void {
    points.push(...at);
    show();
  }

  /** Goes on to a place, with points on the way. */
  function follow(to: readonly [number, number]): void {
    const from = points.slice(-2);
    const distance = Math.hypot(to[0] - from[0], to[1] - from[1]);
    const pieces = Math.floor(distance / spacing);
    for (let k = 1; k <= pieces; ++k) {
      points.push(...from.map((value, axis) => value + ((to[axis] - value) * k * spacing) / distance));
    }
    if (pieces) show();
  }

  function undo(): void {
    points.splice(-2);
    show();
  }

  function clear(): void {
    points = [];
    show();
  }

  function key(event: KeyboardEvent): void {
    cross ??= [0, 0];
    const move = penMoves[event.key];
    if (move) {
      if (event.shiftKey && !points.length) add(cross);
      cross = cross.map((value, axis) => onBoard(value + stride * move[axis], extent)) as [number, number];
      if (event.shiftKey) add(cross);
      show();
    } else if (event.key === " ") add(cross);
    else if (event.key === "Backspace") undo();
    else return;
    event.preventDefault(); // the page must not scroll
  }
}

const layout =
  "display: grid; gap: 0.4rem 1.2rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr))";
