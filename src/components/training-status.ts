import {readable} from "./format.js";
import {duration} from "./pace-meter.js";
import type {TrainingPlan, TrainingRun} from "./training-run.js";
import {sameTraining} from "./training-run.js";

export interface StatusDetails {
  plan: TrainingPlan; // what the settings ask for now
  rate: number; // training steps per second; NaN while it is not known
  recorded: boolean; // whether a recorded training is in view
}

/** What the status line says: where the training stands, how fast it is, and what Train will do next. */
export function trainingStatus(run: TrainingRun, {plan, rate, recorded}: StatusDetails): string {
  const {state, step, steps, backend} = run;
  const at = `step ${step} of ${steps}`;
  const stale = run.plan && !sameTraining(run.plan, plan);
  const speed = Number.isFinite(rate) ? `, ${readable(rate, 2)} steps/s` : "";
  switch (state) {
    case "idle":
      return recorded
        ? "This is a recording. Press Train to train on this device."
        : `Press Train to train on “${plan.set.title}”, from the first weights.`;
    case "starting":
      return "Starting: loading tfjs and the backend. The first time this takes some seconds.";
    case "training":
      return `Training on ${backend}: ${at}${speed}${speed && `, ${duration((steps - step) / rate)} left`}.`;
    case "paused":
      return `Waiting at ${at}, because the figure is out of view.`;
    case "stopped":
      return `Stopped at ${at}. ${stale ? "The settings have changed: Train starts afresh." : "Train goes on from here."}`;
    case "finished":
      return stale
        ? `${step} steps made. The settings have changed: Train starts afresh.`
        : `Done: ${step} steps on ${backend}${speed}. Train adds ${plan.steps} more.`;
  }
}
