import {slicedWasserstein} from "../lib/metrics/index.js";
import {mixtureDenoiser} from "../lib/mixture.js";
import type {PointSet} from "../lib/points/index.js";
import {seededRandom} from "../lib/random.js";
import type {SampleStep} from "../lib/sampler.js";
import type {Schedule} from "../lib/schedule.js";
import {makeSchedule} from "../lib/schedule.js";
import {tensorDenoiser} from "../lib/tensor-denoiser.js";
import type {TensorStep} from "../lib/tensor-sampler.js";
import {sampleDdimTensors} from "../lib/tensor-sampler.js";
import {timestepList} from "../lib/timesteps.js";
import {button, controls, select, slider} from "./controls.js";
import {element} from "./element.js";
import {lifetime, onVisible} from "./lifetime.js";
import {live, reading, readings} from "./live.js";
import type {StoredNetwork} from "./network-store.js";
import {storedNetwork} from "./network-store.js";
import type {Plane} from "./plane.js";
import {plane} from "./plane.js";
import {player} from "./player.js";
import {between} from "./points.js";
import {startNetwork} from "./start-network.js";

export interface SamplerFigureOptions {
  /** One step of the sampler in tfjs, e.g. the reader's own. */
  step: TensorStep;
  schedule: Schedule; // of the exact denoiser; a stored network brings its own
  /** Point sets; those with a mixture have an exact denoiser. */
  sets: readonly PointSet[];
  count?: number; // points, defaults to 500
  seed?: number; // defaults to 1
  invalidation?: Promise<unknown>;
}

/** The last run that succeeded. */
interface Run {
  states: Float32Array[]; // x after each step, x_T first
  predictions: Float32Array[]; // the predicted x_0 that each state was made from; the first is that of x_T
  truth: Float64Array; // a sample of the data, for the eye and for the distance
}

/**
 * Runs a step written in tfjs over a list of timesteps, from the exact denoiser of a mixture or from the network that was
 * trained on /train, and shows x_t beside the predicted x_0. It runs when it first comes into view, and on every change.
 */
