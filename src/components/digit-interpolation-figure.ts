import {digitPixels} from "../lib/digits/digit.js";
import {seededRandom} from "../lib/random.js";
import {button, buttonRow, controls, select, slider, switchOff} from "./controls.js";
import type {DigitCode, DigitDenoiser} from "./digit-code.js";
import {blendOf, denoiserOf} from "./digit-code.js";
import {digitGrid} from "./digit-grid.js";
import type {DigitModel} from "./digit-model.js";
import {sayModel} from "./digit-model.js";
import {apart, runDigits} from "./digit-run.js";
import {element} from "./element.js";
import {lifetime, nextFrame, onVisible} from "./lifetime.js";
import type {Live} from "./live.js";
import {live, reading, readings} from "./live.js";
import {OwnCodeError} from "./own-code.js";
import type {SamplerName} from "./paired-view.js";

export interface DigitInterpolationOptions {
  model: DigitModel;
  frames?: number; // from end to end, defaults to 9
  steps?: number; // S of both samplers, defaults to 50
  guidance?: number; // defaults to 1.5
  seed?: number; // of both ends, defaults to 1
  invalidation?: Promise<unknown>;
}

/** The figure, which keeps its settings and its noise when the code changes. */
export interface DigitInterpolation extends Live {
  use(code: DigitCode): void;
}

type Row = "noise" | SamplerName;

/**
 * From one noise to another in even turns, and what becomes of each on the way: by DDIM, and by DDPM with fresh noise in each
 * frame. Where the labels of the ends differ, the network's two answers are mixed in the same shares.
 */
