import {isBackendLost, restartBackend, unlessLost} from "../backend.js";
import {checkCount} from "../kernels/flat-weights.js";
import type {Matrix} from "../muon.js";
import {muonSettings} from "../muon.js";
import * as tf from "../tf.js";
import {digitPixels} from "./digit.js";
import type {DigitBatch, DigitNetwork, DigitState} from "./digit-network.js";
import {adamSettings} from "./digit-network.js";
import type {DigitShape, Parameter} from "./digit-shape.js";
import {
  digitMatrices,
  digitParameters,
  digitShape,
  initialWeights,
  labelCount,
  parameterCount,
  timeFeatures,
  timeFeaturesOf
} from "./digit-shape.js";
import {tensorMuon} from "./tensor-muon.js";
import type {UnetInput, WeightsOf} from "./tensor-unet.js";
import {tensorUnet} from "./tensor-unet.js";

/** Options of `createTensorDigitNetwork`. */
export interface TensorDigitNetworkOptions {
  shape?: DigitShape;
  seed?: number; // of the first weights; defaults to 0
}

/** Flat arrays of all weights, on the graphics card. */
type Flat = Record<Exclude<keyof DigitState, "step">, tf.Tensor1D>;

/** Flat arrays that say how each weight is moved. */
interface Ways {
  keep: tf.Tensor1D; // of the running mean of the gradient
  adam: tf.Tensor1D; // 1 where Adam moves, 0 where Muon does
}

/**
 * A digit network in tfjs, on the backend that runs: start it before. All weights lie in one tensor, so that Adam is a
 * dozen operations and not a dozen for each of its arrays; Muon takes matrices of one shape together. wasm has no gradient of a convolution: there it only answers.
 */
