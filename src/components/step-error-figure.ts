import {climb, ladderError, ladderTruth, listLadder, stepErrors} from "../lib/ladder.js";
import type {GaussianMixture} from "../lib/mixture.js";
import {noiseRatio} from "../lib/path.js";
import {seededRandom} from "../lib/random.js";
import type {Schedule} from "../lib/schedule.js";
import type {StepRule} from "../lib/timesteps.js";
import {timestepList} from "../lib/timesteps.js";
import {chart} from "./chart.js";
import {controls, slider} from "./controls.js";
import {element} from "./element.js";
import {readable} from "./format.js";
import {lifetime, onVisible, pace} from "./lifetime.js";
import type {Live} from "./live.js";
import {live, reading, readings} from "./live.js";

export interface StepErrorFigureOptions {
  mixture: GaussianMixture;
  schedule: Schedule;
  points?: number; // defaults to 300
  invalidation?: Promise<unknown>;
}

/** A list with what its steps do: where each begins, its own error, and the error of the whole run. */
interface Measured {
  rho: number[];
  errors: number[];
  whole: number;
}

const rules = ["trailing", "quadratic"] as const;

/** The error that each single step of DDIM makes, on even and on quadratic steps, against the noise at which it begins. */
export function stepErrorFigure({mixture, schedule, points = 300, invalidation}: StepErrorFigureOptions): Live {
  const signal = lifetime(invalidation);
  const xT = seededRandom(1)
    .fork(1)
    .normals(2 * points);
  let job = new AbortController();
  let found: Partial<Record<StepRule, Measured>> = {};
  const steps = slider({name: "steps", symbol: "S", min: 3, max: 50, step: 1, value: 10});
  const drawing = chart(chartOptions());
  const worst = {
    trailing: reading("even steps: the largest of the steps’ errors", "var(--ddpm)"),
    quadratic: reading("quadratic steps: the largest of the steps’ errors", "var(--ddim)")
  };
  const whole = {
    trailing: reading("even steps: error of the whole run", "var(--ddpm)"),
    quadratic: reading("quadratic steps: error of the whole run", "var(--ddim)")
  };
  const root = live(
    "The error of each step",
    controls(steps),
    element("div", {class: "chart-box"}, drawing as unknown as HTMLElement),
    readings(worst.trailing, worst.quadratic, whole.trailing, whole.quadratic)
  );
  root.badge("exact", "each step starts on the exact path");
  root.say("Computed when it comes into view.");
  root.table(() => ({
    columns: ["list", "step", "rho at its start", "median error"],
    rows: rules.flatMap((rule) =>
      (found[rule]?.errors ?? []).map((error, i) => [rule, i + 1, found[rule]!.rho[i], error])
    )
  }));
  steps.addEventListener("input", () => void measure());
  let seen = false;
  onVisible(root, (visible) => visible && !seen && ((seen = true), void measure()), signal);
  return root;

  async function measure(): Promise<void> {
    job.abort();
    job = new AbortController();
    const mine = AbortSignal.any([job.signal, signal]);
    found = {};
    for (const rule of rules) {
      const measured = await pace(run(rule), mine);
      if (!measured) return;
      found[rule] = measured;
      worst[rule].set(readable(Math.max(...measured.errors), 2));
      whole[rule].set(readable(measured.whole, 2));
      drawing.update(chartOptions());
    }
    const text = rules.map((rule) => {
      const {rho, errors, whole} = found[rule]!;
      const k = errors.indexOf(Math.max(...errors));
      return `${rule}: the largest error of a step is ${readable(errors[k], 2)}, at ρ = ${readable(rho[k], 2)}; of the whole run ${readable(whole, 2)}`;
    });
    root.say(`S = ${steps.value}. ${text.join(". ")}.`);
  }

  function* run(rule: StepRule): Generator<void, Measured> {
    const levels = listLadder(schedule, timestepList(rule, {timesteps: schedule.timesteps, steps: steps.value}));
    const errors = yield* stepErrors(mixture, xT, levels, 1e-6);
    const end = yield* climb(mixture, xT, {levels, solver: "ddim"});
    const whole = ladderError(end, ladderTruth(mixture, xT, levels, 1e-6));
    return {rho: levels.slice(0, -1).map(noiseRatio), errors, whole};
  }

  function chartOptions() {
    const points = (rule: StepRule) =>
      found[rule] ? found[rule].rho.map((rho, i) => [rho, found[rule]!.errors[i]] as const) : [];
    return {
      title: "Error of each step by itself",
      height: 280,
      x: {label: "ρ at the start of the step", log: true, reverse: true, domain: [0.008, 180] as const, format: "~g"},
      y: {label: "median error", log: true, domain: [1e-4, 0.5] as const, format: "~g"},
      series: [
        {name: "even", color: "ddpm" as const, dash: [5, 4], points: points("trailing"), dots: true},
        {name: "quadratic", color: "ddim" as const, points: points("quadratic"), dots: true}
      ]
    };
  }
}
