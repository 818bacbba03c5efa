import type {AsyncDenoiser} from "../async-sampler.js";
import {noLabel} from "./digit.js";

/** Something that answers as a digit network does: here, in a worker, or on a graphics card. */
export interface DigitPredictor {
  /** What it runs on, such as wasm. */
  readonly backend: string;
  /**
   * The velocity v [n, 784] that it sees in the noisy digits x [n, 784] at the training index t in 0..T-1, one for all or
   * one each [n]. `labels` [n] are the digits asked for, 0..9, or noLabel.
   */
  predict(x: Float32Array, t: number | ArrayLike<number>, labels: ArrayLike<number>): Promise<Float32Array>;
}

/** How two answers become one: v with the label, v without, and the guidance w; all are single numbers. */
export type Guide = (labelled: number, plain: number, w: number) => number;

/**
 * Classifier-free guidance (Ho and Salimans 2022): from the answer without a label past the one with it.
 * @eq-guidance.
 */
export const guide: Guide = (labelled, plain, w) => plain + w * (labelled - plain);

/**
 * The denoiser of n digits, whose labels [n] are given, with guidance w: 0 ignores the labels, 1 asks for them once, more
 * asks with emphasis. Other values than 0 and 1 ask the network twice, in one batch; so does a `combine` of the reader's.
 */
export function guided(
  predictor: DigitPredictor,
  labels: ArrayLike<number>,
  w: number,
  combine?: Guide
): AsyncDenoiser & {readonly evaluations: number} {
  if (!Number.isFinite(w)) throw new RangeError(`the guidance is ${w}: choose a number such as 1.5`);
  const asked = Uint8Array.from(labels);
  const none = new Uint8Array(asked.length).fill(noLabel);
  const twice = combine !== undefined || (w !== 0 && w !== 1);
  const how = combine ?? guide;
  return {
    prediction: "v",
    evaluations: twice ? 2 : 1, // of the network, for each digit and step
    async predict(x, t) {
      const input = Float32Array.from(x);
      if (!twice) return Float64Array.from(await predictor.predict(input, t, w === 0 ? none : asked));
      const n = input.length;
      const both = new Float32Array(2 * n);
      both.set(input);
      both.set(input, n);
      const labels = new Uint8Array(2 * asked.length);
      labels.set(asked);
      labels.set(none, asked.length);
      const v = await predictor.predict(both, t, labels);
      return Float64Array.from({length: n}, (_, i) => how(v[i], v[n + i], w));
    }
  };
}
