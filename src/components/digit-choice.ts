import {digitPixels, noLabel, toUnit} from "../lib/digits/digit.js";
import type {DigitArray, DigitSet, DigitSource} from "../lib/digits/digit-set.js";
import {button, buttonRow, controls, select} from "./controls.js";
import type {DigitModel} from "./digit-model.js";
import {digitPad} from "./digit-pad.js";
import {sourceName} from "./digits-name.js";
import {digitsLoading} from "./digits-loading.js";
import {element} from "./element.js";
import {latest} from "./latest.js";

/** A digit to work on. */
export interface ChosenDigit {
  x0: Float64Array; // [784] in [-1, 1]
  label: number; // what it is, or for a drawing what the classifier takes it for; noLabel for an empty pad
  origin: DigitSource | "drawn";
  name: string; // in words, such as “a drawn digit, read as 5”
}

export interface DigitChoiceOptions {
  model: DigitModel; // whose classifier reads what is drawn
  digits: string; // the address of the page's digits, loaded when the reader asks for one
  digit?: string; // on the pad to begin with, defaults to "5"
  /** Called when there is another digit. */
  onChange: (digit: ChosenDigit) => void;
  /** Called when something went wrong, with a sentence. */
  onTrouble: (message: string) => void;
  signal: AbortSignal;
}

/** A choice between a pad to draw on and the digits of the data. */
export interface DigitChoice extends HTMLElement {
  /** Hands over the digit that is there. */
  start(): void;
}

export function digitChoice(options: DigitChoiceOptions): DigitChoice {
  const {model, digits, digit = "5", onChange, onTrouble, signal} = options;
  let set: DigitSet | undefined;
  let index = -1; // of the digit of the data
  const from = select({
    name: "the digit is",
    options: [
      {value: "drawn", label: "drawn by you"},
      {value: "data", label: "from the data (about 2 MB)"}
    ]
  });
  const kind = select({
    name: "which",
    options: Array.from({length: 10}, (_, k) => ({value: String(k), label: `a ${k}`})),
    value: digit
  });
  const origin = element("p", {class: "live-status"});
  const another = button("Another", () => pick(index + 1));
  const ofData = element("div", {hidden: true}, controls(kind, buttonRow(another)), origin);
  const loading = digitsLoading({url: digits, signal});
  const pad = digitPad({digit, signal, onChange: handOver});
  const root = element("div", {class: "digit-choice"}, controls(from), pad, loading, ofData);
  from.addEventListener("input", () => void change());
  kind.addEventListener("input", () => pick(index + 1));
  const read = latest(async (pixels: Uint8Array | null) => {
    if (!pixels) {
      const x0 = new Float64Array(digitPixels).fill(-1);
      return onChange({x0, label: noLabel, origin: "drawn", name: "an empty pad"});
    }
    const x = toUnit(pixels);
    try {
      const {labels, probabilities} = await model.classify(x);
      if (signal.aborted || from.value !== "drawn") return;
      const [label] = labels;
      const sure = `${Math.round(100 * probabilities[label])}%`;
      const name = `a drawn digit, which the classifier reads as ${label} (${sure})`;
      onChange({x0: Float64Array.from(x), label, origin: "drawn", name});
    } catch (error) {
      if (!signal.aborted) onTrouble((error as Error).message);
    }
  });
  return Object.assign(root, {start: handOver});

  function handOver(): void {
    if (from.value === "data") return pick(index);
    read(pad.pixels); // an empty pad too waits its turn, or an older answer would come after it
  }

  async function change(): Promise<void> {
    const data = from.value === "data";
    pad.hidden = data;
    ofData.hidden = !data || !set;
    if (!data) return handOver();
    set ??= await loading.start();
    if (!set || from.value !== "data") return; // the reader has left, or gone back to the pad meanwhile
    ofData.hidden = false;
    origin.textContent = `From the test set: ${sourceName(set)}.`;
    pick(0);
  }

  /** The next digit of the wanted kind, from `start` on. */
  function pick(start: number): void {
    if (!set) return;
    const label = Number(kind.value);
    const found = nextOf(set.test, label, Math.max(0, start));
    if (found === undefined) return onTrouble(`There is no ${label} among the digits of the test set.`);
    index = found;
    const pixels = set.test.pixels.subarray(index * digitPixels, (index + 1) * digitPixels);
    const name = `digit ${index} of the test set, a ${label} (${sourceName(set)})`;
    onChange({x0: Float64Array.from(toUnit(pixels)), label, origin: set.source, name});
  }
}

/** The first digit with a label, from `start` on and around; undefined if there is none. */
export function nextOf({count, labels}: DigitArray, label: number, start: number): number | undefined {
  for (let k = 0; k < count; ++k) {
    const i = (start + k) % count;
    if (labels[i] === label) return i;
  }
  return undefined;
}
