import type {Forward} from "../lib/point-network.js";
import type {TrainingOptions} from "../lib/training.js";
import {blame} from "./own-code.js";

/** What the page's cells give to a training; what is missing is the library's. */
export interface TrainingCode extends Pick<TrainingOptions, "loss" | "loop" | "optimizer"> {
  denoiser?: Forward;
}

/** The reader's functions, with errors that name their cells. */
export function namedCode({loss, loop, optimizer, denoiser}: TrainingCode): TrainingCode {
  return {
    loss: loss && named("loss", loss),
    loop: loop && namedLoop(loop),
    optimizer: optimizer && named("optimizer", optimizer),
    denoiser: denoiser && named("denoiser", denoiser)
  };
}

/** Whether two codes are the same, function by function. */
export function sameCode(a: TrainingCode, b: TrainingCode): boolean {
  return (["loss", "loop", "optimizer", "denoiser"] as const).every((key) => a[key] === b[key]);
}

/** An error of the library's that is about the reader's code, as one of its cell. */
export function blameCode(error: unknown): unknown {
  const cell = cellOf(error);
  return cell ? blame(cell, error) : error;
}

// The loop's code runs when it is asked for the next step, not when it is called.
function namedLoop(loop: NonNullable<TrainingCode["loop"]>): NonNullable<TrainingCode["loop"]> {
  return (tools) => {
    const steps = named("training-loop", loop)(tools);
    if (typeof steps?.next !== "function" || Symbol.asyncIterator in steps) return steps; // the library says what is wrong
    const next = named("training-loop", () => steps.next());
    return {next, return: (value) => steps.return?.(value) ?? {done: true, value}};
  };
}

function named<A extends unknown[], B>(who: string, run: (...args: A) => B): (...args: A) => B {
  return (...args) => {
    try {
      return run(...args);
    } catch (error) {
      throw blame(cellOf(error) ?? who, error);
    }
  };
}

/** The cell that a TypeError of the library's is about: it names the thing that is not right. */
function cellOf(error: unknown): string | undefined {
  if (!(error instanceof TypeError)) return undefined;
  const [, what] = /^the (loss|denoiser|optimizer|training loop) /.exec(error.message) ?? [];
  return what?.replace(" ", "-");
}
