import {pointBatches} from "../batches.js";
import {startRunState} from "../checkpoint.js";
import {kernelTraining} from "../kernel-training.js";
import {startKernels} from "../kernels/kernels.js";
import {createPointNetwork} from "../point-network.js";
import {last, sampleDdim, sampleDdpm} from "../sampler.js";
import * as tf from "../tf.js";
import {squaredError} from "../train-step.js";
import {startLoop, trainingLoop} from "../training-loop.js";
import {createWasmPointNetwork} from "../wasm-point-network.js";
import type {BenchPath, BenchStart, RunningPath} from "./bench-path.js";
import {fusedPointPaths} from "./fused-point-paths.js";
import {kernelProduct} from "./kernel-product.js";
import {benchPoints, pointTask, sampleTensors, startBackend, startNoise, steppedList} from "./point-task.js";
import {tensorProduct} from "./tensor-product.js";

const {batch, learningRate, schedule, stepFlops} = pointTask;

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
  })),
  ...fusedPointPaths
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
      return last(run(network, startNoise(count, seed), {schedule, timesteps: steppedList(steps), seed})).x;
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
    sample: (sampler, steps, count, seed) => sampleTensors(network.ema, {sampler, steps, count, seed}),
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
