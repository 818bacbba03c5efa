import type {Prediction} from "./prediction.js";

/**
 * Something that guesses what is under the noise: exact, in training, or pretrained, all alike to a sampler.
 *
 * `prediction` says what the output is (epsilon, x0 or v). `predict` takes the noisy points x [n, dim] and the original
 * training index t, an integer in 0..T-1 (also when the sampler skips steps), and returns a new array of x's shape.
 * X is Float64Array for plain numbers and tf.Tensor2D for tensors.
 */
export interface Denoiser<X> {
  prediction: Prediction;
  predict(x: X, t: number): X;
}
