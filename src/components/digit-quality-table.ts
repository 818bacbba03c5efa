import type {Measured} from "../lib/metrics/measured-share.js";
import type {QualityCell, QualityTable, RecordedQuality} from "../lib/digits/quality-cells.js";
import {
  distanceWithError,
  leastForDistance,
  measureCell,
  qualityEtas,
  qualitySteps,
  twoSets
} from "../lib/digits/quality-cells.js";
import {digitPixels, toUnit} from "../lib/digits/digit.js";
import {button, buttonRow, controls, select, slider, switchOff} from "./controls.js";
import type {DigitCode} from "./digit-code.js";
import {ddimStepOf, denoiserOf} from "./digit-code.js";
import type {DigitModel} from "./digit-model.js";
import {sayModel} from "./digit-model.js";
import {sourceName} from "./digits-name.js";
import {digitsLoading} from "./digits-loading.js";
import {element} from "./element.js";
import {lifetime} from "./lifetime.js";
import type {Live} from "./live.js";
import {live} from "./live.js";

export interface DigitQualityOptions {
  model: DigitModel;
  digits: string; // the address of the page's digits, loaded when distances are to be measured
  recorded: RecordedQuality;
  invalidation?: Promise<unknown>;
}

/** The table, which measures with the page's cells as they are when it is asked. */
export interface DigitQuality extends Live {
  use(code: DigitCode): void;
}

/**
 * Quality of DDIM's digits against S and eta: a recorded table first, and one that is measured here on request, cell by cell.
 */
