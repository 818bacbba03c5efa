import {cpus} from "node:os";
import {statSync} from "node:fs";
import type {BenchRow} from "../lib/bench-row.js";
import {digitQuality, frechetFloor} from "../lib/digits/digit-quality.js";
import type {DigitPredictor} from "../lib/digits/digit-predictor.js";
import {toUnit} from "../lib/digits/digit.js";
import {trainDigits} from "../lib/digits/digit-training.js";
import {createWasmDigitNetwork} from "../lib/digits/wasm-digit-network.js";
import {drawSamples, networkQuality} from "./digit-bench.js";
import type {Mnist} from "./mnist.js";
import {readMnist} from "./mnist.js";
import {loadClassifier, loadNetwork, weightsFile} from "./pretrained.js";

/** What a bench may keep, so that it can go on after a stop. */
export interface BenchNotes {
  get<A>(key: string): A | undefined;
  set(key: string, value: unknown): Promise<void>;
}

/** A group of rows that are measured together. */
export interface BenchPart {
  ids: string[];
  run(notes: BenchNotes, log: (text: string) => void): Promise<BenchRow[]>;
}

const device = `${cpus()[0]?.model ?? "unknown"}, wasm on one core, Node ${process.versions.node}`;
const guidance = 1.5;

/** The bench of the digits: quality after 350 and 700 steps, of the pretrained network, and DDPM against DDIM. */
export const digitBench: BenchPart[] = [
  {ids: ["digits.weights.bytes", "classifier.weights.bytes"], run: sizes},
  {ids: ["classifier.accuracy"], run: classifierAccuracy},
  trained(350),
  trained(700),
  {ids: ["digits.pretrained.accuracy.ddim50", "digits.pretrained.fd_over_floor.ddim50"], run: pretrained50},
  {ids: ["digits.pretrained.accuracy.ddim10"], run: pretrained10},
  {
    ids: [
      "digits.ddpm1000_over_ddim20.time",
      "digits.ddpm1000_minus_ddim20.accuracy",
      "digits.ddpm1000.accuracy",
      "digits.ddim20.accuracy"
    ],
    run: bothSamplers
  }
];

function row(id: string, value: number, unit: string, {spread = 0, samples = 1} = {}): BenchRow {
  return {id, value, unit, spread, samples, device};
}

async function sizes(): Promise<BenchRow[]> {
  return (["network", "classifier"] as const).map((name) =>
    row(`${name === "network" ? "digits" : name}.weights.bytes`, statSync(weightsFile(name)).size, "bytes")
  );
}

async function classifierAccuracy(): Promise<BenchRow[]> {
  const {test} = await readMnist();
  const {labels} = (await loadClassifier()).classify(toUnit(test.pixels));
  const accuracy = labels.filter((label, i) => label === test.labels[i]).length / test.count;
  return [row("classifier.accuracy", accuracy, "share", share(accuracy, test.count))];
}

function share(value: number, samples: number) {
  return {spread: Math.sqrt((value * (1 - value)) / samples), samples};
}

/** Trains a network afresh, with the recipe of the page, and measures its samples. */
function trained(steps: number): BenchPart {
  const id = `digits.accuracy.step${steps}`;
  return {
    ids: [id],
    async run(_, log) {
      const mnist = await readMnist();
      const network = await createWasmDigitNetwork();
      for await (const {step, loss, stepsPerSecond} of trainDigits({network, ...mnist.train, steps, reportEvery: 50})) {
        log(`${id}: step ${step}, loss ${loss.toFixed(3)}, ${stepsPerSecond.toFixed(1)} steps/s`);
      }
      const {accuracy, count} = await quality(network, mnist, 25, 1000);
      return [row(id, accuracy, "share", share(accuracy, count))];
    }
  };
}

function quality(network: DigitPredictor, mnist: Mnist, steps: number, count: number) {
  return networkQuality(network, {mnist, steps, count, guidance});
}

