import type {PointSet} from "../lib/points/index.js";
import {seededRandom} from "../lib/random.js";
import type {PackedWeights} from "../lib/packed-weights.js";
import {makeSchedule} from "../lib/schedule.js";
import type {TrainingReport} from "../lib/training.js";
import {button, buttonRow, controls, switchOff} from "./controls.js";
import {leastLoss, sampleQuality} from "./data-measures.js";
import {element} from "./element.js";
import {readable} from "./format.js";
import {lifetime, onVisible} from "./lifetime.js";
import type {Live} from "./live.js";
import {live, reading, readings} from "./live.js";
import {lossCurve, lossTable, smooth} from "./loss-curve.js";
import {paceMeter} from "./pace-meter.js";
import {recordedNetwork} from "./recorded-network.js";
import {startEngine} from "./start-engine.js";
import type {Train} from "./tensor-engine.js";
import {trainControls} from "./train-controls.js";
import {fieldPanel, samplesPanel} from "./train-panels.js";
import type {TrainingCode} from "./training-code.js";
import {sameCode} from "./training-code.js";
import {sameTraining} from "./training-plan.js";
import type {Shown} from "./training-history.js";
import {upTo} from "./training-history.js";
import type {TrainingState} from "./training-run.js";
import {isDivergence, trainingRun} from "./training-run.js";
import type {RecordedTraining} from "./training-samples.js";
import {keepNetwork, keptNetworks} from "./trained-network.js";
import {trainingStatus} from "./training-status.js";
import {waysOn} from "./training-trouble.js";

export interface TrainFigureOptions {
  sets: readonly PointSet[];
  /** What the figure shows before the reader trains; its settings are the first ones. */
  recorded: RecordedTraining;
  /** Loads the network of that run, which answers until there is another. */
  weights: () => Promise<PackedWeights>;
  /** How tfjs trains a network: trainPoints of lib/training.ts, which brings tfjs when it is first asked. */
  train: Train;
  /**
   * Whether the page's cells are the library's own loss, loop, optimiser and denoiser, so that our kernels, which have no
   * others, may train until the reader edits one; defaults to false.
   */
  kernels?: boolean;
  /** The cell's promise: when it resolves, training stops. */
  invalidation?: Promise<unknown>;
}

/** The figure, which keeps its settings, its network and its picture when the code changes. */
export interface TrainFigure extends Live {
  /** Takes what the page's cells define, for the next training. */
  use(code: TrainingCode): void;
}

/**
 * Trains a network on points, when the reader asks: data to choose or to draw, the loss, the samples as they improve, and
 * the noise that the network sees over the plane. It waits while out of view, and keeps the network for other chapters.
 */
