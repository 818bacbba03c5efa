/**
 * npx tsx data/record-compare.ts: measures what /compare states, and writes src/data/compare.json. It goes on where it was
 * stopped; some four minutes on one core, and as many again for the table of the network.
 */
import {readFile} from "node:fs/promises";
import {startBackend} from "../lib/backend.js";
import type {CompareRecord} from "../lib/compare-record.js";
import {
  recordDeterminism,
  recordPath,
  recordShare,
  recordedEtas,
  recordedPathSteps,
  recordedShareSteps,
  recordedShares
} from "../lib/compare-record.js";
import type {Denoiser} from "../lib/denoiser.js";
import {mixtureDenoiser} from "../lib/mixture.js";
import {unpackWeights} from "../lib/packed-weights.js";
import {createPointNetwork} from "../lib/point-network.js";
import {pointSet} from "../lib/points/index.js";
import type {GridRun, GridSource} from "../lib/sampler-grid.js";
import {gridPlaces, measurePlace, measureTruth, placeName, scoreRow} from "../lib/sampler-grid.js";
import {makeSchedule} from "../lib/schedule.js";
import {numberDenoiser} from "../lib/tensor-denoiser.js";
import {toTheEnd} from "../lib/to-the-end.js";
import {resumable} from "./resumable.js";

const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
const exact = "the mixture’s own formula";
const network = "the recorded network of /train";
const ring = {set: "ring8", schedule: "cosine", count: 2000, seeds: [1, 2, 3, 4]} as const;
const grids: CompareRecord["settings"]["grids"] = {
  tri: {title: "three modes, exact", denoiser: exact, set: "tri", schedule: "linear", count: 4000, seeds},
  ring: {title: "ring of eight, exact", denoiser: exact, ...ring, seeds: [...ring.seeds]},
  network: {title: "ring of eight, a network", denoiser: network, ...ring, seeds: [...ring.seeds]}
};
const settings = {seeds: seeds.slice(0, 4), count: 1000, steps: 50, grids};
const empty: CompareRecord = {settings, grids: {}, determinism: {}, paths: {}, shares: {}};
const {value, once} = await resumable("compare", empty);

for (const set of ["tri", "ring8"]) {
  for (const eta of recordedEtas) {
    await once(value.determinism, `${set} ${eta}`, () =>
      columns(["same", "apart"] as const, (seed) => recordDeterminism(set, eta, {...settings, seed}))
    );
  }
}
for (const sampler of ["ddim", "ddpm"] as const) {
  for (const steps of recordedPathSteps) {
    await once(value.paths, `${sampler} ${steps}`, () =>
      columns(["length", "detour", "bend"] as const, (seed) => recordPath(sampler, {count: 300, steps, seed}))
    );
  }
}
for (const share of recordedShares) {
  for (const steps of recordedShareSteps) {
    await once(value.shares, `${share} ${steps}`, () =>
      columns(["distance", "width", "weights"] as const, (seed) => recordShare(share, {...settings, steps, seed}))
    );
  }
}
for (const [name, about] of Object.entries(grids)) {
  const source = name === "network" ? await networkDenoiser(about) : exactDenoiser(about);
  const grid = (value.grids[name] ??= {...about, truth: [], cells: {}});
  grid.truth = about.seeds.map((seed) => scoreRow(measureTruth(source, {count: about.count, seed})));
  for (const place of gridPlaces()) {
    await once(grid.cells, placeName(place), () =>
      about.seeds.map((seed) => scoreRow(toTheEnd(measurePlace(source, place, {count: about.count, seed}))))
    );
  }
}
process.exit(0); // the wasm backend keeps the process alive

function exactDenoiser({set, schedule}: {set: string; schedule: GridRun["schedule"]}): GridSource {
  const own = pointSet(set);
  const levels = makeSchedule(schedule);
  return {set: own, schedule: levels, denoiser: mixtureDenoiser(own.mixture!, levels)};
}

async function networkDenoiser(about: {set: string; schedule: GridRun["schedule"]}): Promise<GridSource> {
  await startBackend("wasm");
  const file = new URL("../src/data/training-weights.json", import.meta.url);
  const weights = unpackWeights(JSON.parse(await readFile(file, "utf8")));
  const network = createPointNetwork(weights);
  network.load(weights);
  const denoiser: Denoiser<Float64Array> = numberDenoiser(network.ema);
  return {...exactDenoiser(about), denoiser};
}

/** One list for each of the names, with a number for each seed. */
function columns<A extends string>(names: readonly A[], measure: (seed: number) => NoInfer<{[name in A]: number}>) {
  const rows = settings.seeds.map(measure);
  return Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])])) as Record<A, number[]>;
}
