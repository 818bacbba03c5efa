import type {PointSet} from "../lib/points/index.js";
import type {Prediction} from "../lib/prediction.js";
import type {Schedule} from "../lib/schedule.js";
import type {TrainingCode} from "./training-code.js";
import {sameCode} from "./training-code.js";

/** What is to be trained. */
export interface TrainingPlan {
  set: PointSet;
  schedule: Schedule;
  prediction: Prediction;
  learningRate: number;
  steps: number; // of one round; going on after its end adds another
  backend: string; // the wish; a change of it starts afresh
}

/** Whether one training could go on as the other: all is the same but the number of steps. */
export function sameTraining(a: TrainingPlan, b: TrainingPlan): boolean {
  const keys = ["set", "schedule", "prediction", "learningRate", "backend"] as const;
  return keys.every((key) => a[key] === b[key]);
}

/**
 * The step at which a training ends that goes on under a plan: that many after its round began or, where the round is at
 * its end or these are made already, that many more.
 */
export function endUnder(
  {step, steps, plan: {steps: length}}: {step: number; steps: number; plan: TrainingPlan},
  plan: TrainingPlan
): number {
  const end = step < steps ? steps - length + plan.steps : step;
  return end > step ? end : step + plan.steps;
}

/** What an edit means for a training: nothing, that Train goes on with the new code, or that it starts afresh. */
export type CodeChange = "none" | "goes on" | "afresh";

/** What the code as it is now means for a training that began with the old one. */
export function changeOf(old: TrainingCode | undefined, now: TrainingCode): CodeChange {
  if (!old || sameCode(old, now)) return "none";
  return old.denoiser === now.denoiser ? "goes on" : "afresh";
}
