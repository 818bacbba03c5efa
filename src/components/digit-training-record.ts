import {digitPixels} from "../lib/digits/digit.js";
import type {DigitSnapshot} from "./digit-samples.js";
import {snapshotLabels} from "./digit-samples.js";
import type {LossPoint} from "./loss-curve.js";

/** A training of digits that was recorded with data/record-digit-training.ts, as its file has it. */
export interface DigitTrainingRecord {
  source: "mnist" | "offline"; // of the digits it was trained on
  backend: string;
  steps: number;
  batch: number;
  learningRate: number;
  seed: number;
  seconds: number; // that it took, samples left out
  losses: LossPoint[]; // means over the steps since the one before
  snapshots: {
    step: number;
    pixels: string; // base64 of [20 * 784] bytes, 255 is ink
    seen?: number[]; // [20], what the classifier takes them for
  }[];
}

/** Makes the pixels of a snapshot ready for the file: 16 shades, which the eye does not miss and compression likes. */
export function packPixels(pixels: Uint8Array): string {
  let text = "";
  for (const value of pixels) text += String.fromCharCode(17 * Math.round(value / 17));
  return btoa(text);
}

/** The snapshots of a recorded training. Throws an Error for one that is not whole. */
export function recordedSnapshots({snapshots}: DigitTrainingRecord): DigitSnapshot[] {
  return snapshots.map(({step, pixels: text, seen}) => {
    const pixels = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    const expected = snapshotLabels.length * digitPixels;
    if (pixels.length !== expected) {
      throw new Error(
        `The recorded samples of step ${step} have ${pixels.length} pixels, not ${expected}: record the training again.`
      );
    }
    return {step, pixels, seen};
  });
}
