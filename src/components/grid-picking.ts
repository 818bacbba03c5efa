import {pickedPoint} from "./picked-point.js";

export interface GridPickingOptions {
  columns: number;
  rows: number;
  pitch: number; // of two digits, in pixels of the canvas
  redraw: () => void;
  signal: AbortSignal;
}

/** Lets the reader pick a digit of a grid, with a click or with the arrow keys; Escape lets it go. */
export function gridPicking(canvas: HTMLCanvasElement, options: GridPickingOptions): void {
  const {columns, rows, pitch, redraw, signal} = options;
  const picked = pickedPoint();
  const count = columns * rows;
  const strides: Record<string, number> = {ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns};
  canvas.tabIndex = 0;
  picked.onChange(redraw, signal);
  canvas.addEventListener(
    "click",
    ({offsetX, offsetY}) => {
      const scale = canvas.width / canvas.clientWidth;
      const [column, row] = [offsetX, offsetY].map((at) => Math.floor((at * scale) / pitch));
      const index = Math.min(row, rows - 1) * columns + Math.min(column, columns - 1);
      picked.set(index === picked.index ? null : index);
    },
    {signal}
  );
  canvas.addEventListener(
    "keydown",
    (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === "Escape" && picked.index !== null) picked.set(null);
      else if (event.key in strides) {
        const from = picked.index === null || picked.index >= count ? -1 : picked.index;
        const next = from < 0 ? 0 : (from + strides[event.key] + count) % count;
        picked.set(next);
      } else return;
      event.preventDefault();
    },
    {signal}
  );
}
