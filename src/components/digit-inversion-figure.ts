import {noLabel} from "../lib/digits/digit.js";
import {chart} from "./chart.js";
import {button, buttonRow, controls, select, slider, switchOff} from "./controls.js";
import type {ChosenDigit} from "./digit-choice.js";
import {digitChoice} from "./digit-choice.js";
import type {DigitCode, DigitDenoiser} from "./digit-code.js";
import {denoiserOf} from "./digit-code.js";
import {noiseRange} from "./digit-forward-figure.js";
import type {DigitGrid} from "./digit-grid.js";
import {digitGrid} from "./digit-grid.js";
import {deviation} from "./digit-interpolation-figure.js";
import type {Inversion} from "./digit-inversion.js";
import {invert} from "./digit-inversion.js";
import type {DigitModel} from "./digit-model.js";
import {sayModel} from "./digit-model.js";
import {element} from "./element.js";
import {fixed, powerOfTen, readable} from "./format.js";
import {lifetime, onVisible} from "./lifetime.js";
import type {Live} from "./live.js";
import {live, reading, readings} from "./live.js";
import {OwnCodeError} from "./own-code.js";

export interface DigitInversionOptions {
  model: DigitModel;
  digits: string; // the address of the page's digits
  steps?: number; // S, defaults to 50
  invalidation?: Promise<unknown>;
}

/** The figure, which keeps its settings and its digit when the code changes. */
export interface DigitInversion extends Live {
  use(code: DigitCode): void;
}

/** The numbers of steps for which the error is measured. */
export const inversionSteps = [5, 10, 20, 50, 100, 200] as const;

type ErrorPoint = readonly [steps: number, error: number];

/**
 * A digit taken to its noise by DDIM and back with the same steps: the noise and its spread, what comes back, the error
 * against S, and what comes back when another digit is asked for.
 */