async function pretrained50(): Promise<BenchRow[]> {
  const count = 2000;
  const mnist = await readMnist();
  const {accuracy, frechet, floor, samples} = await quality(await loadNetwork(), mnist, 50, count);
  // The spread of the ratio: half the difference of two halves.
  const [real, others] = [samples.real, samples.others];
  const half = (values: Float32Array, i: number) =>
    values.slice((i * values.length) / 2, ((i + 1) * values.length) / 2);
  const ratios = [0, 1].map((i) => {
    const seen = {labels: samples.seen.labels.slice(0, count / 2), features: half(samples.seen.features, i)};
    return digitQuality(seen, samples.asked.slice(0, count / 2), real).frechet / frechetFloor(half(others, i), real);
  });
  return [
    row("digits.pretrained.accuracy.ddim50", accuracy, "share", share(accuracy, count)),
    row("digits.pretrained.fd_over_floor.ddim50", frechet / floor, "ratio", {
      spread: Math.abs(ratios[0] - ratios[1]) / 2,
      samples: count
    }),
    row("digits.pretrained.fd.ddim50", frechet, "squared features", {samples: count}),
    row("digits.floor.fd", floor, "squared features", {samples: count})
  ];
}

async function pretrained10(): Promise<BenchRow[]> {
  const {accuracy, count} = await quality(await loadNetwork(), await readMnist(), 10, 1000);
  return [row("digits.pretrained.accuracy.ddim10", accuracy, "share", share(accuracy, count))];
}

/** What one batch of digits gave, by both samplers from the same noise. */
interface Pair {
  seconds: {ddpm: number; ddim: number};
  right: {ddpm: number; ddim: number};
}

async function bothSamplers(notes: BenchNotes, log: (text: string) => void): Promise<BenchRow[]> {
  const [batches, size] = [20, 50];
  const network = await loadNetwork();
  const classifier = await loadClassifier();
  const key = `both samplers, ${statSync(weightsFile("network")).mtimeMs}`;
  const pairs = notes.get<Pair[]>(key) ?? [];
  while (pairs.length < batches) {
    const seed = 1000 + pairs.length;
    const run = async (sampler: "ddpm" | "ddim", steps: number) => {
      const {x, asked, seconds} = await drawSamples(network, {sampler, steps, count: size, guidance, seed});
      const {labels} = classifier.classify(x);
      return {seconds, right: labels.filter((label, i) => label === asked[i]).length};
    };
    const [ddim, ddpm] = [await run("ddim", 20), await run("ddpm", 1000)];
    pairs.push({
      seconds: {ddpm: ddpm.seconds, ddim: ddim.seconds},
      right: {ddpm: ddpm.right, ddim: ddim.right}
    });
    await notes.set(key, pairs);
    const {seconds} = pairs.at(-1)!;
    log(
      `both samplers: batch ${pairs.length} of ${batches}, ${seconds.ddpm.toFixed(1)} s and ${seconds.ddim.toFixed(2)} s`
    );
  }
  const count = batches * size;
  const total = (part: keyof Pair, sampler: "ddpm" | "ddim") =>
    pairs.reduce((sum, pair) => sum + pair[part][sampler], 0);
  const ratio = total("seconds", "ddpm") / total("seconds", "ddim");
  const ratios = pairs.map(({seconds}) => seconds.ddpm / seconds.ddim);
  const spread = Math.sqrt(ratios.reduce((sum, r) => sum + (r - ratio) ** 2, 0) / batches / (batches - 1));
  const [ddpm, ddim] = [total("right", "ddpm") / count, total("right", "ddim") / count];
  const errors = [share(ddpm, count).spread, share(ddim, count).spread];
  return [
    row("digits.ddpm1000_over_ddim20.time", ratio, "ratio", {spread, samples: count}),
    row("digits.ddpm1000_minus_ddim20.accuracy", Math.abs(ddpm - ddim), "share", {
      spread: Math.hypot(...errors),
      samples: count
    }),
    row("digits.ddpm1000.accuracy", ddpm, "share", share(ddpm, count)),
    row("digits.ddim20.accuracy", ddim, "share", share(ddim, count))
  ];
}
