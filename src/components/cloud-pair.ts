import {element} from "./element.js";
import {lifetime} from "./lifetime.js";
import type {Plane} from "./plane.js";
import {plane} from "./plane.js";

export interface CloudPairOptions {
  before: Float64Array; // [n, 2], drawn in the data's colour
  after: Float64Array; // [n, 2], point i came from point i of `before`
  titles?: [string, string]; // defaults to x_0 and x_t
  /** The cell's promise: when it resolves, the panels stop listening. */
  invalidation?: Promise<unknown>;
}

/** Two states of one cloud, side by side: values in, a picture out, for a cell that the reader sees. */
export function cloudPair({before, after, titles = ["x_0", "x_t"], invalidation}: CloudPairOptions): HTMLElement {
  const signal = lifetime(invalidation);
  return element("div", {class: "live"}, element("div", {class: "panels"}, panel(before, 0), panel(after, 1)));

  function panel(points: Float64Array, k: 0 | 1): HTMLElement {
    const draw = (view: Plane) =>
      view.dots(points, {color: k ? "noise" : "data", radius: Math.max(1.3, view.size / 210), alpha: 0.65});
    const view = plane({signal, extent: 3.2, draw});
    view.describe(`${points.length / 2} points: ${titles[k]}`);
    return element("div", {}, element("p", {class: "panel-title"}, titles[k]), view);
  }
}
