import {emaDecay} from "../ema-decay.js";
import {timeSlice} from "../event-loop.js";
import {seededRandom} from "../random.js";
import type {ClassifierNetwork} from "./classifier-network.js";
import {digitPixels} from "./digit.js";
import {digitLearningRate} from "./digit-training.js";

/** Options of `trainClassifier`. */
export interface ClassifierTrainingOptions {
  network: ClassifierNetwork;
  pixels: Uint8Array; // [count, 784], 0..255
  labels: Uint8Array; // [count]
  steps: number;
  batch?: number; // defaults to 64
  learningRate?: number; // at its largest; defaults to 3e-3
  seed?: number; // of the draws; defaults to 0
  reportEvery?: number; // steps between two reports; defaults to 50
  signal?: AbortSignal;
}

/**
 * Trains a classifier of digits on the cross-entropy, and yields the step and the mean loss every few steps. It goes on
 * from the network's step, with the draws that one run would have made.
 */
export async function* trainClassifier(
  options: ClassifierTrainingOptions
): AsyncGenerator<{step: number; loss: number}, void> {
  const {network, pixels, labels, steps, batch = 64, learningRate = 3e-3, seed = 0, reportEvery = 50, signal} = options;
  const slice = timeSlice();
  let sum = 0;
  let count = 0;
  for (let step = network.save().step; step < steps; ++step) {
    const random = seededRandom(seed).fork(step);
    const x = new Float32Array(batch * digitPixels);
    const asked = new Uint8Array(batch);
    for (let i = 0; i < batch; ++i) {
      const k = random.integer(labels.length);
      asked[i] = labels[k];
      for (let j = 0; j < digitPixels; ++j) x[i * digitPixels + j] = pixels[k * digitPixels + j] / 127.5 - 1;
    }
    sum += network.step(x, asked, digitLearningRate(step, steps, learningRate), emaDecay(step + 1));
    ++count;
    await slice();
    if (signal?.aborted) return;
    if (count < reportEvery && step + 1 < steps) continue;
    yield {step: step + 1, loss: sum / count};
    sum = count = 0;
  }
}
