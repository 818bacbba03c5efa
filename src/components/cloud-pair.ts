import {sampleMoments} from "../lib/metrics/index.js";
import type {Control} from "./controls.js";
import {controls, slider} from "./controls.js";
import {element} from "./element.js";
import {pointsTable} from "./figure-table.js";
import {fixed} from "./format.js";
import {lifetime} from "./lifetime.js";
import {live} from "./live.js";
import {drawUsual, lookAt, reachOf} from "./flight.js";
import {kindOf} from "./own-code.js";
import {drawPicked, pickedIn, pickedText, picking} from "./picking.js";
import {plane} from "./plane.js";

export interface CloudPairOptions {
  timesteps?: number; // a slider runs over the indices 0..timesteps - 1; without it there is none
  time?: number; // defaults to 0
  /** The cell's promise: when it resolves, the panels stop listening. */
  invalidation?: Promise<unknown>;
}

/** An input whose value is the chosen index t, and a picture that the page's own cells fill. */
export interface CloudPair extends Control<number> {
  /**
   * Draws two states of one cloud, each [n, 2]; point i of `after` came from point i of `before`. What cannot be drawn is
   * told in a sentence, and the last picture stays.
   */
  show(before: ArrayLike<number>, after: ArrayLike<number>): void;
  /** Makes the slider run over 0..timesteps - 1; a value beyond it moves to the end. */
  span(timesteps: number): void;
}

const extent = 3.2;

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
  const notes = {before: element("small"), after: element("small")};
  const root = live(
    "Two states of one cloud",
    controls(timesteps > 1 && index),
    element("div", {class: "panels"}, titled("x₀", "before"), titled("xₜ", "after"))
  );
  root.badge("exact", "computed by the cells above");
  root.table(() => pointsTable({x_0: states.before, x_t: states.after}));
  Object.defineProperty(root, "value", {get: () => index.value});
  return Object.assign(root as unknown as CloudPair, {
    show(before: ArrayLike<number>, after: ArrayLike<number>) {
      const wrong = wrongWith("x0", before) || wrongWith("xt", after, before);
      root.alert(wrong && `${wrong}${states.before.length ? " The picture still shows the last clouds." : ""}`);
      if (wrong) return;
      Object.assign(states, {before: Float64Array.from(before), after: Float64Array.from(after)});
      for (const name of ["before", "after"] as const) {
        const note = lookAt(planes[name], reachOf(states[name], extent), extent);
        notes[name].textContent = note;
        const at = name === "after" ? whenText() : "";
        planes[name].describe(`${states[name].length / 2} points${at} with ${momentsOf(states[name])} ${note}`.trim());
      }
      speak();
    },
    span(timesteps: number) {
      if (!(timesteps > 1) || index.max === timesteps - 1) return;
      index.max = timesteps - 1;
      if (index.value <= index.max) return;
      index.value = index.max;
      index.dispatchEvent(new Event("input", {bubbles: true}));
    }
  });

  /** Where the slider is, if there is one: a step along it may change less than the words of a cloud can tell. */
  function whenText(): string {
    return index.max > 0 ? ` at t = ${index.value}` : "";
  }

  function speak(): void {
    if (!states.before.length) return;
    const index = pickedIn(states.before);
    const point = index === null ? "" : ` ${pickedText(index, {"x₀": states.before, xₜ: states.after})}`;
    root.say(`x₀ has ${momentsOf(states.before)}. xₜ${whenText()} has ${momentsOf(states.after)}.${point}`);
  }

  function panel(name: "before" | "after", color: "data" | "noise") {
    const made = plane({
      signal,
      extent,
      draw(view) {
        view.dots(states[name], {color, radius: Math.max(1.3, view.size / 210), alpha: 0.65});
        drawUsual(view, extent);
        const index = pickedIn(states[name]);
        if (index !== null) drawPicked(view, states[name], index);
      }
    });
    picking(made, {points: () => states[name], onChange: () => name === "after" && speak(), signal});
    return made;
  }

  function titled(title: string, name: "before" | "after"): HTMLElement {
    return element("div", {}, element("p", {class: "panel-title"}, title, notes[name]), planes[name]);
  }
}

/** Why these are no points to draw, in words for the one whose cell made them; "" if they are. */
function wrongWith(name: string, points: unknown, pair?: ArrayLike<number>): string {
  if (!Array.isArray(points) && !ArrayBuffer.isView(points)) {
    return `${name} is ${kindOf(points)}, but it should be an array of numbers, two for each point.`;
  }
  const numbers = points as unknown as ArrayLike<number>;
  if (!numbers.length || numbers.length % 2) {
    return `${name} has ${numbers.length} numbers, but it should have two for each point.`;
  }
  if (pair && pair.length !== numbers.length) {
    return `${name} has ${numbers.length} numbers, but x0 has ${pair.length}: each point of x0 should come out as one.`;
  }
  if (Array.prototype.every.call(numbers, Number.isFinite)) return "";
  return `${name} holds something that is not a finite number. Look for a root of a negative number, or an index beyond the end.`;
}

function momentsOf(points: Float64Array): string {
  const {mean, covariance} = sampleMoments(points);
  const std = [0, 3].map((at) => fixed(Math.sqrt(covariance[at]), 2));
  return `mean (${fixed(mean[0], 2)}, ${fixed(mean[1], 2)}) and standard deviations ${std.join(" and ")}`;
}
