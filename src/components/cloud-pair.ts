import {sampleMoments} from "../lib/metrics/index.js";
import type {Control} from "./controls.js";
import {controls, slider} from "./controls.js";
import {element} from "./element.js";
import {fixed} from "./format.js";
import {lifetime} from "./lifetime.js";
import {live} from "./live.js";
import {plane} from "./plane.js";

export interface CloudPairOptions {
  timesteps?: number; // a slider runs over the indices 0..timesteps - 1; without it there is none
  time?: number; // defaults to 0
  /** The cell's promise: when it resolves, the panels stop listening. */
  invalidation?: Promise<unknown>;
}

/** An input whose value is the chosen index t, and a picture that the page's own cells fill. */
export interface CloudPair extends Control<number> {
  /** Draws two states of one cloud, each [n, 2]; point i of `after` came from point i of `before`. */
  show(before: Float64Array, after: Float64Array): void;
}

/** x_0 beside x_t under a slider for t: the picture of cells that the reader sees and can change. */
export function cloudPair({timesteps = 1, time = 0, invalidation}: CloudPairOptions): CloudPair {
  const signal = lifetime(invalidation);
  const states: Record<"before" | "after", Float64Array> = {before: new Float64Array(0), after: new Float64Array(0)};
  const index = slider({
    name: "time",
    symbol: "t",
    max: timesteps - 1,
    step: 1,
    value: time,
    wide: true,
    format: (t) => `t = ${t}, an index`
  });
  const planes = {before: panel("before", "data"), after: panel("after", "noise")};
  const root = live(
    "Two states of one cloud",
    controls(timesteps > 1 && index),
    element("div", {class: "panels"}, titled("x₀", planes.before), titled("xₜ", planes.after))
  );
  root.badge("exact", "computed by the cells above");
  Object.defineProperty(root, "value", {get: () => index.value});
  return Object.assign(root as unknown as CloudPair, {
    show(before: Float64Array, after: Float64Array) {
      Object.assign(states, {before, after});
      for (const name of ["before", "after"] as const) {
        planes[name].redraw();
        planes[name].describe(`${states[name].length / 2} points with ${momentsOf(states[name])}`);
      }
      root.say(`x₀ has ${momentsOf(before)}. xₜ has ${momentsOf(after)}.`);
    }
  });

  function panel(name: "before" | "after", color: "data" | "noise") {
    return plane({
      signal,
      extent: 3.2,
      draw: (view) => view.dots(states[name], {color, radius: Math.max(1.3, view.size / 210), alpha: 0.65})
    });
  }
}

function titled(title: string, content: HTMLElement): HTMLElement {
  return element("div", {}, element("p", {class: "panel-title"}, title), content);
}

function momentsOf(points: Float64Array): string {
  const {mean, covariance} = sampleMoments(points);
  const std = [0, 3].map((at) => fixed(Math.sqrt(covariance[at]), 2));
  return `mean (${fixed(mean[0], 2)}, ${fixed(mean[1], 2)}) and standard deviations ${std.join(" and ")}`;
}
