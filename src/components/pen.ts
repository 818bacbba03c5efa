import type {Plane} from "./plane.js";

/** What a stroke does to a drawing, in the coordinates of its plane. */
export interface Pen {
  begin(at: [number, number]): void;
  follow(to: [number, number]): void;
}

/** Where the arrow keys lead. */
export const penMoves: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1]
};

/** Follows the pointer while it is pressed, also where it leaves the board, with all places between two frames. */
export function followPointer(view: Plane, pen: Pen, signal: AbortSignal): void {
  const canvas = view.querySelector("canvas")!;
  let pressed = -1; // the id of the pointer that draws
  const place = ({clientX, clientY}: PointerEvent): [number, number] => {
    const {left, top, width, height} = canvas.getBoundingClientRect();
    const x = view.extent * ((2 * (clientX - left)) / width - 1);
    const y = view.extent * (1 - (2 * (clientY - top)) / height);
    return [onBoard(x, view.extent), onBoard(y, view.extent)];
  };
  canvas.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button !== 0 || pressed >= 0) return;
      pressed = event.pointerId;
      canvas.setPointerCapture(pressed);
      pen.begin(place(event));
    },
    {signal}
  );
  canvas.addEventListener(
    "pointermove",
    (event) => {
      if (event.pointerId !== pressed) return;
      const places = event.getCoalescedEvents?.() ?? [];
      for (const each of places.length ? places : [event]) pen.follow(place(each));
    },
    {signal}
  );
  for (const name of ["pointerup", "pointercancel"] as const) {
    canvas.addEventListener(name, ({pointerId}) => void (pointerId === pressed && (pressed = -1)), {signal});
  }
}

/** Draws the keyboard's place as a cross. */
export function drawCross({context, x, y}: Plane, [cx, cy]: readonly [number, number], color: string): void {
  const [px, py] = [x(cx), y(cy)];
  context.save();
  context.strokeStyle = color;
  context.beginPath();
  for (const [dx, dy] of [
    [9, 0],
    [0, 9]
  ]) {
    context.moveTo(px - dx, py - dy);
    context.lineTo(px + dx, py + dy);
  }
  context.stroke();
  context.restore();
}

/** A coordinate that does not leave a board of half the side `extent`. */
export function onBoard(value: number, extent: number): number {
  return Math.max(-extent, Math.min(extent, value));
}
