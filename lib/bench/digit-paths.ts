import {sampleDdimAsync, sampleDdpmAsync} from "../async-sampler.js";
import {digitBatches} from "../digits/digit-batches.js";
import type {DigitNetwork} from "../digits/digit-network.js";
import {guided} from "../digits/digit-predictor.js";
import {flops} from "../digits/digit-shape.js";
import {digitLearningRate} from "../digits/digit-training.js";
import {digitPixels, digitSchedule} from "../digits/digit.js";
import {createTensorDigitNetwork} from "../digits/tensor-digit-network.js";
import {createTexelDigitNetwork} from "../digits/texel-digit-network.js";
import {createWasmDigitNetwork} from "../digits/wasm-digit-network.js";
import {emaDecay} from "../ema-decay.js";
import {startKernels} from "../kernels/kernels.js";
import {seededRandom} from "../random.js";
import type {SampleStep} from "../sampler.js";
import {compileTexels} from "../texels/compile-texels.js";
import * as tf from "../tf.js";
import {timestepList} from "../timesteps.js";
import type {BenchPath, BenchStart, RunningPath} from "./bench-path.js";
import {kernelProduct} from "./kernel-product.js";
import {startBackend} from "./point-task.js";
import {tensorProduct} from "./tensor-product.js";

const batch = 64;
const guidance = 1.5;
const stepFlops = 3 * batch * flops();

/** All paths of the digits. tfjs’s wasm is not among them: it has no gradient of a convolution. */
export const digitPaths: BenchPath[] = [
  {id: "wasm", name: "our kernels, WebAssembly in one worker", counts: null, start: startWasm},
  ...(["cpu", "webgl", "webgpu"] as const).map((backend): BenchPath => ({
    id: `tfjs_${backend}`,
    name: `tfjs, ${backend}`,
    counts: backend === "webgl" ? "launches" : backend === "webgpu" ? "dispatches" : null,
    start: (options) => startTensors(backend, createTensorDigitNetwork, options)
  })),
  ...(["webgl", "webgpu"] as const).map((backend): BenchPath => ({
    id: backend,
    name: `our fused kernels on tfjs, ${backend === "webgl" ? "WebGL" : "WebGPU"}`,
    counts: backend === "webgl" ? "launches" : "dispatches",
    async start(options) {
      await startBackend(backend);
      await compileTexels();
      return startTensors(backend, createTexelDigitNetwork, options);
    }
  }))
];

async function startWasm(options: BenchStart): Promise<RunningPath> {
  const network = await createWasmDigitNetwork({seed: options.seed});
  const product = kernelProduct(await startKernels());
  return {...running(network, options), take: async () => {}, multiply: product.multiply, multiplyFlops: product.flops};
}

async function startTensors(
  backend: tf.BackendName,
  create: (options: {seed?: number}) => DigitNetwork,
  options: BenchStart
): Promise<RunningPath> {
  await startBackend(backend);
  const network = create({seed: options.seed});
  const product = tensorProduct();
  const own = running(network, options);
  return {
    ...own,
    take: () => tf.useBackend(backend),
    multiply: product.multiply,
    multiplyFlops: product.flops,
    dispose() {
      own.dispose();
      product.dispose();
    }
  };
}

/** What any digit network on one core or card does in a bench; the product of matrices is its backend’s. */
function running(network: DigitNetwork, {steps = 1e6, seed = 0}: BenchStart) {
  const draw = digitBatches({...noiseDigits(), batch, seed});
  let step = 0;
  return {
    train(count: number) {
      for (let i = 0; i < count; ++i) {
        void network.step(draw(step), digitLearningRate(step, steps, 8e-3), emaDecay(step + 1));
        ++step;
      }
    },
    loss: () => network.readLoss(),
    async sample(sampler: "ddim" | "ddpm", steps: number, count: number, seed: number) {
      const denoiser = guided(
        network,
        Uint8Array.from({length: count}, (_, i) => i % 10),
        guidance
      );
      const run = sampler === "ddim" ? sampleDdimAsync : sampleDdpmAsync;
      const timesteps = timestepList("trailing", {timesteps: digitSchedule.timesteps, steps});
      const xT = seededRandom(seed).normals(count * digitPixels);
      let end: SampleStep | undefined;
      for await (const state of run(denoiser, xT, {schedule: digitSchedule, timesteps, clip: 1, seed})) end = state;
      return end!.x;
    },
    stepFlops,
    dispose: () => network.dispose()
  };
}

/** A step takes as long on pixels drawn by chance as on digits, and a bench need not load any. */
function noiseDigits() {
  const count = 256;
  const random = seededRandom(1);
  return {
    pixels: Uint8Array.from({length: count * digitPixels}, () => random.integer(256)),
    labels: Uint8Array.from({length: count}, (_, i) => i % 10)
  };
}
