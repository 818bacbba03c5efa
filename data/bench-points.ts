import {cpus} from "node:os";
import {pointBatches} from "../lib/batches.js";
import type {BenchRow} from "../lib/bench-row.js";
import {kernelTraining} from "../lib/kernel-training.js";
import type {Kernels} from "../lib/kernels/kernels.js";
import {startKernels} from "../lib/kernels/kernels.js";
import {createPointNetwork} from "../lib/point-network.js";
import {pointSet} from "../lib/points/index.js";
import {denoiserQuality} from "../lib/pretrained-points.js";
import {seededRandom} from "../lib/random.js";
import {last, sampleDdim, sampleDdpm} from "../lib/sampler.js";
import {makeSchedule} from "../lib/schedule.js";
import * as tf from "../lib/tf.js";
import {timestepList} from "../lib/timesteps.js";
import {trainOnce} from "../lib/training.js";
import {createWasmPointNetwork} from "../lib/wasm-point-network.js";
import type {BenchNotes, BenchPart} from "./bench-digits.js";

const device = `${cpus()[0]?.model ?? "unknown"}, one core, Node ${process.versions.node}`;
const schedule = makeSchedule("linear");
const moons = pointSet("moons");
const batch = 512;

/** Multiplications and additions of a training step of 512 points: forward, and twice as many back. */
const stepFlops = 3 * 2 * batch * (34 * 128 + 128 * 128 + 128 * 128 + 128 * 2) - 2 * batch * 34 * 128; // none for the input

/**
 * The bench of the points: our kernels against tfjs, and against the products of matrices that they are made of, each in
 * turn in one run; the quality after 1,000 steps; DDPM with 1,000 steps against DDIM with 20.
 */
export const pointBench: BenchPart[] = [
  {
    ids: [
      "points.wasm.steps",
      "points.wasm.gflops",
      "points.wasm_share_of_gemm_peak",
      "points.wasm_over_tfjs_wasm",
      "points.wasm_over_tfjs_cpu"
    ],
    run: speed
  },
  {ids: ["points.swd_over_floor.1000"], run: quality},
  {ids: ["ddpm1000_over_ddim20.points"], run: bothSamplers}
];

function row(id: string, values: readonly number[], unit: string): BenchRow {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => {
    const place = share * (sorted.length - 1);
    const low = Math.floor(place);
    return sorted[low] + (place - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
  };
  return {id, value: at(0.5), unit, spread: (at(0.75) - at(0.25)) / 2, samples: values.length, device};
}

async function speed(_: BenchNotes, log: (text: string) => void): Promise<BenchRow[]> {
  const draw = pointBatches({data: moons, schedule, batch, seed: 0});
  const batches = Array.from({length: 60}, draw); // their draws are the same for all, and not what is compared
  const own = await createWasmPointNetwork();
  const product = gemm(await startKernels());
  const tensors: Record<string, (count: number) => Promise<void>> = {};
  for (const backend of ["wasm", "cpu"] as const) {
    await tf.useBackend(backend);
    const network = createPointNetwork();
    const optimizer = tf.train.adam(3e-3, 0.9, 0.99, 1e-7);
    tensors[backend] = async (count) => {
      await tf.useBackend(backend);
      for (let i = 0; i < count; ++i) trainOnce(network, optimizer, batches[i], 0.9).dispose();
    };
  }
  const rates: Record<"own" | "wasm" | "cpu" | "peak", number[]> = {own: [], wasm: [], cpu: [], peak: []};
  for (let turn = -1; turn < 9; ++turn) {
    const measured = {
      own: await perSecond(60, async (count) => {
        for (let i = 0; i < count; ++i) own.step(batches[i], 3e-3, 0.9);
      }),
      peak: await perSecond(400, async (count) => product(count)),
      wasm: await perSecond(8, tensors.wasm),
      cpu: await perSecond(2, tensors.cpu)
    };
    if (turn < 0) continue; // warms up
    for (const [name, rate] of Object.entries(measured)) rates[name as "own"].push(rate);
    log(
      `${turn + 1} of 9: ${Object.entries(measured)
        .map(([name, rate]) => `${name} ${rate.toFixed(1)}`)
        .join(", ")}`
    );
  }
  const ratio = (name: "wasm" | "cpu") => rates.own.map((rate, i) => rate / rates[name][i]);
  const gflops = rates.own.map((rate) => (rate * stepFlops) / 1e9);
  return [
    row("points.wasm.steps", rates.own, "steps/s"),
    row("points.wasm.gflops", gflops, "GFLOP/s"),
    row(
      "points.wasm_share_of_gemm_peak",
      gflops.map((own, i) => own / ((rates.peak[i] * gemmFlops) / 1e9)),
      "share"
    ),
    row("points.wasm_over_tfjs_wasm", ratio("wasm"), "ratio"),
    row("points.wasm_over_tfjs_cpu", ratio("cpu"), "ratio")
  ];
}

const gemmFlops = 2 * 128 ** 3;

/** The kernels' product of two matrices that stay in the cache, [128, 128] each: as fast as they can be. */
function gemm(kernels: Kernels): (count: number) => void {
  const size = 128;
  const [a, b, c] = [0, 1, 2].map(() => kernels.take(size * size));
  const rows = kernels.take(size);
  kernels.integers(rows, size).set(Array.from({length: size}, (_, i) => i * size));
  return (count) => {
    for (let i = 0; i < count; ++i) kernels.multiply(a, rows, size, 1, 0, size, b, size, c, rows, 0, false);
  };
}

async function perSecond(count: number, work: (count: number) => Promise<void>): Promise<number> {
  const start = performance.now();
  await work(count);
  return (1000 * count) / (performance.now() - start);
}

/** Two moons, 1,000 steps of 512 points, DDIM with 50 steps: three trainings from other seeds. */
async function quality(_: BenchNotes, log: (text: string) => void): Promise<BenchRow[]> {
  const ratios: number[] = [];
  for (const seed of [0, 1, 2]) {
    const network = await createWasmPointNetwork({seed});
    kernelTraining({network, data: moons, schedule, steps: 1000, batch, seed}).advance(1000);
    const {ratio, spread} = denoiserQuality({denoiser: network, schedule}, moons, {steps: 50, repeats: 8, seed});
    ratios.push(ratio);
    log(`seed ${seed}: ${ratio.toFixed(2)} ± ${spread.toFixed(2)} times the floor`);
  }
  return [row("points.swd_over_floor.1000", ratios, "ratio")];
}

async function bothSamplers(): Promise<BenchRow[]> {
  const network = await createWasmPointNetwork({training: false});
  const xT = seededRandom(1).normals(2 * 1000);
  const run = (sampler: typeof sampleDdim, steps: number) => {
    const start = performance.now();
    last(sampler(network, xT, {schedule, timesteps: timestepList("trailing", {timesteps: 1000, steps})}));
    return performance.now() - start;
  };
  run(sampleDdim, 20);
  const ratios = Array.from({length: 5}, () => run(sampleDdpm, 1000) / run(sampleDdim, 20));
  return [row("ddpm1000_over_ddim20.points", ratios, "ratio")];
}
