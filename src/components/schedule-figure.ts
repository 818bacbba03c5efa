import type {Schedule} from "../lib/schedule.js";
import {firstTimestepBelowSnr, leftSignalText, snr} from "../lib/schedule.js";
import type {Series} from "./chart.js";
import {chart} from "./chart.js";
import {controls, select} from "./controls.js";
import {element} from "./element.js";
import {powerOfTen, readable} from "./format.js";
import {live} from "./live.js";

export interface ScheduleFigureOptions {
  schedules: readonly Schedule[]; // of one length T
  selected?: string; // a schedule's name; defaults to the first
}

const dashes = [[], [7, 3], [2, 2.5], [9, 3, 2, 3]];
const snrDomain = [1e-6, 1e4] as const;

/**
 * Schedules compared: alphaBar and the signal-to-noise ratio over t, one of them set off, and a table of where each begins
 * and ends. The t shown is the papers', 1 to T; t = 0 is clean data.
 */
export function scheduleFigure({schedules, selected}: ScheduleFigureOptions): HTMLElement {
  const {timesteps} = schedules[0];
  const choice = select({
    name: "schedule",
    options: schedules.map(({name}) => ({value: name, label: title(name)})),
    value: selected
  });
  const level = chart(levelChart(schedules, choice.value));
  const ratio = chart(ratioChart(schedules, choice.value));
  const table = element("tbody");
  const root = live(
    "Four schedules compared",
    controls(choice),
    level as unknown as HTMLElement,
    ratio as unknown as HTMLElement,
    element(
      "div",
      {class: "table-scroll", role: "region", "aria-label": "Where the schedules end", tabindex: 0},
      element("table", {style: "white-space: nowrap"}, head(), table)
    )
  );
  root.badge("exact", "formulas, in double precision");
  root.table(() => ({
    columns: ["t", ...schedules.flatMap(({name}) => [`${name}_alpha_bar`, `${name}_snr`])],
    rows: Array.from(schedules[0].alphaBar, (_, k) => [
      k + 1,
      ...schedules.flatMap(({alphaBar}) => [alphaBar[k], snr(alphaBar[k])])
    ])
  }));
  choice.addEventListener("input", show);
  show();
  return root;

  function show(): void {
    level.update(levelChart(schedules, choice.value));
    ratio.update(ratioChart(schedules, choice.value));
    table.replaceChildren(...schedules.map((schedule, k) => row(schedule, k, schedule.name === choice.value)));
    const schedule = schedules.find(({name}) => name === choice.value)!;
    const {end, root: left, below} = figures(schedule);
    root.say(
      `${title(schedule.name)}: at t = ${timesteps}, ᾱ = ${readable(end)}, so ${readable(100 * left, 2)}% of x₀ is left. ` +
        `The noise outweighs the data from t = ${below} on.`
    );
    root.alert(leftSignalText(schedule) ?? "");
  }
}

/** A schedule's name as it is written in the text, e.g. "scaled linear". */
export function title(name: string): string {
  return name.replaceAll("_", " ");
}

function figures(schedule: Schedule) {
  const end = schedule.alphaBar[schedule.timesteps - 1];
  return {end, root: Math.sqrt(end), below: firstTimestepBelowSnr(schedule) + 1}; // +1: the papers' t
}

function head(): HTMLElement {
  const names = ["schedule", "ᾱ at T", "√ᾱ at T", "SNR < 1 from t ="];
  const cells = names.map((name) => element("th", {scope: "col"}, name));
  return element("thead", {}, element("tr", {}, ...cells));
}

function row(schedule: Schedule, index: number, chosen: boolean): HTMLElement {
  const {end, root, below} = figures(schedule);
  const name = element("th", {scope: "row"}, swatch(index, chosen), ` ${title(schedule.name)}`);
  const cells = [readable(end), readable(root), String(below)].map((text) => element("td", {}, text));
  const style = chosen ? "color: var(--data); font-weight: 600" : "font-weight: 400";
  return element("tr", {style, "aria-current": chosen ? "true" : null}, name, ...cells);
}

/** A short piece of the line that the charts draw. */
function swatch(index: number, chosen: boolean): HTMLElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
  const attributes = {
    x1: 0,
    x2: 30,
    y1: 4,
    y2: 4,
    "stroke-width": chosen ? 3 : 1.6,
    "stroke-dasharray": dashes[index].join(" ")
  };
  for (const [name, value] of Object.entries(attributes)) line.setAttribute(name, String(value));
  line.style.stroke = chosen ? "var(--data)" : "var(--noise)";
  svg.setAttribute("viewBox", "0 0 30 8");
  svg.setAttribute("style", "width: 30px; max-width: none; height: 8px; display: inline-block; margin-right: 0.3rem");
  svg.setAttribute("aria-hidden", "true");
  svg.append(line);
  return svg as unknown as HTMLElement;
}

/** One line for each schedule, the chosen one last, so that it lies on top. */
function series(
  schedules: readonly Schedule[],
  chosen: string,
  value: (alphaBar: number) => number,
  labels: Record<string, Series["label"]>
): Series[] {
  const all = schedules.map(({name, alphaBar}, k): Series => {
    const points = Array.from(alphaBar, (a, t) => [t + 1, value(a)] as const).filter((_, t) => t % 4 === 3 || t < 4);
    const mine = name === chosen;
    const look = mine ? {color: "data" as const, width: 3} : {color: "noise" as const, width: 1.4};
    return {name: title(name), points, dash: dashes[k], label: labels[name], ...look};
  });
  return [...all.filter(({name}) => name !== title(chosen)), ...all.filter(({name}) => name === title(chosen))];
}

function levelChart(schedules: readonly Schedule[], chosen: string) {
  return {
    title: "How much of the data is left",
    height: 240,
    room: 70,
    x: {label: "step t", domain: [0, schedules[0].timesteps] as const, format: "d"},
    y: {label: "ᾱ", domain: [0, 1] as const},
    series: series(schedules, chosen, (a) => a, {
      linear: {x: 300, side: "left"},
      scaled_linear: {x: 640, side: "right"},
      sigmoid: {x: 270, side: "right"},
      cosine: {x: 560, side: "right"}
    })
  };
}

function ratioChart(schedules: readonly Schedule[], chosen: string) {
  return {
    title: "The signal-to-noise ratio, on a logarithmic axis",
    height: 260,
    room: 70,
    x: {label: "step t", domain: [0, schedules[0].timesteps] as const, format: "d"},
    y: {label: "SNR, log scale", domain: snrDomain, log: true, format: powerOfTen},
    levels: [{y: 1, label: "noise = data", side: "left" as const}],
    series: series(schedules, chosen, snr, {
      linear: {x: 500, side: "left"},
      scaled_linear: {x: 1000, side: "right"},
      sigmoid: {x: 180, side: "right"},
      cosine: {x: 780, side: "right"}
    })
  };
}
