import {digitPixels} from "../lib/digits/digit.js";
import {seededRandom} from "../lib/random.js";
import {button, buttonRow, controls, select, slider, switchOff} from "./controls.js";
import type {DigitCode} from "./digit-code.js";
import {denoiserOf} from "./digit-code.js";
import type {DigitModel} from "./digit-model.js";
import {sayModel} from "./digit-model.js";
import type {DigitRun} from "./digit-run.js";
import {apart, runDigits, secondsText} from "./digit-run.js";
import type {Aspect, DigitSamplerPanel} from "./digit-sampler-panel.js";
import {digitSamplerPanel} from "./digit-sampler-panel.js";
import {element} from "./element.js";
import {lifetime, onVisible} from "./lifetime.js";
import type {Live} from "./live.js";
import {live, reading, readings} from "./live.js";
import {OwnCodeError} from "./own-code.js";
import type {SamplerName} from "./paired-view.js";
import {pickedPoint} from "./picked-point.js";

export interface DigitSamplersOptions {
  model: DigitModel;
  steps?: number; // S of DDIM, defaults to 20
  eta?: number; // of DDIM, defaults to 0
  guidance?: number; // of both, defaults to 1.5
  ddpmSteps?: number; // defaults to 1000
  seed?: number; // of x_T and of the noise on the way, defaults to 1
  invalidation?: Promise<unknown>;
}

/** The figure, which keeps its settings and its noise when the code changes. */
export interface DigitSamplers extends Live {
  /** Takes what the page's cells define. DDIM, if it has run, runs again with the same settings and noise. */
  use(code: DigitCode): void;
}

/** A run that came to its end. */
interface Made extends DigitRun {
  settings: string; // what decides it, but for the noise on the way
  read: ArrayLike<number>; // what the classifier reads in each digit
}

const labels = Uint8Array.from({length: 10}, (_, k) => k);

/**
 * DDPM beside DDIM on digits from one x_T: the pictures as they form, time, evaluations of the network, and what the
 * classifier reads. DDIM runs when the figure comes into view and after each change; DDPM when it is asked to.
 */
