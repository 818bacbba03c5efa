import type {DigitTrainingReport} from "../lib/digits/digit-training.js";
import {button, buttonRow, controls, switchOff} from "./controls.js";
import type {DigitService} from "./digit-service.js";
import {digitSnapshots} from "./digit-snapshots.js";
import {digitTrainControls} from "./digit-train-controls.js";
import {digitTrainFiles} from "./digit-train-files.js";
import {digitWaysOn} from "./digit-training-trouble.js";
import type {DigitTrainingRecord} from "./digit-training-record.js";
import {recordedSnapshots} from "./digit-training-record.js";
import type {RunState} from "./digit-training-run.js";
import {digitRun} from "./digit-training-run.js";
import {digitTrainingStatus} from "./digit-training-status.js";
import {digitsLoading} from "./digits-loading.js";
import {element} from "./element.js";
import {readable} from "./format.js";
import {keptList} from "./kept-list.js";
import type {RunKey} from "./kept-runs.js";
import {digitRuns} from "./kept-runs.js";
import {lifetime, onVisible} from "./lifetime.js";
import type {Live} from "./live.js";
import {live, reading, readings} from "./live.js";
import {lossCurve, lossTable, smooth} from "./loss-curve.js";
import {duration, paceMeter} from "./pace-meter.js";

export interface DigitTrainFigureOptions {
  service: DigitService;
  /** The address of the digits to train on: FileAttachment("data/digits.bin").href. */
  digits: string;
  /** What the figure shows before the reader trains: FileAttachment("data/digit-training.json").json(). */
  recorded: DigitTrainingRecord;
  /** The cell's promise: when it resolves, training stops. */
  invalidation?: Promise<unknown>;
}

/**
 * Trains the network of digits when the reader asks, in the worker: loss, pace, and samples from always the same noise as
 * they improve. It waits while it is out of view, outlives a reload, and hands its network to the other figures.
 */
