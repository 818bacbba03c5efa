import {emaDecay} from "../ema-decay.js";
import {timeSlice} from "../event-loop.js";
import {TrainingDiverged} from "../training-diverged.js";
import type {DigitBatchOptions} from "./digit-batches.js";
import {digitBatches} from "./digit-batches.js";
import type {DigitNetwork, DigitState} from "./digit-network.js";

export {TrainingDiverged} from "../training-diverged.js";

/** Options of `trainDigits`. */
export interface DigitTrainingOptions extends Omit<DigitBatchOptions, "batch" | "seed"> {
  network: DigitNetwork;
  steps: number; // in all, those before included
  batch?: number; // digits in a step; defaults to 64
  learningRate?: number; // at the start; falls to 0 in equal steps; defaults to 8e-3
  largestDecay?: number; // of the running average of the weights; defaults to 0.99
  seed?: number; // of the draws; defaults to 0
  signal?: AbortSignal; // stops at once
  reportEvery?: number; // steps between two reports; defaults to 5
}

/** What the caller learns every few steps. */
export interface DigitTrainingReport {
  step: number; // steps made so far
  steps: number;
  loss: number; // mean over the steps since the last report; NaN when `restarted`
  learningRate: number; // of the last step
  stepsPerSecond: number; // since the last report, without the time that the caller took
  backend: string;
  restarted?: string; // a sentence, when the graphics card was lost and training goes on from a copy
}

/** The learning rate at a step (0-based) of `steps`: up in the first 20, and down to 0 in equal steps. */
export function digitLearningRate(step: number, steps: number, largest: number): number {
  const rise = Math.min(1, (step + 1) / Math.min(20, steps));
  return largest * rise * (1 - step / steps);
}

const keepEvery = 2000; // ms

/**
 * Trains a digit network to answer with the velocity (Salimans and Ho 2022), and yields a report every few steps. It goes
 * on from the network's step, and draws for each step what that step would have drawn in one run.
 *
 * The caller paces: between two reports nothing runs. Ends early, without an error, when `signal` aborts. When the
 * graphics card is lost it goes on from a copy that is at most about two seconds of work old. Throws TrainingDiverged when
 * the loss is NaN or infinite, with the copy back in place.
 */
export async function* trainDigits(options: DigitTrainingOptions): AsyncGenerator<DigitTrainingReport, void> {
  const {network, steps, batch = 64, learningRate = 8e-3, largestDecay, seed = 0, signal, reportEvery = 5} = options;
  checkNumbers({steps, batch, reportEvery}, learningRate);
  const draw = digitBatches({...options, batch, seed});
  const slice = timeSlice();
  let saved = await network.save();
  let savedAt = performance.now();
  let step = saved.step;
  while (step < steps && !signal?.aborted) {
    const start = performance.now();
    const count = Math.min(reportEvery, steps - step);
    let rate = learningRate;
    let restarted: string | undefined;
    let loss = NaN;
    try {
      for (let i = 0; i < count; ++i) {
        rate = digitLearningRate(step + i, steps, learningRate);
        await network.step(draw(step + i), rate, emaDecay(step + i + 1, largestDecay));
        await slice();
        if (signal?.aborted) return;
      }
      loss = await network.readLoss();
      if (signal?.aborted) return;
      step += count;
      if (!Number.isFinite(loss)) await giveUp(loss);
      if (step === steps || performance.now() - savedAt > keepEvery) await keep();
    } catch (error) {
      if (!network.isLost?.() || !network.recover) throw error;
      restarted = `${await network.recover()}; going on from step ${saved.step}`;
      network.load(saved);
      step = saved.step;
      loss = NaN;
    }
    const stepsPerSecond = (1000 * count) / (performance.now() - start);
    yield {step, steps, loss, learningRate: rate, stepsPerSecond, backend: network.backend, restarted};
  }

  async function keep(): Promise<void> {
    const state = await network.save();
    if (isSound(state)) saved = state;
    savedAt = performance.now();
  }

  async function giveUp(loss: number): Promise<never> {
    network.load(saved);
    throw new TrainingDiverged(step, saved.step, loss, learningRate, 0.008);
  }
}

/** Whether all numbers of a state are finite. */
export function isSound({weights, average, first, second}: DigitState): boolean {
  return [weights, average, first, second].every((values) => values.every(Number.isFinite));
}

function checkNumbers(whole: Record<string, number>, learningRate: number): void {
  for (const [name, value] of Object.entries(whole)) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`${name} is ${value}: choose a whole number from 1`);
  }
  if (!(learningRate > 0 && learningRate < Infinity))
    throw new RangeError(`learningRate is ${learningRate}: choose a number above 0, such as 0.008`);
}
