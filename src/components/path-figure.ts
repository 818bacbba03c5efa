import type {GaussianMixture} from "../lib/mixture.js";
import {medianShape, pathShapes, straightenedPaths} from "../lib/path.js";
import type {PathShape} from "../lib/path.js";
import type {PointSet} from "../lib/points/index.js";
import {seededRandom} from "../lib/random.js";
import type {SampleStep} from "../lib/sampler.js";
import {sampleDdim, sampleDdpm} from "../lib/sampler.js";
import type {Schedule} from "../lib/schedule.js";
import {timestepList} from "../lib/timesteps.js";
import type {ChartOptions, Series} from "./chart.js";
import {chart} from "./chart.js";
import {controls, select, slider} from "./controls.js";
import {denoiserChoice} from "./denoiser-choice.js";
import type {DenoiserSource} from "./denoiser-source.js";
import {element} from "./element.js";
import {readable} from "./format.js";
import {lifetime, onVisible, pace} from "./lifetime.js";
import type {Live} from "./live.js";
import {live, reading, readings} from "./live.js";
import {pickedPoint} from "./picked-point.js";
import {pickedIn, picking} from "./picking.js";
import type {Plane} from "./plane.js";
import {plane, samplerDash} from "./plane.js";

export interface PathFigureOptions {
  sets: readonly PointSet[]; // mixtures
  schedule: Schedule;
  count?: number; // points that are measured, defaults to 200
  seed?: number; // of x_T, defaults to 1
  invalidation?: Promise<unknown>;
}

type SamplerName = "ddpm" | "ddim";
type View = "plane" | "time" | "straight";

/** What the panels show: a run of each sampler from the same x_T. */
interface Shown {
  schedule: Schedule;
  mixture: GaussianMixture;
  states: Record<SamplerName, SampleStep[]>;
  shape: Record<SamplerName, PathShape & {detour: number}>;
}

const samplers = ["ddpm", "ddim"] as const;
const drawn = 14; // paths
const picked = pickedPoint();

/**
 * The paths of DDPM and DDIM from the same x_T, seen in three ways: in the plane of x_t, one coordinate against time, and
 * one coordinate of x / sqrt(alphaBar) against rho, where DDIM's steps are Euler's and its paths nearly straight.
 */
