import type {GaussianMixture} from "../lib/mixture.js";
import {fractionWithin, sameModeShare} from "../lib/metrics/index.js";
import type {PairedRun} from "../lib/paired-runs.js";
import {pairedRuns} from "../lib/paired-runs.js";
import type {PointSet} from "../lib/points/index.js";
import {seededRandom} from "../lib/random.js";
import type {Schedule} from "../lib/schedule.js";
import {timestepList} from "../lib/timesteps.js";
import {chart} from "./chart.js";
import {button, controls, slider} from "./controls.js";
import {denoiserChoice} from "./denoiser-choice.js";
import {element, setText} from "./element.js";
import {figureDefaults} from "./figure-defaults.js";
import {pointsTable} from "./figure-table.js";
import {lookAt} from "./flight.js";
import {lifetime, pace} from "./lifetime.js";
import type {FigureTable, Live} from "./live.js";
import {live, reading, readings} from "./live.js";
import {OwnCodeError} from "./own-code.js";
import type {OwnSteps, SamplerName} from "./paired-view.js";
import {namedSteps, together} from "./paired-view.js";
import {pickedIn, pickedText, picking} from "./picking.js";
import type {Plane} from "./plane.js";
import {plane} from "./plane.js";
import {player} from "./player.js";
import {between, nearestPoint} from "./points.js";
import {trailChoice} from "./trail-choice.js";
import type {ShownPair} from "./two-samplers-panel.js";
import {paintSampler, sigmaChart} from "./two-samplers-panel.js";

export interface TwoSamplersOptions {
  /** Point sets that are Gaussian mixtures, so that the denoiser is exact. */
  sets: readonly PointSet[];
  schedule: Schedule;
  steps?: number; // S, defaults to 50
  eta?: number; // defaults to 0
  count?: number; // points, defaults to 600
  seed?: number; // of x_T and of the samplers' noise, defaults to 1
  /** The cell's promise: when it resolves, everything stops. */
  invalidation?: Promise<unknown>;
}

/** The figure, which keeps its settings and its noise when the code changes. */
export interface TwoSamplers extends Live {
  /** Takes the steps that the page's cells define, and runs again with the same settings and noise. */
  use(steps: OwnSteps): void;
}

const samplers = ["ddpm", "ddim"] as const;
const subtitle = "fresh noise at every step";

/**
 * DDPM beside DDIM from one x_T, with the exact denoiser of a mixture: play, scrub, eta, steps, and the share of points
 * that reach the same mode on a second run. Both use the same step list and the same noise z, so at eta = 1 they are equal
 * point by point. When a step of the reader's is wrong it says so and keeps the last good picture.
 */
