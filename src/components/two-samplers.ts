import {mixtureDenoiser} from "../lib/mixture.js";
import type {GaussianMixture} from "../lib/mixture.js";
import {fractionWithin, sameModeShare} from "../lib/metrics/index.js";
import type {PairedRun} from "../lib/paired-runs.js";
import {pairedRuns} from "../lib/paired-runs.js";
import type {PointSet} from "../lib/points/index.js";
import {seededRandom} from "../lib/random.js";
import type {Schedule} from "../lib/schedule.js";
import {timestepList} from "../lib/timesteps.js";
import {chart} from "./chart.js";
import {button, controls, select, slider} from "./controls.js";
import {element} from "./element.js";
import {drawUsual, lookAt} from "./flight.js";
import {lifetime, pace} from "./lifetime.js";
import type {Live} from "./live.js";
import {live, reading, readings} from "./live.js";
import {OwnCodeError} from "./own-code.js";
import type {OwnSteps, PairedView, SamplerName} from "./paired-view.js";
import {namedSteps, together} from "./paired-view.js";
import type {Plane} from "./plane.js";
import {plane, samplerDash} from "./plane.js";
import {player} from "./player.js";
import {between, nearestPoint} from "./points.js";

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

/** What the panels show: the last runs that succeeded, and all that is needed to read them. */
interface Shown extends PairedView {
  timesteps: number[];
  mixture: GaussianMixture;
  eta: number;
  ghosts: Record<SamplerName, Float32Array> | null; // ends of the run before, from the same x_T
}

const samplers = ["ddpm", "ddim"] as const;
const trails = 8; // paths that are always drawn
const subtitle = "fresh noise at every step";

/**
 * DDPM beside DDIM from one x_T, with the exact denoiser of a mixture: play, scrub, eta, steps, and the share of points
 * that reach the same mode on a second run. Both use the same step list and the same noise z, so at eta = 1 they are equal
 * point by point. When a step of the reader's is wrong it says so and keeps the last good picture.
 */
