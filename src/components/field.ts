import type {Plane} from "./plane.js";
import type {ColorName} from "./theme.js";
import {themeColor} from "./theme.js";

/** The places where a field is shown: `side` by `side` points, even over a plane of this extent, as [side * side, 2]. */
export function fieldGrid(extent: number, side: number): Float64Array {
  const place = (k: number) => extent * ((2 * (k + 0.5)) / side - 1);
  return Float64Array.from({length: 2 * side * side}, (_, i) => {
    const k = i >> 1;
    return i % 2 === 0 ? place(k % side) : place(Math.floor(k / side));
  });
}

export interface FieldStyle {
  color: ColorName;
  width?: number; // CSS pixels, defaults to 1.3
  dash?: readonly number[];
}

/**
 * An arrow at each place of the grid [n, 2] against the predicted noise [n, 2] there. Its length is that of the noise, up to
 * 2.5, where it fills its cell of the grid; longer ones stay as long.
 */
export function drawField(plane: Plane, grid: Float64Array, epsilon: Float64Array, style: FieldStyle): void {
  const {color, width = 1.3, dash = []} = style;
  const {context} = plane;
  const cell = plane.size / Math.sqrt(grid.length / 2);
  context.save();
  context.strokeStyle = context.fillStyle = themeColor(color);
  context.lineWidth = width;
  for (let i = 0; i < grid.length; i += 2) {
    const length = Math.hypot(epsilon[i], epsilon[i + 1]);
    if (!(length > 1e-6) || !Number.isFinite(length)) continue; // no direction, or not a number
    const size = (0.95 * cell * Math.min(length, 2.5)) / 2.5;
    const [ux, uy] = [-epsilon[i] / length, epsilon[i + 1] / length]; // pixels: y points down
    drawArrow(context, plane.x(grid[i]), plane.y(grid[i + 1]), ux, uy, size, dash);
  }
  context.restore();
}

/** One arrow of a length in pixels, its middle at (x, y), along the unit vector (ux, uy). */
function drawArrow(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  ux: number,
  uy: number,
  size: number,
  dash: readonly number[]
): void {
  const [tipX, tipY] = [x + (ux * size) / 2, y + (uy * size) / 2];
  const head = Math.min(5, 0.45 * size);
  context.setLineDash([...dash]);
  context.beginPath();
  context.moveTo(x - (ux * size) / 2, y - (uy * size) / 2);
  context.lineTo(tipX - ux * head, tipY - uy * head);
  context.stroke();
  context.beginPath();
  context.moveTo(tipX, tipY);
  context.lineTo(tipX - ux * head - uy * head * 0.5, tipY - uy * head + ux * head * 0.5);
  context.lineTo(tipX - ux * head + uy * head * 0.5, tipY - uy * head - ux * head * 0.5);
  context.fill();
}