export function digitSamplersFigure(options: DigitSamplersOptions): DigitSamplers {
  const {model, ddpmSteps = 1000} = options;
  const signal = lifetime(options.invalidation);
  const made: Partial<Record<SamplerName, Made>> = {};
  let code: DigitCode = {};
  let seed = options.seed ?? 1;
  let noise = 1; // names the noise on the way
  let xT = startOf(seed);
  let job = new AbortController();
  let seen = false;

  const steps = slider({
    name: "steps",
    symbol: "S",
    min: 1,
    max: 200,
    step: 1,
    value: options.steps ?? 20,
    entry: true
  });
  const eta = slider({
    name: "eta",
    symbol: "η",
    value: options.eta ?? 0,
    format: (v) => v.toFixed(2),
    color: "var(--ddim)"
  });
  const guidance = slider({
    name: "guidance",
    symbol: "w",
    max: 5,
    step: 0.1,
    value: options.guidance ?? 1.5,
    format: (v) => v.toFixed(1)
  });
  const aspect = select<Aspect>({
    name: "show",
    options: [
      {value: "x", label: "xₜ, where it is"},
      {value: "x0", label: "predicted x₀"}
    ]
  });
  const panels: Record<SamplerName, DigitSamplerPanel> = {
    ddpm: digitSamplerPanel("ddpm", labels, signal),
    ddim: digitSamplerPanel("ddim", labels, signal)
  };
  const both = button("Run both", () => start(["ddim", "ddpm"]), {primary: true});
  const one = button("Run DDIM", () => start(["ddim"]));
  const again = button("Same noise again", () => {
    noise += 1;
    start(isFresh("ddpm") ? ["ddim", "ddpm"] : ["ddim"]); // a run of DDPM is long: only one that was asked for is repeated
  });
  const renew = button("New noise", () => {
    xT = startOf((seed += 1));
    start(["ddim"]);
  });
  const stop = button("Stop", () => job.abort(), {disabled: true});
  const ratio = reading("DDPM’s time over DDIM’s");
  const root = live(
    "DDPM and DDIM draw digits from the same noise",
    controls(steps, eta, guidance, aspect),
    controls(buttonRow(both, one, again, renew, stop)),
    element("div", {class: "panels"}, panels.ddpm, panels.ddim),
    readings(ratio)
  );
  root.table(() => ({
    columns: ["sampler", "asked_for", "read_as", "evaluations", "seconds"],
    rows: Object.entries(made).flatMap(([name, {read, evaluations, seconds}]) =>
      Array.from(labels, (label, k) => [name, label, read[k], evaluations, seconds])
    )
  }));
  for (const panel of Object.values(panels)) panel.start(xT);
  root.say("Runs when it comes into view.");
  for (const control of [steps, eta, guidance]) control.addEventListener("change", () => start(["ddim"]));
  aspect.addEventListener("input", () => {
    for (const panel of Object.values(panels)) panel.aspect = aspect.value;
  });
  model.onChange(() => seen && sayModel(root, model), signal);
  pickedPoint().onChange(tell, signal);
  onVisible(
    root,
    (visible) => {
      if (!visible || seen) return;
      seen = true;
      start(["ddim"]);
    },
    signal
  );
  return Object.assign(root, {use});

  function use(next: DigitCode): void {
    const changed = code.guide !== next.guide || code.ddimStep !== next.ddimStep;
    code = {...next};
    if (changed && seen) start(["ddim"]);
  }

  function settingsOf(name: SamplerName): string {
    const own = name === "ddim" ? [steps.value, eta.value] : [ddpmSteps];
    return [seed, guidance.value, model.weights.kind, ...own].join(" ");
  }

  /** Whether what is shown was made with the settings as they are. */
  function isFresh(name: SamplerName): boolean {
    return made[name]?.settings === settingsOf(name);
  }

  function words(name: SamplerName): string {
    const w = `w = ${guidance.value.toFixed(1)}`;
    return name === "ddpm" ? `${ddpmSteps} steps, ${w}` : `${steps.value} steps, η = ${eta.value.toFixed(2)}, ${w}`;
  }

  function start(names: SamplerName[]): void {
    job.abort();
    job = new AbortController();
    void run(names, AbortSignal.any([job.signal, signal]), job);
  }

  async function run(names: SamplerName[], mine: AbortSignal, own: AbortController): Promise<void> {
    busy(true);
    try {
      await model.ready();
      sayModel(root, model);
      for (const name of names) panels[name].start(xT);
      for (const name of names) {
        if (mine.aborted || !(await runOne(name, mine))) return;
      }
      root.alert("");
      tell();
    } catch (error) {
      if (!mine.aborted) explain(error);
    } finally {
      if (own === job) busy(false);
      if (own === job && mine.aborted && !signal.aborted) root.say("Stopped. Run it again whenever you like.");
    }
  }

  /** One sampler to its end; false when it was stopped. */
  async function runOne(name: SamplerName, mine: AbortSignal): Promise<boolean> {
    const count = name === "ddim" ? steps.value : ddpmSteps;
    const settings = settingsOf(name);
    panels[name].note(words(name));
    const from = performance.now();
    const run = await runDigits({
      sampler: name,
      denoiser: denoiserOf(code, model.predictor, labels, guidance.value),
      code,
      xT,
      steps: count,
      eta: eta.value,
      seed: 1000 * seed + noise,
      signal: mine,
      onState(state) {
        panels[name].state(state, count);
        if (state.index % Math.ceil(count / 20)) return;
        const left = ((performance.now() - from) / 1000) * (count / Math.max(1, state.index) - 1);
        const rest = state.index && left > 2 ? `, about ${Math.ceil(left)} s to go` : "";
        root.say(`${name.toUpperCase()}: step ${state.index} of ${count}${rest}.`, true);
      }
    });
    if (!run) return false;
    const {labels: read} = await model.classify(Float32Array.from(run.x));
    if (mine.aborted) return false;
    const before = made[name];
    made[name] = {...run, settings, read};
    panels[name].finish(run, read);
    panels[name].compare(before?.settings === settings ? apart(before.x, run.x) : null);
    return true;
  }

  function tell(): void {
    const {ddpm, ddim} = made;
    const fair = ddpm && ddim && isFresh("ddpm") && isFresh("ddim");
    ratio.set(fair ? `${(ddpm.seconds / ddim.seconds).toFixed(0)} ×` : "–");
    const one = ddim ? `DDIM took ${secondsText(ddim.seconds)} for ${ddim.evaluations} evaluations of the network` : "";
    const text = fair
      ? `${one}, DDPM ${secondsText(ddpm.seconds)} for ${ddpm.evaluations}.`
      : `${one}. Press Run both for DDPM from the same noise.`;
    if (ddim) root.say(`${text}${picked()}`);
  }

  /** What has become of the noise that the reader has picked. */
  function picked(): string {
    const {index} = pickedPoint();
    if (index === null || index >= labels.length) return "";
    const fates = Object.entries(made).map(([name, {read}]) => `${name.toUpperCase()}’s is read as ${read[index]}`);
    return ` Noise ${index}, asked for a ${labels[index]}: ${fates.join(", ")}.`;
  }

  function busy(now: boolean): void {
    switchOff(stop, !now);
    for (const each of [both, one, again, renew]) switchOff(each, now);
  }

  function explain(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const kept = made.ddim ? " The numbers are those of the last run." : "";
    root.alert(`${message}${kept}`, error instanceof OwnCodeError ? {} : {"Try again": () => start(["ddim"])});
    root.say("The run did not come to its end.");
  }
}

function startOf(seed: number): Float64Array {
  return seededRandom(seed).normals(labels.length * digitPixels);
}
