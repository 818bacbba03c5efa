import {ancestralStep, withoutNoise} from "../lib/ancestral-step.js";
import type {CoordinateStep} from "../lib/coordinate-step.js";
import type {VarianceType} from "../lib/ddpm.js";
import {fractionWithin, withinModeStdRatio} from "../lib/metrics/index.js";
import type {GaussianMixture} from "../lib/mixture.js";
import type {PointSet} from "../lib/points/index.js";
import {seededRandom} from "../lib/random.js";
import {sampleDdpm} from "../lib/sampler.js";
import type {Schedule} from "../lib/schedule.js";
import {timestepList} from "../lib/timesteps.js";
import {button, controls, select, slider} from "./controls.js";
import {denoiserChoice} from "./denoiser-choice.js";
import type {DenoiserSource} from "./denoiser-source.js";
import {exactDenoiser} from "./denoiser-source.js";
import {element} from "./element.js";
import {pointsTable} from "./figure-table.js";
import type {Flight} from "./flight.js";
import {drawUsual, flightOf, lookAt, reachOf, sizeOf} from "./flight.js";
import {fixed} from "./format.js";
import {latest} from "./latest.js";
import {lifetime, onVisible, pace} from "./lifetime.js";
import type {Live} from "./live.js";
import {live, reading, readings} from "./live.js";
import {OwnCodeError, blame} from "./own-code.js";
import {namedSteps} from "./paired-view.js";
import {drawPicked, drawPickedTrail, pickedIn, pickedText, picking} from "./picking.js";
import type {Plane} from "./plane.js";
import {plane, samplerDash} from "./plane.js";
import {player} from "./player.js";
import {between} from "./points.js";

export interface AncestralFigureOptions {
  sets: readonly PointSet[]; // with a mixture
  /** The chains to choose from, by the names of the list. */
  chains: Record<string, Schedule>;
  count?: number; // points, defaults to 600
  seed?: number; // of x_T and of the noise, defaults to 1
  invalidation?: Promise<unknown>;
}

export interface AncestralFigure extends Live {
  /** Takes the step of the page's cell, and runs again from the same noise. */
  use(code: {ddpmStep: CoordinateStep}): void;
}

type Noise = VarianceType | "none";

/** The last run that succeeded. */
interface Run {
  states: Float32Array[]; // x after each step, x_T first
  guesses: Float32Array[]; // the guess of x_0 that each state was made from
  mixture: GaussianMixture;
  truth: {inside: number; ratio: number}; // of as many true points
  usual: number;
  flight: Flight;
}

const trails = 5;

/**
 * The ancestral step of the page at work: x_t beside the guess of x_0, with the noise of the step to
 * choose or to switch off. Two readings say how wide the modes are and how many points lie in one, beside what true points
 * score. It runs when it comes into view and on every change.
 */
