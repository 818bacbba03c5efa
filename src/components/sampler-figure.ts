import type {PointSet} from "../lib/points/index.js";
import {seededRandom} from "../lib/random.js";
import type {Schedule} from "../lib/schedule.js";
import {button, controls, select, slider} from "./controls.js";
import {denoiserChoice} from "./denoiser-choice.js";
import {element} from "./element.js";
import {pointsTable} from "./figure-table.js";
import type {Flight} from "./flight.js";
import {drawUsual, flightOf, lookAt, reachOf, sizeOf, spread} from "./flight.js";
import {figureDefaults} from "./figure-defaults.js";
import {readable} from "./format.js";
import {lifetime, onVisible} from "./lifetime.js";
import type {Live} from "./live.js";
import {live, reading, readings} from "./live.js";
import {OwnCodeError, blame} from "./own-code.js";
import {drawPicked, drawPickedTrail, pickedIn, pickedText, picking} from "./picking.js";
import type {Plane} from "./plane.js";
import {plane, samplerDash} from "./plane.js";
import {player} from "./player.js";
import {between} from "./points.js";
import type {SamplerCode, SamplerName} from "./sampler-code.js";
import {listOf, measureRun, runSampler, stepCell} from "./sampler-code.js";
import type {SamplerSource} from "./sampler-source.js";
import {exactSource, networkSource, storedSource} from "./sampler-source.js";
import {trailChoice} from "./trail-choice.js";

export interface SamplerFigureOptions {
  schedule: Schedule; // of the exact denoiser; a network brings its own
  /** Point sets; those with a mixture have an exact denoiser, all a network that comes with the pages. */
  sets: readonly PointSet[];
  count?: number; // points, defaults to 500
  seed?: number; // defaults to that of course.config.ts
  invalidation?: Promise<unknown>;
}

/** The figure, which keeps its settings and its noise when the code changes. */
export interface SamplerFigure extends Live {
  /** Takes what the page's cells define. A figure that has run runs again, with the same settings and noise. */
  use(code: SamplerCode): void;
}

/** The last run that succeeded. */
interface Run {
  states: Float32Array[]; // x after each step, x_T first
  predictions: Float32Array[]; // the predicted x_0 that each state was made from; the first is that of x_T
  truth: Float64Array; // a sample of the data, for the eye and for the distance
  usual: number; // how far the planes show while the points stay together
  sampler: SamplerName;
  seconds: number;
  flight: Flight;
}

/**
 * Runs a step written in tfjs over a list of timesteps, from the exact denoiser of a mixture or from the network that was
 * trained on /train, and shows x_t beside the predicted x_0. It runs when it first comes into view, and on every change of
 * a setting or of the reader's code. When something is wrong it says so and keeps the last good picture.
 */