export function twoSamplers(options: TwoSamplersOptions): TwoSamplers {
  const {sets, schedule, count = 600} = options;
  const signal = lifetime(options.invalidation);
  let shown: Shown | null = null;
  let seed = options.seed ?? 1;
  let noise = 1;
  let picked = -1;
  let job = new AbortController();
  let code: OwnSteps = {};

  const data = select({name: "data", options: sets.map(({name, title}) => ({value: name, label: title}))});
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
    controls(data, eta, steps),
    element("div", {class: "panels"}, panel("ddpm", "DDPM"), panel("ddim", "DDIM")),
    transport,
    readings(same.ddpm, same.ddim),
    element("div", {class: "chart-box"}, sigma as unknown as HTMLElement)
  );
  root.badge("exact", "the denoiser is the mixture’s own formula");
  for (const control of [data, eta, steps]) control.addEventListener("input", () => draw());
  void draw().then(() => (transport.position = transport.steps));
  return Object.assign(root, {use});

  function use(next: OwnSteps): void {
    if (samplers.every((name) => code[name] === next[name])) return;
    code = {...next};
    void draw();
  }

  function panel(name: SamplerName, title: string): HTMLElement {
    return element("div", {}, element("p", {class: `panel-title ${name}`}, title, titles[name]), planes[name]);
  }

  function makePlane(name: SamplerName): Plane {
    const draw = (canvas: Plane) => shown && paint(canvas, name, shown, transport.position, picked);
    return plane({signal, draw, onPoint: (at) => pick(name, at)});
  }

  /** A point under the pointer in one panel is the same point in the other. */
  function pick(name: SamplerName, at: [number, number] | null): void {
    if (!shown) return;
    const now = between(shown.runs[name].states, transport.position);
    const next = at ? nearestPoint(now, at, 0.25) : -1;
    if (next === picked) return;
    picked = next;
    for (const sampler of samplers) planes[sampler].redraw();
  }

  function show(position: number, playing: boolean): void {
    if (!shown) return;
    for (const name of samplers) {
      const note = lookAt(planes[name], shown.flights[name].reach(position), shown.usual);
      titles[name].textContent = note || (name === "ddim" ? etaText(shown.eta) : subtitle);
    }
    const k = Math.round(position);
    sigma.update({cursor: k < shown.timesteps.length ? shown.timesteps[k] : 0});
    if (playing) return;
    const shares = samplers.map((name) => {
      const share = percent(fractionWithin(shown!.mixture, Float64Array.from(shown!.runs[name].states[k])));
      planes[name].describe(
        `${name.toUpperCase()}, step ${k} of ${transport.steps}: ` +
          `${share} of ${count} points lie within three standard deviations of a mode`
      );
      return `${name.toUpperCase()} ${share}`;
    });
    root.say(`Step ${k} of ${transport.steps}. Within three standard deviations of a mode: ${shares.join(", ")}.`);
  }

  /** Runs both samplers from x_T: another one (`newNoise`), or the same one with other noise z (`again`). */
  async function draw(next: {newNoise?: boolean; again?: boolean} = {}): Promise<void> {
    job.abort();
    job = new AbortController();
    const mine = AbortSignal.any([job.signal, signal]);
    if (next.newNoise) seed += 1;
    noise = next.again ? noise + 1 : 1;
    const {mixture} = sets.find(({name}) => name === data.value)!;
    try {
      const timesteps = timestepList("trailing", {timesteps: schedule.timesteps, steps: steps.value});
      const xT = seededRandom(seed).normals(2 * count);
      const seeds = {seed: 1000 * seed + noise, secondSeed: 1000 * seed + noise + 1};
      const denoiser = mixtureDenoiser(mixture!, schedule);
      const settings = {schedule, timesteps, eta: eta.value, ...seeds, steps: namedSteps(code)};
      const made = await pace(pairedRuns(denoiser, xT, settings), mine);
      if (!made) return;
      const view = together(made, mixture!);
      const ghosts = next.again && shown ? {ddpm: end(shown.runs.ddpm), ddim: end(shown.runs.ddim)} : null;
      shown = {...view, timesteps, mixture: mixture!, eta: eta.value, ghosts};
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
    picked = -1;
    const atEnd = next.again || transport.position >= transport.steps;
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

function paint(canvas: Plane, name: SamplerName, shown: Shown, position: number, picked: number): void {
  const {mixture, runs, ghosts} = shown;
  const {states} = runs[name];
  const dash = samplerDash[name];
  mixture.means.forEach(([x, y], k) => canvas.ring(x, y, 2 * mixture.stds[k], "theme-foreground-fainter"));
  for (let k = 0; k < trails; ++k) canvas.trail(states, k, {color: name, dash, alpha: 0.55, width: 1.1}, position);
  if (ghosts && position >= states.length - 1) {
    canvas.dots(ghosts[name], {color: "noise", hollow: true, radius: 2.4, alpha: 0.55});
  }
  drawUsual(canvas, shown.usual);
  const now = between(states, position);
  canvas.dots(now, {color: name, radius: Math.max(1.4, canvas.size / 190), alpha: 0.62});
  if (picked < 0) return;
  canvas.trail(states, picked, {color: "theme-foreground", dash, width: 2, alpha: 1}, position);
  canvas.dots(now, {color: "theme-foreground", radius: 4.5, alpha: 1, only: [picked]});
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

function sigmaChart(shown: Shown | null, timesteps: number) {
  const line = (name: SamplerName) =>
    shown ? shown.runs[name].sigma.map((value, k) => [shown.timesteps[k], value] as const) : [];
  return {
    title: "Noise added in each step",
    height: 150,
    x: {label: "timestep t, from noise to data", domain: [0, timesteps - 1] as const, reverse: true},
    y: {label: "σ_t", domain: [0, 1] as const},
    series: [
      {name: "DDPM", color: "ddpm" as const, dash: [5, 4], points: line("ddpm")},
      {name: "DDIM", color: "ddim" as const, points: line("ddim")}
    ]
  };
}

function percent(share: number): string {
  return `${Math.round(100 * share)}%`;
}
