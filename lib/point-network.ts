import {unlessLost} from "./backend.js";
import type {Denoiser} from "./denoiser.js";
import type {Forward} from "./network-forward.js";
import {checkedForward, perceptron, sameForward} from "./network-forward.js";
import type {PointWeights} from "./plain-network.js";
import {initialPointWeights, layerShapes, ownForwardText} from "./plain-network.js";
import type {Prediction} from "./prediction.js";
import * as tf from "./tf.js";

export type {Forward} from "./network-forward.js";
export {pointFeatures} from "./network-forward.js";
export type {PointWeights} from "./plain-network.js";

/** Options of `createPointNetwork`. */
export interface PointNetworkOptions {
  width?: number; // units in each hidden layer; defaults to 128
  prediction?: Prediction; // what it learns to answer; defaults to v
  timesteps?: number; // T of the schedule it is for; defaults to 1000
  seed?: number; // of the initial weights; defaults to 0
  forward?: Forward; // how it answers, instead of the perceptron: a reader's edited version
}

/** A small network that guesses what is under the noise, for points in the plane. */
export interface PointNetwork extends Denoiser<tf.Tensor2D> {
  /** The weights in training: kernel and bias of each of the four layers. */
  variables: tf.Variable[];
  /** The same network with the running average of the weights: the one to sample with. */
  ema: PointDenoiser;
  width: number;
  timesteps: number;
  /** A copy that training takes every two seconds and at its end: `load` it after the graphics card was lost. */
  copy?: PointWeights;
  /** The output [n, 2] for noisy points x [n, 2] at the training index t, one for all or one each [n]. */
  predict(x: tf.Tensor2D, t: number | tf.Tensor1D): tf.Tensor2D;
  /** Reads all weights off the graphics card, and says with them when `forward` is not the perceptron that they are for. */
  save(): Promise<PointWeights>;
  /** Puts saved weights in place; throws a RangeError when they are of another network, or need a `forward` to be of use. */
  load(saved: PointWeights): void;
  /** Sets both sets of weights to their initial values, which depend on the seed only. */
  reset(): void;
  /** Frees all weights. */
  dispose(): void;
}

/** A network with weights that are only read. */
export interface PointDenoiser extends Denoiser<tf.Tensor2D> {
  variables: tf.Variable[];
  predict(x: tf.Tensor2D, t: number | tf.Tensor1D): tf.Tensor2D;
}

/**
 * A multilayer perceptron 34 -> width -> width -> width -> 2 with ReLU, on the point and 32 time features. With `forward`
 * it has the same weights and may use them in another way; predict then throws a TypeError when the answer is not [n, 2].
 *
 * Training and sampling work in the coordinates of the data, which the schedule takes to be of mean 0 and scale 1; the
 * point sets of ./points/ are. The initial weights come from `seed`, the same on every backend.
 */
export function createPointNetwork(options: PointNetworkOptions = {}): PointNetwork {
  const {width = 128, prediction = "v", timesteps = 1000, seed = 0, forward} = options;
  if (!Number.isInteger(width) || width < 1) throw new RangeError(`width is ${width}: choose at least one unit`);
  const shapes = layerShapes(width);
  const initial = initialPointWeights(width, seed);
  const variables = makeVariables(initial, shapes, true);
  const average = makeVariables(initial, shapes, false); // follows the others, is not trained itself

  const usual = perceptron(timesteps);
  const answer = forward ? checkedForward(forward) : usual;

  const denoiser = (variables: tf.Variable[]): PointDenoiser => ({
    prediction,
    variables,
    predict: (x, t) => tf.tidy(() => answer(x, typeof t === "number" ? tf.fill([x.shape[0]], t) : t, variables))
  });

  async function save(): Promise<PointWeights> {
    const [weights, ema] = [await read(variables), await read(average)];
    const saved: PointWeights = {width, prediction, timesteps, weights, ema};
    if (forward && !(await sameForward(answer, usual, average, timesteps))) saved.ownForward = true;
    return saved;
  }

  function load(saved: PointWeights): void {
    for (const [key, own] of Object.entries({width, prediction, timesteps})) {
      const other = saved[key as "width"];
      if (other !== own) throw new RangeError(`these weights have ${key} ${other}, but this network has ${own}`);
    }
    if (saved.ownForward && !forward) throw new RangeError(ownForwardText);
    assign(variables, saved.weights);
    assign(average, saved.ema);
  }

  return {
    ...denoiser(variables),
    ema: denoiser(average),
    width,
    timesteps,
    load,
    save,
    reset: () => load({width, prediction, timesteps, weights: initial, ema: initial}),
    dispose: () => tf.dispose([variables, average])
  };
}

function makeVariables(weights: Float32Array[], shapes: number[][], trainable: boolean): tf.Variable[] {
  return tf.tidy(() => weights.map((values, i) => tf.variable(tf.tensor(values, shapes[i]), trainable)));
}

function read(variables: tf.Variable[]): Promise<Float32Array[]> {
  return unlessLost(Promise.all(variables.map((variable) => variable.data<"float32">())));
}

function assign(variables: tf.Variable[], weights: ArrayLike<number>[]): void {
  if (weights.length !== variables.length) {
    throw new RangeError(`there are ${weights.length} weight arrays, but the network has ${variables.length}`);
  }
  variables.forEach((variable, i) => {
    if (weights[i].length !== variable.size) {
      throw new RangeError(
        `weight array ${i} holds ${weights[i].length} numbers, but the network has ${variable.size}`
      );
    }
    const tensor = tf.tensor(Float32Array.from(weights[i]), variable.shape);
    variable.assign(tensor);
    tensor.dispose();
  });
}
