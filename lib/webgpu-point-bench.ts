import {startBackend, webgpuDevice} from "./backend.js";
import {pointBatches} from "./batches.js";
import {kernelTraining} from "./kernel-training.js";
import {createPointNetwork} from "./point-network.js";
import {pointSet} from "./points/index.js";
import {denoiserQuality} from "./pretrained-points.js";
import {makeSchedule} from "./schedule.js";
import * as tf from "./tf.js";
import {trainOnce} from "./training.js";
import {createWasmPointNetwork, wasmPointDenoiser} from "./wasm-point-network.js";
import {createWebgpuPointNetwork} from "./webgpu-point-network.js";
import {webgpuStepRate, webgpuTraining} from "./webgpu-training.js";

const schedule = makeSchedule("linear");
const moons = pointSet("moons");

/** What is measured of the shaders of the point network, on the graphics card that the browser gives. */
export interface WebgpuPointFigures {
  device: string; // as the browser names it
  dispatches: number; // of one training step
  stepsPerSecond: number; // training steps of 512 points
  mainThread: {fused: number; tfjs: number}; // ms of the page's thread for one training step
  mainThreadRatio: number; // tfjs over fused
}

/**
 * Measures the training step: its dispatches, its rate, and what it costs the page's thread, beside tfjs's own operations on
 * the same device. Takes some seconds on a card, and about a minute without one. Throws an Error where there is no WebGPU.
 */
export async function benchWebgpuPoints(): Promise<WebgpuPointFigures> {
  const device = await startDevice();
  const network = await createWebgpuPointNetwork({device, schedule});
  const small = await createWebgpuPointNetwork({device, schedule, batch}); // the thread does the same for any batch
  try {
    const stepsPerSecond = await webgpuStepRate(network, 500);
    await webgpuStepRate(small, 1); // feeds it, and warms up
    const plans = Array.from({length: 50}, (_, draw) => ({draw, learningRate: 1e-3, decay: 0.9}));
    const times: number[] = [];
    let dispatches = 0;
    for (let i = 0; i < 5; ++i) {
      dispatches = countDispatches(() => times.push(timeOf(() => small.train(plans, 0))));
      await small.readLoss(); // so that no queue is full
    }
    const mainThread = {fused: median(times) / plans.length, tfjs: await tensorStep()};
    return {
      device: nameOf(device),
      dispatches: dispatches / plans.length,
      stepsPerSecond,
      mainThread,
      mainThreadRatio: mainThread.tfjs / mainThread.fused
    };
  } finally {
    network.dispose();
    small.dispose();
  }
}

/**
 * The sliced Wasserstein distance over its floor of two moons after so many steps of 512 points, with DDIM in 50 steps; and
 * the mean loss over the last fifth, beside that of our WebAssembly kernels, which tests hold to plain tfjs. `log` hears of
 * each tenth.
 */
export async function benchWebgpuQuality({steps = 1000, seed = 0, log = (_: string) => {}} = {}) {
  const device = await startDevice();
  const network = await createWebgpuPointNetwork({device, schedule, seed});
  const own = await createWasmPointNetwork({seed});
  try {
    const training = await webgpuTraining({network, data: moons, steps, seed});
    const kernels = kernelTraining({network: own, data: moons, schedule, steps, seed});
    const losses = {webgpu: 0, kernels: 0};
    const part = Math.ceil(steps / 10);
    for (let step = 0; step < steps; step = training.step) {
      const [{loss, count}, theirs] = [await training.advance(part), kernels.advance(part)];
      if (step >= 8 * part) {
        losses.webgpu += (loss * count) / (steps - 8 * part);
        losses.kernels += (theirs.loss * count) / (steps - 8 * part);
      }
      log(`step ${training.step} of ${steps}: loss ${loss.toFixed(4)}, on our kernels ${theirs.loss.toFixed(4)}`);
    }
    const quality = async (weights: Parameters<typeof wasmPointDenoiser>[0]) =>
      denoiserQuality({denoiser: await wasmPointDenoiser(weights), schedule}, moons, {steps: 50, repeats: 8, seed});
    const [webgpu, theirs] = [await quality(await network.save()), await quality(own.save())];
    return {device: nameOf(device), steps, losses, swdOverFloor: {webgpu: webgpu.ratio, kernels: theirs.ratio}};
  } finally {
    network.dispose();
  }
}

const batch = 64; // for the thread's time

async function startDevice(): Promise<GPUDevice> {
  const {name, reason} = await startBackend("webgpu");
  if (name !== "webgpu") throw new Error(`There is no WebGPU to measure: ${reason}.`);
  return webgpuDevice();
}

/** Milliseconds of the page's thread for one step of tfjs's own operations. */
async function tensorStep(): Promise<number> {
  const network = createPointNetwork();
  const optimizer = tf.train.adam(1e-3, 0.9, 0.99, 1e-7);
  const draw = pointBatches({data: moons, schedule, batch, seed: 0});
  const times: number[] = [];
  try {
    for (let i = 0; i < 7; ++i) {
      const drawn = draw(); // another way would draw as well
      let loss: tf.Scalar | undefined;
      times.push(timeOf(() => (loss = trainOnce(network, optimizer, drawn, 0.9))));
      await loss!.data(); // so that no queue is full
      loss!.dispose();
    }
    return median(times.slice(2)); // the first ones compile the shaders
  } finally {
    optimizer.dispose();
    network.dispose();
  }
}

function timeOf(work: () => void): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

/** How often a piece of work asks a graphics card to compute. */
export function countDispatches(work: () => void): number {
  const {prototype} = GPUComputePassEncoder;
  const {dispatchWorkgroups} = prototype;
  let count = 0;
  prototype.dispatchWorkgroups = function (...groups) {
    count += 1;
    return dispatchWorkgroups.apply(this, groups);
  };
  try {
    work();
  } finally {
    prototype.dispatchWorkgroups = dispatchWorkgroups;
  }
  return count;
}

function nameOf(device: GPUDevice): string {
  const {vendor, architecture, description} = device.adapterInfo;
  return [vendor, architecture, description].filter(Boolean).join(", ") || "a device without a name";
}
