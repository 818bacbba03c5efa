import type {DigitBatch} from "../lib/digits/digit-network.js";
import type {DigitGradient, GradientHelper} from "../lib/digits/parallel-digit-network.js";
import type {WasmDigitNetwork} from "../lib/digits/wasm-digit-network.js";
import {createWasmDigitNetwork} from "../lib/digits/wasm-digit-network.js";
import type {Answers, WorkerLike} from "./worker-calls.js";
import {workerCalls} from "./worker-calls.js";
import {startWorker} from "./start-worker.js";

/** What a worker is asked that takes a share of each step. */
export type GradientCalls = {
  begin: [undefined, undefined];
  differentiate: [{weights: Float32Array; batch: DigitBatch; of: number}, DigitGradient];
};

/** What the worker does, apart from the worker, so that Node can test it. */
export function gradientWork(): Answers<GradientCalls> {
  let network: Promise<WasmDigitNetwork> | undefined;
  const begun = () => (network ??= createWasmDigitNetwork());
  return {
    begin: () => begun().then(() => undefined),
    async differentiate({weights, batch, of}) {
      const network = await begun();
      network.loadWeights(weights);
      const squares = network.differentiate(batch, of);
      return {gradient: network.gradient().slice(), squares}; // the copy is handed over
    }
  };
}

const most = 4; // cores that share a batch of 64: each takes 16 digits at a time

/** How many helpers a device has cores for: two cores share, and of more one is left for the page. */
export function helperCount(cores: number): number {
  return Math.min(most, cores > 2 ? cores - 1 : cores) - 1;
}

/** Starts the helpers that the device has cores for. Those that do not start are left out. */
export async function gradientHelpers(
  cores = navigator.hardwareConcurrency,
  spawn: () => WorkerLike = spawnWorker
): Promise<GradientHelper[]> {
  const started = await Promise.allSettled(
    Array.from({length: Math.max(0, helperCount(cores))}, async () => {
      const {ask, end} = workerCalls<GradientCalls>(spawn);
      await ask("begin", undefined);
      return {differentiate: (weights, batch, of) => ask("differentiate", {weights, batch, of}), end} as GradientHelper;
    })
  );
  return started.flatMap((helper) => (helper.status === "fulfilled" ? helper.value : []));
}

function spawnWorker(): Worker {
  return startWorker(import.meta.resolve("./digit-gradient-worker.js"));
}
