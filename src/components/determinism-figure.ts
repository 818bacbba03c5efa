import type {Determinism} from "../lib/determinism.js";
import {chanceOfSameMode, measureDeterminism} from "../lib/determinism.js";
import {mixtureDenoiser} from "../lib/mixture.js";
import type {PointSet} from "../lib/points/index.js";
import {seededRandom} from "../lib/random.js";
import {last, sampleDdim} from "../lib/sampler.js";
import type {Schedule} from "../lib/schedule.js";
import {timestepList} from "../lib/timesteps.js";
import {chart} from "./chart.js";
import {controls, select, slider} from "./controls.js";
import {element} from "./element.js";
import {readable} from "./format.js";
import {lifetime, nextFrame, onVisible, pace} from "./lifetime.js";
import type {Live} from "./live.js";
import {live, reading, readings} from "./live.js";
import {pickedPoint} from "./picked-point.js";
import {pickedIn, picking} from "./picking.js";
import {plane} from "./plane.js";

export interface DeterminismFigureOptions {
  sets: readonly PointSet[]; // mixtures
  schedule: Schedule;
  count?: number; // points of x_T, defaults to 500
  repeats?: number; // runs of the picked point, defaults to 60
  seed?: number; // of x_T, defaults to 1
  invalidation?: Promise<unknown>;
}

const etas = [0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1];
const picked = pickedPoint();

/**
 * How much of a sample x_T decides. Left, the ends of many runs from one picked x_T; right, the share of points that reach
 * the same mode in two runs, against eta, with the share that chance gives.
 */
