import {startBackend, tryBackend} from "./backend.js";
import {pointBatches} from "./batches.js";
import {timeSlice} from "./event-loop.js";
import {createPointNetwork} from "./point-network.js";
import {makeSchedule} from "./schedule.js";
import * as tf from "./tf.js";
import type {BackendName} from "./tf.js";
import {trainOnce} from "./training.js";

/** What a backend did when it was tried. */
export interface BackendTrial {
  name: BackendName;
  available: boolean;
  stepsPerSecond?: number; // training steps of 512 points; only when available
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
 * Tries each backend on the real training step of the point network and starts the fastest. This takes about a second, most
 * of it for compiling shaders, so the answer is kept for the page; calls that overlap wait for each other.
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
    for (const name of backends) {
      signal?.throwIfAborted();
      trials.push(await tryOut(name, milliseconds, signal));
    }
  } catch (error) {
    if (before) await startBackend(before);
    throw error;
  }
  const [best, ...others] = [...trials].sort((a, b) => (b.stepsPerSecond ?? -1) - (a.stepsPerSecond ?? -1));
  if (best?.stepsPerSecond === undefined) {
    throw new Error(`No backend starts. ${trials.map(({name, reason}) => `${name}: ${reason}`).join("; ")}`);
  }
  const {name} = await startBackend(best.name);
  const rest = others.map((trial) => `; ${trial.name}: ${trial.reason}`).join("");
  return {name, reason: `${best.name} is the fastest here, with ${best.reason}${rest}`, trials};
}

async function tryOut(name: BackendName, milliseconds: number, signal?: AbortSignal): Promise<BackendTrial> {
  const problem = await tryBackend(name);
  if (problem !== undefined) return {name, available: false, reason: problem};
  try {
    const stepsPerSecond = await measure(milliseconds, signal);
    return {name, available: true, stepsPerSecond, reason: `${formatRate(stepsPerSecond)} training steps a second`};
  } catch (error) {
    signal?.throwIfAborted();
    return {name, available: false, reason: `it starts, but a training step fails: ${(error as Error).message}`};
  }
}

async function measure(milliseconds: number, signal?: AbortSignal): Promise<number> {
  const schedule = makeSchedule("linear");
  const network = createPointNetwork({timesteps: schedule.timesteps});
  const optimizer = tf.train.adam(1e-3);
  const nextBatch = pointBatches({data: {sample: (n, random) => random.normals(2 * n)}, schedule, batch: 512, seed: 0});
  const slice = timeSlice();
  async function time(count: number): Promise<number> {
    const start = performance.now();
    const losses: tf.Scalar[] = [];
    try {
      for (let i = 0; i < count; ++i) {
        losses.push(trainOnce(network, optimizer, nextBatch(), 0.5));
        await slice();
        signal?.throwIfAborted();
      }
      const [loss] = await losses[count - 1].data(); // waits for the graphics card
      if (!Number.isFinite(loss)) throw new Error(`its loss is ${loss}`);
    } finally {
      tf.dispose(losses);
    }
    return performance.now() - start;
  }
  try {
    await time(1); // compiles the shaders
    const once = await time(1);
    if (once > milliseconds) return 1000 / once;
    const count = Math.min(50, Math.ceil(milliseconds / once));
    return (1000 * count) / (await time(count));
  } finally {
    optimizer.dispose();
    network.dispose();
  }
}

function formatRate(rate: number): string {
  return rate < 10 ? rate.toFixed(1) : rate.toFixed(0);
}
