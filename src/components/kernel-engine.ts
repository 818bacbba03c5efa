import type {PointWeights} from "../lib/plain-network.js";
import {pointSets} from "../lib/points/index.js";
import type {ScheduleName} from "../lib/schedule.js";
import type {PointCalls} from "./point-work.js";
import type {EngineOptions, TrainingEngine} from "./training-engine.js";
import type {WorkerLike} from "./worker-calls.js";
import {WorkerStopped, workerCalls} from "./worker-calls.js";
import {startWorker} from "./start-worker.js";

/** What our kernels are called where a backend has its name. */
export const kernelsName = "our kernels";

const reportEvery = 10; // steps
const keepEvery = 2000; // ms between two copies of the weights
const mostStops = 3; // of the worker, before it is given up

/**
 * A network on our WebAssembly kernels in a worker: one core, no tfjs. It trains as the library does, and not with the
 * reader's code. When the worker stops, another goes on from a copy. Rejects where the kernels do not run.
 */
export async function kernelEngine(
  {plan, weights, signal}: EngineOptions,
  spawn: () => WorkerLike = spawnWorker
): Promise<TrainingEngine> {
  const {schedule, prediction, set} = plan;
  const known = pointSets.some(({name}) => name === set.name);
  if (!known && !set.mixture) throw new RangeError(`${set.title} cannot be sent to a worker`);
  const data = known ? set.name : set.mixture!;
  const {ask, end} = workerCalls<PointCalls>(spawn, () => (lost = true));
  let kept = weights;
  let lost = false; // the worker has nothing in memory
  let starts = 0;
  signal.addEventListener("abort", end);
  try {
    await begin();
  } catch (error) {
    dispose();
    throw error;
  }

  return {
    name: kernelsName,
    takesCode: false,
    async *round({steps, learningRate, seed, from = 0}) {
      let step = from;
      let copy = from; // the step that is kept
      let copied = performance.now();
      let own = 0; // the worker that knows of this round
      let stops = 0;
      while (step < steps) {
        try {
          if (lost) await begin();
          if (own !== starts) {
            if (own) throw new WorkerStopped("Another worker was started meanwhile.");
            await ask("round", {steps, learningRate, seed: seed + 1000 * stops, from: copy}); // not the same draws again
            kept = await ask("save", undefined); // what step `copy` is
            own = starts;
          }
          const {loss, stepsPerSecond, ...progress} = await ask("advance", {count: reportEvery});
          step = progress.step;
          if (performance.now() - copied > keepEvery || step === steps) {
            kept = await ask("save", undefined);
            copy = step;
            copied = performance.now();
          }
          yield {step, steps, loss, learningRate: progress.learningRate, stepsPerSecond, backend: kernelsName};
        } catch (error) {
          if (signal.aborted || !isStop(error) || ++stops > mostStops) throw error;
          own = 0;
          step = copy;
          const restarted = `the worker that trains stopped; another goes on from step ${copy}`;
          yield {step, steps, loss: NaN, learningRate, stepsPerSecond: NaN, backend: kernelsName, restarted};
        }
      }
    },
    sample: (steps) => answer(() => ask("sample", {steps})),
    field: (grid, t) => answer(() => ask("field", {grid, t})),
    weights: async () => (await save()) ?? save(), // from the copy, when the worker has just stopped
    dispose
  };

  function save(): Promise<PointWeights | undefined> {
    return answer(() => ask("save", undefined));
  }

  async function begin(): Promise<void> {
    starts += 1;
    lost = false;
    await ask("begin", {prediction, schedule: schedule.name as ScheduleName, data, weights: kept});
  }

  async function answer<A>(question: () => Promise<A>): Promise<A | undefined> {
    try {
      if (lost) await begin();
      return await question();
    } catch (error) {
      if (signal.aborted || isStop(error)) return undefined; // the next question starts another worker
      throw error;
    }
  }

  function dispose(): void {
    signal.removeEventListener("abort", end);
    end();
  }
}

/** Training steps of 512 points a second on our kernels, in a worker of its own. Rejects where they do not run. */
export async function kernelRate(spawn: () => WorkerLike = spawnWorker): Promise<number> {
  const {ask, end} = workerCalls<PointCalls>(spawn);
  try {
    return await ask("rate", {milliseconds: 100});
  } finally {
    end();
  }
}

function isStop(error: unknown): boolean {
  return error instanceof Error && error.name === "WorkerStopped";
}

function spawnWorker(): Worker {
  return startWorker(import.meta.resolve("./point-worker.js"));
}
