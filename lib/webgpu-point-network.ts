import type {AsyncDenoiser} from "./async-sampler.js";
import type {Batch} from "./batches.js";
import type {FlatState} from "./kernels/flat-weights.js";
import {checkCount} from "./kernels/flat-weights.js";
import type {PointWeights} from "./plain-network.js";
import {initialPointWeights, ownForwardText} from "./plain-network.js";
import type {Prediction} from "./prediction.js";
import type {SamplerMove} from "./sampler-moves.js";
import type {Schedule} from "./schedule.js";
import type {BufferUse, Dispatch} from "./shaders/device.js";
import {deviceWork, settingsStride} from "./shaders/device.js";
import {
  batchWords,
  firstValues,
  levelTable,
  moveWords,
  planBytes,
  runWords,
  wordsBatch
} from "./shaders/point-buffers.js";
import {layoutText, packWeights, pointLayout, tileRows, unpackWeights} from "./shaders/point-layout.js";
import {forwardText, sampleText, threads} from "./shaders/point-text.js";
import {randomKey, randomText} from "./shaders/random-text.js";
import {drawText, learnText, updateGroups, updateText} from "./shaders/training-text.js";

/** Options of `createWebgpuPointNetwork`. */
export interface WebgpuPointNetworkOptions {
  device: GPUDevice; // tfjs's own: see webgpuDevice of ./backend.js
  schedule: Schedule; // that it is for
  width?: number; // units in each hidden layer, a multiple of 4 up to 240; defaults to 128
  prediction?: Prediction; // what it learns to answer; defaults to v
  seed?: number; // of the first weights; defaults to 0
  batch?: number; // points in a training step; defaults to 512
}

/** One training step, as the graphics card is told. */
export interface StepPlan {
  draw: number; // which draw of the seed it learns from: the same number, the same points, times and noises
  learningRate: number;
  decay: number; // how much the running average of the weights keeps of what it was
}

/**
 * A point network in our own shaders: the function of ./point-network.js, which trains in two dispatches a step and
 * samples in one. All weights stay on the graphics card. What waits for the card throws BackendLost when it is lost.
 */
export interface WebgpuPointNetwork extends AsyncDenoiser {
  width: number;
  timesteps: number;
  batch: number;
  /** Takes the clean points [n, 2] that `train` chooses from, at most `mostPoints`. */
  feed(points: Float32Array<ArrayBuffer>): void;
  /** Makes training steps from what the card draws itself. Returns at once: the work is in the card's queue. */
  train(plans: readonly StepPlan[], seed: number): void;
  /** Makes one step from a batch of the caller's, which has as many points as the network's. */
  step(batch: Batch, learningRate: number, decay: number): Promise<void>;
  /** What a step learns from, as the card draws it. */
  drawn(draw: number, seed: number): Promise<Batch>;
  /** The mean loss of the steps since it was last read; NaN of none. */
  readLoss(): Promise<number>;
  /** The gradient of the first step after `load`, for each array of weights: Adam has kept a tenth of it. */
  gradients(): Promise<Float32Array[]>;
  /** Takes xT [n, 2] through all moves in one dispatch, with the running average; the seed is that of the noise. */
  sample(xT: Float64Array, moves: readonly SamplerMove[], seed?: number): Promise<Float64Array>;
  /** All weights, for other networks of this kind. */
  save(): Promise<PointWeights>;
  /** Puts saved weights in place, and forgets what Adam has kept; a RangeError when they are of another network. */
  load(saved: PointWeights): void;
  /** All that a training is at one step, in the order of this network's own layout. */
  saveState(): Promise<FlatState>;
  /** The weights of such a state, for other networks. */
  weightsOf(state: FlatState): PointWeights;
  loadState(state: FlatState): void;
  /** Frees what is on the graphics card. */
  dispose(): void;
}

/** The points that a network can be fed with. */
export const mostPoints = 32_768;

/** Adam's settings for points: see ./training.js. */
const adam = {beta1: 0.9, beta2: 0.99, epsilon: 1e-7};

const mostSteps = 64; // of one submit

