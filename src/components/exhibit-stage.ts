import type {Exhibit, SceneName} from "../lib/errata/exhibit.js";
import type {MeasureName} from "../lib/errata/measure.js";
import {measures} from "../lib/errata/measure.js";
import type {Control} from "./controls.js";
import {button, buttonRow, controls, select, slider} from "./controls.js";
import {element} from "./element.js";
import type {ExhibitRun, SideRun} from "./exhibit-run.js";
import {drawUsual, reachOf, spread} from "./flight.js";
import {readable} from "./format.js";
import type {Reading} from "./live.js";
import {reading, readings} from "./live.js";
import {drawPicked, drawPickedTrail, pickedIn, picking} from "./picking.js";
import type {Plane} from "./plane.js";
import {plane} from "./plane.js";

/** The picture of an exhibit: this code on the left, what is right on the right. */
export interface ExhibitStage extends HTMLElement {
  readonly scene: SceneName;
  /** Shows a run at its end. */
  show(run: ExhibitRun): void;
  /** What the test said: nothing if it passes, otherwise its sentence; `null` while it is not known. */
  test(sentence: string | undefined | null): void;
  /** The points as they are shown: the noise, and both sides. */
  now(): Record<"noise" | "buggy" | "right", Float32Array> | null;
}

export interface ExhibitStageOptions {
  exhibit: Exhibit;
  onScene: () => void;
  onFix: () => void;
  /** Called with what is seen now, in words. */
  say: (text: string) => void;
  signal: AbortSignal;
}

const sides = ["buggy", "right"] as const;
type Side = (typeof sides)[number];
const looks = {
  buggy: {title: "This code", color: "theme-red", dash: [5, 3]},
  right: {title: "The right code", color: "ddim", dash: []}
} as const;

export function exhibitStage({exhibit, onScene, onFix, say, signal}: ExhibitStageOptions): ExhibitStage {
  let run: ExhibitRun | null = null;
  const {shows, hides} = exhibit.scenes;
  const scene: Control<SceneName> = select({
    name: "data and settings",
    options: [
      {value: "shows", label: `Where it shows: ${shows.label}`},
      {value: "hides", label: `Where it hides: ${hides.label}`}
    ]
  });
  const time = slider({
    name: "time",
    min: 0,
    max: 1,
    step: 0.01,
    value: 1,
    wide: true,
    format: (at) => (at <= 0 ? "pure noise" : at >= 1 ? "the samples" : `${Math.round(100 * at)}% of the steps`)
  });
  const planes = {buggy: makePlane("buggy"), right: makePlane("right")};
  const notes = {buggy: element("small"), right: element("small")};
  const numbers = element("div", {class: "exhibit-numbers"});
  const test = element("p", {class: "exhibit-test"});
  const root = element(
    "div",
    {class: "exhibit-stage"},
    controls(scene, buttonRow(button("Put the fix in", onFix))),
    element("div", {class: "panels"}, ...sides.map(panel)),
    controls(time),
    numbers,
    test
  );
  scene.addEventListener("input", onScene);
  time.addEventListener("input", draw);
  return Object.defineProperties(
    Object.assign(root, {
      show(next: ExhibitRun) {
        run = next;
        time.value = 1;
        numbers.replaceChildren(...exhibit.scenes[scene.value].measures.map((name) => numbersOf(name, next)));
        draw();
      },
      test(sentence: string | undefined | null) {
        test.dataset.passes = sentence === null ? "" : String(sentence === undefined);
        test.textContent =
          sentence === null
            ? ""
            : sentence === undefined
              ? "✔ The test below passes."
              : `✘ The test below fails: ${sentence}.`;
      },
      now: () => run && {noise: run.buggy.states[0], buggy: stateOf(run.buggy), right: stateOf(run.right)}
    }),
    {scene: {get: () => scene.value}}
  ) as unknown as ExhibitStage;

  function panel(side: Side): HTMLElement {
    const {title} = looks[side];
    return element("div", {}, element("p", {class: `panel-title exhibit-${side}`}, title, notes[side]), planes[side]);
  }

  function stateOf({states}: SideRun): Float32Array {
    return states[Math.round(time.value * (states.length - 1))];
  }

  function makePlane(side: Side): Plane {
    const made = plane({signal, draw: (canvas) => run && paint(canvas, side, run)});
    picking(made, {points: () => run && stateOf(run[side]), onChange: () => side === "right" && draw(), signal});
    return made;
  }

  function draw(): void {
    if (!run) return;
    const view = exhibit.scenes[scene.value].view ?? usualView(run);
    for (const side of sides) {
      const state = stateOf(run[side]);
      const extent = exhibit.scenes[scene.value].view ? view.extent : reachOf(state, view.extent);
      planes[side].look(view.center, extent);
      const far = extent > view.extent ? `${readable(extent / view.extent, 2)} times as far` : "";
      notes[side].textContent = state.some(Number.isFinite) ? far || stepText(run[side]) : "no numbers are left";
      planes[side].describe(`${looks[side].title}: ${seen(run, side)}`);
    }
    say(time.value >= 1 ? atTheEnd(run) : `This code: ${stepText(run.buggy)}. The right code: ${stepText(run.right)}.`);
  }

  function stepText({steps}: SideRun): string {
    return `step ${Math.round(time.value * steps)} of ${steps}`;
  }

  function seen({world, ...runs}: ExhibitRun, side: Side): string {
    if (time.value < 1) return `${stepText(runs[side])}, ${world.xT.length / 2} points`;
    return [...runs[side].numbers].map(([name, value]) => inWords(name, written(name, value))).join(", ");
  }

  function paint(canvas: Plane, side: Side, {world, ...runs}: ExhibitRun): void {
    const {color, dash} = looks[side];
    const {means, stds} = world.mixture;
    means.forEach(([x, y], k) => canvas.ring(x, y, 3 * stds[k], "theme-foreground-fainter"));
    const {states} = runs[side];
    const upTo = Math.round(time.value * (states.length - 1));
    if (states[upTo].every(Number.isFinite))
      for (let k = 0; k < 6; ++k) canvas.trail(states.slice(0, upTo + 1), k, {color, dash, alpha: 0.7, width: 1});
    if (!exhibit.scenes[scene.value].view) drawUsual(canvas, usualView({world, ...runs}).extent);
    // Points that have become one should be seen.
    const lone = spread(states[upTo]) < canvas.extent / 200;
    canvas.dots(states[upTo], {color, radius: lone ? 5 : Math.max(1.4, canvas.size / 190), alpha: lone ? 1 : 0.6});
    const index = pickedIn(states[upTo]);
    if (index === null) return;
    drawPickedTrail(canvas, states, index, {dash, upTo});
    drawPicked(canvas, states[upTo], index);
  }
}

