/** Runs in a browser, on the backend of tfjs that is started: what a step costs in fused kernels and in the text's operations. */
import {pointBatches} from "../lib/batches.js";
import {digitBatches} from "../lib/digits/digit-batches.js";
import type {DigitNetwork} from "../lib/digits/digit-network.js";
import {createTensorDigitNetwork} from "../lib/digits/tensor-digit-network.js";
import {createTexelDigitNetwork} from "../lib/digits/texel-digit-network.js";
import {countLaunches} from "../lib/launches.js";
import {createPointNetwork} from "../lib/point-network.js";
import {pointSet} from "../lib/points/index.js";
import {makeSchedule} from "../lib/schedule.js";
import {createTexelPointNetwork} from "../lib/texel-point-network.js";
import * as tf from "../lib/tf.js";
import {trainOnce} from "../lib/training.js";

/** The cost of one step. */
export interface StepCost {
  launches: number;
  stepsPerSecond: number;
  mainThread: number; // ms a step, to ask for it
}

/** A step of 512 points, in fused kernels or as trainOnce makes it; after one that compiles. */
export async function pointStepCost(path: "fused" | "plain", steps = 20): Promise<StepCost> {
  const batch = pointBatches({data: pointSet("moons"), schedule: makeSchedule("linear"), batch: 512, seed: 0})();
  const network = createPointNetwork();
  const optimizer = tf.train.adam(3e-3, 0.9, 0.99, 1e-7);
  const texels = path === "fused" ? createTexelPointNetwork(await network.save()) : undefined;
  try {
    return await costOf({
      steps,
      step: () => (texels ? texels.step(batch, 3e-3, 0.9) : trainOnce(network, optimizer, batch, 0.9).dispose()),
      finish: async () => void (await (texels ?? network).save())
    });
  } finally {
    texels?.dispose();
    optimizer.dispose();
    network.dispose();
  }
}

/** A step of `batch` digits, and a step of DDIM with guidance for as many; after one of each that compiles. */
export async function digitStepCost(
  path: "fused" | "plain",
  {steps = 5, batch = 64} = {}
): Promise<{training: StepCost; ddim: StepCost}> {
  const network: DigitNetwork = path === "fused" ? createTexelDigitNetwork() : createTensorDigitNetwork();
  const pixels = new Uint8Array(batch * 784).map((_, i) => (i * 37) % 256);
  const labels = new Uint8Array(batch).map((_, i) => i % 10);
  const {x, ...rest} = digitBatches({pixels, labels, batch, seed: 0})(0);
  const both = new Float32Array(2 * x.length);
  both.set(x);
  both.set(x, x.length);
  const asked = new Uint8Array(2 * batch).map((_, i) => (i < batch ? labels[i] : 10));
  const answer = async () => void (await network.predict(both, 500, asked));
  try {
    const training = await costOf({
      steps,
      step: () => network.step({x, ...rest}, 8e-3, 0.9),
      finish: async () => void (await network.readLoss())
    });
    return {training, ddim: await costOf({steps, step: answer, finish: answer})};
  } finally {
    network.dispose();
  }
}

interface Work {
  steps: number;
  step: () => unknown;
  finish: () => Promise<void>; // waits for the card
}

async function costOf({steps, step, finish}: Work): Promise<StepCost> {
  await step();
  await finish();
  const launches = await countLaunches(step);
  await finish();
  const start = performance.now();
  let mainThread = 0;
  for (let i = 0; i < steps; ++i) {
    const before = performance.now();
    const made = step();
    mainThread += performance.now() - before;
    await made;
  }
  await finish();
  return {launches, stepsPerSecond: (1000 * steps) / (performance.now() - start), mainThread: mainThread / steps};
}
