import type {CompareRecord} from "../lib/compare-record.js";
import type {GridPlace, GridRule, GridRun} from "../lib/sampler-grid.js";
import {gridPlaces, measurePlace, measureTruth, placeName, scoreRow} from "../lib/sampler-grid.js";
import type {ScoreName} from "../lib/sample-scores.js";
import {scoreNames} from "../lib/sample-scores.js";
import {button, buttonRow, controls, select, switchOff} from "./controls.js";
import {csvText} from "./csv.js";
import {element} from "./element.js";
import type {GridChoice} from "./grid-source.js";
import {gridChoices} from "./grid-source.js";
import {lifetime, onVisible, pace} from "./lifetime.js";
import type {FigureTable, Live} from "./live.js";
import {live} from "./live.js";
import {saveFile} from "./save-file.js";
import {samplerGridTable, scoreTitles} from "./sampler-grid-table.js";

export interface SamplerGridOptions {
  recorded: CompareRecord["grids"];
  invalidation?: Promise<unknown>;
}

/**
 * The quality of samplers against S, their noise and their step list: recorded runs first, and one that is measured here on
 * request, cell by cell, with an exact denoiser or with the reader's own network.
 */
export function samplerGridFigure({recorded, invalidation}: SamplerGridOptions): Live {
  const signal = lifetime(invalidation);
  let job = new AbortController();
  let own: GridRun | null = null;
  let running: string | undefined;
  let choices: GridChoice[] = [];

  const which = select({
    name: "table",
    options: [
      ...Object.entries(recorded).map(([name, run]) => ({value: name, label: `recorded: ${run.title}`})),
      {value: "own", label: "measured here"}
    ]
  });
  const score = select<ScoreName>({
    name: "score",
    options: scoreNames.map((name) => ({value: name, label: scoreTitles[name]}))
  });
  const rule = select<GridRule>({
    name: "step list",
    options: [
      {value: "trailing", label: "even (trailing)"},
      {value: "quadratic", label: "quadratic"}
    ]
  });
  const source = select({name: "denoiser", options: [{value: "tri", label: "three modes, exact"}]});
  const points = select({name: "points in a cell", options: ["500", "1000", "2000"].map(plain), value: "1000"});
  const most = select({name: "up to S", options: ["50", "100", "1000"].map(plain), value: "100"});
  const measure = button("Measure here", () => void start(), {primary: true});
  const stop = button("Stop", () => job.abort(), {disabled: true});
  const csv = button("Download CSV", () =>
    saveFile(new Blob([csvText(tableOf(shown()))], {type: "text/csv"}), `samplers-${which.value}.csv`)
  );
  const bar = element("progress", {
    max: 1,
    value: 0,
    "aria-label": "How far the measurement is",
    hidden: true,
    style: "width: 100%; height: 0.5rem"
  });
  const table = samplerGridTable();
  const root = live(
    "Quality of the samplers, by steps, noise and step list",
    controls(which, score, rule, csv),
    table,
    controls(source, points, most, buttonRow(measure, stop)),
    bar
  );
  which.querySelector<HTMLOptionElement>("option[value=own]")!.disabled = true;
  root.table(() => tableOf(shown()));
  for (const control of [which, score, rule]) control.addEventListener("input", () => show());
  onVisible(root, (visible) => visible && !choices.length && void offer(), signal);
  show();
  return root;

  function shown(): GridRun {
    return which.value === "own" && own ? own : (recorded[which.value] ?? Object.values(recorded)[0]);
  }

  function show(): void {
    const run = shown();
    table.show(run, {score: score.value, rule: rule.value, running: run === own ? running : undefined});
    const {title, denoiser, schedule, count, seeds} = run;
    const how = `${denoiser}, ${schedule} schedule, ${count} points in a cell, ${seeds.length} seeds`;
    if (run === own) root.badge(own.kind ?? "exact", `${title}; ${how}`);
    else root.badge("recorded", how);
    if (running) return;
    root.say(
      `${scoreTitles[score.value]}: mean and standard deviation over the seeds. ≈ marks what lies within two standard ` +
        "deviations of the floor and cannot be told from true samples."
    );
  }

  async function offer(): Promise<void> {
    choices = await gridChoices();
    const list = source.querySelector("select")!;
    list.replaceChildren(
      ...choices.map(({name, label, open}) => element("option", {value: name, disabled: !open}, label))
    );
  }

  async function start(): Promise<void> {
    job.abort();
    const mineOnly = (job = new AbortController());
    const mine = AbortSignal.any([mineOnly.signal, signal]);
    busy(true);
    root.alert("");
    try {
      if (!choices.length) await offer();
      await run(choices.find(({name}) => name === source.value) ?? choices[0], mine);
    } catch (error) {
      if (!mine.aborted) root.alert(error instanceof Error ? error.message : String(error));
    }
    if (mineOnly !== job || signal.aborted) return;
    running = undefined;
    busy(false);
    show();
    if (mineOnly.signal.aborted) root.say("Stopped. The cells that are filled are complete.");
  }

  async function run({open, title, kind, denoiser: words}: GridChoice, mine: AbortSignal): Promise<void> {
    const from = await open!();
    const count = Number(points.value);
    const seeds = [1, 2];
    const about = {title, kind, denoiser: words, set: title, schedule: from.name, count, seeds};
    own = {...about, truth: seeds.map((seed) => scoreRow(measureTruth(from, {count, seed}))), cells: {}};
    which.querySelector<HTMLOptionElement>("option[value=own]")!.disabled = false;
    which.value = "own";
    const places = gridPlaces(Number(most.value));
    const work = places.reduce((sum, {steps}) => sum + steps * seeds.length, 0);
    const began = performance.now();
    let done = 0;
    for (const place of places) {
      running = placeName(place);
      show();
      const rows: (number | null)[][] = [];
      for (const seed of seeds) {
        const cell = await pace(counted(measurePlace(from, place, {count, seed}), place), mine);
        if (!cell) return;
        rows.push(scoreRow(cell));
        done += place.steps;
      }
      own.cells[running] = rows;
    }

    function* counted<A>(cell: Generator<number, A>, place: GridPlace): Generator<void, A> {
      for (;;) {
        const next = cell.next();
        if (next.done) return next.value;
        progress((done + next.value * place.steps) / work, began, place);
        yield;
      }
    }
  }

  function progress(share: number, began: number, {rule, steps, noise}: GridPlace): void {
    if (share < bar.value + 0.002) return;
    bar.value = share;
    const left = ((performance.now() - began) / 1000) * (1 / share - 1);
    const rest = left > 90 ? `${Math.ceil(left / 60)} minutes` : `${Math.ceil(left)} s`;
    root.say(`${rule}, S = ${steps}, ${noise === "sigma-hat" ? "σ̂" : `η = ${noise}`}; about ${rest} to go.`, true);
  }

  function busy(now: boolean): void {
    bar.hidden = !now;
    bar.value = 0;
    switchOff(stop, !now);
    switchOff(measure, now);
    for (const control of [source, points, most]) control.querySelector("select")!.disabled = now;
  }
}

/** A run as a table for a file: one line for each cell and seed. */
function tableOf({title, schedule, count, seeds, truth, cells}: GridRun): FigureTable {
  const line = (rule: string, steps: number | string, noise: number | string, rows: (number | null)[][]) =>
    rows.map((scores, k) => [title, schedule, count, rule, steps, noise, seeds[k], ...scores.map((s) => s ?? NaN)]);
  const rows = Object.entries(cells).flatMap(([name, scores]) => {
    const [rule, steps, noise] = name.split(" ");
    return line(rule, Number(steps), noise, scores);
  });
  return {
    columns: ["denoiser", "schedule", "points", "steps rule", "S", "noise", "seed", ...scoreNames],
    rows: [...rows, ...line("true samples", "", "", truth)]
  };
}

function plain(value: string): {value: string; label: string} {
  return {value, label: value};
}