function atTheEnd({buggy, right}: ExhibitRun): string {
  const both = [...buggy.numbers].map(([name, value]) => {
    const [own, other] = [value, right.numbers.get(name)!].map((number) => written(name, number));
    return `With this code ${inWords(name, own)}; with the right one, ${other}.`;
  });
  return both.join(" ");
}

function inWords(name: MeasureName, value: string): string {
  const {label, share} = measures[name];
  return share ? `${value} ${label}` : `the ${label} is ${value}`;
}

/** Data and noise, around the origin. */
function usualView({world}: Pick<ExhibitRun, "world">): {center: [number, number]; extent: number} {
  const {means, stds} = world.mixture;
  const far = means.map((mean, k) => Math.max(...mean.map(Math.abs)) + 4 * stds[k]);
  return {center: [0, 0], extent: Math.max(2.6, ...far)};
}

function numbersOf(name: MeasureName, run: ExhibitRun): HTMLElement {
  const {label, share} = measures[name];
  const one = (side: Side): Reading => {
    const value = run[side].numbers.get(name)!;
    const item = reading(looks[side].title, side === "buggy" ? "var(--theme-red)" : "var(--ddim)");
    item.set(written(name, value), share ? value : undefined);
    return item;
  };
  return element("div", {class: "exhibit-number"}, element("p", {}, label), readings(one("buggy"), one("right")));
}

/** A measure as it is written, on the page and in a figure. */
export function written(name: MeasureName, value: number): string {
  if (!Number.isFinite(value)) return "no number";
  if (!measures[name].share) return readable(value, 3);
  const per = 100 * value;
  return `${per > 0 && per < 10 ? per.toFixed(1) : per > 99 && per < 100 ? per.toFixed(1) : per.toFixed(0)}%`;
}
