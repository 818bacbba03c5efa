import {readable} from "./format.js";
import type {Plane} from "./plane.js";
import {themeColor} from "./theme.js";

// The points of a step that is not right may fly off: how to tell, what to say, and how to show it.

/** A run as it can be shown. */
export interface Flight {
  states: Float32Array[]; // numbers that are too large to be finite are replaced by the last that were
  text: string; // a sentence if the points fly off, or ""
  /** How far a plane must show at a position to hold most points, and where they have been. */
  reach(position: number): number;
}

export interface FlightOptions {
  who: string; // whose samples they are, such as DDIM
  size: number; // of a coordinate of the data, root mean square
  usual: number; // how far the plane shows while the points stay together
}

const apart = 2.5; // times what noise or data have: a coordinate of x_t has a size between the two
const held = 0.9; // the share of the points that must be in view

/**
 * Tells whether the points of a run fly off. Throws a RangeError when a step makes numbers that are not finite out of
 * points in their place: that is no flight but a slip.
 */
export function flightOf(made: readonly Float32Array[], {who, size, usual}: FlightOptions): Flight {
  const broken = made.findIndex((state) => !state.every(Number.isFinite));
  const states = broken < 0 ? [...made] : made.slice(0, broken);
  const sizes = states.map(sizeOf);
  const largest = Math.max(0, ...sizes);
  const flies = largest > apart * Math.max(1, size);
  if (broken >= 0 && !flies) {
    throw new RangeError(
      `step ${broken} made numbers that are not finite out of points that are: ` +
        "look for the root of a negative number, a division by 0, or a name that is not a number"
    );
  }
  if (!flies) return {states, text: "", reach: () => usual};
  const reaches = states.map((state) => reachOf(state, usual));
  for (let k = 1; k < reaches.length; ++k) reaches[k] = Math.max(reaches[k], reaches[k - 1]);
  const last = readable(sizes[sizes.length - 1], 2);
  const end =
    broken < 0
      ? ` and ends at ${last}, where the data have ${readable(size, 2)}.`
      : `, and from step ${broken} on the numbers are too large for the computer: the picture stays as it was before.`;
  while (states.length < made.length) states.push(states[states.length - 1]);
  const text =
    `The samples of ${who} fly off. A typical coordinate should stay near 1; it grows to ${readable(largest, 2)} at step ` +
    `${sizes.indexOf(largest)}${end} Look at the factors in the cell of the step.`;
  return {states, text, reach: (position) => interpolate(reaches, position)};
}

/** How far a plane must show to hold most of the points [n, 2]: `usual`, unless more than a tenth of them lie outside. */
export function reachOf(points: ArrayLike<number>, usual: number): number {
  const far: number[] = [];
  for (let i = 0; i + 1 < points.length; i += 2) {
    const size = Math.max(Math.abs(points[i]), Math.abs(points[i + 1]));
    if (Number.isFinite(size)) far.push(size);
  }
  if (!far.length) return usual;
  far.sort((a, b) => a - b);
  return Math.max(usual, 1.15 * far[Math.floor(held * (far.length - 1))]);
}

/** Shows as much of a plane as `extent` says and draws it. Returns a note for the reader if this is unusual, or "". */
export function lookAt(plane: Plane, extent: number, usual: number): string {
  if (extent === plane.extent) plane.redraw();
  else plane.look([0, 0], extent);
  return extent > usual ? `${readable(extent / usual, 2)} times as far: the dashed square is the usual view` : "";
}

/** Marks the usual view with a dashed square, if more is in view. */
export function drawUsual(plane: Plane, usual: number): void {
  if (plane.extent <= usual) return;
  const {context} = plane;
  const half = Math.max(3, plane.x(usual) - plane.x(0)); // px
  context.save();
  context.strokeStyle = themeColor("theme-foreground");
  context.setLineDash([4, 3]);
  context.strokeRect(plane.x(0) - half, plane.y(0) - half, 2 * half, 2 * half);
  context.restore();
}

/** The size of a coordinate, root mean square; 1 for a standard normal cloud. */
export function sizeOf(points: ArrayLike<number>): number {
  let square = 0;
  for (let i = 0; i < points.length; ++i) square += points[i] ** 2;
  return Math.sqrt(square / points.length);
}

/** The root mean square distance from the mean, over both axes: 1 for a standard normal cloud. */
export function spread(points: ArrayLike<number>): number {
  const n = points.length / 2;
  let [mx, my, square] = [0, 0, 0];
  for (let i = 0; i < n; ++i) {
    mx += points[2 * i] / n;
    my += points[2 * i + 1] / n;
  }
  for (let i = 0; i < n; ++i) square += (points[2 * i] - mx) ** 2 + (points[2 * i + 1] - my) ** 2;
  return Math.sqrt(square / (2 * n));
}

function interpolate(values: readonly number[], position: number): number {
  const k = Math.max(0, Math.min(Math.floor(position), values.length - 1));
  const next = values[Math.min(k + 1, values.length - 1)];
  return values[k] + Math.max(0, position - k) * (next - values[k]);
}
