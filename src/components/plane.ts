import {element} from "./element.js";
import {processorContext} from "./processor-canvas.js";
import {recordable} from "./recordable.js";
import {onThemeChange, themeColor} from "./theme.js";
import type {ColorName} from "./theme.js";
import {drawTrails} from "./trail-layer.js";
import {scaleLinear} from "./vendor/d3.js";

export interface PlaneOptions {
  /** The plane shows [-extent, extent] on both axes around `center`; defaults to 2.6. */
  extent?: number;
  center?: readonly [number, number]; // defaults to the origin
  /** Draws the whole picture; called after a resize, a change of theme and `redraw()`. */
  draw: (plane: Plane) => void;
  signal: AbortSignal;
  /** Called with the data coordinates under the pointer, and null when it leaves. */
  onPoint?: (point: [number, number] | null) => void;
}

/** A square canvas with data coordinates; the y axis points up. */
export interface Plane extends HTMLElement {
  context: CanvasRenderingContext2D;
  x: (value: number) => number; // data to CSS pixels
  y: (value: number) => number;
  size: number; // CSS pixels of one side
  extent: number;
  /** Shows another part of the plane and draws it. */
  look(center: readonly [number, number], extent: number): void;
  /** Asks for a drawing in the next frame; many calls give one drawing. */
  redraw(): void;
  /** The live text alternative: what a reader who does not see the picture should know. */
  describe(text: string): void;
  /** Dots at a flat [n, 2] array. */
  dots(points: ArrayLike<number>, style: DotStyle): void;
  /** The path of one point through states [n, 2], from state 0 to state `upTo` (which may be fractional). */
  trail(states: readonly ArrayLike<number>[], index: number, style: TrailStyle, upTo?: number): void;
  /** The paths of all points through states [n, 2], cheap enough to play a thousand of them: see drawTrails. */
  trails(states: readonly ArrayLike<number>[], style: TrailStyle, upTo?: number): void;
  /** A circle in data coordinates, e.g. two standard deviations of a mode. */
  ring(x: number, y: number, radius: number, color: ColorName): void;
}

export interface DotStyle {
  color: ColorName;
  radius?: number; // CSS pixels; defaults to 2
  alpha?: number; // defaults to 0.7
  hollow?: boolean;
  only?: readonly number[]; // indices of the points to draw; defaults to all
}

export interface TrailStyle {
  color: ColorName;
  width?: number; // CSS pixels; defaults to 1.4
  alpha?: number; // defaults to 0.8
  dash?: readonly number[]; // DDPM is dashed, DDIM is not
}

/** What a plane is called until it has been described. */
const undrawn = "Not drawn yet: it is when it comes into view";

/** The dash of each sampler, the same everywhere. */
export const samplerDash = {ddpm: [4, 3], ddim: []} as const;

export function plane(options: PlaneOptions): Plane {
  const {draw, signal, onPoint} = options;
  const canvas = element("canvas", {role: "img", "aria-label": undrawn});
  const root = element("div", {class: "plane"}, canvas) as unknown as Plane;
  const x = scaleLinear();
  const y = scaleLinear();
  let pending = 0;
  const paint = () => {
    pending = 0;
    if (signal.aborted) return;
    root.context.clearRect(0, 0, root.size, root.size);
    draw(root);
  };
  const redraw = () => {
    pending ||= requestAnimationFrame(paint);
  };
  const look = (center: readonly [number, number], extent: number) => {
    root.extent = extent;
    x.domain([center[0] - extent, center[0] + extent]);
    y.domain([center[1] - extent, center[1] + extent]);
    redraw();
  };
  Object.assign(root, {
    context: processorContext(canvas),
    x: (value: number) => x(value),
    y: (value: number) => y(value),
    size: 0,
    look,
    redraw,
    describe: (text: string) => canvas.setAttribute("aria-label", text),
    dots: (points: ArrayLike<number>, style: DotStyle) => drawDots(root, points, style),
    trail: (states: readonly ArrayLike<number>[], index: number, style: TrailStyle, upTo?: number) =>
      drawTrail(root, states, index, style, upTo),
    trails: (states: readonly ArrayLike<number>[], style: TrailStyle, upTo?: number) =>
      drawTrails(root, states, style, upTo),
    ring: (cx: number, cy: number, radius: number, color: ColorName) => drawRing(root, cx, cy, radius, color)
  });
  recordable(canvas, (context) => {
    const own = root.context;
    try {
      draw(Object.assign(root, {context}));
    } finally {
      root.context = own;
    }
  });
  look(options.center ?? [0, 0], options.extent ?? 2.6);
  fit(root, canvas, signal, (size) => {
    x.range([0, size]);
    y.range([size, 0]);
    paint();
  });
  onThemeChange(redraw, signal);
  if (onPoint) point(canvas, signal, (px, py) => onPoint([x.invert(px), y.invert(py)]), onPoint);
  return root;
}

