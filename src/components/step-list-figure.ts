import type {Ladder} from "../lib/ladder.js";
import {climb, ladderError, ladderTruth, listLadder} from "../lib/ladder.js";
import type {GaussianMixture} from "../lib/mixture.js";
import {seededRandom} from "../lib/random.js";
import type {ScheduleName} from "../lib/schedule.js";
import {logSnr, makeSchedule} from "../lib/schedule.js";
import type {StepRule} from "../lib/timesteps.js";
import {timestepList} from "../lib/timesteps.js";
import {controls, select, slider} from "./controls.js";
import {element} from "./element.js";
import {fixed, readable} from "./format.js";
import {lifetime, onVisible, pace} from "./lifetime.js";
import type {Live} from "./live.js";
import {live} from "./live.js";
import {listOf} from "./sampler-code.js";
import {scaleLinear, select as d3Select} from "./vendor/d3.js";

export interface StepListFigureOptions {
  mixture: GaussianMixture;
  points?: number; // that the error is measured with, defaults to 300
  invalidation?: Promise<unknown>;
}

/** The figure, whose last row is a list of the reader's own. */
export interface StepListFigure extends Live {
  use(stepList: (steps: number) => number[]): void;
}

/** One list: its timesteps, or why there are none, and the median error of DDIM on it. */
interface Row {
  name: string;
  list: number[];
  trouble?: string;
  error?: number;
}

const rules: {rule: StepRule; title: string}[] = [
  {rule: "leading", title: "leading"},
  {rule: "trailing", title: "trailing"},
  {rule: "linspace", title: "linspace"},
  {rule: "uniform", title: "uniform (the paper’s linear)"},
  {rule: "quadratic", title: "quadratic (the paper’s)"}
];
const ends: [number, number] = [-5.6, 5.6]; // lambda; cosine begins below, and is drawn at the edge

/** Where each list of timesteps stops on the axis of lambda = ½ log SNR, and what error DDIM makes on it. */
export function stepListFigure({mixture, points = 300, invalidation}: StepListFigureOptions): StepListFigure {
  const signal = lifetime(invalidation);
  let job = new AbortController();
  let own: ((steps: number) => number[]) | undefined;
  let rows: Row[] = [];
  let seen = false;
  const steps = slider({name: "steps", symbol: "S", min: 2, max: 100, step: 1, value: 10, entry: true});
  const schedule = select<ScheduleName>({
    name: "schedule",
    options: (["linear", "cosine", "scaled_linear", "sigmoid"] as const).map((name) => ({value: name, label: name}))
  });
  const body = element("div", {});
  const root = live("Step lists on the axis of the signal-to-noise ratio", controls(steps, schedule), body);
  root.badge("exact", "errors with the mixture’s own formula, against the exact path");
  root.table(() => ({
    columns: ["list", "position", "t", "lambda", "median error of DDIM"],
    rows: rows.flatMap(({name, list, error}) =>
      list.map((t, i) => [name, i, t, lambdaOf(levels().alphaBar[t]), error ?? NaN])
    )
  }));
  for (const control of [steps, schedule]) control.addEventListener("input", () => void measure());
  new ResizeObserver(draw).observe(body);
  onVisible(
    root,
    (visible) => {
      if (!visible || seen) return;
      seen = true;
      void measure();
    },
    signal
  );
  lay();
  return Object.assign(root, {use});

  function use(stepList: (steps: number) => number[]): void {
    own = stepList;
    lay();
    if (seen) void measure();
  }

  function levels() {
    return makeSchedule(schedule.value);
  }

  function lay(): void {
    const count = Math.round(Math.max(1, Math.min(steps.value, levels().timesteps)));
    rows = rules.map(({rule, title}) => ({
      name: title,
      list: timestepList(rule, {timesteps: levels().timesteps, steps: count})
    }));
    if (own) rows.push(ownRow(own, count));
    draw();
  }

  function ownRow(stepList: (steps: number) => number[], count: number): Row {
    try {
      return {name: "your list", list: listOf({stepList}, count, levels())};
    } catch (error) {
      return {name: "your list", list: [], trouble: error instanceof Error ? error.message : String(error)};
    }
  }

  async function measure(): Promise<void> {
    job.abort();
    job = new AbortController();
    const mine = AbortSignal.any([job.signal, signal]);
    lay();
    root.alert(rows.map(({trouble}) => trouble ?? "").join(""));
    const xT = seededRandom(1)
      .fork(1)
      .normals(2 * points);
    for (const row of rows.filter(({list}) => list.length)) {
      const done = await pace(errorOf(listLadder(levels(), row.list), xT), mine);
      if (done === null) return;
      row.error = done;
      draw();
    }
    root.say(
      `S = ${rows[0].list.length}: median error of DDIM ` +
        `${rows.map(({name, error}) => `${name} ${error === undefined ? "–" : readable(error, 2)}`).join(", ")}.`
    );
  }

  function* errorOf(ladder: Ladder, xT: Float64Array): Generator<void, number> {
    const end = yield* climb(mixture, xT, {levels: ladder, solver: "ddim"});
    return ladderError(end, ladderTruth(mixture, xT, ladder, 1e-6));
  }

  function draw(): void {
    const width = body.clientWidth || 640;
    body.replaceChildren(...rows.map((row) => rowOf(row, width)), axisOf(width));
  }

  function rowOf({name, list, error}: Row, width: number): HTMLElement {
    const {alphaBar} = levels();
    const x = placeOf(width);
    const places = list.map((t) => x(lambdaOf(alphaBar[t])));
    const title = element(
      "p",
      {style: "margin: 0.35rem 0 0; display: flex; justify-content: space-between; gap: 1rem; max-width: none"},
      element("b", {}, name),
      element("span", {}, `${list.length} steps; error ${error === undefined ? "…" : readable(error, 2)}`)
    );
    return element("div", {}, title, dotsOf(width, places, `${name}: t = ${list.join(", ")}`));
  }
}

