import {digitPixels} from "../lib/digits/digit.js";
import type {SampleStep} from "../lib/sampler.js";
import type {DigitMark} from "./digit-grid.js";
import {digitGrid} from "./digit-grid.js";
import type {DigitRun} from "./digit-run.js";
import {secondsText} from "./digit-run.js";
import {element} from "./element.js";
import {nextFrame} from "./lifetime.js";
import {reading, readings} from "./live.js";
import type {SamplerName} from "./paired-view.js";

/** What of a state is shown: where the sampler is, or what it expects to become of it. */
export type Aspect = "x" | "x0";

/** One sampler's ten digits, as they form, and what its run cost. */
export interface DigitSamplerPanel extends HTMLElement {
  /** The noise before a run. */
  start(xT: Float64Array): void;
  /** A state of a run of `steps` steps. */
  state(state: SampleStep, steps: number): void;
  /** The end of a run; `seen` [10] is what the classifier reads. */
  finish(run: DigitRun, seen: ArrayLike<number>): void;
  /** Says with which settings the run was made. */
  note(text: string): void;
  /** How far this run is from the one before, from the same noise; null when there was none. */
  compare(difference: number | null): void;
  aspect: Aspect;
}

const columns = 5;

export function digitSamplerPanel(
  name: SamplerName,
  labels: ArrayLike<number>,
  signal: AbortSignal
): DigitSamplerPanel {
  const title = name.toUpperCase();
  const color = `var(--${name})`;
  const note = element("small");
  const label = `${title}: the noise that its run starts from`;
  const grid = digitGrid({columns, rows: Math.ceil(labels.length / columns), scale: 3, label, picks: true, signal});
  const bar = element("progress", {max: 1, value: 0, "aria-label": `${title}: how far the run is`});
  const time = reading("on the clock", color);
  const evaluations = reading("evaluations of the network, for each digit", color);
  const accuracy = reading("are the digit asked for", color);
  const again = reading("apart from the run before, from the same noise", color);
  const shown: Record<Aspect, Float64Array | undefined> = {x: undefined, x0: undefined};
  let marks: DigitMark[] = [];
  let text = label;
  let aspect: Aspect = "x";
  let pending = false;
  // The rows of both panels lie side by side, whatever wraps.
  const root = element(
    "div",
    {style: "display: grid; grid-template-rows: subgrid; grid-row: span 4; gap: 0.4rem; align-content: start"},
    element("p", {class: `panel-title ${name}`, style: "margin: 0; align-content: start"}, title, note),
    grid,
    bar,
    readings(time, evaluations, accuracy, again)
  );
  bar.style.cssText = `width: 100%; height: 0.5rem; accent-color: ${color}`;

  const panel = {
    start(xT: Float64Array) {
      shown.x = xT;
      shown.x0 = undefined;
      bar.value = 0;
      show(`${title}: the noise that its run starts from`);
    },
    state({x, x0, index}: SampleStep, steps: number) {
      shown.x = x;
      shown.x0 = x0;
      bar.value = index / steps;
      show(`${title}: step ${index} of ${steps}`);
    },
    finish({seconds, evaluations: count}: DigitRun, seen: ArrayLike<number>) {
      const right = Array.from(labels, (label, i) => seen[i] === label);
      time.set(secondsText(seconds));
      evaluations.set(String(count));
      accuracy.set(`${right.filter(Boolean).length} of ${labels.length}`, right.filter(Boolean).length / labels.length);
      show(
        `${title}: the digits ${Array.from(labels).join(" ")}, read as ${Array.from(seen).join(" ")}`,
        right.map((yes) => (yes ? "right" : "wrong"))
      );
    },
    note: (words: string) => void (note.textContent = words),
    compare: (difference: number | null) => again.set(difference === null ? "–" : difference.toFixed(2))
  };
  return Object.defineProperty(Object.assign(root, panel), "aspect", {
    get: () => aspect,
    set(next: Aspect) {
      aspect = next;
      show(text, marks);
    }
  }) as unknown as DigitSamplerPanel;

  /** Draws once a frame at most: a run makes more states than a screen shows. */
  function show(words: string, nextMarks: DigitMark[] = []): void {
    text = words;
    marks = nextMarks;
    if (pending) return;
    pending = true;
    void nextFrame().then(() => {
      pending = false;
      const values = shown[aspect] ?? new Float64Array(labels.length * digitPixels).fill(-1);
      if (!signal.aborted) grid.show(values, {marks, label: text});
    });
  }
}