export function twoSamplers(options: TwoSamplersOptions): TwoSamplers {
  const {sets, schedule, count = 600} = options;
  const signal = lifetime(options.invalidation);
  let shown: ShownPair | null = null;
  let seed = options.seed ?? figureDefaults().seed;
  let noise = 1;
  let hovered = -1; // the point under the pointer
  let job = new AbortController();
  let code: OwnSteps = {};

  const choice = denoiserChoice({sets, schedule, own: false});
  const trajectories = trailChoice();
  const eta = slider({
    name: "eta",
    symbol: "η",
    value: options.eta ?? 0,
    format: (v) => v.toFixed(2),
    color: "var(--ddim)"
  });
  const steps = slider({
    name: "steps",
    symbol: "S",
    min: 1,
    max: schedule.timesteps,
    step: 1,
    value: options.steps ?? 50,
    entry: true
  });
  const planes = {ddpm: makePlane("ddpm"), ddim: makePlane("ddim")};
  const titles = {ddpm: element("small", {}, subtitle), ddim: element("small")};
  const same = {
    ddpm: reading("DDPM: reach the same mode on a second run", "var(--ddpm)"),
    ddim: reading("DDIM: reach the same mode on a second run", "var(--ddim)")
  };
  const sigma = chart(sigmaChart(null, schedule.timesteps));
  const transport = player({
    steps: steps.value,
    duration: 7,
    signal,
    format: (k) => (k < 1 ? "pure noise" : `step ${Math.round(k)} of ${transport?.steps ?? steps.value}`),
    onPosition: show,
    extra: [button("New noise", () => draw({newNoise: true})), button("Same noise again", () => draw({again: true}))]
  });
  const root = live(
    "DDPM and DDIM from the same noise",
    controls(choice, eta, steps, trajectories),
    element("div", {class: "panels"}, panel("ddpm", "DDPM"), panel("ddim", "DDIM")),
    transport,
    readings(same.ddpm, same.ddim),
    element("div", {class: "chart-box"}, sigma as unknown as HTMLElement)
  );
  root.table(numbers);
  for (const control of [choice, eta, steps, trajectories]) control.addEventListener("input", () => draw());
  void draw();
  return Object.assign(root, {use});

  function use(next: OwnSteps): void {
    if (samplers.every((name) => code[name] === next[name])) return;
    code = {...next};
    void draw();
  }

  function numbers(): FigureTable {
    if (!shown) return pointsTable({});
    const {ddpm, ddim} = shown.runs;
    const at = (run: PairedRun) => between(run.states, transport.position);
    return pointsTable({noise: ddim.states[0], ddpm: at(ddpm), ddim: at(ddim)});
  }

  function panel(name: SamplerName, title: string): HTMLElement {
    return element("div", {}, element("p", {class: `panel-title ${name}`}, title, titles[name]), planes[name]);
  }

  function makePlane(name: SamplerName): Plane {
    const position = () => transport.position;
    const states = () => shown && between(shown.runs[name].states, position());
    const made = plane({
      signal,
      draw: (canvas) => shown && paintSampler(canvas, name, shown, {position: position(), index: looked()}),
      onPoint: (at) => hover(name, at)
    });
    picking(made, {points: states, onChange: () => name === "ddim" && show(position(), false), signal});
    return made;
  }

  /** A point under the pointer in one panel is the same point in the other. */
  function hover(name: SamplerName, at: [number, number] | null): void {
    if (!shown) return;
    const next = at ? nearestPoint(between(shown.runs[name].states, transport.position), at, 0.25) : -1;
    if (next === hovered) return;
    hovered = next;
    for (const sampler of samplers) planes[sampler].redraw();
  }

  /** The point that is set off: the one under the pointer, else the one that was picked. */
  function looked(): number | null {
    return hovered >= 0 ? hovered : shown && pickedIn(shown.runs.ddim.states[0]);
  }

  function picked(): string {
    const {ddpm, ddim} = shown!.runs;
    const index = pickedIn(ddim.states[0]);
    if (index === null) return "";
    const now = {DDPM: between(ddpm.states, transport.position), DDIM: between(ddim.states, transport.position)};
    return ` ${pickedText(index, {noise: ddim.states[0], ...now, "DDPM ends at": end(ddpm), "DDIM ends at": end(ddim)})}`;
  }

  function show(position: number, playing: boolean): void {
    if (!shown) return;
    for (const name of samplers) {
      const note = lookAt(planes[name], shown.flights[name].reach(position), shown.usual);
      setText(titles[name], note || (name === "ddim" ? etaText(shown.eta) : subtitle));
    }
    const k = Math.round(position);
    sigma.update({cursor: k < shown.timesteps.length ? shown.timesteps[k] : 0});
    if (playing) return;
    const shares = samplers.map((name) => {
      const share = percent(fractionWithin(shown!.mixture, Float64Array.from(shown!.runs[name].states[k])));
      planes[name].describe(
        `${name.toUpperCase()}, step ${k} of ${transport.steps}: ` +
          `${share} of ${shown!.runs[name].states[0].length / 2} points lie within three standard deviations of a mode`
      );
      return `${name.toUpperCase()} ${share}`;
    });
    root.say(
      `Step ${k} of ${transport.steps}. Within three standard deviations of a mode: ${shares.join(", ")}.${picked()}`
    );
  }

  /** Runs both samplers from x_T: another one (`newNoise`), or the same one with other noise z (`again`). */
  async function draw(next: {newNoise?: boolean; again?: boolean} = {}): Promise<void> {
    job.abort();
    job = new AbortController();
    const mine = AbortSignal.any([job.signal, signal]);
    const first = !shown;
    if (next.newNoise) seed += 1;
    noise = next.again ? noise + 1 : 1;
    try {
      const {denoiser, schedule, set, badge} = await choice.source();
      if (mine.aborted) return;
      const mixture = set.mixture!;
      const timesteps = timestepList("trailing", {timesteps: schedule.timesteps, steps: steps.value});
      const xT = seededRandom(seed).normals(2 * (trajectories.count ?? count));
      const seeds = {seed: 1000 * seed + noise, secondSeed: 1000 * seed + noise + 1};
      const settings = {schedule, timesteps, eta: eta.value, ...seeds, steps: namedSteps(code)};
      const made = await pace(pairedRuns(denoiser, xT, settings), mine);
      if (!made) return;
      const view = together(made, mixture);
      const ghosts = next.again && shown ? {ddpm: end(shown.runs.ddpm), ddim: end(shown.runs.ddim)} : null;
      shown = {...view, timesteps, mixture, eta: eta.value, all: trajectories.count !== null, ghosts};
      root.badge(...badge);
      root.alert(
        samplers
          .map((name) => view.flights[name].text)
          .join(" ")
          .trim()
      );
    } catch (error) {
      if (!mine.aborted) explain(error);
      return;
    }
    hovered = -1;
    const untouched = first && transport.position === 0; // the first picture is the end, unless the reader plays already
    const atEnd = next.again || untouched || transport.position >= transport.steps;
    transport.steps = shown.timesteps.length;
    for (const name of samplers) same[name].set(...sameMode(shown.mixture, shown.runs[name]));
    sigma.update(sigmaChart(shown, schedule.timesteps));
    transport.position = atEnd ? transport.steps : transport.position;
  }

  function explain(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const most = schedule.timesteps;
    const fewer = () => {
      steps.value = most;
      void draw();
    };
    const ways = error instanceof OwnCodeError ? {} : {[`Use ${most} steps`]: fewer};
    root.alert(`${message} The picture still shows the last run.`, ways);
  }
}

function end(run: PairedRun): Float32Array {
  return run.states.at(-1)!;
}

function sameMode(mixture: GaussianMixture, run: PairedRun): [string, number] {
  if (!run.secondEnd.every(Number.isFinite)) return ["–", 0];
  const share = sameModeShare(mixture, Float64Array.from(end(run)), Float64Array.from(run.secondEnd));
  return [percent(share), share];
}

function etaText(eta: number): string {
  if (eta === 0) return "no noise: the start decides";
  return eta === 1 ? "eta = 1: the same chain as DDPM" : `eta = ${eta.toFixed(2)}`;
}

function percent(share: number): string {
  return `${Math.round(100 * share)}%`;
}
