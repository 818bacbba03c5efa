/** Runs in a browser: the point network on fused kernels, beside the one in tfjs's own operations on the CPU. */
import {pointBatches} from "../../lib/batches.js";
import {countLaunches} from "../../lib/launches.js";
import {createPointNetwork} from "../../lib/point-network.js";
import {pointSet} from "../../lib/points/index.js";
import type {Prediction} from "../../lib/prediction.js";
import {seededRandom} from "../../lib/random.js";
import {makeSchedule} from "../../lib/schedule.js";
import {createTexelPointNetwork} from "../../lib/texel-point-network.js";
import {trainTexelPoints} from "../../lib/texel-training.js";
import type {BackendName} from "../../lib/tf.js";
import * as tf from "../../lib/tf.js";
import {batchTensors, squaredError} from "../../lib/train-step.js";
import type {TrainingOptions} from "../../lib/training.js";
import {trainOnce, trainPoints} from "../../lib/training.js";
import type {StartEngineOptions} from "../../src/components/start-engine.js";
import {startEngine} from "../../src/components/start-engine.js";

export {start} from "./texel-start.js";

const schedule = makeSchedule("linear");
const data = pointSet("moons");

function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const size = Math.sqrt(Array.from(b).reduce((sum, value) => sum + value * value, 0) / b.length);
  return Array.from(b).reduce((worst, value, i) => Math.max(worst, Math.abs(a[i] - value)), 0) / (size || 1);
}

/** A network of random width: its loss, each gradient, and the weights and their average after some steps. */
export async function pointsApart(
  backend: BackendName,
  prediction: Prediction,
  seed: number
): Promise<{step: Record<string, number>; steps: Record<string, number>}> {
  const random = seededRandom(seed);
  const width = 5 + random.integer(40);
  const draw = pointBatches({data, schedule, batch: 3 + random.integer(40), seed});
  const batches = [draw(), draw(), draw()];

  await tf.useBackend("cpu");
  const network = createPointNetwork({width, prediction, seed});
  const shaken = await network.save();
  for (const own of [shaken.weights, shaken.ema] as Float32Array[][])
    for (const values of own) values.forEach((_, i) => (values[i] += 0.1 * random.normal()));
  network.load(shaken);
  const {value, grads} = tf.tidy(() =>
    tf.variableGrads(() => squaredError(network, batchTensors(batches[0])), network.variables)
  );
  const [loss] = await value.data();
  const gradients = await Promise.all(network.variables.map((own) => grads[own.name].data()));
  tf.dispose([value, grads]);
  const optimizer = tf.train.adam(1e-3, 0.9, 0.99, 1e-7);
  for (const batch of batches) trainOnce(network, optimizer, batch, 0.6).dispose();
  const after = await network.save();
  optimizer.dispose();
  network.dispose();

  await tf.useBackend(backend);
  const texels = createTexelPointNetwork(shaken);
  texels.step(batches[0], 1e-3, 0.6);
  const ownLoss = await texels.readLoss();
  const means = await texels.gradientMeans();
  for (const batch of batches.slice(1)) texels.step(batch, 1e-3, 0.6);
  const own = await texels.save();
  texels.dispose();
  const step: Record<string, number> = {loss: apart([ownLoss], [loss])};
  means.forEach((mean, i) => {
    const expected = gradients[i];
    step[`gradient of array ${i}`] = apart(
      mean.map((value) => 10 * value),
      expected
    );
  });
  const steps: Record<string, number> = {};
  for (const key of ["weights", "ema"] as const)
    own[key].forEach((values, i) => (steps[`${key} of array ${i}`] = apart(values, after[key][i])));
  return {step, steps};
}

/** The losses of a training on fused kernels and of the same in tfjs's own operations, and how far the averages end apart. */
export async function trainingsApart(backend: BackendName): Promise<{fused: number[]; plain: number[]; ema: number}> {
  const settings = {data, schedule, steps: 120, batch: 48, reportEvery: 30, seed: 4};
  const flat = (arrays: ArrayLike<number>[]) => arrays.flatMap((values) => Array.from(values));
  const train = async (trainer: (options: TrainingOptions) => AsyncGenerator<{loss: number}>) => {
    const network = createPointNetwork({width: 24});
    const losses: number[] = [];
    const first = flat((await network.save()).ema);
    for await (const {loss} of trainer({...settings, network})) losses.push(loss);
    const ema = flat((await network.save()).ema);
    network.dispose();
    return {losses, moved: ema.map((value, i) => value - first[i])};
  };
  await tf.useBackend("cpu");
  const plain = await train(trainPoints);
  await tf.useBackend(backend);
  const fused = await train(trainTexelPoints);
  const size = (values: number[]) => Math.hypot(...values);
  const ema = size(fused.moved.map((value, i) => value - plain.moved[i])) / size(plain.moved);
  return {fused: fused.losses, plain: plain.losses, ema};
}

