import {drawnPoints} from "../lib/points/index.js";
import type {PointSet} from "../lib/points/index.js";
import type {Prediction} from "../lib/prediction.js";
import type {Schedule, ScheduleName} from "../lib/schedule.js";
import {makeSchedule} from "../lib/schedule.js";
import {timestepList} from "../lib/timesteps.js";
import {backendSelect} from "./backend-select.js";
import {controls, select, slider} from "./controls.js";
import {drawingBoard} from "./drawing-board.js";
import {element} from "./element.js";
import type {RecordedTraining} from "./training-samples.js";
import type {TrainingPlan} from "./training-plan.js";

/** What the reader must be told, and the ways on; the figure shows it. */
export type Tell = (text: string, ways?: Record<string, () => void>) => void;

export interface TrainControlsOptions {
  sets: readonly PointSet[];
  first: RecordedTraining; // its settings are the ones to begin with
  tell: Tell;
  onChange: () => void; // of what is to be trained
  onSteps: () => void; // of the sampling steps
  signal: AbortSignal;
}

/** The settings of a training, checked as they are made: `plan` and `samplingSteps` are always the last good ones. */
export interface TrainControls {
  settings: HTMLElement;
  board: HTMLElement; // in view while the reader draws
  backend: ReturnType<typeof backendSelect>;
  readonly plan: TrainingPlan;
  readonly samplingSteps: number;
  /** Takes up all that the controls say; false, after telling why, when something is wrong with it. */
  ready(): boolean;
  setRate(learningRate: number): void;
}

const goodRate = 0.003;
const scheduleNames: ScheduleName[] = ["linear", "cosine", "scaled_linear", "sigmoid"];
const predictions: {value: Prediction; label: string}[] = [
  {value: "v", label: "velocity v"},
  {value: "epsilon", label: "noise ε"},
  {value: "x0", label: "data x₀"}
];

export function trainControls(options: TrainControlsOptions): TrainControls {
  const {sets, first, tell, onChange, onSteps, signal} = options;
  const schedules = new Map<ScheduleName, Schedule>(); // one object each: a plan is compared by identity
  let drawn: PointSet | null = null;
  let refused = false; // a number, which the figure says

  const titles = sets.map(({name, title}) => ({value: name, label: title}));
  const data = select({
    name: "data",
    options: [...titles, {value: "drawn", label: "draw your own…"}],
    value: first.data
  });
  const schedule = select({
    name: "schedule",
    options: scheduleNames.map((name) => ({value: name, label: name.replaceAll("_", " ")})),
    value: first.schedule
  });
  const prediction = select({name: "prediction", options: predictions, value: first.prediction});
  const rate = slider({name: "learning rate", min: 1e-4, max: 10, value: first.learningRate, log: true, entry: true});
  const length = slider({name: "training steps", min: 50, max: 5000, step: 50, value: first.steps, entry: true});
  const steps = slider({
    name: "steps",
    symbol: "S",
    min: 1,
    max: 100,
    step: 1,
    value: first.samplingSteps,
    entry: true
  });
  const backend = backendSelect();
  data.querySelector("select")!.style.maxWidth = "11rem";
  const board = drawingBoard({onUse: use, signal});
  const boardBox = element("div", {hidden: true}, board);
  let plan = makePlan(sets.find(({name}) => name === first.data)!);
  let samplingSteps = first.samplingSteps;

  data.addEventListener("change", () => {
    const drawing = data.value === "drawn";
    boardBox.hidden = !drawing;
    tell("");
    if (!drawing || drawn) change();
    else board.start();
  });
  for (const control of [schedule, prediction, rate, length, backend]) control.addEventListener("change", change);
  steps.addEventListener("change", changeSteps);

  return {
    settings: controls(data, schedule, prediction, backend, rate, length, steps),
    board: boardBox,
    backend,
    get plan() {
      return plan;
    },
    get samplingSteps() {
      return samplingSteps;
    },
    ready: () => (data.value === "drawn" && !drawn ? use(board.points) !== null && check() : check()),
    setRate(learningRate) {
      rate.value = learningRate;
      change();
    }
  };

  function makePlan(set: PointSet): TrainingPlan {
    const name = schedule.value as ScheduleName;
    if (!schedules.has(name)) schedules.set(name, makeSchedule(name));
    return {
      set,
      schedule: schedules.get(name)!,
      prediction: prediction.value as Prediction,
      learningRate: rate.value,
      steps: length.value,
      backend: backend.value
    };
  }

  function change(): void {
    const before = refused;
    if (!check()) return;
    if (before) tell(""); // what else the figure says is not about the number
    onChange();
  }

  function check(): boolean {
    const kept = "The settings before are kept.";
    refused = true;
    if (!(rate.value > 0 && Number.isFinite(rate.value))) {
      tell(`The learning rate is ${rate.value}, but a step needs a length above 0. ${kept}`, {
        [`Use ${goodRate}`]: () => ((rate.value = goodRate), retry())
      });
      return false;
    }
    if (!Number.isInteger(length.value) || length.value < 1) {
      tell(`Training steps is ${length.value}: choose a whole number of at least 1. ${kept}`, {
        [`Use ${first.steps}`]: () => ((length.value = first.steps), retry())
      });
      return false;
    }
    const set = data.value === "drawn" ? drawn : sets.find(({name}) => name === data.value);
    refused = false;
    plan = makePlan(set ?? plan.set); // a drawing that has only begun is not yet a set
    return true;
  }

  function retry(): void {
    tell("");
    change();
  }

  /** Makes a set of the reader's points; tells what is wrong with them, and keeps the set before. */
  function use(points: Float64Array): PointSet | null {
    try {
      const set = drawnPoints(points);
      drawn = set;
      tell("");
      plan = makePlan(set);
      onChange();
      return set;
    } catch (error) {
      const {title, name} = plan.set;
      tell(`${(error as Error).message} Until then the data stay “${title}”.`, {
        "Keep drawing": () => (tell(""), board.start()),
        [`Back to “${title}”`]: () => {
          data.value = name;
          boardBox.hidden = name !== "drawn";
          retry();
        }
      });
      return null;
    }
  }

  function changeSteps(): void {
    try {
      timestepList("trailing", {timesteps: plan.schedule.timesteps, steps: steps.value});
      samplingSteps = steps.value;
      tell("");
      onSteps();
    } catch (error) {
      const most = Math.max(1, Math.min(plan.schedule.timesteps, Math.round(steps.value)));
      const use = (value: number) => () => ((steps.value = value), changeSteps());
      tell(`${(error as Error).message} The samples stay those of ${samplingSteps} steps.`, {
        [`Use ${most}`]: use(most),
        [`Back to ${samplingSteps}`]: use(samplingSteps)
      });
    }
  }
}
