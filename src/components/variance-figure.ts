import {reverseVariance} from "../lib/gaussian-chain.js";
import type {Schedule} from "../lib/schedule.js";
import {alphaBarAt} from "../lib/schedule.js";
import {timestepList, withPrevious} from "../lib/timesteps.js";
import {chart} from "./chart.js";
import {controls, slider} from "./controls.js";
import {fixed} from "./format.js";
import type {Live} from "./live.js";
import {live} from "./live.js";

/**
 * The standard deviation of the noise of each step of a list: by beta, by beta tilde, and by the true reverse step of data
 * that are one Gaussian, whose width is a slider. Both axes are logarithmic; the step to clean data is left out.
 */
export function varianceFigure({schedule}: {schedule: Schedule}): Live {
  const steps = slider({name: "steps", symbol: "S", min: 3, max: 1000, log: true, value: 20});
  const std = slider({
    name: "std of the data",
    symbol: "s",
    max: 1.5,
    step: 0.01,
    value: 0.3,
    format: (v) => fixed(v, 2),
    color: "var(--data)"
  });
  const drawing = chart(options());
  const root = live("The noise of a step", controls(steps, std), drawing as unknown as HTMLElement);
  root.badge("exact", "formulas of the schedule");
  for (const control of [steps, std]) control.addEventListener("input", update);
  root.table(() => ({
    columns: ["t", "std_beta", "std_beta_tilde", "std_true"],
    rows: intervals().map(([t, a, b]) => [t, rootOf(a, b, 1), rootOf(a, b, 0), rootOf(a, b, std.value)])
  }));
  update();
  return root;

  /** The steps of the list, the cleanest first: the papers' t, and the two levels. */
  function intervals(): [number, number, number][] {
    const count = Math.min(Math.round(steps.value), schedule.timesteps);
    const list = withPrevious(timestepList("trailing", {timesteps: schedule.timesteps, steps: count})).reverse();
    return list.slice(1).map(({t, tPrev}) => [t + 1, alphaBarAt(schedule, t), alphaBarAt(schedule, tPrev)]);
  }

  function update(): void {
    drawing.update(options());
    const [t, a, b] = intervals()[0];
    const [tilde, beta, right] = [0, 1, std.value].map((s) => fixed(rootOf(a, b, s), 3));
    root.say(
      `With ${Math.round(steps.value)} steps, the last step that adds noise starts at t = ${t}: its standard deviation is ` +
        `${tilde} by β̃ and ${beta} by β; for data of std ${fixed(std.value, 2)} right is ${right}.`
    );
  }

  function options() {
    const line = (s: number) => intervals().map(([t, a, b]) => [t, rootOf(a, b, s)] as const);
    return {
      title: "Standard deviation of the noise of a step",
      height: 280,
      room: 60,
      x: {label: "step t, log scale", domain: [intervals()[0][0], schedule.timesteps] as const, log: true, format: "d"},
      y: {label: "std of the noise, log scale", log: true, format: sparse, domain: [0.005, 1.2] as const},
      series: [
        {name: "√β", color: "ddpm" as const, dash: [9, 4], points: line(1)},
        {name: "√β̃", color: "noise" as const, dash: [2, 3], points: line(0)},
        {name: "right", color: "data" as const, width: 2.6, points: line(std.value)}
      ]
    };
  }
}

function rootOf(alphaBar: number, alphaBarPrev: number, std: number): number {
  return Math.sqrt(reverseVariance(alphaBar, alphaBarPrev, std));
}

/** Labels for a logarithmic axis of two decades: 0.01, 0.03, 0.1 and so on, and nothing between. */
function sparse(value: number): string {
  const text = String(Number(value.toPrecision(1)));
  return /^0?\.?0*[13]$/.test(text) ? text : "";
}
