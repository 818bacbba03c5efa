import {diffuse} from "../lib/forward.js";
import type {PointSet} from "../lib/points/index.js";
import {seededRandom} from "../lib/random.js";
import type {Schedule} from "../lib/schedule.js";
import {alphaBarAt, snr} from "../lib/schedule.js";
import {chart} from "./chart.js";
import {button, controls, select} from "./controls.js";
import {element} from "./element.js";
import {figureDefaults} from "./figure-defaults.js";
import {pointsTable} from "./figure-table.js";
import {powerOfTen, readable} from "./format.js";
import {lifetime} from "./lifetime.js";
import {live, reading, readings} from "./live.js";
import {drawPicked, drawPickedTrail, pickedIn, pickedText, picking} from "./picking.js";
import type {Plane} from "./plane.js";
import {plane} from "./plane.js";
import {player} from "./player.js";

export interface NoisingOptions {
  sets: readonly PointSet[];
  schedules: readonly Schedule[]; // of any lengths
  data?: string; // the set to begin with, defaults to the first
  count?: number; // points, defaults to 900
  seed?: number; // of the points and of their epsilon, defaults to 1
  /** The cell's promise: when it resolves, everything stops. */
  invalidation?: Promise<unknown>;
}

/** What is drawn: x_0 and one fixed epsilon for each point, so that moving the time moves the points along curves. */
interface Cloud {
  set: PointSet;
  schedule: Schedule;
  x0: Float64Array;
  epsilon: Float64Array;
}

/** The state of the whole distribution at one level, not of the sample: all follows from the closed form. */
export interface Level {
  alphaBar: number;
  offset: number; // distance of the mean of x_t from 0
  std: number; // of x_t, along one axis (root mean square of both)
}

const trails = 10;
const trailPieces = 48;

/**
 * A cloud of points under a time slider, for any point set and schedule: the points, a few of their paths, the mean on its
 * way to 0, and where the moment lies on the curves of alphaBar and SNR. t is the papers': 0 is data, T is the end.
 */
export function noisingFigure(options: NoisingOptions): HTMLElement {
  const {sets, schedules, count = 900} = options;
  const signal = lifetime(options.invalidation);
  const defaults = figureDefaults();
  let seed = options.seed ?? defaults.seed;
  const data = select({
    name: "data",
    options: sets.map(({name, title}) => ({value: name, label: title})),
    value: options.data
  });
  const pace = select({
    name: "schedule",
    options: schedules.map(({name}) => ({value: name, label: name.replaceAll("_", " ")})),
    value: schedules.find(({name}) => name === defaults.schedule)?.name
  });
  let cloud = makeCloud();
  const canvas = plane({signal, extent: 3.5, draw: (view) => paint(view, cloud, step())});
  const cloudNow = () => diffuse(cloud.x0, cloud.epsilon, alphaBarAt(cloud.schedule, step() - 1));
  picking(canvas, {points: cloudNow, onChange: () => show(step(), false), signal});
  const level = chart(levelChart(cloud.schedule));
  const ratio = chart(ratioChart(cloud.schedule));
  const left = reading("of x₀ is left: √ᾱ", "var(--data)");
  const spread = reading("standard deviation along an axis");
  const offset = reading("standard deviations between the mean and 0");
  const transport = player({
    steps: cloud.schedule.timesteps,
    duration: 8,
    stride: Math.max(1, Math.round(cloud.schedule.timesteps / 20)),
    signal,
    format: (t) => `t = ${Math.round(t)} of ${cloud.schedule.timesteps}`,
    onPosition: show,
    extra: [button("New noise", () => renew(1))]
  });
  const side = element("div", {}, level as unknown as HTMLElement, ratio as unknown as HTMLElement);
  const root = live(
    "A cloud of points turns into noise",
    controls(data, pace),
    transport,
    element("div", {style: stage}, canvas, side),
    readings(left, spread, offset)
  );
  root.badge("exact", `${count} points, one fixed ε each`);
  for (const control of [data, pace]) control.addEventListener("input", () => renew(0));
  root.table(() => {
    return pointsTable({x_0: cloud.x0, epsilon: cloud.epsilon, x_t: cloudNow()});
  });
  transport.position = Math.round(0.1 * cloud.schedule.timesteps);
  return root;

  function step(): number {
    return Math.round(transport.position);
  }

  function makeCloud(): Cloud {
    const set = sets.find(({name}) => name === data.value)!;
    const random = seededRandom(seed);
    const x0 = set.sample(count, random.fork(1));
    return {
      set,
      schedule: schedules.find(({name}) => name === pace.value)!,
      x0,
      epsilon: random.fork(2).normals(x0.length)
    };
  }

  /** Draws new points and noise, or only takes up what was chosen; the share of time that has passed stays. */
  function renew(seeds: number): void {
    seed += seeds;
    const share = transport.position / transport.steps;
    cloud = makeCloud();
    const {timesteps} = cloud.schedule;
    level.update(levelChart(cloud.schedule));
    ratio.update(ratioChart(cloud.schedule));
    transport.steps = timesteps;
    transport.position = Math.round(share * timesteps);
  }

  function show(position: number, playing: boolean): void {
    const t = Math.round(position);
    const {set, schedule} = cloud;
    const now = levelAt(set, alphaBarAt(schedule, t - 1));
    canvas.redraw();
    level.update({cursor: t});
    ratio.update({cursor: t});
    left.set(`${readable(100 * Math.sqrt(now.alphaBar))}%`, Math.sqrt(now.alphaBar));
    spread.set(now.std.toFixed(2));
    offset.set((now.offset / now.std).toFixed(2));
    if (playing) return;
    const text =
      `${set.title}, ${schedule.name.replaceAll("_", " ")}, t = ${t} of ${schedule.timesteps}: ` +
      `ᾱ = ${readable(now.alphaBar)}, SNR = ${readable(snr(now.alphaBar))}. ` +
      `The mean lies ${(now.offset / now.std).toFixed(2)} standard deviations from 0.`;
    canvas.describe(`${count} points. ${text}`);
    const index = pickedIn(cloud.x0);
    const clouds = {"x₀": cloud.x0, ε: cloud.epsilon, xₜ: cloudNow()};
    root.say(index === null ? text : `${text} ${pickedText(index, clouds)}`);
  }
}

