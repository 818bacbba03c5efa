import {mixtureDenoiser} from "../lib/mixture.js";
import {pointSet, pointSets} from "../lib/points/index.js";
import type {GridSource} from "../lib/sampler-grid.js";
import type {ScheduleName} from "../lib/schedule.js";
import {makeSchedule} from "../lib/schedule.js";
import type {BadgeKind} from "./live.js";
import {networkDenoiser} from "./network-denoiser.js";
import type {StoredNetwork} from "./network-store.js";
import {storedNetwork} from "./network-store.js";

/** Something that the grid can be measured on here. */
export interface GridChoice {
  name: string;
  label: string;
  title: string;
  kind: BadgeKind;
  denoiser: string; // what it is, in words
  /** Makes the source; undefined when there is none yet. */
  open?: () => Promise<GridSource & {name: ScheduleName}>;
}

/** The exact denoisers of two sets, and the network that was trained on /train, if this browser has one. */
export async function gridChoices(): Promise<GridChoice[]> {
  const stored = await storedNetwork();
  return [exactChoice("tri", "linear"), exactChoice("ring8", "cosine"), networkChoice(stored)];
}

function exactChoice(name: string, schedule: ScheduleName): GridChoice {
  const set = pointSet(name);
  const open = async () => {
    const levels = makeSchedule(schedule);
    return {set, schedule: levels, name: schedule, denoiser: mixtureDenoiser(set.mixture!, levels)};
  };
  const label = `${set.title.toLowerCase()}, exact`;
  return {name, label, title: label, kind: "exact", denoiser: "the mixture’s own formula", open};
}

function networkChoice(stored: StoredNetwork | undefined): GridChoice {
  const choice: GridChoice = {
    name: "network",
    label: "no network yet: train one on /train",
    title: "your network",
    kind: "trained",
    denoiser: "none"
  };
  if (!stored) return choice;
  const known = pointSets.find(({name}) => name === stored.data);
  return {
    ...choice,
    label: `your network, on ${known?.title.toLowerCase() ?? "your points"}`,
    denoiser: `your network of ${stored.steps} steps`,
    open: async () => ({
      set: known ?? pointsKept(stored.points),
      schedule: makeSchedule(stored.schedule),
      name: stored.schedule,
      denoiser: await networkDenoiser(stored.weights)
    })
  };
}

/** The reader's own points as a distribution: one of them, each as likely. */
function pointsKept(points: Float64Array): GridSource["set"] {
  return {
    sample(count, random) {
      const picks = Array.from({length: count}, () => random.integer(points.length / 2));
      return Float64Array.from({length: 2 * count}, (_, i) => points[2 * picks[i >> 1] + (i & 1)]);
    }
  };
}
