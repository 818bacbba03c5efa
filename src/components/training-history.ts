import type {LossPoint} from "./loss-curve.js";
import type {Snapshot} from "./training-samples.js";

/** What is in the picture: a training, recorded or made here. */
export interface Shown {
  losses: LossPoint[];
  history: Snapshot[];
  steps: number;
}

/** A training as it was after a step. */
export function upTo({losses, history, steps}: Shown, step: number): Shown {
  return {
    losses: losses.filter(([at]) => at <= step),
    history: history.filter((snapshot) => snapshot.step <= step),
    steps
  };
}
