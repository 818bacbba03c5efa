import type {CoordinateStepInput} from "../lib/coordinate-step.js";
import {mixtureDenoiser} from "../lib/mixture.js";
import {etaDialEnd, noiseShareStep} from "../lib/noise-share.js";
import type {PointSet} from "../lib/points/index.js";
import {seededRandom} from "../lib/random.js";
import type {SampleScores} from "../lib/sample-scores.js";
import {scoreNames, scoreReference, scoreSamples} from "../lib/sample-scores.js";
import {sampleDdim} from "../lib/sampler.js";
import type {Schedule} from "../lib/schedule.js";
import {timestepList} from "../lib/timesteps.js";
import {chart} from "./chart.js";
import {controls, select, slider} from "./controls.js";
import {element} from "./element.js";
import {fixed, readable} from "./format.js";
import {lifetime, onVisible, pace} from "./lifetime.js";
import type {Live} from "./live.js";
import {live, reading, readings} from "./live.js";
import {ownCode} from "./own-code.js";
import {plane} from "./plane.js";

export interface FlexibilityFigureOptions {
  sets: readonly PointSet[]; // mixtures
  schedule: Schedule;
  count?: number; // points, defaults to 1000
  seed?: number; // of x_T, defaults to 1
  invalidation?: Promise<unknown>;
}

type Dial = "eta" | "share";

/** A step of the family with this share of fresh noise; a reader's own, or noiseShareStep. */
export type ShareStep = (input: CoordinateStepInput, share: number) => number;

/** The figure, which keeps its settings and its noise when the step changes. */
export interface FlexibilityFigure extends Live {
  use(step: ShareStep): void;
}

/** What was measured at one place of the dial. */
interface Found {
  at: number;
  scores: SampleScores;
}

const places = [0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1]; // of the dial's range

