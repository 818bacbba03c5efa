import {frechetDistance} from "../metrics/frechet.js";
import type {Classified} from "./digit-classifier.js";
import {featureCount} from "./digit-classifier.js";

/** How good samples of digits are. */
export interface DigitQuality {
  count: number;
  accuracy: number; // the share that the classifier takes for the digit asked for
  accuracyError: number; // its standard error
  frechet: number; // Fréchet distance of the features to those of real digits
}

/**
 * The quality of n samples, from what the classifier says of them: how many are the digit asked for, labels [n], and how
 * far their features are from those of real digits, [m, 64]. The distance is biased by the counts, and is compared with
 * `frechetFloor` of the same counts.
 */
export function digitQuality(
  samples: Pick<Classified, "labels" | "features">,
  asked: ArrayLike<number>,
  real: Float32Array
): DigitQuality {
  const {accuracy, accuracyError} = classAccuracy(samples.labels, asked);
  return {
    count: samples.labels.length,
    accuracy,
    accuracyError,
    frechet: frechetDistance(samples.features, real, featureCount)
  };
}

/** The share of labels that are the ones asked for, with its standard error. Throws a RangeError if there are none. */
export function classAccuracy(labels: ArrayLike<number>, asked: ArrayLike<number>) {
  const count = labels.length;
  if (!count || asked.length !== count) {
    throw new RangeError(`there are ${count} labels for ${asked.length} digits: give one for each, and at least one`);
  }
  let right = 0;
  for (let i = 0; i < count; ++i) if (labels[i] === asked[i]) ++right;
  const accuracy = right / count;
  return {accuracy, accuracyError: Math.sqrt((accuracy * (1 - accuracy)) / count)};
}

/**
 * The Fréchet distance of real digits to other real ones, features [count, 64] against [m, 64]: what perfect samples would
 * have, of the same counts.
 */
export function frechetFloor(others: Float32Array, real: Float32Array): number {
  return frechetDistance(others, real, featureCount);
}