export function digitInversionFigure(options: DigitInversionOptions): DigitInversion {
  const {model, digits} = options;
  const signal = lifetime(options.invalidation);
  let code: DigitCode = {};
  let digit: ChosenDigit | undefined;
  let job = new AbortController();

  const steps = slider({
    name: "steps",
    symbol: "S",
    min: 2,
    max: 200,
    step: 1,
    value: options.steps ?? 50,
    entry: true
  });
  const guidance = slider({name: "guidance", symbol: "w", max: 5, step: 0.1, value: 1, format: (v) => v.toFixed(1)});
  const back = select({
    name: "decode as",
    options: [
      {value: "same", label: "the digit that it is"},
      ...Array.from({length: 10}, (_, k) => ({value: String(k), label: `a ${k}`})),
      {value: String(noLabel), label: "any digit (no label)"}
    ]
  });
  const up = select({
    name: "encode with",
    options: [
      {value: "one", label: "w = 1"},
      {value: "same", label: "the same w"}
    ]
  });
  const sweep = button("Measure the error against S", () => start(true));
  const stop = button("Stop", () => job.abort(), {disabled: true});
  const tiles = {x0: tile("the digit"), latent: tile("its noise x_T"), decoded: tile("what comes back")};
  const error = reading("mean squared error of a pixel, on the scale from −1 to 1");
  const mean = reading("mean of x_T");
  const spread = reading("standard deviation of x_T");
  const seen = reading("is what the classifier reads in what comes back");
  const curve = chart(errorChart(new Map()));
  const curves = new Map<number, ErrorPoint[]>(); // of this digit, by w
  const choice = digitChoice({
    model,
    digits,
    digit: "3",
    signal,
    onChange: take,
    onTrouble: (text) => root.alert(text)
  });
  const root = live(
    "A digit to noise and back",
    choice,
    controls(steps, guidance, up, back, buttonRow(sweep, stop)),
    element(
      "div",
      {class: "panels three"},
      panel(tiles.x0, "x", "0", "the digit"),
      panel(tiles.latent, "x", "T", "encoded"),
      panel(tiles.decoded, "decoded", "", "")
    ),
    readings(error, mean, spread, seen),
    element("div", {class: "chart-box"}, curve as unknown as HTMLElement)
  );
  root.table(() => ({
    columns: ["guidance", "steps", "mean_squared_error"],
    rows: [...curves].flatMap(([w, points]) => points.map(([count, value]) => [w, count, value]))
  }));
  root.say("Runs when it comes into view.");
  for (const control of [steps, guidance, up, back]) control.addEventListener("change", () => start(false));
  model.onChange(() => digit && sayModel(root, model), signal);
  let visited = false;
  onVisible(
    root,
    (visible) => {
      if (!visible || visited) return;
      visited = true;
      choice.start();
    },
    signal
  );
  return Object.assign(root, {use});

  function use(next: DigitCode): void {
    const changed = code.guide !== next.guide || code.ddimStep !== next.ddimStep;
    code = {...next};
    if (changed && digit) start(false);
  }

  function tile(text: string): DigitGrid {
    return digitGrid({columns: 1, rows: 1, scale: 7, label: text, signal});
  }

  function take(next: ChosenDigit): void {
    const first = !digit;
    digit = next;
    curves.clear();
    curve.update(errorChart(curves));
    start(first); // the curve is drawn once by itself, then on request: it costs as much as a thousand steps
  }

  function start(whole: boolean): void {
    job.abort();
    const own = (job = new AbortController());
    const mine = AbortSignal.any([own.signal, signal]);
    switchOff(sweep, whole);
    switchOff(stop, false);
    void run(whole, mine)
      .catch((problem: unknown) => void (mine.aborted || explain(problem)))
      .finally(() => {
        if (own !== job) return;
        switchOff(sweep, false);
        switchOff(stop, true);
        if (own.signal.aborted && !signal.aborted) root.say("Stopped.");
      });
  }

  function denoiser(label: number, w = guidance.value): DigitDenoiser {
    return denoiserOf(code, model.predictor, [label], w);
  }

  async function run(whole: boolean, mine: AbortSignal): Promise<void> {
    const chosen = digit!;
    const asked = back.value === "same" ? chosen.label : Number(back.value);
    const encoder = denoiser(chosen.label, up.value === "one" ? 1 : guidance.value);
    await model.ready();
    if (mine.aborted) return;
    sayModel(root, model);
    root.say(`Encoding and decoding in ${steps.value} steps each …`);
    const made = await invert({
      x0: chosen.x0,
      steps: steps.value,
      encoder,
      decoder: denoiser(asked),
      code,
      signal: mine
    });
    if (!made) return;
    await show(made, chosen, asked, mine);
    if (!whole || mine.aborted) return;
    const points: ErrorPoint[] = [];
    const w = guidance.value;
    for (const other of curves.keys()) if (other !== 1) curves.delete(other); // w = 1 stays, to compare with
    curves.set(w, points);
    for (const count of inversionSteps) {
      root.say(`Measuring the error with ${count} steps …`, true);
      const one = await invert({
        x0: chosen.x0,
        steps: count,
        encoder,
        decoder: denoiser(chosen.label, w),
        code,
        signal: mine
      });
      if (!one) return;
      points.push([count, one.error]);
      curve.update(errorChart(curves));
    }
    root.say(
      `${told(made, chosen)} The error falls from ${readable(points[0][1], 2)} with ${points[0][0]} steps to ${readable(points.at(-1)![1], 2)} with ${points.at(-1)![0]}.`
    );
  }

  async function show(made: Inversion, chosen: ChosenDigit, asked: number, mine: AbortSignal): Promise<void> {
    const {labels, probabilities} = await model.classify(Float32Array.from(made.decoded));
    if (mine.aborted) return;
    tiles.x0.show(chosen.x0, {label: chosen.name});
    tiles.latent.show(
      made.latent.map((value) => value / noiseRange),
      {label: `its noise, of standard deviation ${fixed(deviation(made.latent), 2)}`}
    );
    tiles.decoded.show(made.decoded, {
      label: `decoded as ${asked === noLabel ? "any digit" : asked}, read as ${labels[0]}`
    });
    error.set(readable(made.error, 2));
    mean.set(fixed(made.latent.reduce((sum, value) => sum + value, 0) / made.latent.length, 2));
    spread.set(fixed(deviation(made.latent), 2));
    seen.set(`${labels[0]}, ${Math.round(100 * probabilities[labels[0]])}%`);
    root.alert("");
    root.say(told(made, chosen));
  }

  function told(made: Inversion, chosen: ChosenDigit): string {
    return `${chosen.name.replace(/^a/, "A").replace(/^d/, "D")}: after ${steps.value} steps there and ${steps.value} back, w = ${guidance.value.toFixed(1)}, the mean squared error is ${readable(made.error, 2)}.`;
  }

  function explain(problem: unknown): void {
    const message = problem instanceof Error ? problem.message : String(problem);
    root.alert(message, problem instanceof OwnCodeError ? {} : {"Try again": () => start(false)});
    root.say("The run did not come to its end.");
  }
}

function panel(grid: DigitGrid, title: string, index: string, note: string): HTMLElement {
  const name = element("span", {}, title, index ? element("sub", {}, index) : null);
  return element("div", {}, element("p", {class: "panel-title"}, name, note ? element("small", {}, note) : null), grid);
}

function errorChart(curves: ReadonlyMap<number, readonly ErrorPoint[]>) {
  const counts: readonly number[] = inversionSteps;
  return {
    title: "The error of a digit that was encoded and decoded again",
    height: 190,
    x: {
      label: "steps S, each way",
      domain: [4, 250] as const,
      log: true,
      format: (v: number) => (counts.includes(v) ? String(v) : "")
    },
    y: {label: "mean squared error", domain: [1e-5, 1] as const, log: true, format: powerOfTen},
    series: [...curves].map(([w, points]) => {
      const dash = w === 1 ? [] : [2, 4];
      return {
        name: `w = ${w.toFixed(1)}`,
        color: w === 1 ? ("ddim" as const) : ("learned" as const),
        dash,
        points,
        dots: true
      };
    })
  };
}
