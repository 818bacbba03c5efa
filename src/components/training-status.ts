import {readable} from "./format.js";
import {duration} from "./pace-meter.js";
import type {TrainingPlan} from "./training-plan.js";
import {endUnder, sameTraining} from "./training-plan.js";
import type {TrainingRun} from "./training-run.js";

export interface StatusDetails {
  plan: TrainingPlan; // what the settings ask for now
  rate: number; // training steps per second; NaN while it is not known
  recorded: boolean; // whether a recorded training is in view
  edited: boolean; // whether the reader has changed the code since the page was opened
}

/** What the status line says: where the training stands, how fast it is, and what Train will do next. */
export function trainingStatus(run: TrainingRun, {plan, rate, recorded, edited}: StatusDetails): string {
  const {state, step, steps, backend, change} = run;
  const at = `step ${step} of ${steps}`;
  const stale = run.plan && !sameTraining(run.plan, plan);
  const next = stale
    ? "The settings have changed: Train starts afresh."
    : change === "afresh"
      ? "The denoiser’s code has changed: this network keeps its own, and Train starts afresh."
      : change === "goes on"
        ? "The code has changed: Train goes on from here with the new code."
        : "";
  const end = run.plan ? endUnder({step, steps, plan: run.plan}, plan) : steps;
  const further = end === steps ? "" : `, to step ${end}`;
  const speed = Number.isFinite(rate) ? `, ${readable(rate, 2)} steps/s` : "";
  const later = change === "none" ? "" : " The code has changed: the next training uses it.";
  switch (state) {
    case "idle":
      return recorded
        ? `This is a recording. Press Train to train on this device${edited ? ", with your code" : ""}.`
        : `Press Train to train on “${plan.set.title}”, from the first weights.`;
    case "starting":
      return "Starting. If tfjs is needed, the first time this takes some seconds.";
    case "training":
      return `Training on ${backend}: ${at}${speed}${speed && `, ${duration((steps - step) / rate)} left`}.${later}`;
    case "paused":
      return `Waiting at ${at}, because the figure is out of view.`;
    case "stopped":
      return `Stopped at ${at}. ${next || `Train goes on from here${further}.`}`;
    case "finished":
      return next
        ? `${step} steps made. ${next}`
        : `Done: ${step} steps on ${backend}${speed}. Train adds ${plan.steps} more.`;
  }
}