/** What each shader does with its buffers, in the order of its bindings. */
const uses = {
  learn: ["settings", "read", "read", "read", "write", "write", "write"],
  update: ["settings", "read", "read", "write", "write", "write", "write"],
  sample: ["settings", "read", "read", "read", "write"],
  draw: ["settings", "write", "read", "read"]
} satisfies Record<string, BufferUse[]>;

/**
 * Compiles the shaders on the device and makes the network, with the first weights that createPointNetwork has. Rejects
 * with a RangeError for a width or a batch that cannot be, and with an Error when the device does not take the shaders.
 */
export async function createWebgpuPointNetwork(options: WebgpuPointNetworkOptions): Promise<WebgpuPointNetwork> {
  const {device, schedule, width = 128, prediction = "v", seed = 0, batch = 512} = options;
  const {timesteps} = schedule;
  const layout = pointLayout(width, batch);
  const work = deviceWork(device);
  const prelude = `${layoutText(layout)}${randomText}`;
  const learnCode = (draw: "drawn" | "given") => `${prelude}${forwardText}${learnText({prediction, timesteps, draw})}`;
  const [makeLearn, makeUpdate, makeSample] = await Promise.all([
    work.shader(learnCode("drawn"), "learn", uses.learn),
    work.shader(`${layoutText(layout)}${updateText(adam)}`, "update", uses.update),
    work.shader(`${prelude}${forwardText}${sampleText}`, "sample", uses.sample)
  ]);

  const settings = work.buffer(mostSteps * settingsStride);
  const [weights, average, first, second] = Array.from({length: 4}, () => work.buffer(16 * layout.weights));
  const levels = work.buffer(levelTable(schedule));
  const values = work.buffer(firstValues(layout));
  const gradients = work.buffer(16 * layout.rowQuads * layout.gradients);
  const squares = work.buffer(16 * layout.rowQuads);
  const pool = work.buffer(8 * mostPoints);
  const learn = makeLearn(settings, weights, levels, pool, values, gradients, squares);
  const update = makeUpdate(settings, values, gradients, weights, average, first, second);
  let fed = 0; // points in the pool
  let made = 0; // steps of Adam
  let unread = 0; // steps whose loss was not read
  let learnGiven: Promise<{given: GPUBuffer; learn: Dispatch}> | undefined;
  loadFlat(packWeights(layout, initialPointWeights(width, seed)));

  return {
    prediction,
    width,
    timesteps,
    batch,
    feed(points) {
      const count = points.length / 2;
      if (!Number.isInteger(count) || count < 1 || count > mostPoints) {
        throw new RangeError(`these are ${count} points: give a whole number of them, from 1 to ${mostPoints}`);
      }
      device.queue.writeBuffer(pool, 0, points);
      fed = count;
    },
    train(plans, seed) {
      if (!fed) throw new Error("there are no points to train on: feed the network first");
      const key = randomKey(seed, "training");
      for (let from = 0; from < plans.length; from += mostSteps) {
        makeSteps(learn, plans.slice(from, from + mostSteps), key);
      }
    },
    async step(given, learningRate, decay) {
      if (given.t.length !== batch) {
        throw new RangeError(`the batch has ${given.t.length} points, but the network takes ${batch}`);
      }
      learnGiven ??= makeGiven();
      const {given: to, learn} = await learnGiven;
      device.queue.writeBuffer(to, 0, batchWords(given));
      makeSteps(learn, [{draw: 0, learningRate, decay}], randomKey(0, "training"));
    },
    drawn,
    async readLoss() {
      const count = unread;
      unread = 0;
      const [sums] = await work.read([squares], {clear: true});
      return sums.reduce((sum, square) => sum + square, 0) / (2 * batch * count);
    },
    async gradients() {
      if (made !== 1) throw new Error(`gradients are known after the first step only, and this was step ${made}`);
      const [mean] = await work.read([first]);
      return unpackWeights(
        layout,
        mean.map((value) => value / (1 - adam.beta1))
      );
    },
    async predict(x, t) {
      return sample(x, [{x: 0, output: 1, noise: 0, t}], 0);
    },
    sample: (xT, moves, seed = 0) => sample(xT, moves, seed),
    async save() {
      const [now, mean] = await work.read([weights, average]);
      return unpack({weights: now, average: mean});
    },
    load(saved) {
      for (const [name, own] of Object.entries({width, prediction, timesteps})) {
        const other = saved[name as "width"];
        if (other !== own) throw new RangeError(`these weights have ${name} ${other}, but this network has ${own}`);
      }
      if (saved.ownForward) throw new RangeError(ownForwardText);
      loadFlat(packWeights(layout, saved.weights), packWeights(layout, saved.ema));
    },
    async saveState() {
      const step = made;
      const [now, mean, one, two] = await work.read([weights, average, first, second]);
      return {step, weights: now, average: mean, first: one, second: two};
    },
    weightsOf: unpack,
    loadState,
    dispose: () => work.free()
  };

  function unpack({weights, average}: Pick<FlatState, "weights" | "average">): PointWeights {
    const [now, ema] = [weights, average].map((flat) => unpackWeights(layout, flat));
    return {width, prediction, timesteps, weights: now, ema};
  }

  function loadFlat(now: Float32Array<ArrayBuffer>, mean = now): void {
    const zeros = new Float32Array(now.length);
    loadState({step: 0, weights: now, average: mean, first: zeros, second: zeros});
  }

  function loadState(state: FlatState): void {
    made = state.step;
    for (const [to, from] of [
      [weights, state.weights],
      [average, state.average],
      [first, state.first],
      [second, state.second]
    ] as const) {
      checkCount(from, 4 * layout.weights);
      device.queue.writeBuffer(to, 0, Float32Array.from(from));
    }
  }

  /** Puts some steps into the card's queue: for each a dispatch that learns and one that moves the weights. */
  function makeSteps(learn: Dispatch, plans: readonly StepPlan[], key: Uint32Array): void {
    const {beta1, beta2, epsilon} = adam;
    const told = plans.map(({draw, learningRate, decay}) => {
      const correction = Math.sqrt(1 - beta2 ** ++made);
      const rate = (learningRate * correction) / (1 - beta1 ** made);
      return {key, draw, pool: fed, rate, epsilon: epsilon * correction, decay};
    });
    device.queue.writeBuffer(settings, 0, planBytes(told));
    work.run((pass) =>
      plans.forEach((_, i) => {
        learn(pass, layout.tiles, i * settingsStride);
        update(pass, updateGroups(layout), i * settingsStride);
      })
    );
    unread += plans.length;
  }

  /** What learns from a batch of the caller's; compiled when it is first asked for. */
  async function makeGiven() {
    const make = await work.shader(learnCode("given"), "learn", uses.learn);
    const given = work.buffer(32 * batch);
    return {given, learn: make(settings, weights, levels, given, values, gradients, squares)};
  }

  async function drawn(draw: number, seed: number): Promise<Batch> {
    if (!fed) throw new Error("there are no points to draw from: feed the network first");
    const make = await work.shader(`${prelude}${drawText(timesteps)}`, "draw", uses.draw);
    const plan = work.buffer(settingsStride);
    const to = work.buffer(32 * batch);
    try {
      const told = {key: randomKey(seed, "training"), draw, pool: fed, rate: 0, epsilon: 0, decay: 0};
      device.queue.writeBuffer(plan, 0, planBytes([told]));
      work.run((pass) => make(plan, to, levels, pool)(pass, Math.ceil(batch / threads)));
      return wordsBatch((await work.read([to]))[0]);
    } finally {
      work.free(plan);
      work.free(to);
    }
  }

  async function sample(xT: Float64Array, moves: readonly SamplerMove[], seed: number): Promise<Float64Array> {
    const count = xT.length / 2;
    if (!count || !moves.length) return xT.slice();
    const cloud = work.buffer(Float32Array.from(xT));
    const run = work.buffer(runWords(randomKey(seed, "sampling"), count, moves.length));
    const list = work.buffer(moveWords(moves));
    try {
      const dispatch = makeSample(run, average, levels, list, cloud);
      work.run((pass) => dispatch(pass, Math.ceil(count / tileRows)));
      return Float64Array.from((await work.read([cloud]))[0]);
    } finally {
      for (const buffer of [cloud, run, list]) work.free(buffer);
    }
  }
}