export function createTensorDigitNetwork(options: TensorDigitNetworkOptions = {}): DigitNetwork {
  const {shape = digitShape, seed = 0} = options;
  const parameters = digitParameters(shape);
  const count = parameterCount(parameters);
  const index = new Map(parameters.map(({name}, i) => [name, i]));
  const matrices = digitMatrices(parameters);
  const muon = tensorMuon(matrices, count);
  let flat: Flat | undefined;
  let ways: Ways | undefined;
  let answering: tf.Tensor[] = []; // the average, cut into its arrays
  let losses: tf.Scalar[] = [];
  let stepCount = 0;
  loadWeights(initialWeights(parameters, seed));

  return {
    get backend() {
      return tf.getBackend();
    },
    predict,
    step,
    readLoss,
    save,
    load,
    loadWeights,
    isLost: () => isBackendLost(),
    async recover() {
      const lost = tf.getBackend();
      const {reason} = await restartBackend();
      return `the graphics card stopped ${lost}: ${reason}`;
    },
    dispose() {
      tf.dispose([...answering, ...losses, ...Object.values(flat ?? {}), ...Object.values(ways ?? {})]);
      answering = losses = [];
      flat = ways = undefined;
    }
  };

  async function predict(x: Float32Array, t: number | ArrayLike<number>, labels: ArrayLike<number>) {
    const n = x.length / digitPixels;
    const times = typeof t === "number" ? new Float32Array(n).fill(t) : t;
    if (!answering.length) answering = tf.tidy(() => cut(flat!.average, parameters));
    const v = tf.tidy(() => tensorUnet(asTensors(x, times, labels), named(index, answering)));
    try {
      return await unlessLost(v.data<"float32">());
    } finally {
      v.dispose();
    }
  }

  function step(batch: DigitBatch, learningRate: number, decay: number): void {
    const {beta1, beta2, epsilon} = adamSettings;
    const {keep, adam} = ways!;
    const correction = Math.sqrt(1 - beta2 ** ++stepCount);
    const rate = (learningRate * correction) / (1 - beta1 ** stepCount);
    const before = flat!;
    const [loss, weights, average, first, second] = tf.tidy(() => {
      const {value, gradient} = lossAndGradient(batch, before.weights);
      const fresh = gradient.mul(tf.scalar(1).sub(keep));
      const first = before.first.mul(keep).add<tf.Tensor1D>(fresh);
      const second = before.second.mul(beta2).add<tf.Tensor1D>(
        gradient
          .square()
          .mul(adam)
          .mul(1 - beta2)
      );
      const move = first
        .mul(adam)
        .mul(rate)
        .div(second.sqrt().add(epsilon * correction));
      const ahead = first.mul(keep).add<tf.Tensor1D>(fresh);
      const weights = before.weights.sub(move).sub<tf.Tensor1D>(muon(ahead).mul(learningRate));
      const average = before.average.mul(decay).add<tf.Tensor1D>(weights.mul(1 - decay));
      return [value, weights, average, first, second] as const;
    }) as unknown as [tf.Scalar, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
    replace({weights, average, first, second});
    losses.push(loss);
  }

  /** The mean squared error of the velocity, and its gradient as one array. */
  function lossAndGradient({x, target, t, labels}: DigitBatch, weights: tf.Tensor1D) {
    const input = asTensors(x, t, labels);
    const wanted = tf.tensor2d(target, [x.length / digitPixels, digitPixels]);
    const error = (...arrays: tf.Tensor[]) =>
      tensorUnet(input, named(index, arrays)).sub(wanted).square().mean<tf.Scalar>();
    const {value, grads} = tf.valueAndGrads(error)(cut(weights, parameters));
    return {value, gradient: tf.concat1d(grads.map((grad) => grad.flatten()))};
  }

  async function readLoss(): Promise<number> {
    const own = losses;
    losses = [];
    if (!own.length) return NaN;
    const mean = tf.tidy(() => tf.stack(own).mean());
    try {
      return (await unlessLost(mean.data()))[0];
    } finally {
      tf.dispose([mean, ...own]);
    }
  }

  async function save(): Promise<DigitState> {
    const {weights, average, first, second} = flat!;
    const step = stepCount;
    const arrays = [weights, average, first, second].map((tensor) => tensor.data<"float32">());
    const [a, b, c, d] = await unlessLost(Promise.all(arrays));
    return {step, weights: a, average: b, first: c, second: d};
  }

  function load(state: DigitState): void {
    const {weights, average, first, second, step} = state;
    for (const values of [weights, average, first, second]) checkCount(values, count);
    tf.dispose(losses);
    losses = [];
    stepCount = step;
    const put = (values: Float32Array) => tf.tensor1d(Float32Array.from(values));
    tf.dispose(Object.values(ways ?? {}));
    ways = waysOf(matrices, count);
    replace({weights: put(weights), average: put(average), first: put(first), second: put(second)});
  }

  function loadWeights(values: Float32Array): void {
    const zeros = new Float32Array(count);
    load({step: 0, weights: values, average: values, first: zeros, second: zeros});
  }

  function replace(next: Flat): void {
    tf.dispose([...answering, ...Object.values(flat ?? {})]);
    answering = [];
    flat = next;
  }
}

function waysOf(matrices: readonly Matrix[], count: number): Ways {
  const keep = new Float32Array(count).fill(adamSettings.beta1);
  const adam = new Float32Array(count).fill(1);
  for (const {offset, rows, columns} of matrices) {
    keep.fill(muonSettings.momentum, offset, offset + rows * columns);
    adam.fill(0, offset, offset + rows * columns);
  }
  return {keep: tf.tensor1d(keep), adam: tf.tensor1d(adam)};
}

/** One flat tensor as tensors of the parameters' shapes. */
function cut(flat: tf.Tensor1D, parameters: readonly Parameter[]): tf.Tensor[] {
  const pieces = tf.split(
    flat,
    parameters.map(({size}) => size)
  );
  return pieces.map((piece, i) => piece.reshape(parameters[i].shape));
}

function named(index: Map<string, number>, arrays: tf.Tensor[]): WeightsOf {
  return <T extends tf.Tensor>(name: string) => arrays[index.get(name)!] as T;
}

function asTensors(x: Float32Array, t: ArrayLike<number>, labels: ArrayLike<number>): UnetInput {
  const n = x.length / digitPixels;
  const asked = new Float32Array(n * labelCount);
  for (let i = 0; i < n; ++i) asked[i * labelCount + labels[i]] = 1;
  return {
    x: tf.tensor2d(x, [n, digitPixels]),
    times: tf.tensor2d(timeFeaturesOf(t), [n, timeFeatures]),
    labels: tf.tensor2d(asked, [n, labelCount])
  };
}
