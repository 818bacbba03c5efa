import {fractionWithin, slicedWasserstein, withinModeStdRatio} from "../lib/metrics/index.js";
import type {PointSet} from "../lib/points/index.js";
import {seededRandom} from "../lib/random.js";
import type {SampleStep} from "../lib/sampler.js";
import type {AnySampler} from "../lib/sampler-names.js";
import {denoiserCalls, sampleBy} from "../lib/sampler-names.js";
import {leftSignalText, makeSchedule} from "../lib/schedule.js";
import {timestepList} from "../lib/timesteps.js";
import type {DenoiserSource} from "./denoiser-source.js";
import {element} from "./element.js";
import {pointsTable} from "./figure-table.js";
import type {Flight} from "./flight.js";
import {drawUsual, flightOf, lookAt, reachOf, sizeOf, spread} from "./flight.js";
import {readable} from "./format.js";
import {lifetime, nextFrame, onVisible} from "./lifetime.js";
import type {Live} from "./live.js";
import {live, reading, readings} from "./live.js";
import {drawPicked, drawPickedTrail, pickedIn, pickedText, picking} from "./picking.js";
import type {Plane} from "./plane.js";
import {plane, samplerDash} from "./plane.js";
import type {PlaygroundState} from "./playground-state.js";
import {playgroundDefaults} from "./playground-state.js";
import {playgroundPanel} from "./playground-panel.js";
import {player} from "./player.js";
import {between} from "./points.js";

export interface PlaygroundOptions {
  sets: readonly PointSet[];
  invalidation?: Promise<unknown>;
}

/** The last run that succeeded. */
interface Run {
  state: PlaygroundState;
  set: PointSet;
  flight: Flight;
  predictions: Float32Array[];
  truth: Float64Array;
  usual: number;
  seconds: number;
}