export function samplerFigure(options: SamplerFigureOptions): SamplerFigure {
  const {sets, count = 500} = options;
  const signal = lifetime(options.invalidation);
  let code: SamplerCode = {};
  let run: Run | null = null;
  let failed = ""; // why the last run is not to be seen
  const defaults = figureDefaults();
  let seed = options.seed ?? defaults.seed;
  let job = new AbortController();
  let ended: Promise<void> = Promise.resolve(); // the run before

  const data = sets.find(({name}) => name === defaults.points)?.name;
  const choice = denoiserChoice({sets, schedule: options.schedule, data});
  const trajectories = trailChoice();
  const sampler = select<SamplerName>({
    name: "sampler",
    options: [
      {value: "ddim", label: "DDIM step"},
      {value: "ddpm", label: "DDPM step"}
    ]
  });
  const eta = slider({name: "eta", symbol: "η", max: 1.5, value: 0, format: (v) => v.toFixed(2), color: "var(--ddim)"});
  const steps = slider({name: "steps", symbol: "S", min: 1, max: 200, step: 1, value: defaults.steps, entry: true});
  const states = makePlane("x_t", (r) => r.states, true);
  const predictions = makePlane("predicted x_0", (r) => r.predictions, false);
  const distance = reading("sliced Wasserstein distance to the data", "var(--ddim)");
  const floor = reading("the same between two sets of true samples: the floor", "var(--data)");
  const time = reading("for the whole run, on this device");
  const transport = player({
    steps: steps.value,
    duration: 5,
    signal,
    format: (k) => (k < 1 ? "pure noise" : `step ${Math.round(k)} of ${transport?.steps ?? steps.value}`),
    onPosition: show,
    extra: [button("New noise", () => sample({newNoise: true}))]
  });
  const root = live(
    "The steps of this page at work",
    controls(choice, sampler, eta, steps, trajectories),
    element("div", {class: "panels"}, panel("x", "t", states), panel("predicted x", "0", predictions)),
    transport,
    readings(distance, floor, time)
  );
  root.say("Runs when it comes into view.");
  root.table(() => {
    const at = (states?: Float32Array[]) => (states ? between(states, transport.position) : []);
    return pointsTable({noise: run?.states[0] ?? [], x_t: at(run?.states), predicted_x_0: at(run?.predictions)});
  });
  for (const control of [choice, sampler, eta, steps, trajectories]) control.addEventListener("change", () => sample());
  let seen = false;
  onVisible(
    root,
    async (visible) => {
      if (!visible || seen) return;
      seen = true;
      await choice.ready;
      await sample();
      transport.position = transport.steps;
    },
    signal
  );
  return Object.assign(root, {use});

  function use(next: SamplerCode): void {
    const keys = new Set([...Object.keys(code), ...Object.keys(next)] as (keyof SamplerCode)[]);
    const changed = [...keys].filter((key) => code[key] !== next[key]);
    code = {...next};
    if (!seen || !changed.length) return;
    if (run && changed.every((key) => key === "distance")) measure(run);
    else void sample();
  }

  function panel(title: string, index: string, {canvas, note}: Panel): HTMLElement {
    const name = element("span", {}, title, element("sub", {}, index));
    return element("div", {}, element("p", {class: "panel-title"}, name, note), canvas);
  }

  function makePlane(name: string, of: (run: Run) => Float32Array[], trails: boolean): Panel {
    const canvas = plane({
      signal,
      draw(p) {
        if (!run) return;
        const color = trails ? run.sampler : "data";
        p.dots(run.truth, {color: "theme-foreground-fainter", radius: 1.6, alpha: 0.6});
        const shown = of(run);
        const style = {color, dash: samplerDash[run.sampler], alpha: 0.7, width: 1.1} as const;
        const all = trajectories.count !== null;
        const at = transport.position;
        if (trails && all) p.trails(shown, {...style, alpha: 0.25, width: 0.8}, at);
        for (let k = 0; trails && !all && k < 10; ++k) p.trail(shown, k, style, at);
        const now = between(shown, at);
        p.dots(now, {color, radius: Math.max(1.5, p.size / 180)});
        drawUsual(p, run.usual);
        const index = pickedIn(now);
        if (index === null) return;
        if (trails) drawPickedTrail(p, shown, index, {dash: style.dash, upTo: at});
        drawPicked(p, now, index);
      }
    });
    canvas.describe(name);
    const points = () => run && between(of(run), transport.position);
    picking(canvas, {points, onChange: () => trails && show(transport.position, false), signal});
    return {canvas, note: element("small")};
  }

  /** What to sample with. Frees itself with `dispose`. */
  async function source(count: number): Promise<SamplerSource> {
    const {kind, set, stored} = choice;
    if (kind === "trained" && stored) return storedSource(stored, count);
    if (kind === "exact") return exactSource(set, {schedule: options.schedule, count, epsilon: code.denoiser});
    return networkSource(await choice.source(), count);
  }

  /** Runs with the settings as they are. tfjs has one backend at a time: what runs is broken off, and has ended before. */
  function sample({newNoise = false} = {}): Promise<void> {
    job.abort();
    job = new AbortController();
    const mine = AbortSignal.any([job.signal, signal]);
    if (newNoise) seed += 1;
    for (const input of eta.querySelectorAll("input")) input.disabled = sampler.value === "ddpm"; // it has none
    return (ended = ended.then(() => sampleAlone(mine)));
  }

  async function sampleAlone(mine: AbortSignal): Promise<void> {
    if (mine.aborted) return;
    let dispose = () => {};
    try {
      const points = trajectories.count ?? count;
      const from = await source(points);
      dispose = from.dispose;
      const next = await runOnce(from, points, mine);
      if (!next) return;
      const atEnd = !run || transport.position >= transport.steps;
      run = next;
      failed = "";
      root.badge(...from.badge);
      const last = run.states.length - 1;
      transport.steps = last;
      transport.position = atEnd ? last : Math.min(transport.position, last);
      measure(run);
    } catch (error) {
      if (!mine.aborted) explain(error);
    } finally {
      dispose();
    }
  }

  /** One run with the settings as they are; undefined when it was broken off. */
  async function runOnce(from: SamplerSource, points: number, signal: AbortSignal): Promise<Run | undefined> {
    const name = sampler.value;
    const timesteps = listOf(code, steps.value, from.schedule);
    const xT = seededRandom(seed).normals(2 * points);
    const start = performance.now();
    const states: Float32Array[] = [];
    const predictions: Float32Array[] = [];
    const settings = {sampler: name, timesteps, eta: eta.value, seed, signal};
    for await (const state of runSampler(code, from, xT, settings)) {
      states.push(Float32Array.from(state.x));
      predictions.push(Float32Array.from(state.x0));
    }
    if (signal.aborted) return undefined;
    const seconds = (performance.now() - start) / 1000;
    const {truth} = from;
    try {
      const usual = reachOf(truth, 2.6);
      const flight = flightOf(states, {who: `the ${name.toUpperCase()} step`, size: sizeOf(truth), usual});
      return {states: flight.states, predictions, truth, usual, sampler: name, seconds, flight};
    } catch (error) {
      throw blame(stepCell(name), error);
    }
  }

  function measure(shown: Run): void {
    const {states, truth, seconds, flight} = shown;
    let trouble = "";
    try {
      const measured = measureRun(code, Float64Array.from(states[states.length - 1]), truth);
      distance.set(readable(measured.distance, 2));
      floor.set(readable(measured.floor, 2));
    } catch (error) {
      trouble = (error as Error).message;
      distance.set("–");
      floor.set("–");
    }
    time.set(seconds < 1 ? `${Math.round(1000 * seconds)} ms` : `${seconds.toFixed(1)} s`);
    if (!failed) root.alert(trouble || flight.text);
    show(transport.position, false);
  }

  function show(position: number, playing: boolean): void {
    if (!run) return;
    const {flight, usual} = run;
    const far = flight.text ? reachOf(between(run.predictions, position), usual) : usual;
    const otherwise = flight.text && "the usual view"; // the panels stay side by side
    states.note.textContent = lookAt(states.canvas, flight.reach(position), usual) || otherwise;
    predictions.note.textContent = lookAt(predictions.canvas, far, usual) || otherwise;
    if (playing) return;
    const k = Math.round(position);
    const [now, seenNow, truth] = [run.states[k], run.predictions[k], run.truth].map((p) => readable(spread(p)));
    const text = `Step ${k} of ${transport.steps}, spread of xₜ ${now}`;
    states.canvas.describe(`${text}; of the data ${truth}. ${states.note.textContent}`);
    predictions.canvas.describe(`The clean points predicted at step ${k}: spread ${seenNow}; of the data ${truth}.`);
    const index = pickedIn(run.states[0]);
    const clouds = {
      noise: run.states[0],
      x_t: run.states[k],
      "predicted x_0": run.predictions[k],
      end: run.states.at(-1)!
    };
    const point = index === null ? "" : ` ${pickedText(index, clouds)}`;
    root.say(`${text}; of the predicted x₀ ${seenNow}; of the data ${truth}.${point}`);
  }

  function explain(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    failed = `${message}${run ? " The picture still shows the last run." : ""}`;
    const back = () => {
      eta.value = 0;
      steps.value = 20;
      void sample();
    };
    root.alert(failed, error instanceof OwnCodeError ? {} : {"Back to eta 0, 20 steps": back});
  }
}

interface Panel {
  canvas: Plane;
  note: HTMLElement; // what is unusual about the view
}