/** Keeps the canvas as sharp as the screen allows, at whatever size the layout gives it. */
function fit(root: Plane, canvas: HTMLCanvasElement, signal: AbortSignal, resized: (size: number) => void): void {
  const observer = new ResizeObserver(() => {
    const size = root.clientWidth;
    if (!size || size === root.size) return;
    const ratio = Math.min(devicePixelRatio || 1, 3);
    canvas.width = canvas.height = Math.round(size * ratio);
    root.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    root.size = size;
    resized(size);
  });
  observer.observe(root);
  signal.addEventListener("abort", () => observer.disconnect());
}

function point(
  canvas: HTMLCanvasElement,
  signal: AbortSignal,
  at: (x: number, y: number) => void,
  leave: (nothing: null) => void
): void {
  const moved = (event: PointerEvent) => at(event.offsetX, event.offsetY);
  canvas.addEventListener("pointermove", moved, {signal});
  canvas.addEventListener("pointerdown", moved, {signal});
  canvas.addEventListener("pointerleave", () => leave(null), {signal});
}

function drawDots(root: Plane, points: ArrayLike<number>, style: DotStyle): void {
  const {color, radius = 2, alpha = 0.7, hollow = false, only} = style;
  const {context} = root;
  context.save();
  context.globalAlpha = alpha;
  context.fillStyle = context.strokeStyle = themeColor(color);
  context.lineWidth = 1;
  context.beginPath();
  const count = only ? only.length : points.length / 2;
  for (let k = 0; k < count; ++k) {
    const i = only ? only[k] : k;
    const px = root.x(points[2 * i]);
    const py = root.y(points[2 * i + 1]);
    if (!Number.isFinite(px + py)) continue; // a diverged point is not on the plane
    context.moveTo(px + radius, py);
    context.arc(px, py, radius, 0, 2 * Math.PI);
  }
  if (hollow) context.stroke();
  else context.fill();
  context.restore();
}

function drawTrail(
  root: Plane,
  states: readonly ArrayLike<number>[],
  index: number,
  style: TrailStyle,
  upTo = states.length - 1
): void {
  const {color, width = 1.4, alpha = 0.8, dash = []} = style;
  const {context} = root;
  const whole = Math.floor(upTo);
  context.save();
  context.globalAlpha = alpha;
  context.strokeStyle = themeColor(color);
  context.lineWidth = width;
  context.lineJoin = "round";
  context.setLineDash([...dash]);
  context.beginPath();
  for (let k = 0; k <= whole; ++k) {
    context.lineTo(root.x(states[k][2 * index]), root.y(states[k][2 * index + 1]));
  }
  const rest = upTo - whole;
  if (rest > 0 && whole + 1 < states.length) {
    const [a, b] = [states[whole], states[whole + 1]];
    const at = (c: number) => a[2 * index + c] + rest * (b[2 * index + c] - a[2 * index + c]);
    context.lineTo(root.x(at(0)), root.y(at(1)));
  }
  context.stroke();
  context.restore();
}

function drawRing(root: Plane, cx: number, cy: number, radius: number, color: ColorName): void {
  const {context} = root;
  context.save();
  context.strokeStyle = themeColor(color);
  context.lineWidth = 1.2;
  context.beginPath();
  context.arc(root.x(cx), root.y(cy), Math.abs(root.x(radius) - root.x(0)), 0, 2 * Math.PI);
  context.stroke();
  context.restore();
}