/** Launches of a step of 512 points, in fused kernels and in the operations of the text, and what is left behind. */
export async function pointLaunches(): Promise<{fused: number; plain: number; tensors: number}> {
  const before = tf.memory().numTensors;
  const batch = pointBatches({data, schedule, batch: 512, seed: 0})();
  const network = createPointNetwork();
  const texels = createTexelPointNetwork(await network.save());
  const optimizer = tf.train.adam(1e-3, 0.9, 0.99, 1e-7);
  let [fused, plain] = [0, 0];
  for (let i = 0; i < 2; ++i) {
    fused = await countLaunches(() => texels.step(batch, 1e-3, 0.9));
    plain = await countLaunches(() => trainOnce(network, optimizer, batch, 0.9).dispose());
  }
  await texels.readLoss();
  texels.dispose();
  optimizer.dispose();
  network.dispose();
  return {fused, plain, tensors: tf.memory().numTensors - before};
}

/** What becomes of a training that is stopped, and of one whose steps are far too long. */
export async function troubles(): Promise<{reports: number; error: string; back: boolean; tensors: number}> {
  const before = tf.memory().numTensors;
  const network = createPointNetwork({width: 8});
  const stop = new AbortController();
  const settings = {network, data, schedule, steps: 8, batch: 8, reportEvery: 2};
  let reports = 0;
  for await (const {step} of trainTexelPoints({...settings, signal: stop.signal})) {
    reports += 1;
    if (step === 4) stop.abort();
  }
  const kept = await network.save();
  let error = "";
  try {
    for await (const {step} of trainTexelPoints({...settings, learningRate: 1e30})) void step;
  } catch (thrown) {
    error = (thrown as Error).name;
  }
  const after = await network.save();
  network.dispose();
  const back = after.weights.every((values, i) => Array.from(values).every((value, j) => value === kept.weights[i][j]));
  return {reports, error, back, tensors: tf.memory().numTensors - before};
}

/**
 * What a figure trains with on WebGL: whether it takes the reader's code, for the library's code and for another; launches
 * of a step; and the reports of a training whose card is lost on the way, with the samples after it.
 */
export async function engineOnWebGl(): Promise<{
  takesCode: boolean[];
  launches: number;
  steps: number[];
  restarted: (string | undefined)[];
  samples: number;
}> {
  const signal = new AbortController().signal;
  const start = async () => {
    await tf.useBackend("webgl");
    return {name: "webgl" as BackendName, line: ""};
  };
  const wish = {value: "webgl", start} as unknown as StartEngineOptions["wish"];
  const plan = {schedule, prediction: "v", set: pointSet("moons")} as unknown as StartEngineOptions["plan"];
  const options = {wish, plan, train: trainPoints, code: {}, tell() {}, isTraining: () => true, signal};
  const [engine, own] = [
    await startEngine({...options, kernels: true}),
    await startEngine({...options, kernels: false})
  ];
  own.dispose();
  const steps: number[] = [];
  const restarted: (string | undefined)[] = [];
  const reports = engine.round({learningRate: 3e-3, steps: 10, seed: 0, code: {}});
  await reports.next(); // compiles
  let done = false;
  const launches = (await countLaunches(() => reports.next())) / 5;
  const {gl} = (tf.backend() as unknown as {gpgpu: {gl: WebGL2RenderingContext}}).gpgpu;
  await reports.return();
  const again = engine.round({learningRate: 3e-3, steps: 10, seed: 1, code: {}});
  while (!done) {
    const {value, done: ended} = await again.next();
    done = !!ended;
    if (!value) break;
    steps.push(value.step);
    restarted.push(value.restarted);
    if (steps.length === 1) gl.getExtension("WEBGL_lose_context")!.loseContext();
  }
  const samples = (await engine.sample(5))!;
  engine.dispose();
  return {
    takesCode: [engine.takesCode, own.takesCode],
    launches,
    steps,
    restarted,
    samples: samples.every(Number.isFinite) ? samples.length : NaN
  };
}
