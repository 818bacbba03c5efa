import {startBackend, tryBackend, unlessLost} from "./backend.js";
import {pointBatches} from "./batches.js";
import {timeSlice} from "./event-loop.js";
import {createPointNetwork} from "./point-network.js";
import type {Random} from "./random.js";
import {makeSchedule} from "./schedule.js";
import * as tf from "./tf.js";
import type {BackendName} from "./tf.js";
import {trainOnce} from "./training.js";

/** What a backend did when it was tried. */
export interface BackendTrial {
  name: BackendName;
  available: boolean;
  stepsPerSecond?: number; // training steps of 512 points; absent when it was not measured
  reason: string; // a phrase for the reader: how fast, or why not there
}

/** The backend that was chosen, why, and what was tried. */
export interface BackendChoice {
  name: BackendName;
  reason: string; // a sentence for the reader
  trials: BackendTrial[];
}

/** Options of `pickBackend`. */
export interface PickOptions {
  backends?: readonly BackendName[]; // to try; defaults to all
  milliseconds?: number; // of measured work on each; defaults to 100
  signal?: AbortSignal;
}

let known: BackendChoice | undefined;
let queue: Promise<unknown> = Promise.resolve();

/**
 * Tries each backend on the real training step of the point network and starts the fastest. Most of the time goes into
 * compiling shaders, so the answer is kept for the page; calls that overlap wait for each other.
 *
 * Call it before there are tensors to work on. Rejects with the signal's reason when it aborts; the backend that ran before
 * runs again then. Throws an Error when none of `backends` starts.
 */
export function pickBackend(options: PickOptions = {}): Promise<BackendChoice> {
  const turn = queue.then(async () => {
    if (known === undefined || options.backends !== undefined) known = await choose(options);
    else await startBackend(known.name);
    return known;
  });
  queue = turn.catch(() => undefined);
  return turn;
}

async function choose({backends = tf.backendNames, milliseconds = 100, signal}: PickOptions): Promise<BackendChoice> {
  const before = tf.engine().backendName as BackendName | undefined;
  const trials: BackendTrial[] = [];
  try {
    // wasm goes first: it needs no shaders, and its rate tells early whether a slow graphics card is worth measuring.
    for (const name of [...backends].sort((a, b) => Number(b === "wasm") - Number(a === "wasm"))) {
      signal?.throwIfAborted();
      trials.push(await tryOut(name, milliseconds, trials, signal));
    }
  } catch (error) {
    if (before) await startBackend(before);
    throw error;
  }
  trials.sort((a, b) => backends.indexOf(a.name) - backends.indexOf(b.name));
  const [best, ...others] = [...trials].sort((a, b) => (b.stepsPerSecond ?? -1) - (a.stepsPerSecond ?? -1));
  if (best?.stepsPerSecond === undefined) {
    throw new Error(`No backend starts. ${trials.map(({name, reason}) => `${name}: ${reason}`).join("; ")}`);
  }
  const {name} = await startBackend(best.name);
  const rest = others.map((trial) => `; ${trial.name}: ${trial.reason}`).join("");
  return {name, reason: `${best.name} is the fastest here, with ${best.reason}${rest}`, trials};
}

async function tryOut(
  name: BackendName,
  milliseconds: number,
  trials: BackendTrial[],
  signal?: AbortSignal
): Promise<BackendTrial> {
  const problem = await tryBackend(name);
  if (problem !== undefined) return {name, available: false, reason: problem};
  if (name === "cpu" && trials.some((trial) => trial.name === "wasm" && trial.stepsPerSecond !== undefined)) {
    return {name, available: true, reason: "not tried, since wasm does the same on the same processor, but faster"};
  }
  try {
    const fastest = Math.max(0, ...trials.map(({stepsPerSecond = 0}) => stepsPerSecond));
    const {rate, bound} = await measure(milliseconds, fastest, signal);
    const reason = `${bound ? "at most " : ""}${formatRate(rate)} training steps a second`;
    return {name, available: true, stepsPerSecond: rate, reason};
  } catch (error) {
    signal?.throwIfAborted();
    return {name, available: false, reason: `it starts, but a training step fails: ${(error as Error).message}`};
  }
}

/** The steps a second of 512 points; `bound` when it is that of 64, which is higher and yet less than the fastest so far. */
async function measure(
  milliseconds: number,
  fastest: number,
  signal?: AbortSignal
): Promise<{rate: number; bound: boolean}> {
  const stepper = makeStepper(signal);
  try {
    await stepper.run(64, 1); // compiles the shaders
    const few = await stepper.run(64, 1);
    if (1000 / few < fastest) return {rate: 1000 / few, bound: true};
    await stepper.run(512, 1);
    const once = await stepper.run(512, 1);
    const count = Math.min(50, Math.ceil(milliseconds / once));
    return {rate: (1000 * count) / (count === 1 ? once : await stepper.run(512, count)), bound: false};
  } finally {
    stepper.dispose();
  }
}

function makeStepper(signal?: AbortSignal) {
  const schedule = makeSchedule("linear");
  const data = {sample: (count: number, random: Random) => random.normals(2 * count)};
  const network = createPointNetwork({timesteps: schedule.timesteps});
  const optimizer = tf.train.adam(1e-3);
  return {
    /** Makes `count` training steps of `batch` points, and returns how long they took, in ms. */
    async run(batch: number, count: number): Promise<number> {
      const nextBatch = pointBatches({data, schedule, batch, seed: 0});
      const slice = timeSlice();
      const losses: tf.Scalar[] = [];
      const start = performance.now();
      try {
        for (let i = 0; i < count; ++i) {
          losses.push(trainOnce(network, optimizer, nextBatch(), 0.5));
          await slice();
          signal?.throwIfAborted();
        }
        const [loss] = await unlessLost(losses[count - 1].data()); // waits for the graphics card
        if (!Number.isFinite(loss)) throw new Error(`its loss is ${loss}`);
        return performance.now() - start;
      } finally {
        tf.dispose(losses);
      }
    },
    dispose() {
      optimizer.dispose();
      network.dispose();
    }
  };
}

function formatRate(rate: number): string {
  return rate < 10 ? rate.toFixed(1) : rate.toFixed(0);
}
