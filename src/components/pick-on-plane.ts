import {pickedPoint} from "./picked-point.js";
import type {Plane} from "./plane.js";
import {nearestPoint} from "./points.js";

export interface PickOnPlaneOptions {
  points: () => ArrayLike<number>; // [n, 2], what is on the plane now
  signal: AbortSignal;
  within?: number; // how near a click must be, in data units; defaults to 0.3
}

/** Lets the reader pick the page's point on a plane: a click takes the nearest, the arrow keys take the next and the last. */
export function pickOnPlane(view: Plane, {points, signal, within = 0.3}: PickOnPlaneOptions): void {
  const picked = pickedPoint();
  const canvas = view.querySelector("canvas")!;
  canvas.tabIndex = 0;
  const place = ({offsetX, offsetY}: MouseEvent): [number, number] => {
    const unit = (2 * view.extent) / view.size;
    return [(offsetX - view.x(0)) * unit, (view.y(0) - offsetY) * unit];
  };
  canvas.addEventListener(
    "click",
    (event) => {
      const index = nearestPoint(points(), place(event), within);
      if (index >= 0) picked.set(index);
    },
    {signal}
  );
  canvas.addEventListener(
    "keydown",
    (event) => {
      const step = {ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1}[event.key];
      const count = points().length / 2;
      if (!step || !count) return;
      event.preventDefault(); // the page does not scroll meanwhile
      picked.set(((picked.index ?? 0) + step + count) % count);
    },
    {signal}
  );
}
