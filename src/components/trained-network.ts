import {seededRandom} from "../lib/random.js";
import type {ScheduleName} from "../lib/schedule.js";
import type {KeptList} from "./kept-list.js";
import {keptList} from "./kept-list.js";
import type {RunKey} from "./kept-runs.js";
import {keepRun, pointRuns, renewRun} from "./kept-runs.js";
import type {StoredNetwork} from "./network-store.js";
import type {TrainingRun} from "./training-run.js";

const ownNetwork =
  "This network answers with your own denoiser, which the other chapters do not have: it stays on this page.";

/** Keeps the network of a training for the other chapters. Resolves to what the reader should know; "" if there is none. */
export async function keepNetwork(run: TrainingRun, loss: number): Promise<string> {
  const {plan, backend, step} = run;
  const weights = await run.weights();
  if (!plan || !backend || !weights || step === 0) return "";
  if (weights.ownForward) return ownNetwork;
  const network: StoredNetwork = {
    version: 1,
    weights,
    data: plan.set.name,
    points: plan.set.sample(2000, seededRandom(4)),
    schedule: plan.schedule.name as ScheduleName,
    backend,
    steps: step,
    loss
  };
  try {
    await keepRun(pointRuns, network, `${step} steps on ${plan.set.title}`);
    return "This browser has kept the network: the other chapters can sample with it.";
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error); // a private window, a full disk
    return `This browser did not keep the network for the other chapters (${why}); it stays until you leave the page.`;
  }
}

/** The networks that other tabs and earlier visits have kept, each to be made the one that the other chapters use. */
export function keptNetworks(tell: (text: string) => void, signal: AbortSignal): KeptList {
  const go = (key: RunKey) => renewRun(pointRuns, key);
  const use = {label: "Let the other chapters use it", done: "the other chapters use it", go};
  return keptList({kind: pointRuns, use, tell, signal});
}