export function samplerFigure(options: SamplerFigureOptions): HTMLElement {
  const {sets, count = 500} = options;
  const signal = lifetime(options.invalidation);
  const mixtures = sets.filter(({mixture}) => mixture);
  let stored: StoredNetwork | undefined;
  let run: Run | null = null;
  let seed = options.seed ?? 1;
  let job = new AbortController();

  const data = select({
    name: "data",
    options: [...mixtures.map(({name, title}) => ({value: name, label: `${title}, exact`}))]
  });
  const eta = slider({name: "eta", symbol: "η", max: 1.5, value: 0, format: (v) => v.toFixed(2), color: "var(--ddim)"});
  const steps = slider({name: "steps", symbol: "S", min: 1, max: 200, step: 1, value: 20, entry: true});
  const states = makePlane("x_t", (r) => r.states, "ddim");
  const predictions = makePlane("predicted x_0", (r) => r.predictions, "data");
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
    "The DDIM step of this page at work",
    controls(data, eta, steps),
    element("div", {class: "panels"}, panel("x", "t", states), panel("predicted x", "0", predictions)),
    transport,
    readings(distance, floor, time)
  );
  root.say("Runs when it comes into view.");
  for (const control of [data, eta, steps]) control.addEventListener("change", () => sample());
  let seen = false;
  onVisible(
    root,
    async (visible) => {
      if (!visible || seen) return;
      seen = true;
      await offerStored();
      await sample();
      transport.position = transport.steps;
    },
    signal
  );
  return root;

  function panel(title: string, index: string, canvas: Plane): HTMLElement {
    const name = element("span", {}, title, element("sub", {}, index));
    return element("div", {}, element("p", {class: "panel-title"}, name), canvas);
  }

  function makePlane(name: string, of: (run: Run) => Float32Array[], color: "ddim" | "data"): Plane {
    const canvas = plane({
      signal,
      draw(p) {
        if (!run) return;
        p.dots(run.truth, {color: "theme-foreground-fainter", radius: 1.6, alpha: 0.6});
        const shown = of(run);
        if (color === "ddim") {
          for (let k = 0; k < 10; ++k) p.trail(shown, k, {color, alpha: 0.5, width: 1.1}, transport.position);
        }
        p.dots(between(shown, transport.position), {color, radius: Math.max(1.5, p.size / 180)});
      }
    });
    canvas.describe(name);
    return canvas;
  }

  async function offerStored(): Promise<void> {
    stored = await storedNetwork();
    const list = data.querySelector("select")!;
    const title = stored && (sets.find(({name}) => name === stored!.data)?.title ?? "your points");
    const option = element(
      "option",
      {value: "learned", disabled: !stored},
      stored ? `${title}, the network trained on /train` : "no network yet: train one on /train"
    );
    list.append(option);
  }

  /** What to sample with: the denoiser, its schedule, and true samples to compare with. Frees itself with `dispose`. */
  async function source() {
    if (data.value === "learned" && stored) {
      const {network, backend, dispose} = await startNetwork(stored);
      const truth = thin(stored.points, 2 * count);
      root.badge("trained", `${stored.steps} steps on ${stored.backend}; sampling on ${backend}`);
      return {denoiser: network.ema, schedule: makeSchedule(stored.schedule), truth, dispose};
    }
    const {startBackend} = await import("../lib/backend.js");
    await startBackend("cpu"); // an exact denoiser is a formula on plain numbers: no GPU is needed
    const set = mixtures.find(({name}) => name === data.value)!;
    root.badge("exact", "the denoiser is the mixture’s own formula; the step runs in tfjs");
    return {
      denoiser: tensorDenoiser(mixtureDenoiser(set.mixture!, options.schedule)),
      schedule: options.schedule,
      truth: set.sample(2 * count, seededRandom(99)),
      dispose: () => {}
    };
  }

  async function sample({newNoise = false} = {}): Promise<void> {
    job.abort();
    job = new AbortController();
    const mine = AbortSignal.any([job.signal, signal]);
    if (newNoise) seed += 1;
    let dispose = () => {};
    try {
      const from = await source();
      dispose = from.dispose;
      const {schedule} = from;
      const timesteps = timestepList("trailing", {timesteps: schedule.timesteps, steps: steps.value});
      const xT = seededRandom(seed).normals(2 * count);
      const start = performance.now();
      const states: Float32Array[] = [];
      const predictions: Float32Array[] = [];
      const settings = {schedule, timesteps, eta: eta.value, seed, step: options.step, signal: mine};
      for await (const state of sampleDdimTensors(from.denoiser, xT, settings)) keep(state, states, predictions);
      if (mine.aborted) return;
      const seconds = (performance.now() - start) / 1000;
      const atEnd = !run || transport.position >= transport.steps;
      run = {states, predictions, truth: from.truth};
      root.alert("");
      transport.steps = timesteps.length;
      transport.position = atEnd ? timesteps.length : Math.min(transport.position, timesteps.length);
      measure(run, seconds);
    } catch (error) {
      if (!mine.aborted) explain(error);
    } finally {
      dispose();
    }
  }

  function keep(state: SampleStep, states: Float32Array[], predictions: Float32Array[]): void {
    states.push(Float32Array.from(state.x));
    predictions.push(Float32Array.from(state.x0));
  }

  function measure({states, truth}: Run, seconds: number): void {
    const end = Float64Array.from(states.at(-1)!);
    const half = truth.length / 2;
    const metric = (a: Float64Array, b: Float64Array) => slicedWasserstein(a, b, {directions: 64});
    const value = metric(end, truth.slice(0, half));
    distance.set(Number.isFinite(value) ? value.toPrecision(2) : "not finite");
    floor.set(metric(truth.slice(0, half), truth.slice(half)).toPrecision(2));
    time.set(seconds < 1 ? `${Math.round(1000 * seconds)} ms` : `${seconds.toFixed(1)} s`);
    if (!end.every(Number.isFinite)) {
      root.alert("Some points are no longer finite numbers: the step multiplies its own errors. Look at its factors.");
    }
    show(transport.position, false);
  }

  function show(position: number, playing: boolean): void {
    states.redraw();
    predictions.redraw();
    if (playing || !run) return;
    const k = Math.round(position);
    const text = `Step ${k} of ${transport.steps}, spread of x_t ${spread(run.states[k]).toPrecision(3)}`;
    states.describe(`${text}.`);
    predictions.describe(`Predicted x_0 at step ${k}: spread ${spread(run.predictions[k]).toPrecision(3)}.`);
    root.say(
      `${text}; of the predicted x_0 ${spread(run.predictions[k]).toPrecision(3)}; of the data ${spread(run.truth).toPrecision(3)}.`
    );
  }

  function explain(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    root.alert(`${message}${run ? " The picture still shows the last run." : ""}`, {
      "Back to eta 0, 20 steps": () => {
        eta.value = 0;
        steps.value = 20;
        void sample();
      }
    });
  }
}

/** The root mean square distance from the mean, over both axes: 1 for a standard normal cloud. */
function spread(points: ArrayLike<number>): number {
  const n = points.length / 2;
  let [mx, my, square] = [0, 0, 0];
  for (let i = 0; i < n; ++i) {
    mx += points[2 * i] / n;
    my += points[2 * i + 1] / n;
  }
  for (let i = 0; i < n; ++i) square += (points[2 * i] - mx) ** 2 + (points[2 * i + 1] - my) ** 2;
  return Math.sqrt(square / (2 * n));
}

/** At most `count` of the points, evenly picked. */
function thin(points: Float64Array, count: number): Float64Array {
  const n = points.length / 2;
  if (n <= count) return points;
  return Float64Array.from({length: 2 * count}, (_, i) => points[2 * Math.floor(((i >> 1) * n) / count) + (i & 1)]);
}