export function digitQualityTable({model, digits, recorded, invalidation}: DigitQualityOptions): DigitQuality {
  const signal = lifetime(invalidation);
  let code: DigitCode = {};
  let job = new AbortController();

  const samples = select({
    name: "digits in each cell",
    options: [
      {value: "100", label: "100: accuracy only"},
      {value: "300", label: "300: accuracy only"},
      {value: "1000", label: "1000: both measures"}
    ]
  });
  const guidance = slider({
    name: "guidance",
    symbol: "w",
    max: 4,
    step: 0.1,
    value: recorded.guidance,
    format: (v) => v.toFixed(1)
  });
  const measure = button("Measure here", () => void start(), {primary: true});
  const stop = button("Stop", () => job.abort(), {disabled: true});
  const back = button("Show the recorded run", showRecorded, {disabled: true});
  const bar = element("progress", {
    max: 1,
    value: 0,
    "aria-label": "How far the measurement is",
    hidden: true,
    style: wide
  });
  const loading = digitsLoading({url: digits, signal});
  const places = new Map<string, HTMLTableCellElement>();
  const inView = new Map<string, QualityCell>();
  const table = element(
    "table",
    {class: "digit-quality"},
    element("thead", {}, row("th", "S", ...qualityEtas.map((eta) => (eta === 0 ? "η = 0, DDIM" : `η = ${eta}`)))),
    element("tbody", {}, ...qualitySteps.map(bodyRow))
  );
  const root = live(
    "Quality of the digits, by steps and eta",
    controls(samples, guidance, buttonRow(measure, stop, back)),
    loading,
    bar,
    element("div", {class: "table-scroll", role: "region", "aria-label": "Quality of the digits", tabindex: 0}, table)
  );
  root.table(() => ({
    columns: ["steps", "eta", "accuracy", "accuracy_error", "frechet_distance", "frechet_error"],
    rows: [...inView.values()].map(({steps, eta, accuracy, distance}) => {
      return [steps, eta, accuracy.value, accuracy.error, distance?.value ?? NaN, distance?.error ?? NaN];
    })
  }));
  showRecorded();
  return Object.assign(root, {use: (next: DigitCode) => void (code = {...next})});

  function bodyRow(steps: number): HTMLTableRowElement {
    const cells = qualityEtas.map((eta) => {
      const place = element("td");
      places.set(key({steps, eta}), place);
      return place;
    });
    return element("tr", {}, element("th", {scope: "row", style: "vertical-align: top"}, steps), ...cells);
  }

  function showRecorded(): void {
    switchOff(back, true);
    fill(recorded.cells);
    const {trainingSteps, backend, samples: count, cells} = recorded;
    const text = `${count} digits in each cell, a network after ${trainingSteps} steps of training, on ${backend}`;
    root.badge("recorded", cells.length ? text : "no run yet");
    root.say(cells.length ? tableText(recorded) : "Nothing is recorded yet: measure here.");
  }

  function fill(cells: readonly QualityCell[]): void {
    for (const place of places.values()) place.replaceChildren("–");
    inView.clear();
    for (const cell of cells) put(cell);
  }

  function put(cell: QualityCell): void {
    const {steps, eta, accuracy, distance} = cell;
    inView.set(key(cell), cell);
    const lines = [
      element("b", {style: "white-space: nowrap"}, percentText(accuracy)),
      distance ? element("small", {style: "display: block"}, distanceText(distance)) : null
    ];
    places.get(key({steps, eta}))?.replaceChildren(...lines.filter((line) => line !== null));
  }

  async function start(): Promise<void> {
    job.abort();
    const own = (job = new AbortController());
    const mine = AbortSignal.any([own.signal, signal]);
    busy(true);
    root.alert("");
    try {
      const made = await run(mine);
      if (made) root.say(tableText(made));
    } catch (error) {
      if (!mine.aborted) root.alert(error instanceof Error ? error.message : String(error));
    } finally {
      if (own === job) busy(false);
      if (own.signal.aborted && !signal.aborted) root.say("Stopped. The cells that are filled are complete.");
    }
  }

  async function run(mine: AbortSignal): Promise<QualityTable | undefined> {
    const count = Number(samples.value);
    const [w, seed, using] = [guidance.value, recorded.seed, {...code}];
    await model.ready();
    sayModel(root, model);
    fill([]);
    const reference = count >= leastForDistance ? await realDigits(count, mine) : undefined;
    if (mine.aborted) return undefined;
    const table: QualityTable = {samples: count, guidance: w, seed, cells: [], ...reference?.about};
    // Few steps first: they are cheap, and they are where the difference is.
    const wishes = qualitySteps.flatMap((steps) => qualityEtas.map((eta) => ({steps, eta})));
    const work = wishes.reduce((sum, {steps}) => sum + steps, 0);
    const began = performance.now();
    let done = 0;
    for (const wish of wishes) {
      places.get(key(wish))!.textContent = "…";
      const cell = measureCell({
        ...wish,
        samples: count,
        seed,
        denoiser: (labels) => denoiserOf(using, model.predictor, labels, w),
        classify: (x) => model.classify(x),
        real: reference?.features,
        step: ddimStepOf(using),
        signal: mine
      });
      for (;;) {
        const next = await cell.next();
        if (next.done) {
          if (!next.value) return undefined;
          put(next.value);
          table.cells.push(next.value);
          break;
        }
        progress((done + next.value * wish.steps) / work, began, wish);
      }
      done += wish.steps;
    }
    return table;
  }

  function progress(share: number, began: number, {steps, eta}: {steps: number; eta: number}): void {
    bar.value = share;
    if (share <= 0) return; // nothing is known yet of how long it takes
    const left = ((performance.now() - began) / 1000) * (1 / share - 1);
    const rest = left > 90 ? `${Math.ceil(left / 60)} minutes` : `${Math.ceil(left)} s`;
    root.say(`S = ${steps}, η = ${eta}; about ${rest} to go.`, true);
  }

  /** Features of real digits to compare with, and the distance between two sets of them: the floor. */
  async function realDigits(count: number, mine: AbortSignal) {
    const stopped = new Promise<undefined>((end) => mine.addEventListener("abort", () => end(undefined)));
    const set = await Promise.race([loading.start(), stopped]); // which waits for the reader where it cannot load
    if (!set || mine.aborted) return undefined;
    const [real, others] = twoSets(set.train, count);
    const features = await featuresOf(real);
    return {features, about: {source: set.source, floor: await distanceWithError(await featuresOf(others), features)}};
  }

  async function featuresOf(pixels: Uint8Array): Promise<Float32Array> {
    const parts: Float32Array[] = [];
    for (let k = 0; k < pixels.length; k += 100 * digitPixels) {
      const x = toUnit(pixels.subarray(k, k + 100 * digitPixels));
      parts.push((await model.classify(x)).features);
    }
    const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
    parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
    return all;
  }

  function busy(now: boolean): void {
    bar.hidden = !now;
    bar.value = 0;
    switchOff(stop, !now);
    for (const each of [measure, back]) switchOff(each, now);
    samples.querySelector("select")!.disabled = now;
  }
}

const wide = "width: 100%; height: 0.5rem";

function row(kind: "th" | "td", ...texts: string[]): HTMLTableRowElement {
  return element("tr", {}, ...texts.map((text) => element(kind, kind === "th" ? {scope: "col"} : {}, text)));
}

function key({steps, eta}: {steps: number; eta: number}): string {
  return `${steps} ${eta}`;
}

/** A share in per cent with its error, such as `98.7 ± 0.4%`. */
export function percentText({value, error}: Measured): string {
  return `${(100 * value).toFixed(1)} ± ${(100 * error).toFixed(1)}%`;
}

function distanceText({value, error}: Measured): string {
  return `${value.toFixed(1)} ± ${error.toFixed(1)}`;
}

function tableText({samples, guidance, source, floor}: QualityTable): string {
  const real =
    floor && source
      ? ` Below it, the Fréchet distance to as many training digits (${sourceName({source})}); between two sets of such digits it is ${distanceText(floor)}.`
      : "";
  return `${samples} digits in each cell, w = ${guidance}. In each cell, the share that is the digit asked for.${real}`;
}
