import type {PointSource} from "../lib/batches.js";
import type {KernelProgress, KernelTraining} from "../lib/kernel-training.js";
import {kernelTraining} from "../lib/kernel-training.js";
import type {GaussianMixture} from "../lib/mixture.js";
import {sampleMixture} from "../lib/mixture.js";
import type {PointWeights} from "../lib/plain-network.js";
import {pointSet} from "../lib/points/index.js";
import type {Prediction} from "../lib/prediction.js";
import {predictionViews} from "../lib/prediction.js";
import {last, sampleDdim} from "../lib/sampler.js";
import type {Schedule, ScheduleName} from "../lib/schedule.js";
import {alphaBarAt, makeSchedule} from "../lib/schedule.js";
import {timestepList} from "../lib/timesteps.js";
import type {WasmPointNetwork} from "../lib/wasm-point-network.js";
import {createWasmPointNetwork} from "../lib/wasm-point-network.js";
import {snapshotNoise} from "./training-samples.js";
import type {Answers} from "./worker-calls.js";

/** What the worker that trains points is asked. */
export type PointCalls = {
  /** A network at its first weights, or at others, and what it is trained on: a set by its name, or a mixture. */
  begin: [
    {prediction: Prediction; schedule: ScheduleName; data: string | GaussianMixture; weights?: PointWeights},
    undefined
  ];
  round: [{steps: number; learningRate: number; seed: number; from?: number}, undefined];
  /** So many steps of the round. */
  advance: [{count: number}, KernelProgress & {stepsPerSecond: number}];
  /** Samples with DDIM, eta 0, from the noise of the snapshots, [n, 2]. */
  sample: [{steps: number}, Float64Array];
  /** The noise that the network sees at the places of a grid [n, 2], at the index t. */
  field: [{grid: Float64Array; t: number}, Float64Array];
  save: [undefined, PointWeights];
  /** Training steps of 512 points a second, from work of so many milliseconds on a network of its own. */
  rate: [{milliseconds: number}, number];
};

interface Work {
  network: WasmPointNetwork;
  schedule: Schedule;
  data: PointSource;
  training?: KernelTraining;
}

/** What the worker does, apart from the worker, so that Node can test it. */
export function pointWork(): Answers<PointCalls> {
  let work: Work | undefined;
  return {
    async begin({prediction, schedule: name, data, weights}) {
      const schedule = makeSchedule(name);
      const network = await createWasmPointNetwork({prediction, timesteps: schedule.timesteps});
      if (weights) network.load(weights);
      const source = typeof data === "string" ? pointSet(data) : mixtureSource(data);
      work = {network, schedule, data: source};
      return undefined;
    },
    round(options) {
      const {network, schedule, data} = begun();
      work!.training = kernelTraining({...options, network, schedule, data});
      return undefined;
    },
    advance({count}) {
      const {training} = begun();
      if (!training) throw new Error("no round was begun");
      const start = performance.now();
      const progress = training.advance(count);
      return {...progress, stepsPerSecond: (1000 * progress.count) / (performance.now() - start)};
    },
    sample({steps}) {
      const {network, schedule} = begun();
      const timesteps = timestepList("trailing", {timesteps: schedule.timesteps, steps});
      return last(sampleDdim(network, snapshotNoise(), {schedule, timesteps})).x;
    },
    field({grid, t}) {
      const {network, schedule} = begun();
      return predictionViews(network.prediction, network.predict(grid, t), grid, alphaBarAt(schedule, t)).epsilon;
    },
    save: () => begun().network.save(),
    async rate({milliseconds}) {
      const schedule = makeSchedule("linear");
      const data: PointSource = {sample: (count, random) => random.normals(2 * count)};
      const training = kernelTraining({network: await createWasmPointNetwork(), schedule, data, steps: 100_000});
      training.advance(4); // warms up
      const [began, before] = [performance.now(), training.step];
      while (performance.now() - began < milliseconds) training.advance(4);
      return (1000 * (training.step - before)) / (performance.now() - began);
    }
  };

  function begun(): Work {
    if (!work) throw new Error("nothing was begun");
    return work;
  }
}

function mixtureSource(mixture: GaussianMixture): Work["data"] {
  return {sample: (count, random) => sampleMixture(mixture, count, random)};
}
