import {diffuse} from "../lib/forward.js";
import type {GaussianMixture} from "../lib/mixture.js";
import {mixtureEpsilon, mixtureOfPoints} from "../lib/mixture.js";
import type {PointSet} from "../lib/points/index.js";
import {seededRandom} from "../lib/random.js";
import type {Schedule} from "../lib/schedule.js";
import {alphaBarAt} from "../lib/schedule.js";
import {controls, select, slider} from "./controls.js";
import {element} from "./element.js";
import {drawField, fieldGrid} from "./field.js";
import {spread} from "./flight.js";
import {readable} from "./format.js";
import {drawPicked, pickedIn, pickedText, picking} from "./picking.js";
import type {Plane} from "./plane.js";
import {plane} from "./plane.js";
import type {Snapshot} from "./training-samples.js";
import {snapshotNoise} from "./training-samples.js";

const extent = 2.6;

export interface SamplesPanel extends HTMLElement {
  /** Shows a data set and the samples so far; stays at the newest unless the reader has gone back. */
  show(truth: Float64Array, history: readonly Snapshot[]): void;
  readonly snapshot?: Snapshot; // the one in view
}

/** The samples of a network over the true data, and a slider back through the training. */
export function samplesPanel({signal, onPick}: {signal: AbortSignal; onPick: () => void}): SamplesPanel {
  let truth: Float64Array = new Float64Array();
  let history: readonly Snapshot[] = [];
  const canvas = plane({signal, extent, draw});
  const after = element("small");
  const point = element("small", {"aria-live": "polite"}); // where the picked point is
  picking(canvas, {points: () => history[moment.value]?.points ?? null, onChange: speak, signal});
  const moment = slider({
    name: "snapshot",
    step: 1,
    max: 0,
    wide: true,
    format: (k) => `step ${history[k]?.step ?? 0}`
  });
  moment.addEventListener("input", pick);
  const root = element(
    "div",
    {},
    element("p", {class: "panel-title"}, "samples", after, point),
    canvas,
    controls(moment)
  ) as unknown as SamplesPanel;
  Object.defineProperty(root, "snapshot", {get: () => history[moment.value]});
  return Object.assign(root, {
    show(nextTruth: Float64Array, nextHistory: readonly Snapshot[]) {
      const newest = moment.value >= history.length - 1 || nextHistory.length < history.length;
      if (truth !== nextTruth) canvas.look([0, 0], reach(nextTruth));
      truth = nextTruth;
      history = nextHistory;
      moment.max = Math.max(0, history.length - 1);
      moment.value = newest ? moment.max : moment.value;
      pick();
    }
  });

  function draw(view: Plane): void {
    view.dots(truth, {color: "theme-foreground-fainter", radius: Math.max(1.2, view.size / 280), alpha: 0.75});
    const now = history[moment.value];
    if (now) view.dots(now.points, {color: "learned", radius: Math.max(1.4, view.size / 210), alpha: 0.75});
    const index = now ? pickedIn(now.points) : null;
    if (index !== null) drawPicked(view, now.points, index);
  }

  /** All snapshots start from the same noise, so a point is the same in each. */
  function speak(): void {
    const now = history[moment.value];
    const index = now ? pickedIn(now.points) : null;
    point.textContent = index === null ? "" : pickedText(index, {noise: snapshotNoise(), "now at": now.points});
  }

  function pick(): void {
    const now = history[moment.value];
    after.textContent = now ? `after ${now.step} training steps` : "the data; no network yet";
    const data = `the true data: ${truth.length / 2} points, spread ${readable(spread(truth))}`;
    const samples = now && `${now.points.length / 2} samples after ${now.step} training steps`;
    canvas.describe(now ? `${samples}, spread ${readable(spread(now.points))}, over ${data}` : `Only ${data}`);
    canvas.redraw();
    speak();
    onPick();
  }
}

/** How far the plane must show to hold the points, with room around them. */
function reach(points: Float64Array): number {
  return 1.25 * points.reduce((most, value) => Math.max(most, Math.abs(value)), 0.5);
}

