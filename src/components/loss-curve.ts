import type {Chart} from "./chart.js";
import {chart} from "./chart.js";
import {readable} from "./format.js";
import type {FigureTable} from "./live.js";

/** One report of a training: the mean loss since the report before. */
export type LossPoint = readonly [step: number, loss: number];

export interface LossCurve extends Chart {
  /** Shows a training of `steps` steps; `floor` is the least loss that is possible, where it is known. */
  show(points: readonly LossPoint[], steps: number, floor?: number): void;
}

const longest = 40; // steps that the smooth line averages over, at most

/** The loss of a training against its steps: each report faint, their running average strong, the floor dashed. */
export function lossCurve(): LossCurve {
  const svg = chart(options([], 1));
  return Object.assign(svg, {
    show: (points: readonly LossPoint[], steps: number, floor?: number) => svg.update(options(points, steps, floor))
  });
}

/** The running average over about 40 steps, or a quarter of a short training; its weights always sum to 1. */
export function smooth(points: readonly LossPoint[], steps: number): LossPoint[] {
  const memory = Math.min(longest, steps / 4);
  let [sum, weight, last] = [0, 0, 0];
  return points.map(([step, loss]) => {
    const keep = Math.exp(-(step - last) / memory);
    last = step;
    sum = keep * sum + (1 - keep) * loss;
    weight = keep * weight + (1 - keep);
    return [step, sum / weight];
  });
}

/** The loss of a training as a table: each report, and the running average that is drawn. */
export function lossTable(points: readonly LossPoint[], steps: number): FigureTable {
  const average = smooth(points, steps);
  return {
    columns: ["step", "loss", "loss_smoothed"],
    rows: points.map(([step, loss], k) => [step, loss, average[k][1]])
  };
}

// A logarithmic axis has a tick for each digit, and over a wide range the last ones have no room for all of their numbers.
function tick(value: number): string {
  return /^[79]\.0e/.test(value.toExponential(1)) ? "" : readable(value, 2);
}

function options(points: readonly LossPoint[], steps: number, floor?: number) {
  const losses = points.map(([, loss]) => loss);
  const low = Math.min(...losses, floor ?? Infinity);
  const high = Math.max(...losses, floor ?? 0);
  const domain = losses.length || floor ? ([low / 1.12, high * 1.06] as const) : undefined;
  return {
    title: "Loss while training",
    height: 190,
    x: {label: "training step", domain: [0, steps] as const},
    y: {label: "loss", log: true, domain, format: high > 2.5 * low ? tick : (value: number) => readable(value, 2)},
    series: [
      {name: "each report", color: "learned" as const, width: 1, faint: true, points},
      {name: "smoothed", color: "learned" as const, points: smooth(points, steps)}
    ],
    levels:
      floor === undefined ? [] : [{y: floor, label: `least possible: ${readable(floor, 2)}`, side: "left" as const}]
  };
}