export function determinismFigure(options: DeterminismFigureOptions): Live {
  const {sets, schedule, count = 500, repeats = 60, seed = 1} = options;
  const signal = lifetime(options.invalidation);
  const xT = seededRandom(seed).normals(2 * count);
  let job = new AbortController();
  let curve: [number, Determinism][] = [];
  let ends = new Float64Array(0);

  const data = select({name: "data", options: sets.map(({name, title}) => ({value: name, label: title}))});
  const eta = slider({name: "eta", symbol: "η", value: 0, format: (v) => v.toFixed(2), color: "var(--ddim)"});
  const steps = slider({name: "steps", symbol: "S", min: 1, max: 200, step: 1, value: 50});
  const setNow = () => sets.find(({name}) => name === data.value)!;
  const index = () => pickedIn(xT) ?? 0;
  const view = plane({signal, extent: 2.6, draw: paint});
  view.describe("One point of noise, and where its runs end: computed when it comes into view.");
  const drawing = chart(chartOptions());
  const same = reading("of the points reach the same mode twice", "var(--ddim)");
  const apart = reading("median distance between the two ends", "var(--ddim)");
  const chance = reading("by chance alone", "var(--noise)");
  const oneStart = element("span", {}, "One x", element("sub", {}, "T"), `, run ${repeats} times`);
  const root = live(
    "How much of a sample its noise decides",
    controls(data, eta, steps),
    element(
      "div",
      {class: "panels budget"},
      element("div", {}, element("p", {class: "panel-title"}, oneStart), view),
      element(
        "div",
        {},
        element("p", {class: "panel-title"}, "All points, run twice"),
        drawing as unknown as HTMLElement
      )
    ),
    readings(same, apart, chance)
  );
  root.badge("exact", "the denoiser is the mixture’s own formula");
  root.say("Computed when it comes into view.");
  root.table(() => ({
    columns: ["set", "S", "eta", "same mode", "median distance", "chance"],
    rows: curve.map(([at, {same, apart}]) => [data.value, steps.value, at, same, apart, chanceNow()])
  }));
  picking(view, {points: () => xT, signal});
  picked.onChange(() => void repeat(), signal);
  eta.addEventListener("input", () => void repeat());
  data.addEventListener("input", () => void measure());
  steps.addEventListener("change", () => void measure());
  let seen = false;
  onVisible(
    root,
    (visible) => {
      if (!visible || seen) return;
      seen = true;
      void measure();
    },
    signal
  );
  return root;

  function chanceNow(): number {
    return chanceOfSameMode(setNow().mixture!);
  }

  function settings() {
    return {schedule, timesteps: timestepList("trailing", {timesteps: schedule.timesteps, steps: steps.value})};
  }

  /** The whole curve, and then the picked point. */
  async function measure(): Promise<void> {
    job.abort();
    const own = (job = new AbortController());
    const mine = AbortSignal.any([own.signal, signal]);
    const mixture = setNow().mixture!;
    const denoiser = mixtureDenoiser(mixture, schedule);
    curve = [];
    chance.set(percent(chanceNow()), chanceNow());
    await repeat();
    for (const at of etas) {
      const run = measureDeterminism(denoiser, xT, {...settings(), eta: at, mixture, seed: 1, secondSeed: 2});
      const found = await pace(run, mine);
      if (!found) return;
      curve.push([at, found]);
      drawing.update(chartOptions());
      tell();
    }
  }

  /** The ends of the picked point at the eta of the slider. */
  async function repeat(): Promise<void> {
    if (!seen) return;
    const own = index();
    const many = Float64Array.from({length: 2 * repeats}, (_, i) => xT[2 * own + (i % 2)]);
    await nextFrame();
    const denoiser = mixtureDenoiser(setNow().mixture!, schedule);
    ends = last(sampleDdim(denoiser, many, {...settings(), eta: eta.value, seed: 7})).x as Float64Array<ArrayBuffer>;
    view.redraw();
    drawing.update({cursor: eta.value});
    tell();
  }

  function tell(): void {
    const near = curve.find(([at]) => Math.abs(at - eta.value) < 1e-9) ?? nearest(curve, eta.value);
    const modes = modesReached();
    view.describe(`Point ${index()}, run ${repeats} times at eta ${eta.value.toFixed(2)}: it ends in ${modes}.`);
    if (!near) return;
    const [at, found] = near;
    same.set(percent(found.same), found.same);
    apart.set(found.apart === 0 ? "0" : readable(found.apart, 2));
    root.say(
      `At η = ${at}, ${percent(found.same)} of ${count} points reach the same mode in two runs; chance gives ` +
        `${percent(chanceNow())}, give or take ${percent(Math.sqrt((chanceNow() * (1 - chanceNow())) / count))}. ` +
        `The picked point ends in ${modes}.`
    );
  }

  function modesReached(): string {
    const {means, stds} = setNow().mixture!;
    const hit = new Set<number>();
    for (let i = 0; i < ends.length; i += 2) {
      const far = means.map(([x, y], k) => Math.hypot(ends[i] - x, ends[i + 1] - y) / stds[k]);
      hit.add(far.indexOf(Math.min(...far)));
    }
    return `${hit.size} of ${means.length} modes`;
  }

  function paint(): void {
    const {means, stds} = setNow().mixture!;
    view.dots(xT, {color: "noise", radius: 1.5, alpha: 0.3});
    means.forEach(([x, y], k) => view.ring(x, y, 2 * stds[k], "theme-foreground-fainter"));
    view.dots(ends, {color: "ddim", radius: 3, alpha: 0.6});
    view.dots(xT, {color: "theme-foreground", radius: 5, alpha: 1, only: [index()]});
  }

  function chartOptions() {
    return {
      title: "Same mode on a second run, against eta",
      height: 280,
      x: {label: "eta η", domain: [0, 1] as const},
      y: {label: "same mode", domain: [0, 1] as const, format: "%"},
      series: [
        {name: "DDIM(η)", color: "ddim" as const, points: curve.map(([at, {same}]) => [at, same] as const), dots: true}
      ],
      levels: [{y: chanceNow(), label: "chance", side: "left" as const}],
      cursor: eta.value
    };
  }
}

function nearest(curve: readonly [number, Determinism][], eta: number): [number, Determinism] | undefined {
  return [...curve].sort(([a], [b]) => Math.abs(a - eta) - Math.abs(b - eta))[0];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)}%`;
}