/** The noise that a network sees at the places of a grid at time t; undefined while there is no network. */
export type LearnedField = (grid: Float64Array, t: number) => Promise<Float64Array | undefined>;

export interface FieldPanel extends HTMLElement {
  /** Shows the field of a set under a schedule. */
  show(set: PointSet, schedule: Schedule): void;
  /** Asks the network again. */
  refresh(): void;
}

type Which = "learned" | "exact" | "both";

const cloudSize = 700;
const blur = 0.05; // of the points that stand for a set without a formula

/** The predicted noise over the plane at a time of the reader's choice, learned and exact, over the noised data. */
export function fieldPanel({signal, learned}: {signal: AbortSignal; learned: LearnedField}): FieldPanel {
  const grid = fieldGrid(extent, 18);
  let source: {set: PointSet; schedule: Schedule; mixture: GaussianMixture; x0: Float64Array} | null = null;
  let fields: {exact: Float64Array; learned?: Float64Array; cloud: Float64Array} | null = null;
  let asking = false;
  let again = false;
  const canvas = plane({signal, extent, draw});
  const about = element("small");
  const time = slider({name: "time", symbol: "t", max: 999, step: 1, value: 150, wide: true});
  const which = select<Which>({
    name: "field",
    options: [
      {value: "learned", label: "learned"},
      {value: "exact", label: "exact"},
      {value: "both", label: "both"}
    ]
  });
  time.style.flex = "1 1 8rem"; // beside the list, also in a narrow panel
  for (const control of [time, which]) control.addEventListener("input", () => refresh());
  const root = element(
    "div",
    {},
    element("p", {class: "panel-title"}, "predicted noise", about),
    canvas,
    controls(time, which)
  );
  return Object.assign(root, {show, refresh});

  function show(set: PointSet, schedule: Schedule): void {
    if (source?.set !== set || source.schedule !== schedule) {
      const x0 = set.sample(cloudSize, seededRandom(5));
      source = {set, schedule, mixture: set.mixture ?? mixtureOfPoints(x0.slice(0, 800), blur), x0};
      time.max = schedule.timesteps - 1;
    }
    refresh();
  }

  /** Computes what the time asks for; calls that come meanwhile are answered by one more turn. */
  function refresh(): void {
    again = true;
    if (!asking) void turn();
  }

  async function turn(): Promise<void> {
    asking = true;
    while (again && source && !signal.aborted) {
      again = false;
      const {schedule, mixture, x0} = source;
      const alphaBar = alphaBarAt(schedule, time.value);
      const exact = mixtureEpsilon(mixture, grid, alphaBar);
      const cloud = diffuse(x0, seededRandom(6).normals(x0.length), alphaBar);
      const answer = await learned(grid, time.value).catch(() => undefined);
      fields = {exact, cloud, learned: answer};
      describe();
      canvas.redraw();
    }
    asking = false;
  }

  function draw(view: Plane): void {
    if (!fields) return;
    view.dots(fields.cloud, {color: "theme-foreground-fainter", radius: Math.max(1.1, view.size / 300), alpha: 0.6});
    const shown = whichShown();
    if (shown !== "learned") drawField(view, grid, fields.exact, {color: "data", width: shown === "both" ? 2.6 : 1.3});
    if (shown !== "exact") drawField(view, grid, fields.learned!, {color: "learned"});
  }

  function whichShown(): Which {
    return fields?.learned ? which.value : "exact";
  }

  function describe(): void {
    const shown = whichShown();
    const formula = source!.set.mixture ? "exact" : "exact for 400 points of the set, a little blurred";
    const text = {learned: "learned", exact: formula, both: "learned thin, exact thick"}[shown];
    about.textContent = text;
    const apart =
      fields?.learned && ` They differ by ${readable(rms(fields.exact, fields.learned), 2)} (root mean square).`;
    canvas.describe(`The predicted noise at t = ${time.value}, ${text}, as arrows on a grid.${apart ?? ""}`);
  }
}

function rms(a: Float64Array, b: Float64Array): number {
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0) / a.length);
}
