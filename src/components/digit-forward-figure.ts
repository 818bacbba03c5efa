import {guided} from "../lib/digits/digit-predictor.js";
import {digitPixels, digitSchedule, digitSize} from "../lib/digits/digit.js";
import {diffuse} from "../lib/forward.js";
import {predictionViews} from "../lib/prediction.js";
import {seededRandom} from "../lib/random.js";
import {alphaBarAt} from "../lib/schedule.js";
import {button, controls, select} from "./controls.js";
import type {ChosenDigit} from "./digit-choice.js";
import {digitChoice} from "./digit-choice.js";
import type {DigitGrid} from "./digit-grid.js";
import {digitGrid} from "./digit-grid.js";
import type {DigitModel} from "./digit-model.js";
import {sayModel} from "./digit-model.js";
import {apart} from "./digit-run.js";
import {element} from "./element.js";
import {fixed, readable} from "./format.js";
import {latest} from "./latest.js";
import {lifetime, onVisible} from "./lifetime.js";
import {live, reading, readings} from "./live.js";
import {player} from "./player.js";

export interface DigitForwardOptions {
  model: DigitModel;
  digits: string; // the address of the page's digits
  time?: number; // to begin with, 0..1000, defaults to 500
  seed?: number; // of the noise, defaults to 1
  invalidation?: Promise<unknown>;
}

/** How far a grid shows noise: what lies further out is full ink or none. */
export const noiseRange = 2.5;

/**
 * A digit under the forward process: x_0, x_t, and what the network makes of x_t, at any time. t is the papers': 0 is clean,
 * 1000 the end. The noise stays the same while t moves.
 */
export function digitForwardFigure(options: DigitForwardOptions): HTMLElement {
  const {model, digits, time = 500} = options;
  const signal = lifetime(options.invalidation);
  let seed = options.seed ?? 1;
  let digit: ChosenDigit | undefined;
  let epsilon = seededRandom(seed).normals(digitPixels);
  let drawn: Record<"x_0" | "x_t" | "predicted_x_0" | "predicted_noise", ArrayLike<number>> | undefined;

  const ask = select({
    name: "the network is told",
    options: [
      {value: "label", label: "which digit it is"},
      {value: "none", label: "nothing"}
    ]
  });
  const grids = {x0: tile("x_0"), xt: tile("x_t"), clean: tile("predicted x_0"), noise: tile("predicted noise")};
  const far = reading("predicted x₀ is off by, for each pixel (root mean square)", "var(--learned)");
  const noisy = reading("predicted noise is off by", "var(--learned)");
  const seen = reading("is what the classifier reads in the predicted x₀");
  const choice = digitChoice({model, digits, signal, onChange: take, onTrouble: (text) => root.alert(text)});
  let playing = false;
  const transport = player({
    steps: digitSchedule.timesteps,
    position: time,
    duration: 10,
    stride: 50,
    signal,
    format: (t) => `t = ${Math.round(t)} of ${digitSchedule.timesteps}`,
    onPosition: (_, now) => {
      playing = now;
      refresh();
    },
    extra: [button("New noise", renew)]
  });
  const root = live(
    "A digit under the forward process",
    choice,
    controls(ask),
    transport,
    element(
      "div",
      {style: side},
      panel(grids.x0, "x", "0"),
      panel(grids.xt, "x", "t"),
      panel(grids.clean, "predicted x", "0"),
      panel(grids.noise, "predicted noise", "")
    ),
    readings(far, noisy, seen)
  );
  root.table(() => {
    const columns = ["row", "column", ...Object.keys(drawn ?? {})];
    const pixels = Array.from({length: drawn ? digitPixels : 0}, (_, i) => i);
    const rows = pixels.map((i) => [
      Math.floor(i / digitSize),
      i % digitSize,
      ...Object.values(drawn!).map((x) => x[i])
    ]);
    return {columns, rows};
  });
  root.say("The network is loaded when this comes into view.");
  ask.addEventListener("input", refresh);
  model.onChange(refresh, signal);
  let started = false;
  onVisible(
    root,
    (visible) => {
      if (!visible || started) return;
      started = true;
      choice.start();
    },
    signal
  );
  const again = latest(answer);
  return root;

  function tile(label: string): DigitGrid {
    return digitGrid({columns: 1, rows: 1, scale: 6, label, signal});
  }

  function refresh(): void {
    again(undefined);
  }

  function take(next: ChosenDigit): void {
    digit = next;
    root.alert("");
    refresh();
  }

  function renew(): void {
    epsilon = seededRandom((seed += 1)).normals(digitPixels);
    refresh();
  }

  async function answer(): Promise<void> {
    if (!digit || signal.aborted) return;
    const {x0, label, name} = digit;
    const t = Math.round(transport.position);
    const alphaBar = alphaBarAt(digitSchedule, t - 1);
    const xt = diffuse(x0, epsilon, alphaBar);
    try {
      const told = ask.value === "label" ? 1 : 0;
      const views =
        t > 0
          ? predictionViews("v", await guided(model.predictor, [label], told).predict(xt, t - 1), xt, alphaBar)
          : null;
      const {labels, probabilities} = await model.classify(Float32Array.from(views?.x0 ?? x0));
      if (signal.aborted) return;
      const [offData, offNoise] = [apart(views?.x0 ?? x0, x0), views ? apart(views.epsilon, epsilon) : 0];
      const blank = new Float64Array(digitPixels);
      drawn = {x_0: x0, x_t: xt, predicted_x_0: views?.x0 ?? x0, predicted_noise: views?.epsilon ?? blank};
      grids.x0.show(x0, {label: `x_0: ${name}`});
      grids.xt.show(xt, {label: `x_t at t = ${t}, ${readable(100 * Math.sqrt(alphaBar), 2)}% of the digit's contrast`});
      grids.clean.show(views?.x0 ?? x0, {label: `predicted x_0, read as ${labels[0]}`});
      grids.noise.show(
        (views?.epsilon ?? blank).map((value) => value / noiseRange),
        {label: `predicted noise, off by ${fixed(offNoise, 2)}`}
      );
      far.set(fixed(offData, 2));
      noisy.set(fixed(offNoise, 2));
      seen.set(`${labels[0]}, ${Math.round(100 * probabilities[labels[0]])}%`);
      sayModel(root, model);
      const text =
        t === 0
          ? `t = 0: clean data, nothing to predict. This is ${name}.`
          : `t = ${t} of ${digitSchedule.timesteps}: √ᾱ = ${readable(Math.sqrt(alphaBar))}, of ${name}. The predicted x₀ is off by ${fixed(offData, 2)}, the predicted noise by ${fixed(offNoise, 2)}.`;
      if (!playing) root.say(text);
    } catch (error) {
      if (!signal.aborted) root.alert((error as Error).message);
    }
  }
}

const side = "display: grid; gap: 0.7rem 1.2rem; grid-template-columns: repeat(auto-fit, minmax(min(45%, 9rem), 1fr))";

function panel(grid: DigitGrid, title: string, index: string): HTMLElement {
  const name = element("span", {}, title, index ? element("sub", {}, index) : null);
  return element("div", {}, element("p", {class: "panel-title"}, name), grid);
}
