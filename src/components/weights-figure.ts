import type {Coordinate} from "../lib/coordinates.js";
import {coordinates, errorLength} from "../lib/coordinates.js";
import type {Loss} from "../lib/loss-weights.js";
import {lossWeight} from "../lib/loss-weights.js";
import type {Schedule} from "../lib/schedule.js";
import {chart} from "./chart.js";
import {controls, select} from "./controls.js";
import {powerOfTen, readable} from "./format.js";
import type {Live} from "./live.js";
import {live} from "./live.js";
import {kindOf, ownCode} from "./own-code.js";
import type {Series} from "./chart.js";

/** The page's weight of the squared error of the noise, at the step from alphaBar to alphaBarPrev. */
export type NoiseWeight = (alphaBar: number, alphaBarPrev: number) => number;

export interface WeightsFigure extends Live {
  /** Draws the weight of the page's cell as well. */
  use(code: {noiseWeight: NoiseWeight}): void;
}

const losses: {loss: Loss; name: string; look: Pick<Series, "color" | "dash" | "label">}[] = [
  {loss: "epsilon", name: "simple, in ε", look: {color: "noise", dash: [7, 4], label: {x: 900, side: "left"}}},
  {loss: "x0", name: "in x₀", look: {color: "data", dash: [2, 3], label: {x: 760, side: "left"}}},
  {loss: "v", name: "in v", look: {color: "ddim", dash: [10, 3, 2, 3], label: {x: 420, side: "left"}}}
];
const labels: Record<Coordinate, string> = {
  epsilon: "the noise ε",
  x0: "the data x₀",
  v: "the velocity v",
  score: "the score"
};

/** What each loss charges for the same squared error, measured in a coordinate, over the times; log scale. */
export function weightsFigure({schedule}: {schedule: Schedule}): WeightsFigure {
  const {timesteps, alphaBar} = schedule;
  const coordinate = select<Coordinate>({
    name: "the error is measured in",
    options: coordinates.map((value) => ({value, label: labels[value]}))
  });
  let own: NoiseWeight | undefined;
  const times = Array.from({length: timesteps - 1}, (_, k) => k + 2).filter((t) => t < 30 || t % 5 === 0);
  const drawing = chart(options([]));
  const root = live("What the losses charge for an error", controls(coordinate), drawing as unknown as HTMLElement);
  root.badge("exact", "formulas of the schedule");
  coordinate.addEventListener("input", show);
  root.table(() => ({
    columns: ["t", "bound", ...losses.map(({loss}) => loss)],
    rows: times.map((t) => [t, weight("bound", t), ...losses.map(({loss}) => weight(loss, t))])
  }));
  show();
  return Object.assign(root, {
    use(code: {noiseWeight: NoiseWeight}) {
      own = code.noiseWeight;
      show();
    }
  });

  function weight(loss: Loss, t: number): number {
    return lossWeight(loss, coordinate.value, alphaBar[t - 1], alphaBar[t - 2]);
  }

  function show(): void {
    const series: Series[] = losses.map(({loss, name, look}) => ({
      name,
      width: 1.8,
      ...look,
      points: times.map((t) => [t, weight(loss, t)] as const)
    }));
    try {
      series.unshift(ownSeries());
      root.alert("");
    } catch (error) {
      root.alert(`${(error as Error).message} Its line is left out.`);
    }
    drawing.update(options(series));
    const [first, last] = [2, timesteps].map((t) => weight("bound", t));
    const [simpleFirst, simpleLast] = [2, timesteps].map((t) => weight("epsilon", t));
    root.say(
      `For an error in ${labels[coordinate.value]}, the bound charges ${readable(first, 2)} at t = 2 and ` +
        `${readable(last, 2)} at t = ${timesteps}; the simple loss ${readable(simpleFirst, 2)} and ${readable(simpleLast, 2)}. ` +
        `Relative to the simple loss, the bound weighs t = 2 more by a factor of ${readable(first / simpleFirst / (last / simpleLast), 2)}.`
    );
  }

  function ownSeries(): Series {
    const name = "the cell: the bound";
    const formula = own ?? ((a, b) => lossWeight("bound", "epsilon", a, b));
    const points = times.map((t) => {
      const value = ownCode("loss-weight", () => checked(formula(alphaBar[t - 1], alphaBar[t - 2])))();
      return [t, value / errorLength(coordinate.value, alphaBar[t - 1]) ** 2] as const;
    });
    const label = {x: 180, side: "right" as const};
    return {name: own ? "your cell" : name, color: "theme-red", width: 2.6, points, label};
  }

  function checked(value: unknown): number {
    if (typeof value === "number" && Number.isFinite(value) && value > 0) return value;
    throw new TypeError(`it returned ${kindOf(value)}, but it should return a number above 0`);
  }

  function options(series: Series[]) {
    return {
      title: "What a loss charges for the same error",
      height: 300,
      room: 30,
      x: {label: "step t", domain: [0, timesteps] as const, format: "d"},
      y: {label: "weight, log scale", log: true, format: powerOfTen, domain: [1e-5, 1e5] as const},
      series
    };
  }
}
