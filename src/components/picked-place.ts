import {fixed} from "./format.js";
import type {Plane} from "./plane.js";

/** A place in the plane that the reader has picked; figures that share it show the same one. */
export interface PickedPlace {
  readonly at: readonly [number, number];
  set(at: readonly [number, number]): void;
  /** Calls back after each change, until `signal` aborts. */
  onChange(callback: () => void, signal: AbortSignal): void;
}

/** A picked place, which begins at `start`. */
export function pickedPlace(start: readonly [number, number]): PickedPlace {
  const callbacks = new Set<() => void>();
  let at = start;
  return {
    get at() {
      return at;
    },
    set(next) {
      if (next[0] === at[0] && next[1] === at[1]) return;
      at = next;
      for (const callback of [...callbacks]) callback();
    },
    onChange(callback, signal) {
      callbacks.add(callback);
      signal.addEventListener("abort", () => callbacks.delete(callback), {once: true});
    }
  };
}

const keys: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1]
};

/**
 * Lets the reader pick on a plane that is centred at 0: by pressing and dragging, or with the arrow keys, which move by
 * 1/40 of what is shown. `get` says where the thing is that they move, and `set` takes where it is to go.
 */
export function pickOn(
  plane: Plane,
  get: () => readonly [number, number],
  set: (at: [number, number]) => void,
  signal: AbortSignal
): void {
  const canvas = plane.querySelector("canvas")!;
  plane.tabIndex = 0;
  plane.setAttribute("role", "group");
  plane.setAttribute("aria-label", "A place: the arrow keys move it");
  canvas.style.cursor = "crosshair";
  const inside = (value: number) => Math.max(-plane.extent, Math.min(plane.extent, Number(value.toFixed(3))));
  const from = ({offsetX, offsetY}: PointerEvent) =>
    set([
      inside(plane.extent * ((2 * offsetX) / plane.size - 1)),
      inside(plane.extent * (1 - (2 * offsetY) / plane.size))
    ]);
  canvas.addEventListener("pointerdown", (event) => plane.size && from(event), {signal});
  canvas.addEventListener("pointermove", (event) => plane.size && event.buttons === 1 && from(event), {signal});
  plane.addEventListener(
    "keydown",
    (event) => {
      const move = keys[event.key];
      if (!move) return;
      event.preventDefault(); // the page does not scroll meanwhile
      const [x, y] = get();
      set([inside(x + (move[0] * plane.extent) / 20), inside(y + (move[1] * plane.extent) / 20)]);
    },
    {signal}
  );
}

/** A place or a vector for reading, to two decimals. */
export function pairText(at: ArrayLike<number>): string {
  return `${fixed(at[0], 2)}, ${fixed(at[1], 2)}`;
}