/** The whole family from no fresh noise to its limit: the samples at the dial, and the width of their modes all along it. */
export function flexibilityFigure(options: FlexibilityFigureOptions): FlexibilityFigure {
  const {sets, schedule, count = 1000, seed = 1} = options;
  const signal = lifetime(options.invalidation);
  const xT = seededRandom(seed).normals(2 * count);
  let job = new AbortController();
  let single = new AbortController();
  let curve: Found[] = [];
  let now: {x: Float64Array; scores: SampleScores} | null = null;
  let seen = false;
  let step: ShareStep = (input, share) => noiseShareStep(share)(input);

  const data = select({name: "data", options: sets.map(({name, title}) => ({value: name, label: title}))});
  const dial = select<Dial>({
    name: "what the dial turns",
    options: [
      {value: "eta", label: "eta, up to the list’s limit"},
      {value: "share", label: "share of fresh noise, the same in each step"}
    ]
  });
  const amount = slider({name: "amount", value: 0, step: 0.005, format: (v) => v.toFixed(2), color: "var(--ddim)"});
  const steps = slider({name: "steps", symbol: "S", min: 2, max: 1000, log: true, value: 50, entry: true});
  const view = plane({signal, extent: 1.8, draw: paint});
  view.describe("The samples: computed when it comes into view.");
  const drawing = chart(chartOptions());
  const readingOf = {
    width: reading("width of the modes; 1 is right", "var(--ddim)"),
    distance: reading("sliced Wasserstein distance", "var(--ddim)"),
    weights: reading("shares of the modes off by", "var(--ddim)")
  };
  const floor = {
    width: reading("width among true samples", "var(--data)"),
    distance: reading("distance between true sets", "var(--data)"),
    weights: reading("off by, among true samples", "var(--data)")
  };
  const root = live(
    "From no fresh noise to the limit",
    controls(data, dial, amount, steps),
    element("div", {class: "panels budget"}, view, drawing as unknown as HTMLElement),
    readings(readingOf.width, readingOf.distance, readingOf.weights, floor.width, floor.distance, floor.weights)
  );
  root.badge("exact", "the denoiser is the mixture’s own formula");
  root.say("Computed when it comes into view.");
  root.table(() => ({
    columns: ["set", "S", "dial", "at", ...scoreNames],
    rows: curve.map(({at, scores}) => [
      data.value,
      steps.value,
      dial.value,
      at,
      ...scoreNames.map((name) => scores[name])
    ])
  }));
  for (const control of [data, dial]) control.addEventListener("input", () => void sweep());
  steps.addEventListener("change", () => void sweep());
  amount.addEventListener("input", () => void sample().catch(explain));
  onVisible(root, (visible) => visible && !seen && ((seen = true), void sweep()), signal);
  return Object.assign(root, {use});

  function use(next: ShareStep): void {
    step = ownCode("share-step", next);
    if (seen && dial.value === "share") void sweep();
  }

  function setNow(): PointSet {
    return sets.find(({name}) => name === data.value)!;
  }

  function timestepsNow(): number[] {
    return timestepList("trailing", {timesteps: schedule.timesteps, steps: Math.round(steps.value)});
  }

  function limitNow(): number {
    return dial.value === "share" ? 1 : etaDialEnd(schedule, timestepsNow());
  }

  function* run(at: number): Generator<void, {x: Float64Array; scores: SampleScores}> {
    const set = setNow();
    const {mixture} = set;
    const settings = {schedule, timesteps: timestepsNow(), seed: 3};
    const how = dial.value === "share" ? {step: (input: CoordinateStepInput) => step(input, at)} : {eta: at};
    let x = xT;
    for (const state of sampleDdim(mixtureDenoiser(mixture!, schedule), xT, {...settings, ...how})) {
      x = state.x;
      yield;
    }
    const reference = scoreReference(set.sample(count, seededRandom(99)), mixture);
    return {x, scores: scoreSamples(x, reference)};
  }

  async function sweep(): Promise<void> {
    if (!seen) return;
    job.abort();
    const own = (job = new AbortController());
    const mine = AbortSignal.any([own.signal, signal]);
    try {
      const limit = limitNow();
      amount.max = limit;
      if (amount.value > limit) amount.value = limit;
      curve = [];
      drawing.update(chartOptions());
      showFloor();
      await sample();
      for (const place of places) {
        const at = place * limit * (1 - 1e-12);
        const found = await pace(run(at), mine);
        if (!found) return;
        curve.push({at, scores: found.scores});
        drawing.update(chartOptions());
      }
      root.alert("");
    } catch (error) {
      if (!mine.aborted) explain(error);
    }
  }

  function explain(error: unknown): void {
    root.alert(`${error instanceof Error ? error.message : String(error)} The picture still shows the last run.`);
  }

  /** The samples at the dial. */
  async function sample(): Promise<void> {
    single.abort();
    const own = (single = new AbortController());
    const found = await pace(
      run(Math.min(amount.value, limitNow()) * (1 - 1e-12)),
      AbortSignal.any([own.signal, signal])
    );
    if (!found) return;
    now = found;
    for (const name of ["width", "distance", "weights"] as const) readingOf[name].set(readable(now.scores[name], 2));
    drawing.update({cursor: amount.value});
    view.redraw();
    const {width, distance, weights} = now.scores;
    const text =
      `${dial.value === "eta" ? "η" : "share of fresh noise"} = ${fixed(amount.value, 2)} of at most ` +
      `${fixed(limitNow(), 2)}: modes ${fixed(width, 2)} times as wide as they should be, distance ` +
      `${readable(distance, 2)}, shares of the modes off by ${readable(weights, 2)}.`;
    view.describe(text);
    root.say(text);
  }

  function showFloor(): void {
    const set = setNow();
    const truth = scoreReference(set.sample(count, seededRandom(99)), set.mixture);
    const scores = scoreSamples(set.sample(count, seededRandom(98)), truth);
    for (const name of ["width", "distance", "weights"] as const) floor[name].set(readable(scores[name], 2));
  }

  function paint(): void {
    const {mixture} = setNow();
    mixture!.means.forEach(([x, y], k) => view.ring(x, y, 2 * mixture!.stds[k], "theme-foreground-muted"));
    if (now) view.dots(now.x, {color: "ddim", radius: Math.max(1.3, view.size / 220), alpha: 0.55});
  }

  function chartOptions() {
    const limit = seen ? limitNow() : 1;
    return {
      title: "Width of the modes along the dial",
      height: 300,
      x: {label: dial.value === "eta" ? "eta η" : "share of fresh noise", domain: [0, limit] as const},
      y: {label: "width of the modes", domain: [0.4, 1.4] as const},
      series: [
        {
          name: "width",
          color: "ddim" as const,
          dots: true,
          points: curve.map(({at, scores}) => [at, scores.width] as const)
        }
      ],
      levels: [
        {y: 1, label: "right"},
        ...(dial.value === "eta" ? [] : [{y: Math.SQRT1_2, label: "half of the variance", side: "left" as const}])
      ],
      cursor: amount.value
    };
  }
}
