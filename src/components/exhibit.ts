import type {Code} from "../lib/errata/code.js";
import type {SceneName} from "../lib/errata/exhibit.js";
import {exhibitOf} from "../lib/errata/exhibits.js";
import {putFix} from "./cell-fix.js";
import {element} from "./element.js";
import {runExhibit} from "./exhibit-run.js";
import type {ExhibitStage} from "./exhibit-stage.js";
import {exhibitStage} from "./exhibit-stage.js";
import {lifetime, onVisible} from "./lifetime.js";
import type {FigureTable, Live} from "./live.js";
import {live} from "./live.js";
import {blame} from "./own-code.js";
import {predictionForm} from "./prediction-form.js";

export interface ExhibitOptions {
  name: string; // of the exhibit in lib/errata, and of its cell on the page
  invalidation?: Promise<unknown>;
}

/** What the page's cells give to an exhibit: the code on show, and the test that looks at it. */
export interface ExhibitCode {
  code: Code;
  test: (code: never) => void | Promise<void>;
}

/** A figure of the museum. */
export interface ExhibitFigure extends Live {
  /** Takes the code and the test as they are now; the picture follows if it is open. */
  use(given: ExhibitCode): void;
}

/**
 * An exhibit: the question with its choices, and, when the reader has guessed or asked for it, the code beside the right
 * one, with the numbers that tell and what the test says. It computes only when it is open and seen.
 */
export function exhibit({name, invalidation}: ExhibitOptions): ExhibitFigure {
  const shown = exhibitOf(name);
  const signal = lifetime(invalidation);
  let given: ExhibitCode | null = null;
  let stage: ExhibitStage | null = null;
  let stale = true; // the picture is not of the present code and scene
  let visible = false;
  let job = new AbortController();
  const place = element("div");
  let wanted = false;
  const form = predictionForm({exhibit: name, ...shown, onOpen: open, signal});
  const root = live(`${shown.title}: this code and the right one`, form, place);
  sayDenoiser("shows");
  root.table(table);
  onVisible(
    root,
    (now) => {
      visible = now;
      refresh();
    },
    signal
  );
  return Object.assign(root, {use});

  function sayDenoiser(scene: SceneName): void {
    const {overshoot} = shown.scenes[scene];
    const wrong = overshoot ? `, its noise made ${Math.round(100 * overshoot)}% too large` : "";
    root.badge("exact", `the denoiser is the mixture’s own formula${wrong}`);
  }

  function use(next: ExhibitCode): void {
    given = next;
    invalidate();
  }

  function open(byHand: boolean): void {
    wanted = true;
    if (byHand) visible = true;
    queueMicrotask(refresh); // a kept guess opens the form before the frame is there
  }

  function invalidate(): void {
    stale = true;
    job.abort();
    refresh();
  }

  function refresh(): void {
    if (!wanted || !visible || !stale || !given || signal.aborted) return;
    stale = false;
    stage ??= makeStage();
    void Promise.all([run(stage, given), examine(stage, given)]);
  }

  function makeStage(): ExhibitStage {
    const made = exhibitStage({
      exhibit: shown,
      onScene: invalidate,
      onFix: () => void fix(),
      say: (text) => root.say(text),
      signal
    });
    place.replaceChildren(made);
    return made;
  }

  async function run(on: ExhibitStage, {code}: ExhibitCode): Promise<void> {
    job = new AbortController();
    const mine = AbortSignal.any([job.signal, signal]);
    try {
      sayDenoiser(on.scene);
      root.say("Running both …");
      const made = await runExhibit(shown, on.scene, code, mine);
      if (!made) return;
      root.alert("");
      on.show(made);
    } catch (error) {
      if (mine.aborted) return;
      root.alert(`${blame(name, error).message} The picture still shows the last run.`);
    }
  }

  async function examine(on: ExhibitStage, {code, test}: ExhibitCode): Promise<void> {
    on.test(null);
    let sentence: string | undefined;
    try {
      await test(code as never);
    } catch (error) {
      sentence = error instanceof Error ? error.message.replace(/[.!]$/, "") : String(error);
    }
    if (given?.code === code && given.test === test) on.test(sentence);
  }

  async function fix(): Promise<void> {
    const problem = await putFix(name);
    if (problem) root.alert(problem);
  }

  function table(): FigureTable {
    const now = stage?.now();
    const columns = ["point", "noise x", "noise y", "this code x", "this code y", "right x", "right y"];
    if (!now) return {columns, rows: []};
    const at = (points: Float32Array, i: number) => [points[2 * i], points[2 * i + 1]];
    const rows = Array.from({length: now.noise.length / 2}, (_, i) => [
      i,
      ...[now.noise, now.buggy, now.right].flatMap((points) => at(points, i))
    ]);
    return {columns, rows};
  }
}