export function pathFigure(options: PathFigureOptions): Live {
  const {sets, count = 200, seed = 1} = options;
  const signal = lifetime(options.invalidation);
  const xT = seededRandom(seed).normals(2 * count);
  let shown: Shown | null = null;
  let job = new AbortController();

  const choice = denoiserChoice({sets, schedule: options.schedule, own: false});
  const steps = slider({name: "steps", symbol: "S", min: 1, max: 1000, log: true, value: 50, entry: true});
  const view = select<View>({
    name: "view",
    options: [
      {value: "plane", label: "the plane of xₜ"},
      {value: "time", label: "one coordinate over time"},
      {value: "straight", label: "straightened: x/√ᾱ over ρ"}
    ]
  });
  const far = slider({name: "up to rho", symbol: "ρ", min: 1, max: 150, log: true, value: 6});
  const planes = {ddpm: makePlane("ddpm"), ddim: makePlane("ddim")};
  for (const name of samplers)
    planes[name].describe(`Paths of ${name.toUpperCase()}: computed when it comes into view.`);
  const charts = {ddpm: chart(chartOptions("ddpm")), ddim: chart(chartOptions("ddim"))};
  const words = {
    ddpm: reading("DDPM: length of the middle path, and times the straight way", "var(--ddpm)"),
    ddim: reading("DDIM: length of the middle path, and times the straight way", "var(--ddim)"),
    ddpmBend: reading("DDPM: how far the predicted x₀ moves", "var(--ddpm)"),
    ddimBend: reading("DDIM: how far the predicted x₀ moves", "var(--ddim)")
  };
  const panels = element("div", {class: "panels"}, panel("ddpm", "DDPM"), panel("ddim", "DDIM"));
  const root = live(
    "The paths of both samplers",
    controls(choice, steps, view, far),
    panels,
    readings(words.ddpm, words.ddim, words.ddpmBend, words.ddimBend)
  );
  root.badge("exact", "the denoiser is the mixture’s own formula");
  root.say("Computed when it comes into view.");
  root.table(table);
  for (const name of samplers) picking(planes[name], {points: () => endsOf(name), signal});
  picked.onChange(draw, signal);
  for (const control of [choice, steps]) control.addEventListener("input", () => void run());
  for (const control of [view, far]) control.addEventListener("input", draw);
  onVisible(root, (visible) => visible && !shown && void run(), signal);
  draw();
  return root;

  /** The point that is looked at; one that was picked in a figure with more points may not be here. */
  function looked(): number {
    return pickedIn(xT) ?? 0;
  }

  function panel(name: SamplerName, title: string): HTMLElement {
    const drawing = charts[name] as unknown as HTMLElement;
    return element("div", {}, element("p", {class: `panel-title ${name}`}, title), planes[name], drawing);
  }

  function makePlane(name: SamplerName): Plane {
    return plane({signal, extent: 3, draw: (p) => paint(p, name)});
  }

  function endsOf(name: SamplerName): ArrayLike<number> {
    return shown?.states[name].at(-1)!.x ?? [];
  }

  async function run(): Promise<void> {
    job.abort();
    job = new AbortController();
    const mine = AbortSignal.any([job.signal, signal]);
    try {
      const source = await choice.source();
      const next = await pace(both(source), mine);
      if (!next) return;
      shown = next;
      root.badge(...source.badge);
      root.alert("");
      draw();
    } catch (error) {
      if (!mine.aborted) root.alert(`${(error as Error).message}. The picture still shows the last run.`);
    }
  }

  function* both({denoiser, schedule, set}: DenoiserSource): Generator<void, Shown> {
    const timesteps = timestepList("trailing", {timesteps: schedule.timesteps, steps: steps.value});
    const states: Shown["states"] = {ddpm: [], ddim: []};
    for (const state of sampleDdpm(denoiser, xT, {schedule, timesteps, seed: 11})) yield void states.ddpm.push(state);
    for (const state of sampleDdim(denoiser, xT, {schedule, timesteps})) yield void states.ddim.push(state);
    const shape = (name: SamplerName) => medianShape(pathShapes(states[name]));
    return {schedule, mixture: set.mixture!, states, shape: {ddpm: shape("ddpm"), ddim: shape("ddim")}};
  }

  function draw(): void {
    const flat = view.value === "plane";
    far.style.display = view.value === "straight" ? "" : "none";
    panels.classList.toggle("budget", !flat); // charts one below the other on a phone
    for (const name of samplers) {
      planes[name].style.display = flat ? "" : "none";
      charts[name].style.display = flat ? "none" : "";
      planes[name].redraw();
      charts[name].update(chartOptions(name));
    }
    if (!shown) return;
    const {ddpm, ddim} = shown.shape;
    words.ddpm.set(`${readable(ddpm.length, 3)} (${readable(ddpm.detour, 2)}×)`);
    words.ddim.set(`${readable(ddim.length, 2)} (${readable(ddim.detour, 3)}×)`);
    words.ddpmBend.set(readable(ddpm.bend, 2));
    words.ddimBend.set(readable(ddim.bend, 2));
    const index = looked();
    for (const name of samplers) planes[name].describe(pointText(name, index));
    root.say(
      `S = ${shown.states.ddim.length - 1}. The middle path of DDPM is ${readable(ddpm.length, 3)} long, that of DDIM ` +
        `${readable(ddim.length, 3)}. ${pointText("ddpm", index)} ${pointText("ddim", index)}`
    );
  }

  function pointText(name: SamplerName, index: number): string {
    if (!shown) return "";
    const shape = pathShapes(shown.states[name])[index];
    return `${name.toUpperCase()} takes point ${index} along a path of length ${readable(shape.length, 3)}, to a place ${readable(shape.chord, 3)} away.`;
  }

  function paint(p: Plane, name: SamplerName): void {
    if (!shown) return;
    const states = shown.states[name].map(({x}) => x);
    const {mixture} = shown;
    const index = looked();
    mixture.means.forEach(([x, y], k) => p.ring(x, y, 2 * mixture.stds[k], "theme-foreground-fainter"));
    const dash = samplerDash[name];
    const width = states.length > 100 ? 0.6 : 1.1;
    for (let k = 0; k < drawn; ++k) p.trail(states, k, {color: name, dash, width, alpha: 0.7});
    p.dots(states.at(-1)!, {color: name, radius: 2.4, alpha: 0.7});
    p.trail(states, index, {color: "theme-foreground", dash, width: 2 * width, alpha: 1});
    p.dots(states[0], {color: "theme-foreground", radius: 4, alpha: 1, only: [index]});
  }

  function chartOptions(name: SamplerName): ChartOptions {
    const straight = view.value === "straight";
    const index = looked();
    const lines = shown ? linesOf(shown.states[name], straight) : [];
    const reach = straight ? far.value : (shown?.schedule ?? options.schedule).timesteps;
    const inside = (points: readonly (readonly [number, number])[]) => points.filter(([at]) => at <= reach);
    const most = Math.max(1, ...lines.slice(0, drawn).flatMap((points) => inside(points).map(([, y]) => Math.abs(y))));
    const series: Series[] = lines
      .slice(0, drawn)
      .map((points) => ({name: "", color: name, points: inside(points), faint: true, width: 1.2}));
    if (lines[index]) {
      series.push({name: `point ${index}`, color: "theme-foreground", points: inside(lines[index]), width: 2});
    }
    return {
      title: `${name.toUpperCase()}: one coordinate of ${drawn} paths`,
      height: 300,
      x: {label: straight ? "ρ, noise over signal" : "time t", domain: [0, reach] as const, reverse: true},
      y: {label: straight ? "x/√ᾱ, first coordinate" : "x, first coordinate", domain: [-1.05 * most, 1.05 * most]},
      series
    };
  }

  /** For each path, its points: rho or the time against the first coordinate. */
  function linesOf(states: readonly SampleStep[], straight: boolean): (readonly [number, number])[][] {
    const scaled = straightenedPaths(states, shown!.schedule);
    return Array.from({length: count}, (_, i) =>
      states.map(({x, tPrev}, k) =>
        straight ? ([scaled[k].rho, scaled[k].x[2 * i]] as const) : ([tPrev + 1, x[2 * i]] as const)
      )
    );
  }

  function table() {
    const index = looked();
    const rows = samplers.flatMap((name) => {
      if (!shown) return [];
      const scaled = straightenedPaths(shown!.states[name], shown!.schedule);
      return shown.states[name].map(({x, tPrev}, k) => {
        const own = [x[2 * index], x[2 * index + 1], scaled[k].x[2 * index], scaled[k].x[2 * index + 1]];
        return [name, k, tPrev, scaled[k].rho, ...own];
      });
    });
    return {columns: ["sampler", "step", "t", "rho", "x1", "x2", "x1 straightened", "x2 straightened"], rows};
  }
}
