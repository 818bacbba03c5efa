/**
 * npx tsx data/record-latent.ts: measures what /latent states, and writes src/data/latent.json. It goes on where it was
 * stopped; a minute or two on one core.
 */
import type {LatentRecord} from "../lib/latent-record.js";
import {
  recordConsistency,
  recordMiddle,
  recordTrip,
  recordedConsistencySteps,
  recordedTripSteps
} from "../lib/latent-record.js";
import {resumable} from "./resumable.js";

const settings = {seeds: [1, 2, 3], count: 1000};
const {seeds, count} = settings;
const empty: LatentRecord = {settings, consistency: {}, trips: {}, middles: {}};
const {value, once} = await resumable("latent", empty);

for (const way of ["lerp", "turn"] as const)
  await once(value.middles, way, () => seeds.map((seed) => recordMiddle(way, {seed, count})));
for (const decoder of ["ddim", "ddpm"] as const) {
  for (const steps of recordedConsistencySteps)
    await once(value.consistency, `${decoder} ${steps}`, () =>
      seeds.map((seed) => recordConsistency(decoder, steps, {seed, count}))
    );
}
for (const steps of recordedTripSteps) {
  for (const at of ["source", "target"] as const)
    await once(value.trips, `ddim ${at} ${steps}`, () =>
      seeds.map((seed) => recordTrip("ddim", {at, steps, seed, count}))
    );
  await once(value.trips, `ddpm source ${steps}`, () =>
    seeds.map((seed) => recordTrip("ddpm", {at: "source", steps, seed, count}))
  );
}
