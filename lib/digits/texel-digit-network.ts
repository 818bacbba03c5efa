import {BackendLost, isBackendLost, restartBackend, unlessLost} from "../backend.js";
import {checkCount} from "../kernels/flat-weights.js";
import type {Texels} from "../texels/texel-kernel.js";
import {hasTexels, texelKernel, toTexels} from "../texels/texel-kernel.js";
import * as tf from "../tf.js";
import {digitPixels} from "./digit.js";
import type {DigitBatch, DigitNetwork, DigitState} from "./digit-network.js";
import type {DigitShape} from "./digit-shape.js";
import {
  digitMatrices,
  digitParameters,
  digitShape,
  initialWeights,
  parameterCount,
  timeFeatures,
  timeFeaturesOf
} from "./digit-shape.js";
import {patchPixel} from "./patches.js";
import {texelLayout} from "../texels/texel-layout.js";
import type {Ownership} from "./texel-optimizer.js";
import {gatherGradients, statePlaces, updateState} from "./texel-optimizer.js";
import type {ListenerTables} from "./texel-telling.js";
import {listenerTables} from "./texel-telling.js";
import {texelUnet} from "./texel-unet.js";

/** Options of `createTexelDigitNetwork`. */
export interface TexelDigitNetworkOptions {
  shape?: DigitShape;
  seed?: number; // of the first weights; defaults to 0
}

const capacity = 128; // digits that answer at a time; more are taken in turns
const lossParts = 64;
const pictureTexels = digitPixels / 4;

/** What stays on the graphics card from step to step. */
interface Held extends Ownership {
  state: Texels;
  tables: ListenerTables;
  loss: Texels; // sums of the steps since it was read
}

const lossKernel = texelKernel("AddLoss", {
  inputs: ["before", "dy"],
  integers: ["images", "texels", "parts"],
  floats: ["factor"],
  text: `vec4 texel(int i) {
  float sum = 0.0;
  for (int image = i; image < $images; image += $parts) {
    for (int p = 0; p < $texels; ++p) {
      vec4 d = dy(image * $texels + p);
      sum += dot(d, d);
    }
  }
  return before(i) + vec4(sum * $factor, 0.0, 0.0, 0.0);
}`
});

/**
 * The digit network of ./tensor-digit-network.js in fused kernels, on the backend that runs: WebGL 2 or WebGPU, started
 * before. A step of training takes about a hundred launches, where the text of tensor-unet.ts takes 1,831; the numbers
 * are the same but for rounding.
 */