/** Mean and spread of x_t for a whole point set, by the closed form. */
export function levelAt({mean, scale}: PointSet, alphaBar: number): Level {
  return {
    alphaBar,
    offset: Math.sqrt(alphaBar) * Math.hypot(...mean),
    std: Math.sqrt(alphaBar * scale ** 2 + 1 - alphaBar)
  };
}

const stage = "display: grid; gap: 1.2rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr))";

function paint(view: Plane, {set, schedule, x0, epsilon}: Cloud, t: number): void {
  const alphaBar = alphaBarAt(schedule, t - 1);
  const now = diffuse(x0, epsilon, alphaBar);
  const radius = Math.max(1.3, view.size / 230);
  view.ring(0, 0, 2, "theme-foreground-fainter"); // two standard deviations of N(0, I)
  // The colour of the data drains away as its share does.
  view.dots(now, {color: "noise", radius, alpha: 0.55});
  view.dots(now, {color: "data", radius, alpha: 0.85 * Math.sqrt(alphaBar)});
  const paths = trailStates(x0.subarray(0, 2 * trails), epsilon.subarray(0, 2 * trails), schedule, t);
  for (let i = 0; i < trails; ++i) view.trail(paths, i, {color: "theme-foreground", alpha: 0.5, width: 1});
  view.dots(now, {
    color: "theme-foreground",
    radius: radius + 1,
    alpha: 0.9,
    only: Array.from({length: trails}, (_, i) => i)
  });
  markMean(view, set, Math.sqrt(alphaBar));
  const index = pickedIn(now);
  if (index === null) return;
  const one = (points: Float64Array) => points.subarray(2 * index, 2 * index + 2);
  drawPickedTrail(view, trailStates(one(x0), one(epsilon), schedule, t), 0, {});
  drawPicked(view, now, index);
}

/** The points' states at evenly spaced steps from 0 to t. */
function trailStates(x0: Float64Array, epsilon: Float64Array, schedule: Schedule, t: number): Float64Array[] {
  const pieces = Math.min(t, trailPieces);
  return Array.from({length: pieces + 1}, (_, k) => {
    const at = pieces ? Math.round((k * t) / pieces) : 0;
    return diffuse(x0, epsilon, alphaBarAt(schedule, at - 1));
  });
}

/** A cross at the mean of x_t, with its way to the origin. */
function markMean(view: Plane, {mean}: PointSet, share: number): void {
  view.trail([mean, [0, 0]], 0, {color: "theme-red", dash: [3, 3], width: 1.2, alpha: 0.9});
  const arm = 0.11;
  const [cx, cy] = mean.map((value) => share * value);
  const style = {color: "theme-red", width: 2.6, alpha: 1} as const;
  view.trail(
    [
      [cx - arm, cy],
      [cx + arm, cy]
    ],
    0,
    style
  );
  view.trail(
    [
      [cx, cy - arm],
      [cx, cy + arm]
    ],
    0,
    style
  );
}

function curve({alphaBar}: Schedule, value: (alphaBar: number) => number): [number, number][] {
  return Array.from(alphaBar, (a, t) => [t + 1, value(a)]);
}

function levelChart(schedule: Schedule) {
  return {
    title: "How much of the data is left",
    height: 160,
    x: {label: "step t", domain: [0, schedule.timesteps] as const, format: "d"},
    y: {label: "ᾱ", domain: [0, 1] as const},
    series: [{name: "", color: "data" as const, points: curve(schedule, (a) => a)}]
  };
}

function ratioChart(schedule: Schedule) {
  return {
    title: "The signal-to-noise ratio, on a logarithmic axis",
    height: 180,
    x: {label: "step t", domain: [0, schedule.timesteps] as const, format: "d"},
    y: {label: "SNR, log scale", domain: [1e-6, 1e4] as const, log: true, format: powerOfTen},
    levels: [{y: 1, label: "noise = data", side: "left" as const}],
    series: [{name: "", color: "data" as const, points: curve(schedule, snr)}]
  };
}
