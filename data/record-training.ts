/**
 * npx tsx data/record-training.ts: trains as /train does with its first settings, and writes what the page shows before
 * the reader trains, to src/data/: the run to training.json, its network to training-weights.json. The same seed gives the
 * same numbers on one backend.
 */
import {writeFile} from "node:fs/promises";
import {drawSnapshot} from "../src/components/training-samples.js";
import type {RecordedTraining, Snapshot} from "../src/components/training-samples.js";
import {startBackend} from "../lib/backend.js";
import {packWeights} from "../lib/packed-weights.js";
import {createPointNetwork} from "../lib/point-network.js";
import {pointSet} from "../lib/points/index.js";
import {makeSchedule} from "../lib/schedule.js";
import {trainPoints} from "../lib/training.js";

const settings = {
  data: "ring8",
  schedule: "cosine",
  prediction: "v",
  learningRate: 3e-3,
  steps: 2000,
  samplingSteps: 20
} as const;
const moments = [10, 30, 60, 100, 200, 300, 500, 800, 1200, 2000]; // steps with a snapshot

const {name: backend} = await startBackend("wasm");
const schedule = makeSchedule(settings.schedule);
const network = createPointNetwork({prediction: settings.prediction, timesteps: schedule.timesteps});
const losses: [number, number][] = [];
const snapshots: Snapshot[] = [{step: 0, points: await samples()}];
for await (const {step, loss, stepsPerSecond} of trainPoints({
  ...settings,
  network,
  data: pointSet(settings.data),
  schedule
})) {
  losses.push([step, Number(loss.toPrecision(4))]);
  if (moments.includes(step)) snapshots.push({step, points: await samples()});
  if (step % 100 === 0) console.log(`step ${step}: loss ${loss.toFixed(4)}, ${stepsPerSecond.toFixed(1)} steps/s`);
}
const recorded: RecordedTraining = {...settings, seed: 0, backend, losses, snapshots};
await write("training.json", recorded);
await write("training-weights.json", packWeights(await network.save()));
process.exit(0); // the wasm backend keeps the process alive

async function write(name: string, content: unknown): Promise<void> {
  await writeFile(new URL(`../src/data/${name}`, import.meta.url), `${JSON.stringify(content)}\n`);
}

async function samples(): Promise<number[]> {
  const points = await drawSnapshot(network.ema, {schedule, steps: settings.samplingSteps});
  return Array.from(points!, (value) => Number(value.toFixed(3)));
}