export function createTexelDigitNetwork(options: TexelDigitNetworkOptions = {}): DigitNetwork {
  const {shape = digitShape, seed = 0} = options;
  const parameters = digitParameters(shape);
  const names = new Set(parameters.map(({name}) => name));
  const layout = texelLayout(parameters, digitMatrices(parameters));
  const {size} = layout;
  let held: Held | undefined;
  let stepCount = 0;
  let lossCount = 0;
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
      if (!hasTexels()) dispose(); // what it held is gone, and can go nowhere
      return `the graphics card stopped ${lost}: ${reason}`;
    },
    dispose
  };

  async function predict(x: Float32Array, t: number | ArrayLike<number>, labels: ArrayLike<number>) {
    const n = x.length / digitPixels;
    const times = typeof t === "number" ? new Float32Array(n).fill(t) : t;
    const answer = new Float32Array(x.length);
    for (let from = 0; from < n; from += capacity) {
      const until = Math.min(n, from + capacity);
      const cut = <A>(list: ArrayLike<A>) => Array.prototype.slice.call(list, from, until) as A[];
      const part = x.subarray(from * digitPixels, until * digitPixels);
      const v = tf.tidy(() => {
        const place = upload({x: part, t: cut(times), labels: cut(labels)});
        const weights = {texels: own().state, base: statePlaces.average * size};
        return texelUnet(place, weights, layout, own().tables).output;
      });
      try {
        const patches = await unlessLost(v.data<"float32">());
        for (let i = 0; i < part.length; ++i) answer[from * digitPixels + patchPixel(i)] = patches[i];
      } finally {
        v.dispose();
      }
    }
    return answer;
  }

  function step(batch: DigitBatch, learningRate: number, decay: number): void {
    const {state, tables, loss, owners, squares} = own();
    const n = batch.x.length / digitPixels;
    const factor = 2 / (n * digitPixels);
    const next = tf.tidy(() => {
      const place = upload(batch);
      const weights = {texels: state, base: statePlaces.weights * size};
      const run = texelUnet(place, weights, layout, tables, {at: pictureTexels, factor});
      const numbers = {images: n, texels: pictureTexels, parts: lossParts, factor: 1 / (2 * factor)};
      const sum = lossKernel(lossParts, {before: loss, dy: run.output}, numbers);
      const gradient = gatherGradients(run.back(), size);
      const moved = updateState(state, gradient, {owners, squares}, {step: stepCount + 1, learningRate, decay});
      return {state: moved, loss: sum};
    });
    tf.dispose([state, loss]);
    Object.assign(own(), next);
    stepCount += 1;
    lossCount += 1;
  }

  async function readLoss(): Promise<number> {
    if (lossCount === 0) return NaN;
    const {loss} = own();
    const count = lossCount;
    lossCount = 0;
    own().loss = toTexels(new Float32Array(4 * lossParts));
    try {
      const sums = await unlessLost(loss.data<"float32">());
      return sums.reduce((total, value) => total + value, 0) / count;
    } finally {
      loss.dispose();
    }
  }

  async function save(): Promise<DigitState> {
    const step = stepCount;
    const texels = await unlessLost(own().state.data<"float32">());
    const part = (name: keyof typeof statePlaces) => {
      const from = 4 * size * statePlaces[name];
      return layout.unpack(texels.subarray(from, from + 4 * size));
    };
    return {step, weights: part("weights"), average: part("average"), first: part("first"), second: part("second")};
  }

  function load({step, ...arrays}: DigitState): void {
    const texels = new Float32Array(16 * size);
    for (const [name, place] of Object.entries(statePlaces)) {
      const values = arrays[name as keyof typeof statePlaces];
      checkCount(values, parameterCount(parameters));
      texels.set(layout.pack(values), 4 * size * place);
    }
    dispose();
    stepCount = step;
    lossCount = 0;
    held = {
      state: toTexels(texels),
      owners: toTexels(layout.owners),
      squares: toTexels(layout.squares),
      tables: listenerTables(layout, (name) => names.has(`${name}.bias`)),
      loss: toTexels(new Float32Array(4 * lossParts))
    };
  }

  function loadWeights(values: Float32Array): void {
    const zeros = new Float32Array(parameterCount(parameters));
    load({step: 0, weights: values, average: values, first: zeros, second: zeros});
  }

  function own(): Held {
    if (!held) throw new BackendLost(tf.getBackend());
    return held;
  }

  function dispose(): void {
    if (!held) return;
    const {state, owners, squares, loss, tables} = held;
    tf.dispose([state, owners, squares, loss, tables.columns, tables.gradients]);
    held = undefined;
  }
}

/** A batch as one tensor: for each digit its patches, those of the target if there is one, its times and its label. */
function upload({x, target, t, labels}: Pick<DigitBatch, "x" | "t" | "labels"> & {target?: Float32Array}) {
  const n = x.length / digitPixels;
  const times = (target ? 2 : 1) * pictureTexels;
  const label = times + timeFeatures / 4;
  const step = label + 1;
  const values = new Float32Array(4 * n * step);
  const features = timeFeaturesOf(t);
  for (let i = 0; i < n; ++i) {
    const at = 4 * i * step;
    for (let j = 0; j < digitPixels; ++j) {
      const pixel = patchPixel(i * digitPixels + j);
      values[at + j] = x[pixel];
      if (target) values[at + digitPixels + j] = target[pixel];
    }
    values.set(features.subarray(i * timeFeatures, (i + 1) * timeFeatures), at + 4 * times);
    values[at + 4 * label] = labels[i];
  }
  return {batch: toTexels(values), n, step, times, label};
}