export function ancestralFigure(options: AncestralFigureOptions): AncestralFigure {
  const {sets, chains, count = 600} = options;
  const signal = lifetime(options.invalidation);
  let own: CoordinateStep | undefined;
  let seed = options.seed ?? 1;
  let run: Run | null = null;
  let seen = false;
  const choice = denoiserChoice({sets, schedule: Object.values(chains)[0], own: false});
  const noise = select<Noise>({
    name: "noise in each step",
    options: [
      {value: "fixed_small", label: "variance β̃"},
      {value: "fixed_large", label: "variance β"},
      {value: "none", label: "switched off"}
    ]
  });
  const chain = select({name: "chain", options: Object.keys(chains).map((name) => ({value: name, label: name}))});
  const steps = slider({name: "steps", symbol: "S", min: 1, max: 1000, log: true, value: 100, entry: true});
  const noisy = makePlane((r) => r.states, true);
  const clean = makePlane((r) => r.guesses, false);
  const note = element("small");
  const ratio = reading("width of the modes, over the data’s own std", "var(--ddpm)");
  const inside = reading("of the points within 3 std of a mode", "var(--ddpm)");
  const truth = reading("the same two for true points", "var(--data)");
  const transport = player({
    steps: 100,
    duration: 7,
    signal,
    format: (k) => (k < 1 ? "pure noise" : `step ${Math.round(k)} of ${transport?.steps ?? 100}`),
    onPosition: show,
    extra: [button("New noise", () => ((seed += 1), start(null)))]
  });
  const root = live(
    "DDPM’s step at work",
    controls(choice, noise, chain, steps),
    element("div", {class: "panels"}, titled("xₜ", note, noisy), titled("guess of x₀", element("small"), clean)),
    transport,
    readings(ratio, inside, truth)
  );
  const start = latest<null>(sample);
  root.badge("exact", "the denoiser is the mixture’s own formula");
  root.say("Runs when it comes into view.");
  root.table(() =>
    run ? pointsTable({noise: run.states[0], x: between(run.states, transport.position)}) : pointsTable({})
  );
  for (const control of [choice, noise, chain, steps]) control.addEventListener("input", () => start(null));
  onVisible(root, (visible) => visible && !seen && ((seen = true), start(null)), signal);
  return Object.assign(root, {
    use({ddpmStep}: {ddpmStep: CoordinateStep}) {
      own = ddpmStep;
      if (seen) start(null);
    }
  });

  function titled(title: string, small: HTMLElement, canvas: Plane): HTMLElement {
    return element("div", {}, element("p", {class: "panel-title"}, title, small), canvas);
  }

  function makePlane(of: (run: Run) => Float32Array[], trailed: boolean): Plane {
    const position = () => transport.position;
    const points = () => run && between(of(run), position());
    const made = plane({signal, draw: (view) => run && paint(view, run, of(run), position(), trailed)});
    picking(made, {points, onChange: () => trailed && show(position(), false), signal});
    return made;
  }

  async function sample(): Promise<void> {
    if (signal.aborted) return;
    try {
      const source = choice.kind === "exact" ? exactDenoiser(choice.set, chains[chain.value]) : await choice.source();
      chain.querySelector("select")!.disabled = choice.kind !== "exact"; // a network brings its own
      const next = await pace(runOnce(source), signal);
      if (!next) return;
      root.badge(...source.badge);
      const atEnd = !run || transport.position >= transport.steps;
      run = next;
      root.alert(run.flight.text);
      transport.steps = run.states.length - 1;
      transport.position = atEnd ? transport.steps : transport.position;
    } catch (error) {
      const back = () => {
        steps.value = 50;
        start(null);
      };
      const ways: Record<string, () => void> = error instanceof OwnCodeError ? {} : {"Back to 50 steps": back};
      root.alert(`${(error as Error).message} The picture still shows the last run.`, ways);
    }
  }

  function* runOnce({denoiser, schedule, set}: DenoiserSource): Generator<void, Run> {
    const mixture = set.mixture!;
    const wanted = Math.min(Math.round(steps.value), schedule.timesteps);
    const timesteps = timestepList("trailing", {timesteps: schedule.timesteps, steps: wanted});
    const step = namedSteps({ddpm: own ?? ancestralStep}).ddpm!;
    const off = noise.value === "none";
    const settings = {schedule, timesteps, seed, variance: off ? undefined : (noise.value as VarianceType)};
    const xT = seededRandom(seed).normals(2 * count);
    const states: Float32Array[] = [];
    const guesses: Float32Array[] = [];
    const stepped = sampleDdpm(denoiser, xT, {
      ...settings,
      step: off ? withoutNoise(step) : step
    });
    for (const state of stepped) {
      states.push(Float32Array.from(state.x));
      guesses.push(Float32Array.from(state.x0));
      yield;
    }
    const points = set.sample(count, seededRandom(99));
    const usual = reachOf(points, 2.6);
    const found = {inside: fractionWithin(mixture, points), ratio: withinModeStdRatio(mixture, points)};
    try {
      const flight = flightOf(states, {who: "the DDPM step", size: sizeOf(points), usual});
      return {states: flight.states, guesses, mixture, truth: found, usual, flight};
    } catch (error) {
      throw blame("ddpm-step", error);
    }
  }

  function show(position: number, playing: boolean): void {
    if (!run) return;
    const {flight, usual, mixture, truth: right} = run;
    note.textContent = lookAt(noisy, flight.reach(position), usual);
    lookAt(clean, usual, usual);
    if (playing) return;
    const k = Math.round(position);
    const x = Float64Array.from(run.states[k]);
    const [share, width] = [fractionWithin(mixture, x), withinModeStdRatio(mixture, x)];
    inside.set(percent(share), share);
    ratio.set(Number.isFinite(width) ? fixed(width, 2) : "–");
    truth.set(`${fixed(right.ratio, 2)}, ${percent(right.inside)}`);
    const index = pickedIn(run.states[0]);
    const picked = index === null ? "" : ` ${pickedText(index, {noise: run.states[0], now: run.states[k]})}`;
    const widthText = Number.isFinite(width)
      ? `the modes are ${fixed(width, 2)} times as wide as they should be`
      : "no point is near a mode";
    const text = `Step ${k} of ${transport.steps}: ${percent(share)} of ${count} points lie within 3 std of a mode, and ${widthText}.`;
    noisy.describe(text);
    const guessed = fractionWithin(mixture, Float64Array.from(run.guesses[k]));
    clean.describe(
      `The guesses of x₀ at step ${k} of ${transport.steps}: ${percent(guessed)} of them lie within 3 std of a mode.`
    );
    root.say(`${text} True points: ${percent(right.inside)} and ${fixed(right.ratio, 2)}.${picked}`);
  }
}

function paint(view: Plane, run: Run, states: Float32Array[], position: number, trailed: boolean): void {
  const {means, stds} = run.mixture;
  means.forEach(([x, y], k) => view.ring(x, y, 2 * stds[k], "theme-foreground-fainter"));
  const color = trailed ? "ddpm" : "data";
  const dash = samplerDash.ddpm;
  for (let k = 0; trailed && k < trails; ++k) view.trail(states, k, {color, dash, alpha: 0.7, width: 1}, position);
  const now = between(states, position);
  view.dots(now, {color, radius: Math.max(1.4, view.size / 190), alpha: 0.6});
  drawUsual(view, run.usual);
  const index = pickedIn(now);
  if (index === null) return;
  if (trailed) drawPickedTrail(view, states, index, {dash, upTo: position});
  drawPicked(view, now, index);
}

function percent(share: number): string {
  return `${Math.round(100 * share)}%`;
}
