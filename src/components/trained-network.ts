import {seededRandom} from "../lib/random.js";
import type {ScheduleName} from "../lib/schedule.js";
import {storeNetwork} from "./network-store.js";
import type {TrainingRun} from "./training-run.js";

const ownNetwork =
  "This network answers with your own denoiser, which the other chapters do not have: it stays on this page.";

/** Keeps the network of a training for the other chapters. Resolves to what the reader should know; "" if there is none. */
export async function keepNetwork(run: TrainingRun, loss: number): Promise<string> {
  const {plan, backend, step} = run;
  const weights = await run.weights();
  if (!plan || !backend || !weights || step === 0) return "";
  if (weights.ownForward) return ownNetwork;
  const refusal = await storeNetwork({
    version: 1,
    weights,
    data: plan.set.name,
    points: plan.set.sample(2000, seededRandom(4)),
    schedule: plan.schedule.name as ScheduleName,
    backend,
    steps: step,
    loss
  });
  return refusal ?? "This browser has kept the network: the other chapters can sample with it.";
}
