/**
 * npx tsx data/record-objective.ts: trains the point network with the simple loss and with the bound, from three seeds each,
 * and measures both by the bound, by the simple loss and by their samples, for /objective. Writes src/data/objective.json;
 * goes on after a stop. The same seed gives the same numbers on one backend.
 */
import {startBackend} from "../lib/backend.js";
import {denoiserGap} from "../lib/denoiser-gap.js";
import type {DenoiserGap} from "../lib/denoiser-gap.js";
import {lossWeight} from "../lib/loss-weights.js";
import {fractionWithin, slicedWasserstein, withinModeStdRatio} from "../lib/metrics/index.js";
import {plainNetwork} from "../lib/plain-network.js";
import {createPointNetwork} from "../lib/point-network.js";
import {pointSet} from "../lib/points/index.js";
import {seededRandom} from "../lib/random.js";
import {last, sampleDdpm} from "../lib/sampler.js";
import {makeSchedule} from "../lib/schedule.js";
import * as tf from "../lib/tf.js";
import {timestepList} from "../lib/timesteps.js";
import type {PointLoss} from "../lib/train-step.js";
import {trainPoints} from "../lib/training.js";
import {resumable} from "./resumable.js";

/** What one training ends with. */
export interface ObjectiveRun extends DenoiserGap {
  distance: number; // sliced Wasserstein, of DDPM's samples to the data
  inside: number; // the share of them within three standard deviations of a mode
  ratio: number; // their standard deviation within a mode over the data's
}

const settings = {
  data: "ring8",
  schedule: "linear",
  prediction: "epsilon",
  training: 1500,
  batch: 256,
  samplingSteps: 100,
  points: 2000,
  seeds: [1, 2, 3]
} as const;
const schedule = makeSchedule(settings.schedule);
const set = pointSet(settings.data);
const weights = boundWeights();
const losses: Record<string, PointLoss> = {simple: (network, batch) => weighted(network, batch), bound};

const {value, once} = await resumable("objective", {settings, runs: {} as Record<string, ObjectiveRun>});
await startBackend("wasm");
for (const seed of settings.seeds) {
  for (const [name, loss] of Object.entries(losses)) await once(value.runs, `${name} ${seed}`, () => run(loss, seed));
}
process.exit(0); // the wasm backend keeps the process alive

async function run(loss: PointLoss, seed: number): Promise<ObjectiveRun> {
  const {prediction, training: steps, batch} = settings;
  const network = createPointNetwork({prediction, timesteps: schedule.timesteps, seed});
  for await (const report of trainPoints({network, data: set, schedule, steps, batch, seed, loss, reportEvery: 500})) {
    console.log(`step ${report.step}: ${report.loss.toFixed(4)}, ${report.stepsPerSecond.toFixed(0)} steps/s`);
  }
  const denoiser = plainNetwork(await network.save());
  network.dispose();
  const timesteps = timestepList("trailing", {timesteps: schedule.timesteps, steps: settings.samplingSteps});
  const xT = seededRandom(100 + seed).normals(2 * settings.points);
  const {x} = last(sampleDdpm(denoiser, xT, {schedule, timesteps, seed, variance: "fixed_large"}));
  return {
    ...denoiserGap(denoiser, set.mixture!, schedule),
    distance: slicedWasserstein(x, set.sample(settings.points, seededRandom(200 + seed))),
    inside: fractionWithin(set.mixture!, x),
    ratio: withinModeStdRatio(set.mixture!, x)
  };
}

/** The weights of the bound for each index, over their mean; the first step takes that of the second. */
function boundWeights(): Float32Array {
  const {alphaBar} = schedule;
  const raw = Array.from(alphaBar, (_, t) => {
    const k = Math.max(1, t);
    return lossWeight("bound", "epsilon", alphaBar[k], alphaBar[k - 1]);
  });
  const mean = raw.reduce((a, b) => a + b) / raw.length;
  return Float32Array.from(raw, (w) => w / mean);
}

function bound(...[network, batch]: Parameters<PointLoss>): tf.Scalar {
  return weighted(network, batch, tf.tensor1d(weights).gather(batch.t.toInt()).expandDims(1));
}

function weighted(
  ...[network, {x0, epsilon, t, signal, noise}, weight]: [...Parameters<PointLoss>, tf.Tensor?]
): tf.Scalar {
  const xt = signal.mul(x0).add(noise.mul(epsilon)) as tf.Tensor2D;
  const square = network.predict(xt, t).sub(epsilon).square();
  return (weight ? square.mul(weight) : square).mean();
}
