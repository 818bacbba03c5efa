import type {Ladder, MultistepStep, SolverName} from "../lib/ladder.js";
import {
  climb,
  evaluationsOf,
  ladderError,
  ladderTruth,
  lambdaLadder,
  listLadder,
  observedOrder
} from "../lib/ladder.js";
import {solverNames} from "../lib/ladder.js";
import type {GaussianMixture} from "../lib/mixture.js";
import {seededRandom} from "../lib/random.js";
import type {ScheduleName} from "../lib/schedule.js";
import {makeSchedule} from "../lib/schedule.js";
import type {StepRule} from "../lib/timesteps.js";
import {timestepList} from "../lib/timesteps.js";
import {chart} from "./chart.js";
import {checkbox, controls, select} from "./controls.js";
import {element} from "./element.js";
import {powerOfTen} from "./format.js";
import {lifetime, onVisible, pace} from "./lifetime.js";
import type {Live} from "./live.js";
import {live} from "./live.js";
import {ownCode} from "./own-code.js";

export interface SolverOrderOptions {
  mixture: GaussianMixture;
  points?: number; // defaults to 300
  invalidation?: Promise<unknown>;
}

/** The figure, which measures again when the reader's multistep step changes. */
export interface SolverOrderFigure extends Live {
  use(multistep: MultistepStep): void;
}

type Levels = "ladder" | StepRule;

/** One measured run. */
interface Found {
  solver: SolverName;
  steps: number;
  evaluations: number;
  error: number;
}

const stepCounts = [5, 10, 20, 40, 80, 160, 320];
const titles: Record<SolverName, string> = {ddim: "DDIM", "dpm-solver": "2M", heun: "Heun"};
const looks = {
  ddim: {color: "ddim", dash: []},
  "dpm-solver": {color: "learned", dash: [7, 3]},
  heun: {color: "data", dash: [2, 3]}
} as const;

/** The error of three solvers against the exact path, with levels even in lambda or on a step list down to clean data. */
export function solverOrderFigure({mixture, points = 300, invalidation}: SolverOrderOptions): SolverOrderFigure {
  const signal = lifetime(invalidation);
  const xT = seededRandom(1)
    .fork(1)
    .normals(2 * points);
  let job = new AbortController();
  let found: Found[] = [];
  let own: MultistepStep | undefined;
  let seen = false;
  const where = select<Levels>({
    name: "levels",
    options: [
      {value: "ladder", label: "even in λ, both ends fixed"},
      {value: "trailing", label: "trailing, down to clean data"},
      {value: "leading", label: "leading, down to clean data"},
      {value: "quadratic", label: "quadratic, down to clean data"}
    ]
  });
  const schedule = select<ScheduleName>({
    name: "schedule",
    options: (["linear", "cosine"] as const).map((name) => ({value: name, label: name}))
  });
  const calls = checkbox({name: "count calls of the denoiser"});
  const drawing = chart(chartOptions());
  const root = live(
    "Error of three solvers against their number of steps",
    controls(where, schedule, calls),
    element("div", {class: "chart-box"}, drawing as unknown as HTMLElement)
  );
  root.badge("exact", "the denoiser is the mixture’s own formula");
  root.say("Computed when it comes into view.");
  root.table(() => ({
    columns: ["levels", "schedule", "solver", "S", "evaluations", "median error"],
    rows: found.map(({solver, steps, evaluations, error}) => {
      return [where.value, schedule.value, titles[solver], steps, evaluations, error];
    })
  }));
  for (const control of [where, schedule]) control.addEventListener("input", () => void measure());
  calls.addEventListener("input", () => drawing.update(chartOptions()));
  onVisible(root, (visible) => visible && !seen && ((seen = true), void measure()), signal);
  return Object.assign(root, {
    use(multistep: MultistepStep) {
      own = ownCode("multistep", multistep);
      if (seen) void measure();
    }
  });

  function ladderFor(steps: number): Ladder {
    const levels = makeSchedule(schedule.value);
    const {alphaBar, timesteps} = levels;
    if (where.value === "ladder") return lambdaLadder({from: alphaBar[timesteps - 1], to: alphaBar[0], steps});
    return listLadder(levels, timestepList(where.value, {timesteps, steps}));
  }

  async function measure(): Promise<void> {
    job.abort();
    job = new AbortController();
    const mine = AbortSignal.any([job.signal, signal]);
    found = [];
    try {
      for (const steps of stepCounts) {
        const made = await pace(run(steps), mine);
        if (!made) return;
        found.push(...made);
        drawing.update(chartOptions());
      }
      root.alert("");
      tell();
    } catch (error) {
      if (!mine.aborted) root.alert(error instanceof Error ? error.message : String(error));
    }
  }

  function* run(steps: number): Generator<void, Found[]> {
    const levels = ladderFor(steps);
    const truth = ladderTruth(mixture, xT, levels, 1e-8);
    const rows: Found[] = [];
    for (const solver of solverNames) {
      const end = yield* climb(mixture, xT, {levels, solver, multistep: own});
      rows.push({solver, steps, evaluations: evaluationsOf(solver, levels), error: ladderError(end, truth)});
    }
    return rows;
  }

  function tell(): void {
    const orders = solverNames.map((solver) => {
      const [a, b] = found.filter((one) => one.solver === solver && one.steps >= 80).slice(0, 2);
      return `${titles[solver]} ${observedOrder([a.steps, a.error], [b.steps, b.error]).toFixed(2)}`;
    });
    const first = solverNames.map((solver) => {
      const {error} = found.find((one) => one.solver === solver && one.steps === 10)!;
      return `${titles[solver]} ${error.toPrecision(2)}`;
    });
    root.say(`Order from S = 80 to 160: ${orders.join(", ")}. Error at S = 10: ${first.join(", ")}.`);
  }

  function chartOptions() {
    const at = (one: Found) => (calls.value ? one.evaluations : one.steps);
    const points = (solver: SolverName) =>
      found.filter((one) => one.solver === solver).map((one) => [at(one), one.error] as const);
    const ideal = (order: number) => {
      const from = found.find(({solver, steps}) => solver === (order === 1 ? "ddim" : "dpm-solver") && steps === 40);
      if (!from) return [];
      return stepCounts.map((steps) => [steps, from.error * (40 / steps) ** order] as const);
    };
    return {
      title: "Median error of three solvers",
      height: 320,
      x: {
        label: calls.value ? "calls of the denoiser" : "steps S",
        log: true,
        domain: [4, 800] as const,
        format: "~g"
      },
      y: {label: "median error", log: true, domain: [1e-5, 1] as const, format: powerOfTen},
      series: [
        {name: "", color: "noise" as const, width: 1, points: ideal(1), faint: true},
        {name: "", color: "noise" as const, width: 1, points: ideal(2), faint: true},
        ...solverNames.map((solver) => ({
          name: titles[solver],
          ...looks[solver],
          points: points(solver),
          dots: true
        }))
      ]
    };
  }
}