function lambdaOf(alphaBar: number): number {
  return logSnr(alphaBar) / 2;
}

function placeOf(width: number): (lambda: number) => number {
  const scale = scaleLinear().domain(ends).clamp(true);
  return scale.range([6, width - 26]);
}

/** One list: a dot at each place, and the last step to clean data as an arrow. */
function dotsOf(width: number, places: readonly number[], label: string): HTMLElement {
  const root = drawingOf(width, 18, label);
  const last = places.at(-1);
  if (last !== undefined) {
    const arrow = `M${last},9H${width - 6}m-5,-3l5,3l-5,3`;
    root.append("path").attr("d", arrow).attr("fill", "none").attr("style", "stroke: var(--theme-foreground-muted)");
  }
  for (const place of places) {
    root.append("circle").attr("cx", place).attr("cy", 9).attr("r", 3.4).attr("style", "fill: var(--ddim)");
  }
  return root.node() as unknown as HTMLElement;
}

function axisOf(width: number): HTMLElement {
  const x = placeOf(width);
  const root = drawingOf(
    width,
    38,
    "The axis: half the logarithm of the signal-to-noise ratio, from −5, noise, to 5, and on to clean data"
  );
  const line = (x1: number, x2: number, y1: number, y2: number) =>
    root
      .append("line")
      .attr("x1", x1)
      .attr("x2", x2)
      .attr("y1", y1)
      .attr("y2", y2)
      .attr("style", "stroke: var(--theme-foreground-fainter)");
  const text = (at: number, y: number, words: string, anchor: string) =>
    root.append("text").attr("x", at).attr("y", y).attr("text-anchor", anchor).text(words);
  line(6, width - 6, 0.5, 0.5);
  for (let value = -5; value <= 5; ++value) {
    if (width < 500 && value % 2) continue;
    line(x(value), x(value), 0, 5);
    text(x(value), 17, fixed(value, 0), "middle");
  }
  text(4, 34, "noise", "start");
  text(width / 2, 34, "λ = ½ log SNR", "middle");
  text(width - 4, 34, "clean, λ = ∞", "end");
  return root.node() as unknown as HTMLElement;
}

function drawingOf(width: number, height: number, label: string) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  return d3Select(svg)
    .attr("viewBox", `0 0 ${width} ${height}`)
    .attr("width", width)
    .attr("height", height)
    .attr("role", "img")
    .attr("aria-label", label)
    .attr("class", "chart");
}