export function trainFigure({sets, recorded, weights, train, kernels, invalidation}: TrainFigureOptions): TrainFigure {
  const signal = lifetime(invalidation);
  const own: Shown = {losses: [], history: [], steps: 0};
  const past: Shown = {losses: recorded.losses, history: recorded.snapshots, steps: recorded.steps};
  const earlier = recordedNetwork(weights, makeSchedule(recorded.schedule));
  const meter = paceMeter();
  let visible = false;
  let [untouched, warned] = [true, false]; // nothing was trained here yet; a loss that grows was told
  let [spoken, drawn] = [0, 0]; // when the status was last written, and the curve drawn
  let first: TrainingCode | undefined; // what the page came with
  let code: TrainingCode = {};

  const settings = trainControls({sets, first: recorded, tell, onChange: changed, onSteps: resample, signal});
  const trainButton = button("Train", start, {primary: true});
  const stopButton = button("Stop", stop, {disabled: true});
  const resetButton = button("Reset", () => void reset(), {title: "Back to the first weights, the same every time"});
  const buttons = controls(buttonRow(trainButton, stopButton, resetButton));
  const note = element("p", {style: "margin: 0.3rem 0 0.9rem; max-width: none", "aria-live": "polite"});
  const notes = {backend: "", kept: ""};
  const others = keptNetworks(tell, signal);
  const samples = samplesPanel({signal, onPick: measure});
  const field = fieldPanel({signal, learned});
  const curve = lossCurve();
  const distance = reading("distance of the samples to the data; 1 is that of true samples", "var(--learned)");
  const inside = reading("of the samples lie within 3 sd of a mode; 99% is perfect", "var(--learned)");
  const loss = reading("loss, smoothed");
  const root = live(
    "Train a denoiser",
    settings.settings,
    settings.board,
    buttons,
    element("div", {style: stage}, samples, field),
    element("div", {class: "chart-box"}, curve as unknown as HTMLElement),
    readings(distance, inside, loss)
  );
  // What the reader should know stands by the buttons; the figure is taller than many windows.
  buttons.after(...root.querySelectorAll(":scope > [role=status], :scope > [role=alert]"), note, others);
  root.table(() => lossTable(shown().losses, shown().steps));
  const run = trainingRun({
    startEngine: (options) => {
      const wish = settings.backend;
      const told = (line: string) => write({backend: line, kept: ""});
      return startEngine({...options, wish, train, kernels: !!kernels && !isOwn(options.code), tell: told});
    },
    isOwn: (code) => !kernels || isOwn(code),
    onBegin: begun,
    mayRun: () => visible && !document.hidden,
    samplingSteps: () => settings.samplingSteps,
    onState: entered,
    onReport: reported,
    onSamples: sampled,
    onStop: keep,
    onTrouble: trouble,
    signal
  });
  const ways = waysOn({tell, start, reset, setRate: settings.setRate, goOnAt: run.goOnAt});
  onVisible(root, (now) => (visible = now), signal);
  refresh();
  return Object.assign(root, {use});

  function use(next: TrainingCode): void {
    first ??= next;
    code = next;
    run.use(next);
    speak();
  }

  function tell(text: string, ways?: Record<string, () => void>): void {
    root.alert(text, ways);
  }

  /** Whether the network that was trained here is of the kind that the settings ask for. */
  function mine(): boolean {
    const {plan} = run;
    const wish = settings.plan;
    return plan !== undefined && (["set", "schedule", "prediction"] as const).every((key) => plan[key] === wish[key]);
  }

  /** Whether the recorded run is in view: until the first training here, where the settings are its own. */
  function theirs(): boolean {
    const {set, schedule, prediction} = settings.plan;
    const same = set.name === recorded.data && schedule.name === recorded.schedule;
    return untouched && same && prediction === recorded.prediction;
  }

  function shown(): Shown {
    if (mine()) return own;
    return theirs() ? past : {losses: [], history: [], steps: settings.plan.steps};
  }

  async function learned(grid: Float64Array, t: number): Promise<Float64Array | undefined> {
    if (mine()) return run.field(grid, t);
    return theirs() ? earlier.field(grid, t) : undefined;
  }

  /** Draws all that is to be seen, and says what it is. */
  function refresh(): void {
    const {set, schedule} = settings.plan;
    const {history} = shown();
    samples.show(set.sample(900, seededRandom(3)), history);
    field.show(set, schedule);
    drawCurve();
    if (mine()) root.badge("trained", `${run.step} steps on ${run.backend}`);
    else if (history.length) root.badge("recorded", `${recorded.steps} steps on ${recorded.backend}`);
    else root.badge("exact", "the field is a formula; no network yet");
    speak();
  }

  function speak(): void {
    spoken = performance.now();
    root.say(
      trainingStatus(run, {
        plan: settings.plan,
        rate: meter.rate,
        recorded: theirs(),
        edited: isOwn(code)
      }),
      run.state === "training"
    );
  }

  function drawCurve(): void {
    const {losses, steps} = shown();
    drawn = performance.now();
    curve.show(losses, steps, leastLoss(settings.plan));
    loss.set(losses.length ? readable(smooth(losses, steps).at(-1)![1]) : "–");
  }

  /** Says how good the samples in view are. */
  function measure(): void {
    const {set} = settings.plan;
    const {distance: far, inside: share} = sampleQuality(set, samples.snapshot?.points);
    distance.set(far);
    inside.set(share);
    inside.style.display = set.mixture ? "" : "none";
  }

  function start(): void {
    if (!settings.ready()) return;
    tell("");
    run.go(settings.plan);
  }

  function stop(): void {
    run.stop();
    root.say(`Stopping after the steps that are under way.`);
  }

  async function reset(): Promise<void> {
    tell("");
    write({backend: "", kept: ""});
    await run.reset();
    refresh();
  }

  /** Other settings end a training that they are not of; the picture follows them. */
  function changed(): void {
    const plan = run.wanted ?? run.plan;
    if (plan && !sameTraining(plan, settings.plan)) run.stop();
    refresh();
  }

  async function resample(): Promise<void> {
    const steps = settings.samplingSteps;
    const current = () => !signal.aborted && steps === settings.samplingSteps;
    try {
      if (mine() && run.state !== "training") {
        const points = await run.sample(steps);
        if (points && current()) sampled(run.step, points);
      } else if (theirs()) {
        const points = await earlier.sample(steps, signal);
        if (!points || !theirs() || !current()) return;
        past.history = [...past.history.slice(0, -1), {step: past.steps, points}];
        refresh();
      }
      if (current()) root.say(`The samples are now made in ${steps} ${steps === 1 ? "step" : "steps"}.`);
    } catch (error) {
      if (current()) tell((error as Error).message);
    }
  }

  function write(next: Partial<typeof notes>): void {
    Object.assign(notes, next);
    note.textContent = `${notes.backend} ${notes.kept}`.trim();
  }

  function isOwn(code: TrainingCode): boolean {
    return first !== undefined && !sameCode(first, code);
  }

  function begun(): void {
    Object.assign(own, {losses: [], history: [], steps: run.plan!.steps});
    untouched = warned = false;
  }

  function entered(state: TrainingState): void {
    const running = state === "starting" || state === "training" || state === "paused";
    switchOff(stopButton, !running);
    if (running) meter.clear();
    if (state === "training") meter.tick(run.step);
    refresh();
  }

  function reported(report: TrainingReport): void {
    const {step, steps, backend, restarted} = report;
    own.steps = steps;
    if (restarted !== undefined) {
      Object.assign(own, upTo(own, step));
      write({backend: `${restarted[0].toUpperCase()}${restarted.slice(1)}.`});
      meter.clear();
    } else own.losses = [...own.losses, [step, report.loss]];
    meter.tick(step);
    const now = performance.now();
    if (now - drawn > 200) drawCurve();
    if (!warned) warned = ways.warn(report.loss);
    if (now - spoken < 1000) return;
    root.badge("trained", `${step} steps on ${backend}`);
    speak();
  }

  function sampled(step: number, points: ArrayLike<number>): void {
    own.history = [...own.history.filter((snapshot) => snapshot.step < step), {step, points}];
    if (!mine()) return;
    samples.show(settings.plan.set.sample(900, seededRandom(3)), own.history);
    field.refresh();
  }

  async function keep(): Promise<void> {
    const kept = await keepNetwork(run, smooth(own.losses, own.steps).at(-1)?.[1] ?? NaN);
    if (kept) write({kept});
  }

  function trouble(error: unknown): void {
    if (isDivergence(error)) own.losses = upTo(own, run.step).losses;
    ways.trouble(error, {ownLoss: code.loss !== first?.loss});
    refresh();
  }
}

const stage =
  "display: grid; gap: 0.4rem 1.2rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr))";
