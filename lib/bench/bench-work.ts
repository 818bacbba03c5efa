import {countLaunches} from "../launches.js";
import {noiseFloor, slicedWasserstein} from "../metrics/index.js";
import {seededRandom} from "../random.js";
import type {BenchPath, BenchSampler, BenchSubject, RunningPath, Turn} from "./bench-path.js";
import {digitPaths} from "./digit-paths.js";
import {pointPaths} from "./point-paths.js";
import {benchPoints} from "./point-task.js";

/** All paths, by what is trained. */
export const benchPaths: Record<BenchSubject, BenchPath[]> = {points: pointPaths, digits: digitPaths};

/** What is handed to the graphics card for one step of training, and for one of DDIM. */
export interface Launches {
  train: number;
  ddim: number;
}

/** The paths that there are, without what runs them. */
export type PathList = Record<BenchSubject, Pick<BenchPath, "id" | "name" | "counts">[]>;

/** Which path is asked. */
export interface PathName {
  subject: BenchSubject;
  path: string;
}

/** How good a network is after its steps. */
export interface Quality {
  ratio: number; // the distance of samples to the data, over its floor
  loss: number; // the mean one, over the last fifth of the steps
}

/** What a bench asks of the thread that it measures in; see worker-calls.ts of the components. */
export type BenchCalls = {
  paths: [content: void, answer: PathList];
  begin: [content: PathName, answer: Launches];
  turn: [content: PathName & {ms: number}, answer: Turn];
  sample: [content: PathName & {sampler: BenchSampler; steps: number; count: number}, answer: {ms: number}];
  quality: [content: {path: string; steps: number; seed: number}, answer: Quality];
  end: [content: PathName, answer: void];
};

// Of a turn: steps and products alternate, so that what slows the machine for a moment slows both. A slow path has fewer.
const mostSlices = 5;

/** Answers the calls of a bench, with the paths of this thread. */
export function benchWork(paths = benchPaths) {
  const ready = new Map<string, RunningPath>();
  const ones = new Map<string, Awaited<ReturnType<typeof first>>>();
  const find = ({subject, path}: PathName) => paths[subject].find(({id}) => id === path)!;
  const key = ({subject, path}: PathName) => `${subject}.${path}`;

  return {
    paths(): PathList {
      const list = (subject: BenchSubject) => paths[subject].map(({id, name, counts}) => ({id, name, counts}));
      return {points: list("points"), digits: list("digits")};
    },

    /** Starts a path and warms it up: shaders are compiled at its first steps. */
    async begin(name: PathName): Promise<Launches> {
      const path = find(name);
      const running = await path.start({});
      ready.set(key(name), running);
      await running.take();
      if (!path.counts) return {train: 0, ddim: 0};
      await settle(running, 2);
      await running.sample("ddim", 1, 10, 0);
      const train = await countLaunches(() => running.train(2)); // reading the loss costs some too, once for many steps
      await running.loss();
      const ddim = await countLaunches(() => running.sample("ddim", 2, 10, 0));
      return {train: train / 2, ddim: ddim / 2};
    },

    async turn({ms, ...name}: PathName & {ms: number}): Promise<Turn> {
      const running = ready.get(key(name))!;
      const {atOnce = 1} = running;
      await running.take();
      const one = ones.get(key(name)) ?? (await first(running));
      ones.set(key(name), one);
      const slices = Math.max(1, Math.min(mostSlices, Math.floor(ms / atOnce / one.step)));
      const steps = Math.max(atOnce, Math.round(ms / slices / one.step));
      const products = Math.max(1, Math.round(ms / slices / 3 / one.product));
      const spent = {steps: 0, products: 0, thread: 0}; // ms
      for (let i = 0; i < slices; ++i) {
        const start = performance.now();
        running.train(steps);
        spent.thread += performance.now() - start;
        await running.loss();
        spent.steps += performance.now() - start;
        spent.products += await timed(() => running.multiply(products));
      }
      return {
        stepsPerSecond: (1000 * slices * steps) / spent.steps,
        threadMs: spent.thread / slices / steps,
        gflops: (slices * steps * running.stepFlops) / spent.steps / 1e6,
        peakGflops: (slices * products * running.multiplyFlops) / spent.products / 1e6
      };
    },

    async sample({sampler, steps, count, ...name}: BenchCalls["sample"][0]): Promise<{ms: number}> {
      const running = ready.get(key(name))!;
      await running.take();
      return {ms: await timed(() => running.sample(sampler, steps, count, 1))};
    },

    /** Trains points afresh, and measures DDIM's samples with 50 steps against the floor of two sets of true ones. */
    async quality({path, steps, seed}: BenchCalls["quality"][0]): Promise<Quality> {
      const running = await find({subject: "points", path}).start({steps, seed});
      try {
        await running.take();
        const last: number[] = []; // the losses of the last fifth
        for (let step = 0; step < steps; step += 50) {
          const loss = await settle(running, Math.min(50, steps - step));
          if (step >= 0.8 * steps) last.push(loss);
        }
        const random = seededRandom(seed + 1);
        const count = 1000;
        const metric = (a: ArrayLike<number>, b: ArrayLike<number>) =>
          slicedWasserstein(Float64Array.from(a), Float64Array.from(b), {p: 1, directions: 64});
        const floor = noiseFloor(metric, (own) => benchPoints.sample(count, own), {repeats: 40, seed: seed + 1}).mean;
        let sum = 0;
        const repeats = 8;
        for (let i = 0; i < repeats; ++i)
          sum += metric(await running.sample("ddim", 50, count, 100 + i), benchPoints.sample(count, random.fork(i)));
        return {ratio: sum / repeats / floor, loss: last.reduce((a, b) => a + b, 0) / last.length};
      } finally {
        running.dispose();
      }
    },

    end(name: PathName): void {
      ready.get(key(name))?.dispose();
      ready.delete(key(name));
    }
  };
}

/** Makes steps and waits for them; their mean loss. */
function settle(running: RunningPath, steps: number): Promise<number> {
  running.train(steps);
  return running.loss();
}

/** How long one step and one product take, in ms; the very first of a short one is not typical, and not counted. */
async function first(running: RunningPath) {
  let step = await timed(() => settle(running, 1));
  if (step < 1000) step = await oneOfMany((count) => settle(running, count));
  await running.multiply(1);
  return {step, product: await oneOfMany((count) => running.multiply(count))};
}

/** The time of one piece of work, from as many as the clock can tell apart: a browser's clock has steps of 0.1 ms. */
async function oneOfMany(work: (count: number) => Promise<unknown>): Promise<number> {
  for (let count = 1; ; count *= 4) {
    const ms = await timed(() => work(count));
    if (ms >= 5) return ms / count;
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