/** Every setting of this course's samplers on one page, held in the page's link. */
export function playground({sets, invalidation}: PlaygroundOptions): Live {
  const signal = lifetime(invalidation);
  let run: Run | null = null;
  let job = new AbortController();
  const panel = playgroundPanel({sets, signal, onChange: () => void sample()});
  const states = makePlane("x_t", (own) => own.flight.states, true);
  const predictions = makePlane("predicted x_0", (own) => own.predictions, false);
  const distance = reading("sliced Wasserstein distance to the data", "var(--ddim)");
  const floor = reading("the same between two sets of true samples: the floor", "var(--data)");
  const within = reading("within 3 std of a mode; true samples 99%", "var(--data)");
  const width = reading("width of the modes; 1 is right", "var(--data)");
  const calls = reading("denoiser calls a point");
  const time = reading("for the whole run, on this device");
  const transport = player({
    steps: playgroundDefaults.steps,
    duration: 5,
    signal,
    format: (k) => (k < 1 ? "pure noise" : `step ${Math.round(k)} of ${transport?.steps ?? 0}`),
    onPosition: show
  });
  const title = (text: string, index: string) => {
    const name = element("span", {}, text, element("sub", {}, index));
    return element("p", {class: "panel-title"}, name);
  };
  const root = live(
    "The playground",
    panel.root,
    element(
      "div",
      {class: "panels"},
      element("div", {}, title("x", "t"), states),
      element("div", {}, title("predicted x", "0"), predictions)
    ),
    transport,
    readings(distance, floor, within, width, calls, time)
  );
  root.say("Runs when it comes into view.");
  root.table(() => {
    const at = (of: (own: Run) => Float32Array[]) => (run ? between(of(run), transport.position) : []);
    return pointsTable({
      noise: run?.flight.states[0] ?? [],
      x_t: at((own) => own.flight.states),
      predicted_x_0: at((own) => own.predictions)
    });
  });
  let seen = false;
  onVisible(
    root,
    async (visible) => {
      if (!visible || seen) return;
      seen = true;
      await panel.ready;
      await sample();
    },
    signal
  );
  return root;

  function makePlane(name: string, of: (own: Run) => Float32Array[], isState: boolean): Plane {
    const view: Plane = plane({
      signal,
      draw(p) {
        if (!run) return;
        const color = isState ? colorOf(run.state.sampler) : "data";
        const dash = samplerDash[color === "ddpm" ? "ddpm" : "ddim"];
        const [shown, at] = [of(run), transport.position];
        p.dots(run.truth, {color: "theme-foreground-fainter", radius: 1.6, alpha: 0.6});
        const {trajectories, points} = run.state;
        if (isState && trajectories === "all") p.trails(shown, {color, dash, alpha: 0.25, width: 0.8}, at);
        for (let k = 0; isState && trajectories === "some" && k < Math.min(10, points); ++k)
          p.trail(shown, k, {color, dash, alpha: 0.7, width: 1.1}, at);
        const now = between(shown, at);
        p.dots(now, {color, radius: Math.max(1.5, p.size / 180)});
        drawUsual(p, run.usual);
        const index = pickedIn(now);
        if (index === null) return;
        if (isState) drawPickedTrail(p, shown, index, {dash, upTo: at});
        drawPicked(p, now, index);
      }
    });
    view.describe(name);
    const points = () => run && between(of(run), transport.position);
    picking(view, {points, onChange: () => isState && show(transport.position, false), signal});
    return view;
  }

  async function sample(): Promise<void> {
    if (!seen) return;
    job.abort();
    job = new AbortController();
    const mine = AbortSignal.any([job.signal, signal]);
    const {state} = panel;
    try {
      const source = await panel.source(makeSchedule(state.schedule));
      const next = await runOnce(state, source, mine);
      if (!next) return;
      const atEnd = !run || transport.position >= transport.steps;
      run = next;
      root.badge(...source.badge);
      const last = run.flight.states.length - 1;
      transport.steps = last;
      transport.position = atEnd ? last : Math.min(transport.position, last);
      measure(run);
      root.alert([panel.problem(), run.flight.text, leftSignalText(source.schedule)].filter(Boolean).join(" "));
    } catch (error) {
      if (mine.aborted) return;
      const message = error instanceof Error ? error.message : String(error);
      const rest = run ? " The picture still shows the last run." : "";
      root.alert(`${message}${rest}`, {"Back to the usual settings": () => panel.set({})});
    }
  }

  async function runOnce(state: PlaygroundState, source: DenoiserSource, stop: AbortSignal): Promise<Run | undefined> {
    const {schedule, set} = source;
    const timesteps = timestepList(state.list, {timesteps: schedule.timesteps, steps: state.steps});
    const xT = seededRandom(state.seed).normals(2 * state.points);
    const clip = state.clip > 0 ? state.clip : undefined;
    const settings = {schedule, timesteps, eta: state.eta, clip, seed: state.noise};
    const kept = await collect(sampleBy(state.sampler, source.denoiser, xT, settings), timesteps.length, stop);
    if (!kept) return undefined;
    const truth = set.sample(state.points, seededRandom(3));
    const usual = reachOf(truth, 2.6);
    const flight = flightOf(kept.states, {who: "the sampler", size: sizeOf(truth), usual});
    return {state, set, flight, predictions: kept.predictions, truth, usual, seconds: kept.seconds};
  }

  /** The states of a run; of a long one a few hundred, so that a thousand steps with many points fit into memory. */
  async function collect(steps: Iterable<SampleStep>, total: number, stop: AbortSignal) {
    const every = Math.max(1, Math.ceil(total / 250));
    const states: Float32Array[] = [];
    const predictions: Float32Array[] = [];
    let seconds = 0;
    let began = performance.now();
    for (const {index, x, x0} of steps) {
      if (index % every === 0 || index === total) {
        states.push(Float32Array.from(x));
        predictions.push(Float32Array.from(x0));
      }
      if (performance.now() - began < 12) continue;
      seconds += (performance.now() - began) / 1000;
      if (total > 100) root.say(`Step ${index} of ${total} …`, true);
      await nextFrame();
      if (stop.aborted) return null;
      began = performance.now();
    }
    if (stop.aborted) return null; // also when that came before the first step
    return {states, predictions, seconds: seconds + (performance.now() - began) / 1000};
  }

  function measure({state, set, flight, truth, seconds}: Run): void {
    const end = Float64Array.from(flight.states.at(-1)!);
    distance.set(readable(slicedWasserstein(end, truth), 2));
    floor.set(readable(slicedWasserstein(set.sample(state.points, seededRandom(4)), truth), 2));
    const {mixture} = set;
    const share = mixture ? fractionWithin(mixture, end) : NaN;
    within.set(mixture ? `${(100 * share).toFixed(1)}%` : "– no modes", mixture ? share : undefined);
    width.set(mixture ? readable(withinModeStdRatio(mixture, end), 2) : "– no modes");
    calls.set(String(denoiserCalls(state.sampler, state.steps)));
    time.set(seconds < 1 ? `${Math.round(1000 * seconds)} ms` : `${seconds.toFixed(1)} s`);
    show(transport.position, false);
  }

  function show(position: number, playing: boolean): void {
    if (!run) return;
    const {flight, usual} = run;
    lookAt(states, flight.reach(position), usual);
    lookAt(predictions, flight.text ? reachOf(between(run.predictions, position), usual) : usual, usual);
    if (playing) return;
    const k = Math.round(position);
    const text = `${run.state.points} points, ${run.state.sampler}, S = ${run.state.steps}: state ${k} of ${transport.steps}`;
    const [now, predicted, data] = [flight.states[k], run.predictions[k], run.truth].map((at) => readable(spread(at)));
    states.describe(`${text}: spread ${now}; of the data ${data}.`);
    predictions.describe(`The clean points predicted at state ${k}: spread ${predicted}; of the data ${data}.`);
    const index = pickedIn(run.flight.states[0]);
    const clouds = {noise: flight.states[0], now: flight.states[k], end: flight.states.at(-1)!};
    root.say(`${text}. ${index === null ? "" : pickedText(index, clouds)}`.trim());
  }
}

function colorOf(sampler: AnySampler): "ddpm" | "ddim" | "learned" {
  if (sampler === "ddim") return "ddim";
  return sampler.startsWith("ddpm") ? "ddpm" : "learned";
}
