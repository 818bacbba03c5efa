import type {TrainingWish} from "./digit-messages.js";

/** The training that a reader finds, and that was recorded: 64 digits a step, as in shared figures of speed and quality. */
export const firstWish: TrainingWish = {steps: 700, batch: 64, learningRate: 8e-3, seed: 0, backend: "auto"};

/** Whether a training of one wish can go on under the other: its length and its backend may change, its recipe not. */
export function sameTraining(a: TrainingWish, b: TrainingWish): boolean {
  return a.batch === b.batch && a.learningRate === b.learningRate && a.seed === b.seed;
}

/** What is wrong with a setting, and a value that works. */
export interface WishProblem {
  setting: "steps" | "batch" | "learningRate" | "seed";
  text: string;
  use: number;
}

/** The first thing that is wrong with a wish; undefined when nothing is. */
export function problemOf(wish: TrainingWish): WishProblem | undefined {
  const {steps, batch, learningRate, seed} = wish;
  const whole = (value: number, least: number) => Number.isSafeInteger(value) && value >= least;
  if (!whole(steps, 1)) {
    return {setting: "steps", text: `Training steps is ${steps}: choose a whole number of at least 1.`, use: 700};
  }
  if (!whole(batch, 1) || batch > 512) {
    const text = `The batch is ${batch}: choose a whole number of digits from 1 to 512.`;
    return {setting: "batch", text, use: batch > 512 ? 512 : 64};
  }
  if (!(learningRate > 0 && Number.isFinite(learningRate))) {
    const text = `The learning rate is ${learningRate}, but a step needs a length above 0.`;
    return {setting: "learningRate", text, use: firstWish.learningRate};
  }
  if (!whole(seed, 0)) return {setting: "seed", text: `The seed is ${seed}: choose a whole number from 0.`, use: 0};
  return undefined;
}
