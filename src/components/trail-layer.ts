import type {Plane, TrailStyle} from "./plane.js";
import {processorContext} from "./processor-canvas.js";
import {themeColor} from "./theme.js";

/** What has been drawn of the trails of one run, on a sheet that is laid under each frame. */
interface Layer {
  sheet: HTMLCanvasElement;
  key: string; // of all that decides what it looks like
  drawn: number; // states that are on it
  paces: Float32Array; // how far along its dashes each trail is, in CSS pixels
}

type States = readonly ArrayLike<number>[];

const layers = new WeakMap<HTMLElement, WeakMap<States, Layer>>();

/**
 * Draws the trails of all points of a run [n, 2] up to a state (which may be fractional). What is older than the newest
 * segment stays on a sheet of its own, so that a frame of a thousand trails costs one path; another view, size, theme, or
 * an earlier state draws the sheet anew. `states` must be the same array from call to call.
 */
export function drawTrails(plane: Plane, states: States, style: TrailStyle, upTo = states.length - 1): void {
  if (!states.length || !plane.size) return;
  const whole = Math.min(Math.floor(upTo), states.length - 1);
  const pen = penOf(plane, style);
  const {context} = plane;
  let paces: Float32Array;
  if (context.canvas === plane.querySelector("canvas")) {
    const layer = layerOf(plane, states, style);
    if (layer.drawn > whole) clear(layer);
    const sheet = processorContext(layer.sheet);
    for (let k = layer.drawn; k < whole; ++k) pen(sheet, states[k], states[k + 1], 1, layer.paces);
    layer.drawn = whole;
    paces = layer.paces.slice();
    context.drawImage(layer.sheet, 0, 0, plane.size, plane.size);
  } else {
    // Into another context, such as that of a download, all is drawn.
    paces = new Float32Array(states[0].length / 2);
    for (let k = 0; k < whole; ++k) pen(context, states[k], states[k + 1], 1, paces);
  }
  const rest = upTo - whole;
  if (rest > 0 && whole + 1 < states.length) pen(context, states[whole], states[whole + 1], rest, paces);
}

function layerOf(plane: Plane, states: States, {color, width, alpha, dash}: TrailStyle): Layer {
  const canvas = plane.querySelector("canvas")!;
  let all = layers.get(plane);
  if (!all) layers.set(plane, (all = new WeakMap()));
  let layer = all.get(states);
  if (!layer) {
    const sheet = document.createElement("canvas");
    layer = {sheet, key: "", drawn: 0, paces: new Float32Array(states[0].length / 2)};
    all.set(states, layer);
  }
  const look = [themeColor(color), width, alpha, dash?.join(" "), plane.x(0), plane.y(0), plane.x(1), canvas.width];
  const key = look.join();
  if (layer.key !== key) {
    layer.key = key;
    layer.sheet.width = layer.sheet.height = canvas.width;
    const ratio = canvas.width / plane.size;
    processorContext(layer.sheet).setTransform(ratio, 0, 0, ratio, 0, 0);
    clear(layer);
  }
  return layer;
}

function clear(layer: Layer): void {
  const {sheet, paces} = layer;
  const context = processorContext(sheet);
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, sheet.width, sheet.height);
  context.restore();
  paces.fill(0);
  layer.drawn = 0;
}

/** Draws one segment of each trail as one path: from state a to the share `part` of the way to state b. */
type Pen = (
  context: CanvasRenderingContext2D,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  part: number,
  paces: Float32Array
) => void;

function penOf(plane: Plane, {color, width = 0.8, alpha = 0.25, dash = []}: TrailStyle): Pen {
  const [x0, y0] = [plane.x(0), plane.y(0)];
  const [sx, sy] = [plane.x(1) - x0, plane.y(1) - y0];
  const stroke = themeColor(color);
  const line = dash.length > 1 ? dashed(dash) : solid;
  return (context, a, b, part, paces) => {
    context.save();
    context.globalAlpha = alpha;
    context.strokeStyle = stroke;
    context.lineWidth = width;
    context.beginPath();
    for (let i = 0; 2 * i < a.length; ++i) {
      const [ax, ay] = [x0 + sx * a[2 * i], y0 + sy * a[2 * i + 1]];
      const bx = ax + part * sx * (b[2 * i] - a[2 * i]);
      const by = ay + part * sy * (b[2 * i + 1] - a[2 * i + 1]);
      if (Number.isFinite(ax + ay + bx + by)) paces[i] = line(context, ax, ay, bx, by, paces[i]);
    }
    context.stroke();
    context.restore();
  };
}

type Line = (context: CanvasRenderingContext2D, ax: number, ay: number, bx: number, by: number, pace: number) => number;

const solid: Line = (context, ax, ay, bx, by, pace) => {
  context.moveTo(ax, ay);
  context.lineTo(bx, by);
  return pace;
};

/** A canvas would begin its dashes anew with each segment; here they go on along the whole trail. */
function dashed([on, off]: readonly number[]): Line {
  const period = on + off;
  return (context, ax, ay, bx, by, pace) => {
    const length = Math.hypot(bx - ax, by - ay);
    if (!(length > 0) || length > 1e4) return pace;
    const [ux, uy] = [(bx - ax) / length, (by - ay) / length];
    for (let at = -pace; at < length; at += period) {
      const [from, to] = [Math.max(0, at), Math.min(length, at + on)];
      if (from >= to) continue;
      context.moveTo(ax + ux * from, ay + uy * from);
      context.lineTo(ax + ux * to, ay + uy * to);
    }
    return (pace + length) % period;
  };
}
