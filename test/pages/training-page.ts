/** What the blank page of training.test.ts runs: the learning code of lib, bundled as it is, on the browser's backends. */
import {isBackendLost, onBackendLost, restartBackend, startBackend} from "../../lib/backend.js";
import {pickBackend} from "../../lib/backend-choice.js";
import {countLaunches} from "../../lib/launches.js";
import {mixtureDenoiser} from "../../lib/mixture.js";
import {plainNetwork} from "../../lib/plain-network.js";
import type {PointNetwork} from "../../lib/point-network.js";
import {createPointNetwork} from "../../lib/point-network.js";
import {pointSet} from "../../lib/points/index.js";
import {seededRandom} from "../../lib/random.js";
import {makeSchedule} from "../../lib/schedule.js";
import {numberDenoiser, predictField, tensorDenoiser} from "../../lib/tensor-denoiser.js";
import {sampleDdimTensors} from "../../lib/tensor-sampler.js";
import * as tf from "../../lib/tf.js";
import type {BackendName} from "../../lib/tf.js";
import {timestepList} from "../../lib/timesteps.js";
import type {TrainingReport} from "../../lib/training.js";
import {trainPoints} from "../../lib/training.js";

const schedule = makeSchedule("linear");
const data = pointSet("moons");

/** A training run on two moons; the rest of the recipe is in `trainMoons`. */
export interface RunOptions {
  steps: number;
  batch: number;
  stopAt?: number; // aborts after this step
}

/** A short run that predicts noise: it can run in a page and in Node, where the test compares. */
export async function trainMoons(network: PointNetwork, {stopAt, ...options}: RunOptions): Promise<TrainingReport[]> {
  const stop = new AbortController();
  const recipe = {data, schedule, learningRate: 0.015, reportEvery: 4, seed: 3, signal: stop.signal};
  const reports: TrainingReport[] = [];
  for await (const report of trainPoints({network, ...recipe, ...options})) {
    reports.push(report);
    if (report.step === stopAt) stop.abort();
  }
  return reports;
}

/** The network that all runs here start from. */
export function makeNetwork(): PointNetwork {
  return createPointNetwork({width: 64, seed: 3, prediction: "epsilon"});
}

/** Trains on a backend and says what came of it, and whether tensors were left. */
export async function train(name: BackendName, options: RunOptions) {
  const start = await startBackend(name);
  const before = tf.memory();
  const network = makeNetwork();
  const {weights: initial} = await network.save();
  let reports: TrainingReport[] = [];
  const launches = await countLaunches(async () => void (reports = await trainMoons(network, options)));
  const held = tf.memory().numTensors - before.numTensors;
  network.dispose();
  const after = tf.memory();
  return {
    ...start,
    losses: reports.map(({loss}) => loss),
    rate: reports.at(-1)!.stepsPerSecond,
    launches: launches / reports.at(-1)!.step, // of a step, with its share of reading the loss and keeping a copy
    initial: initial.map((w) => Array.from(w)),
    held, // tensors while there is the network
    leaked: [after.numTensors - before.numTensors, after.numDataBuffers - before.numDataBuffers]
  };
}

/** Runs DDIM with eta 1 on the exact denoiser of the ring of eight: every state's points. */
export async function sample(name: BackendName): Promise<number[][]> {
  await startBackend(name);
  const denoiser = tensorDenoiser(mixtureDenoiser(pointSet("ring8").mixture!, schedule));
  const options = {schedule, timesteps: timestepList("trailing", {timesteps: 1000, steps: 10}), eta: 1, seed: 5};
  const states: number[][] = [];
  for await (const {x} of sampleDdimTensors(denoiser, seededRandom(2).normals(100), options))
    states.push(Array.from(x));
  return states;
}

/** The network's noise at some points, at once in plain numbers and through the graphics card. */
export async function predictBothWays(name: BackendName) {
  await startBackend(name);
  const network = createPointNetwork({width: 16, seed: 1, prediction: "epsilon"});
  const x = seededRandom(4).normals(60);
  const plain = plainNetwork(await network.save()).predict(x, 250);
  const {epsilon} = await predictField(network.ema, x, {schedule, t: 250});
  let atOnce: number[] | string;
  try {
    atOnce = Array.from(numberDenoiser(network).predict(x, 250));
  } catch (error) {
    atOnce = (error as Error).message;
  }
  network.dispose();
  return {plain: Array.from(plain), inTime: Array.from(epsilon), atOnce, tensors: tf.memory().numTensors};
}

/** Takes the graphics card away in the middle of a run, `times` times, and follows what happens. */
export async function lose(name: BackendName, times: number, {steps, batch}: RunOptions) {
  await startBackend(name);
  const network = makeNetwork();
  const bystander = tf.tensor1d([1, 2, 3]); // some other figure's
  const messages: string[] = [];
  const stopListening = onBackendLost(({message}) => messages.push(message));
  const reports: {step: number; loss: number; backend: string; restarted?: string}[] = [];
  let lost = 0;
  const recipe = {data, schedule, learningRate: 0.015, reportEvery: 2, seed: 3};
  for await (const {step, loss, backend, restarted} of trainPoints({network, ...recipe, steps, batch})) {
    reports.push({step, loss, backend, restarted});
    if (restarted === undefined && lost < times && step < steps) {
      ++lost;
      takeAway();
    }
  }
  const samples = await sampleFrom(network);
  network.dispose();
  bystander.dispose();
  stopListening();
  return {reports, messages, samples, tensors: tf.memory().numTensors, backend: tf.getBackend()};
}

/** Loses the graphics card between two states of a sampler, then goes on as a figure would. */
export async function loseWhileSampling(name: BackendName) {
  await startBackend(name);
  const network = makeNetwork();
  await trainMoons(network, {steps: 2, batch: 16});
  const expected = await sampleFrom(network);
  let error = "";
  try {
    await sampleFrom(network, takeAway);
  } catch (e) {
    error = (e as Error).name;
  }
  const wasLost = isBackendLost();
  const {name: restarted} = await restartBackend();
  network.load(network.copy!);
  const again = await sampleFrom(network);
  network.dispose();
  return {error, wasLost, restarted, expected, again, tensors: tf.memory().numTensors};
}

/** The points [10, 2] that five steps of DDIM end at; `between` runs after the first. */
async function sampleFrom(network: PointNetwork, between?: () => void): Promise<number[]> {
  const timesteps = timestepList("trailing", {timesteps: 1000, steps: 5});
  let points: number[] = [];
  for await (const {index, x} of sampleDdimTensors(network.ema, seededRandom(2).normals(20), {schedule, timesteps})) {
    points = Array.from(x);
    if (index === 1) between?.();
  }
  return points;
}

function takeAway(): void {
  const backend = tf.backend() as tf.KernelBackend & {gpgpu?: {gl: WebGL2RenderingContext}; device?: GPUDevice};
  backend.gpgpu?.gl.getExtension("WEBGL_lose_context")!.loseContext();
  backend.device?.destroy();
}

export const pick = pickBackend;