export function digitInterpolationFigure(options: DigitInterpolationOptions): DigitInterpolation {
  const {model, frames = 9} = options;
  const signal = lifetime(options.invalidation);
  const shares = Array.from({length: frames}, (_, k) => k / (frames - 1));
  let code: DigitCode = {};
  let seed = options.seed ?? 1;
  let job = new AbortController();
  let seen = false;
  const ends: Partial<Record<SamplerName, Float64Array>> = {};

  const left = label("left", "3");
  const right = label("right", "3");
  const steps = slider({
    name: "steps",
    symbol: "S",
    min: 2,
    max: 200,
    step: 1,
    value: options.steps ?? 50,
    entry: true
  });
  const guidance = slider({
    name: "guidance",
    symbol: "w",
    max: 5,
    step: 0.1,
    value: options.guidance ?? 1.5,
    format: (v) => v.toFixed(1)
  });
  const renew = button("New noises", () => {
    seed += 1;
    start();
  });
  const stop = button("Stop", () => job.abort(), {disabled: true});
  const strips = {
    noise: strip("the noises on the way"),
    ddim: strip("DDIM’s digits on the way"),
    ddpm: strip("DDPM’s digits on the way")
  };
  const smooth = {
    ddim: reading("DDIM: from one frame to the next (root mean square)", "var(--ddim)"),
    ddpm: reading("DDPM: from one frame to the next", "var(--ddpm)")
  };
  const spread = reading("standard deviation of the noise halfway");
  const root = live(
    "From one noise to another",
    controls(left, right, steps, guidance, buttonRow(renew, stop)),
    element("p", {class: "panel-title"}, element("span", {}, "x", element("sub", {}, "T"))),
    strips.noise,
    title("ddim", "DDIM", "each frame from the noise above it"),
    strips.ddim,
    title("ddpm", "DDPM", "the same, and fresh noise on the way"),
    strips.ddpm,
    readings(smooth.ddim, smooth.ddpm, spread)
  );
  root.table(() => ({
    columns: ["frame", "share", "ddim_change_from_frame_before", "ddpm_change_from_frame_before"],
    rows: shares.map((share, k) => [k, share, ...(["ddim", "ddpm"] as const).map((name) => changeAt(name, k))])
  }));
  root.say("Runs when it comes into view.");
  for (const control of [left, right, steps, guidance]) control.addEventListener("change", start);
  model.onChange(() => seen && sayModel(root, model), signal);
  onVisible(
    root,
    (visible) => {
      if (!visible || seen) return;
      seen = true;
      start();
    },
    signal
  );
  return Object.assign(root, {use});

  function use(next: DigitCode): void {
    const changed = (["guide", "ddimStep", "slerp"] as const).some((name) => code[name] !== next[name]);
    code = {...next};
    if (changed && seen) start();
  }

  function strip(text: string) {
    const grid = digitGrid({columns: frames, rows: 1, scale: 3, label: text, signal});
    grid.show([]);
    return grid;
  }

  function start(): void {
    job.abort();
    const own = (job = new AbortController());
    const mine = AbortSignal.any([own.signal, signal]);
    switchOff(stop, false);
    void run(mine)
      .catch((error: unknown) => void (mine.aborted || explain(error)))
      .finally(() => {
        if (own !== job) return;
        switchOff(stop, true);
        if (own.signal.aborted && !signal.aborted) root.say("Stopped.");
      });
  }

  async function run(mine: AbortSignal): Promise<void> {
    const random = seededRandom(seed);
    const ends = [random.fork(1).normals(digitPixels), random.fork(2).normals(digitPixels)] as const;
    const blend = blendOf(code);
    const xT = joined(shares.map((share) => blend(...ends, share)));
    await model.ready();
    if (mine.aborted) return;
    sayModel(root, model);
    draw("noise", xT, `${frames} pictures of noise, from the left end to the right one`);
    const middle = xT.subarray(digitPixels * (frames >> 1), digitPixels * ((frames >> 1) + 1));
    spread.set(deviation(middle).toFixed(2));
    for (const sampler of ["ddim", "ddpm"] as const) if (!(await runOne(sampler, xT, mine))) return;
    root.alert("");
    const words = left.value === right.value ? `a ${left.value}` : `a ${left.value} to a ${right.value}`;
    root.say(`${frames} frames of ${words}, ${steps.value} steps each, from noise to noise.`);
  }

  async function runOne(sampler: SamplerName, xT: Float64Array, mine: AbortSignal): Promise<boolean> {
    const count = steps.value;
    let drawing = false;
    let newest: Float64Array = xT;
    const made = await runDigits({
      sampler,
      denoiser: mixed(),
      code,
      xT,
      steps: count,
      seed: 1000 * seed,
      signal: mine,
      onState({index, x}) {
        newest = x;
        root.say(`${sampler.toUpperCase()}: step ${index - (index % 10)} of ${count}.`, true);
        if (drawing) return;
        drawing = true;
        void nextFrame().then(() => {
          drawing = false;
          if (!mine.aborted) draw(sampler, newest, `${sampler.toUpperCase()}: step ${index} of ${count}`);
        });
      }
    });
    if (!made) return false;
    await nextFrame();
    draw(sampler, made.x, `${sampler.toUpperCase()}’s digits from the left noise to the right`);
    ends[sampler] = made.x;
    smooth[sampler].set(meanChange(made.x).toFixed(2));
    return true;
  }

  /** The denoiser of all frames; with two labels its answers are mixed as the frames lie between the ends. */
  function mixed(): DigitDenoiser {
    const [from, to] = [left, right].map(({value}) =>
      denoiserOf(code, model.predictor, new Uint8Array(frames).fill(Number(value)), guidance.value)
    );
    if (left.value === right.value) return from;
    return {
      prediction: "v",
      evaluations: from.evaluations + to.evaluations,
      async predict(x, t) {
        const [a, b] = [await from.predict(x, t), await to.predict(x, t)];
        const share = (i: number) => shares[Math.floor(i / digitPixels)];
        return a.map((value, i) => value + share(i) * (b[i] - value));
      }
    };
  }

  function draw(row: Row, x: Float64Array, text: string): void {
    strips[row].show(x, {label: text});
  }

  function changeAt(sampler: SamplerName, k: number): number {
    const x = ends[sampler];
    return x && k > 0 ? apart(frameOf(x, k - 1), frameOf(x, k)) : NaN;
  }

  function meanChange(x: Float64Array): number {
    const changes = shares.slice(1).map((_, k) => apart(frameOf(x, k), frameOf(x, k + 1)));
    return changes.reduce((sum, change) => sum + change, 0) / changes.length;
  }

  function explain(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    root.alert(message, error instanceof OwnCodeError ? {} : {"Try again": start});
    root.say("The run did not come to its end.");
  }
}

function frameOf(x: Float64Array, k: number): Float64Array {
  return x.subarray(k * digitPixels, (k + 1) * digitPixels);
}

function label(name: string, value: string) {
  const options = Array.from({length: 10}, (_, k) => ({value: String(k), label: `a ${k}`}));
  return select({name: `${name} end`, options, value});
}

function title(sampler: SamplerName, text: string, note: string): HTMLElement {
  return element("p", {class: `panel-title ${sampler}`, style: "margin-top: 0.7rem"}, text, element("small", {}, note));
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.length * digitPixels);
  for (const [k, part] of parts.entries()) all.set(part, k * digitPixels);
  return all;
}

/** The standard deviation of all pixels. */
export function deviation(x: Float64Array): number {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  return Math.sqrt(x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length);
}
