import {fixed} from "./format.js";
import {pickedPoint} from "./picked-point.js";
import type {Plane, TrailStyle} from "./plane.js";
import {nearestPoint} from "./points.js";

export interface PickingOptions {
  /** The points [n, 2] as they are drawn now; null while there are none. */
  points: () => ArrayLike<number> | null;
  /** Called when another point is picked, here or in another figure of the page; the plane is drawn anew by itself. */
  onChange?: () => void;
  signal: AbortSignal;
}

const reach = 0.1; // how far from a point a click may be, as a share of what the plane shows
const strides: Record<string, number> = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1};

/**
 * Lets the reader pick a point of a plane: with a click, or with the arrow keys while the plane has the focus. Escape lets
 * it go. It is the same point in all figures of the page that start from the same noise.
 */
export function picking(plane: Plane, {points, onChange, signal}: PickingOptions): void {
  const picked = pickedPoint();
  const canvas = plane.querySelector("canvas")!;
  plane.tabIndex = 0;
  plane.setAttribute("role", "group");
  plane.setAttribute("aria-label", "Points: the arrow keys pick one, Escape lets it go");
  canvas.addEventListener("click", ({offsetX, offsetY}) => click(offsetX, offsetY), {signal});
  plane.addEventListener("keydown", key, {signal});
  picked.onChange(() => {
    plane.redraw();
    onChange?.();
  }, signal);

  function click(px: number, py: number): void {
    const now = points();
    if (!now) return;
    const at: [number, number] = [
      (px - plane.x(0)) / (plane.x(1) - plane.x(0)),
      (py - plane.y(0)) / (plane.y(1) - plane.y(0))
    ];
    const index = nearestPoint(now, at, reach * plane.extent);
    picked.set(index < 0 || index === picked.index ? null : index);
  }

  function key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape" && picked.index !== null) picked.set(null);
    else if (event.key in strides) step(strides[event.key]);
    else return;
    event.preventDefault();
  }

  function step(stride: number): void {
    const count = (points()?.length ?? 0) / 2;
    if (!count) return;
    const {index} = picked;
    picked.set(index === null ? (stride > 0 ? 0 : count - 1) : (index + stride + count) % count);
  }
}

/** The picked point, if the cloud has it. */
export function pickedIn(points: ArrayLike<number>): number | null {
  const {index} = pickedPoint();
  return index !== null && 2 * index + 1 < points.length ? index : null;
}

/** Sets off one point of a cloud [n, 2] with a ring around it. */
export function drawPicked(plane: Plane, points: ArrayLike<number>, index: number): void {
  plane.dots(points, {color: "theme-foreground", radius: 4, alpha: 1, only: [index]});
  plane.dots(points, {color: "theme-foreground", radius: 8, alpha: 1, hollow: true, only: [index]});
}

/** The picked point's whole trail so far. */
export function drawPickedTrail(
  plane: Plane,
  states: readonly ArrayLike<number>[],
  index: number,
  {dash, upTo}: Pick<TrailStyle, "dash"> & {upTo?: number}
): void {
  plane.trail(states, index, {color: "theme-foreground", dash, width: 2, alpha: 1}, upTo);
}

/** Where a point is in several clouds, in words: `Point 37: noise (0.31, −1.20), DDIM (0.90, 0.11).` */
export function pickedText(index: number, clouds: Record<string, ArrayLike<number>>): string {
  const places = Object.entries(clouds).map(([name, points]) => {
    return `${name} (${fixed(points[2 * index], 2)}, ${fixed(points[2 * index + 1], 2)})`;
  });
  return `Point ${index}: ${places.join(", ")}.`;
}
