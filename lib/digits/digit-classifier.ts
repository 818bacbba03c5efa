import {startKernels} from "../kernels/kernels.js";
import {classifierNetwork, softmax} from "./classifier-network.js";

export {classifierParameters, featureCount} from "./classifier-network.js";

/** What the classifier says of n digits. */
export interface Classified {
  labels: Uint8Array; // [n], the most probable digit
  probabilities: Float32Array; // [n, 10]
  features: Float32Array; // [n, 64], what it decides by
}

/** Tells digits apart. */
export interface DigitClassifier {
  /** Looks at digits [n, 784] in [-1, 1]. */
  classify(x: Float32Array): Classified;
}

/** A classifier with trained weights, in the order of `classifierParameters`. It runs on our kernels, and at once. */
export async function createDigitClassifier(weights: Float32Array): Promise<DigitClassifier> {
  const network = classifierNetwork(await startKernels());
  network.loadWeights(weights);
  return {
    classify(x) {
      const {scores, features} = network.look(x);
      const labels = new Uint8Array(scores.length / 10);
      for (let i = 0; i < labels.length; ++i) {
        for (let j = 1; j < 10; ++j) if (scores[i * 10 + j] > scores[i * 10 + labels[i]]) labels[i] = j;
      }
      return {labels, probabilities: softmax(scores), features};
    }
  };
}
