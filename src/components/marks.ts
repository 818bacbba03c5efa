import type {Plane} from "./plane.js";
import type {ColorName} from "./theme.js";
import {themeColor} from "./theme.js";

// What figures of distributions draw on a plane beside dots: circles with a dash, named points, arrows.

/** A circle in data coordinates; `fill` from 0 to 1 fills it as strongly. */
export function drawCircle(
  plane: Plane,
  [x, y]: readonly number[],
  radius: number,
  style: {color: ColorName; width?: number; dash?: readonly number[]; fill?: number; alpha?: number}
): void {
  const {color, width = 1.4, dash = [], fill = 0, alpha = 1} = style;
  const {context} = plane;
  context.save();
  context.strokeStyle = context.fillStyle = themeColor(color);
  context.lineWidth = width;
  context.setLineDash([...dash]);
  context.beginPath();
  context.arc(plane.x(x), plane.y(y), Math.max(1, plane.x(radius) - plane.x(0)), 0, 2 * Math.PI);
  context.globalAlpha = fill;
  if (fill > 0) context.fill();
  context.globalAlpha = alpha;
  context.stroke();
  context.restore();
}

/** A dot with its name beside it, inside the plane. */
export function drawNamed(
  plane: Plane,
  [x, y]: readonly number[],
  name: string,
  style: {color: ColorName; hollow?: boolean}
): void {
  const {context} = plane;
  const [px, py] = [plane.x(x), plane.y(y)];
  plane.dots([x, y], {color: style.color, radius: 5, alpha: 1, hollow: style.hollow});
  context.save();
  context.font = "600 13px system-ui, sans-serif";
  context.lineWidth = 4;
  context.lineJoin = "round";
  context.strokeStyle = themeColor("theme-background");
  context.fillStyle = themeColor(style.color);
  const right = px + 10 + context.measureText(name).width < plane.size;
  context.textAlign = right ? "left" : "right";
  const spot = [px + (right ? 9 : -9), Math.max(13, py - 8)] as const;
  context.strokeText(name, ...spot);
  context.fillText(name, ...spot);
  context.restore();
}

/** An arrow in data coordinates, from one place to another. */
export function drawArrowTo(
  plane: Plane,
  from: readonly number[],
  to: readonly number[],
  style: {color: ColorName; width?: number}
): void {
  const {context} = plane;
  const [ax, ay, bx, by] = [plane.x(from[0]), plane.y(from[1]), plane.x(to[0]), plane.y(to[1])];
  const length = Math.hypot(bx - ax, by - ay);
  if (!(length > 1)) return;
  const [ux, uy] = [(bx - ax) / length, (by - ay) / length];
  const head = Math.min(10, 0.5 * length);
  context.save();
  context.strokeStyle = context.fillStyle = themeColor(style.color);
  context.lineWidth = style.width ?? 2.4;
  context.beginPath();
  context.moveTo(ax, ay);
  context.lineTo(bx - ux * head, by - uy * head);
  context.stroke();
  context.beginPath();
  context.moveTo(bx, by);
  context.lineTo(bx - head * (ux + uy * 0.45), by - head * (uy - ux * 0.45));
  context.lineTo(bx - head * (ux - uy * 0.45), by - head * (uy + ux * 0.45));
  context.fill();
  context.restore();
}
