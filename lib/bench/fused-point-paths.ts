import {webgpuDevice} from "../backend.js";
import {pointBatches} from "../batches.js";
import {cosineDecay} from "../cosine-decay.js";
import {emaDecay} from "../ema-decay.js";
import {createPointNetwork} from "../point-network.js";
import {seededRandom} from "../random.js";
import {ddimMoves, ddpmMoves} from "../sampler-moves.js";
import {createTexelPointNetwork} from "../texel-point-network.js";
import {compileTexels} from "../texels/compile-texels.js";
import * as tf from "../tf.js";
import type {StepPlan} from "../webgpu-point-network.js";
import {createWebgpuPointNetwork, mostPoints} from "../webgpu-point-network.js";
import type {BenchPath, BenchStart, RunningPath} from "./bench-path.js";
import {benchPoints, pointTask, sampleTensors, startBackend, startNoise, steppedList} from "./point-task.js";
import {tensorProduct} from "./tensor-product.js";

const {batch, learningRate, schedule, stepFlops} = pointTask;

/** Our own kernels for graphics cards, on tfjs's backends. */
export const fusedPointPaths: BenchPath[] = [
  {id: "webgl", name: "our fused kernels on tfjs, WebGL", counts: "launches", start: startTexels},
  {id: "webgpu", name: "our shaders on tfjs’s device, WebGPU", counts: "dispatches", start: startShaders}
];

async function startTexels({steps = 1e6, seed = 0}: BenchStart): Promise<RunningPath> {
  await startBackend("webgl");
  await compileTexels();
  const network = createPointNetwork({seed});
  const texels = createTexelPointNetwork(await network.save());
  const draw = pointBatches({data: benchPoints, schedule, batch, seed});
  const product = tensorProduct();
  let step = 0;
  return {
    take: () => tf.useBackend("webgl"),
    train(count) {
      for (let i = 0; i < count; ++i, ++step)
        texels.step(draw(), cosineDecay(learningRate, step, steps), emaDecay(step + 1));
    },
    loss: () => texels.readLoss(),
    async sample(sampler, steps, count, seed) {
      network.load(await texels.save());
      return sampleTensors(network.ema, {sampler, steps, count, seed});
    },
    multiply: product.multiply,
    multiplyFlops: product.flops,
    stepFlops,
    dispose() {
      texels.dispose();
      network.dispose();
      product.dispose();
    }
  };
}

async function startShaders({steps = 1e6, seed = 0}: BenchStart): Promise<RunningPath> {
  await startBackend("webgpu");
  const network = await createWebgpuPointNetwork({device: webgpuDevice(), schedule, seed, batch});
  network.feed(Float32Array.from(benchPoints.sample(mostPoints, seededRandom(seed))));
  const product = tensorProduct();
  let step = 0;
  return {
    take: () => tf.useBackend("webgpu"),
    train(count) {
      const plans: StepPlan[] = [];
      for (let i = 0; i < count; ++i, ++step)
        plans.push({draw: step, learningRate: cosineDecay(learningRate, step, steps), decay: emaDecay(step + 1)});
      network.train(plans, seed);
    },
    loss: () => network.readLoss(),
    sample(sampler, steps, count, seed) {
      const options = {schedule, timesteps: steppedList(steps)};
      const moves = sampler === "ddim" ? ddimMoves("v", options) : ddpmMoves("v", options);
      return network.sample(startNoise(count, seed), moves, seed);
    },
    multiply: product.multiply,
    multiplyFlops: product.flops,
    stepFlops,
    atOnce: 32,
    dispose() {
      network.dispose();
      product.dispose();
    }
  };
}