export function digitTrainFigure({service, digits, recorded, invalidation}: DigitTrainFigureOptions): Live {
  const signal = lifetime(invalidation);
  const past = {losses: recorded.losses, history: recordedSnapshots(recorded), steps: recorded.steps};
  const meter = paceMeter(); // all that happens between steps included
  const notes = {backend: "", kept: ""};
  let line = ""; // what is being tried
  let rate = NaN; // steps a second, without the samples
  let drawn = 0; // when the curve was
  let visible = true;
  let waiting = false; // paused because nobody sees it
  let refused = false; // the reader knows that this browser keeps nothing

  const settings = digitTrainControls({tell, onChange: speak});
  const trainButton = button("Train", start, {primary: true});
  const pauseButton = button("Pause", pause, {disabled: true});
  const stopButton = button("Stop", stop, {disabled: true});
  const resetButton = button("Reset", () => void reset(), {title: "Forget this training, here and in this browser"});
  const loading = digitsLoading({url: digits, signal});
  const note = element("p", {style: "margin: 0.3rem 0 0.9rem; max-width: none", "aria-live": "polite"});
  const snapshots = digitSnapshots({signal});
  const curve = lossCurve();
  const progress = reading("training steps", "var(--learned)");
  const speed = reading("steps a second, without sampling");
  const loss = reading("loss, smoothed", "var(--learned)");
  const run = digitRun({
    service,
    digits: () => loading.start(),
    onState: entered,
    onLine: (text) => {
      line = text;
      write({backend: text.endsWith(".") ? text : ""});
      speak();
    },
    onRates: settings.rates,
    onReport: reported,
    onHistory: showSamples,
    onKept: kept,
    onTrouble: trouble,
    signal
  });
  const files = digitTrainFiles({service, run, tell, say: (text) => root.say(text), refresh, signal});
  const others = keptList({
    kind: digitRuns,
    shown: () => run.from,
    use: {label: "Show it here", go: take},
    tell,
    signal
  });
  const ways = digitWaysOn({tell, service, run, settings});
  const root = live(
    "Train the network of digits",
    settings.settings,
    controls(buttonRow(trainButton, pauseButton, stopButton, resetButton)),
    loading,
    note,
    others,
    snapshots,
    readings(progress, speed, loss),
    element("div", {class: "chart-box"}, curve as unknown as HTMLElement),
    files
  );
  // What the reader should know stands by the buttons; the figure is taller than many windows.
  loading.after(...root.querySelectorAll(":scope > [role=status], :scope > [role=alert]"));
  root.table(() => {
    const {losses, steps} = run.work ?? past;
    return lossTable(losses, steps);
  });
  onVisible(root, (now) => attend((visible = now)), signal);
  document.addEventListener("visibilitychange", () => attend(), {signal});
  refresh();
  void run.restore().then((found) => found && taken());
  return root;

  function taken(): void {
    settings.wish = {...run.work!.wish, backend: settings.wish.backend};
    write({kept: "This is your training, as this browser has kept it."});
    others.update();
    refresh();
  }

  async function take(key: RunKey): Promise<string | undefined> {
    if (!(await run.take(key)))
      return "A training is under way, or this one is damaged: stop the training, then try again.";
    taken();
    return undefined;
  }

  function tell(text: string, ways?: Record<string, () => void>): void {
    root.alert(text, ways);
  }

  function write(next: Partial<typeof notes>): void {
    Object.assign(notes, next);
    note.textContent = `${notes.backend} ${notes.kept}`.trim();
  }

  function start(): void {
    if (!settings.ready()) return;
    tell("");
    void run.go(settings.wish);
  }

  /** Pauses what nobody sees, and goes on when it is seen again, unless the reader has paused it. */
  function attend(seen = visible): void {
    const away = !seen || document.hidden;
    if (away && run.state === "training") run.pause();
    if (!away && waiting) run.goOn();
    waiting = away && (waiting || run.state === "training");
  }

  function pause(): void {
    waiting = false;
    if (run.state === "paused") run.goOn();
    else run.pause();
  }

  function stop(): void {
    run.stop();
    if (document.activeElement === stopButton) trainButton.focus();
    root.say("Stopping after the step that is under way.");
  }

  async function reset(): Promise<void> {
    tell("");
    await run.reset();
    write({backend: "", kept: ""});
    others.update();
    refresh();
  }

  /** Draws all that is to be seen, and says what it is. */
  function refresh(): void {
    showSamples();
    drawCurve();
    const {work} = run;
    if (!work)
      root.badge("recorded", `${recorded.steps} steps on ${recorded.backend} in ${duration(recorded.seconds)}`);
    else if (work.origin === "file") root.badge("pretrained", `a network from a file, ${work.step} steps`);
    else root.badge("trained", `${work.step} steps on ${work.backend}`);
    files.update();
    speak();
  }

  function speak(): void {
    const {state, work} = run;
    const pace = meter.rate;
    const status = digitTrainingStatus({state, work, wish: settings.wish, line, stepsPerSecond: rate, pace});
    root.say(status, state === "training");
    const {step, steps} = work ?? {step: recorded.steps, steps: recorded.steps};
    progress.set(`${step} of ${steps}`, step / steps);
    speed.set(Number.isFinite(rate) ? readable(rate, 2) : "–");
  }

  function drawCurve(): void {
    const {losses, steps} = run.work ?? past;
    drawn = performance.now();
    curve.show(losses, steps);
    loss.set(losses.length ? readable(smooth(losses, steps).at(-1)![1]) : "–");
  }

  function showSamples(): void {
    snapshots.show((run.work ?? past).history);
  }

  function entered(state: RunState): void {
    const running = state === "starting" || state === "training" || state === "paused";
    switchOff(trainButton, running);
    switchOff(stopButton, !running);
    switchOff(pauseButton, state !== "training" && state !== "paused");
    pauseButton.textContent = state === "paused" ? "Go on" : "Pause";
    meter.clear();
    if (state === "starting") {
      [line, rate] = ["", NaN];
      write({backend: "", kept: ""});
    }
    if (state === "training") meter.tick(run.work!.step);
    refresh();
    attend();
  }

  function reported({step, stepsPerSecond, restarted, backend}: DigitTrainingReport): void {
    if (restarted !== undefined) {
      write({backend: `${restarted[0].toUpperCase()}${restarted.slice(1)}.`});
      meter.clear();
      rate = NaN;
    } else rate = Number.isFinite(rate) ? 0.8 * rate + 0.2 * stepsPerSecond : stepsPerSecond;
    meter.tick(step);
    if (restarted === undefined && performance.now() - drawn < 500) return;
    drawCurve();
    root.badge("trained", `${step} steps on ${backend}`);
    speak();
  }

  function kept(refusal: string | undefined): void {
    write({kept: refusal ? "" : "This browser has kept the network."});
    if (refusal && !refused) tell(refusal, {"Download the network": files.download});
    refused ||= refusal !== undefined;
  }

  function trouble(error: unknown): void {
    ways.trouble(error);
    refresh();
  }
}
