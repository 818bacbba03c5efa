import type {RunState} from "./digit-training-run.js";
import type {TrainingWish} from "./digit-messages.js";
import {sameTraining} from "./digit-training-plan.js";
import {readable} from "./format.js";
import {duration} from "./pace-meter.js";

/** What the status line is about. */
export interface DigitStatus {
  state: RunState;
  work?: {wish: TrainingWish; origin: "here" | "file"; step: number; steps: number; backend: string};
  wish: TrainingWish; // what the settings ask for now
  line: string; // what is being tried, while starting
  stepsPerSecond: number; // without the time that samples take; NaN while it is not known
  pace: number; // steps a second on the clock
}

/** What the status line says: where the training stands, how fast it is, and what Train will do next. */
export function digitTrainingStatus({state, work, wish, line, stepsPerSecond, pace}: DigitStatus): string {
  if (state === "starting") return `Starting${line && `: ${line}`}. The first time this takes some seconds.`;
  if (!work || state === "idle") return "This is a recording. Press Train to train on this device.";
  const {step, steps, backend, origin} = work;
  const at = `step ${step} of ${steps}`;
  const stale = origin === "here" && !sameTraining(work.wish, wish);
  const speed = Number.isFinite(stepsPerSecond) ? `, ${readable(stepsPerSecond, 2)} steps/s without sampling` : "";
  const left = Number.isFinite(pace) && pace > 0 ? `, ${duration((steps - step) / pace)} left` : "";
  const afresh = "The settings have changed: Train starts afresh.";
  switch (state) {
    case "training":
      return `Training on ${backend}: ${at}${speed}${left}.`;
    case "paused":
      return `Paused at ${at}. Go on continues from here.`;
    case "stopped":
      return `Stopped at ${at}. ${stale ? afresh : "Train goes on from here."}`;
    case "finished":
      if (origin === "file") return `A network from a file, after ${step} steps. Train adds ${wish.steps} steps to it.`;
      return `Done: ${step} steps on ${backend}${speed}. ${stale ? afresh : `Train adds ${wish.steps} more.`}`;
  }
}
