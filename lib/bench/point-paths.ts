import {pointBatches} from "../batches.js";
import {startRunState} from "../checkpoint.js";
import {kernelTraining} from "../kernel-training.js";
import {startKernels} from "../kernels/kernels.js";
import {createPointNetwork} from "../point-network.js";
import {pointSet} from "../points/index.js";
import {seededRandom} from "../random.js";
import type {SampleStep} from "../sampler.js";
import {last, sampleDdim, sampleDdpm} from "../sampler.js";
import {makeSchedule} from "../schedule.js";
import {sampleDdimTensors, sampleDdpmTensors} from "../tensor-sampler.js";
import * as tf from "../tf.js";
import {timestepList} from "../timesteps.js";
import {squaredError} from "../train-step.js";
import {startLoop, trainingLoop} from "../training-loop.js";
import {createWasmPointNetwork} from "../wasm-point-network.js";
import type {BenchPath, BenchStart, RunningPath} from "./bench-path.js";
import {kernelProduct} from "./kernel-product.js";
import {tensorProduct} from "./tensor-product.js";

const schedule = makeSchedule("linear");
const batch = 512;
const learningRate = 3e-3;

/** Two moons, which all paths learn, 512 points a step. */
export const benchPoints = pointSet("moons");

const forward = 34 * 128 + 128 * 128 + 128 * 128 + 128 * 2;
const stepFlops = 2 * batch * (3 * forward - 34 * 128); // nothing goes back into the input

/**
 * All paths of the points. One more is one more entry here: each trains the network of ./point-network.js with the same
 * batch and optimiser, and is measured, tabled and compared with the others by its id.
 */
export const pointPaths: BenchPath[] = [
  {id: "wasm", name: "our kernels, WebAssembly in a worker", counts: null, start: startWasm},
  ...(["cpu", "wasm", "webgl", "webgpu"] as const).map((backend): BenchPath => ({
    id: `tfjs_${backend}`,
    name: `tfjs, ${backend}, as the page’s cells write it`,
    counts: backend === "webgl" ? "launches" : backend === "webgpu" ? "dispatches" : null,
    start: (options) => startTensors(backend, options)
  }))
];

async function startWasm({steps = 1e6, seed = 0}: BenchStart): Promise<RunningPath> {
  const network = await createWasmPointNetwork({seed});
  const product = kernelProduct(await startKernels());
  const training = kernelTraining({network, data: benchPoints, schedule, steps, batch, learningRate, seed});
  let loss = NaN;
  return {
    take: async () => {},
    train: (count) => void (loss = training.advance(count).loss),
    loss: async () => loss,
    async sample(sampler, steps, count, seed) {
      const run = sampler === "ddim" ? sampleDdim : sampleDdpm;
      return last(run(network, noise(count, seed), {schedule, timesteps: list(steps), seed})).x;
    },
    multiply: product.multiply,
    multiplyFlops: product.flops,
    stepFlops,
    dispose() {}
  };
}

async function startTensors(backend: tf.BackendName, {steps = 1e6, seed = 0}: BenchStart): Promise<RunningPath> {
  await startBackend(backend);
  const network = createPointNetwork({seed});
  const product = tensorProduct();
  const state = await startRunState(network, () => tf.train.adam(learningRate, 0.9, 0.99, 1e-7));
  const draw = pointBatches({data: benchPoints, schedule, batch, seed});
  const settings = {network, loss: squaredError, learningRate, steps, state, draw, from: 0};
  const loop = startLoop({...settings, loop: (tools) => trainingLoop(tools)});
  let losses: tf.Scalar[] = [];
  return {
    take: () => tf.useBackend(backend),
    train(count) {
      for (let i = 0; i < count; ++i) losses.push(loop.next()!);
    },
    async loss() {
      const mean = tf.tidy(() => tf.stack(losses).mean());
      tf.dispose(losses);
      losses = [];
      const [value] = await mean.data();
      mean.dispose();
      return value;
    },
    async sample(sampler, steps, count, seed) {
      const run = sampler === "ddim" ? sampleDdimTensors : sampleDdpmTensors;
      let end: SampleStep | undefined;
      for await (const state of run(network.ema, noise(count, seed), {schedule, timesteps: list(steps), seed}))
        end = state;
      return end!.x;
    },
    multiply: product.multiply,
    multiplyFlops: product.flops,
    stepFlops,
    dispose() {
      loop.end();
      tf.dispose(losses);
      state.release();
      network.dispose();
      product.dispose();
    }
  };
}

/** As `startBackend` of ../backend.js, but no other than the one that is asked for. */
export async function startBackend(name: tf.BackendName): Promise<void> {
  const {tryBackend} = await import("../backend.js");
  const problem = await tryBackend(name);
  if (problem !== undefined) throw new Error(`${name} does not start: ${problem}`);
}

function noise(count: number, seed: number): Float64Array {
  return seededRandom(seed).normals(2 * count);
}

function list(steps: number): number[] {
  return timestepList("trailing", {timesteps: schedule.timesteps, steps});
}
