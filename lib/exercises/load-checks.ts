import type {Checks} from "./check.js";

// One line a chapter: a page loads the checks of its own exercises only, and only when one of them is run.
const chapters: Record<string, () => Promise<{checks: Checks}>> = {
  compare: () => import("./compare.js"),
  ddim: () => import("./ddim.js"),
  ddpm: () => import("./ddpm.js"),
  errata: () => import("./errata.js"),
  "few-steps": () => import("./few-steps.js"),
  forward: () => import("./forward.js"),
  index: () => import("./index.js"),
  latent: () => import("./latent.js"),
  mnist: () => import("./mnist.js"),
  objective: () => import("./objective.js"),
  train: () => import("./train.js")
};

/** The chapters that have exercises, as their pages' files are named. */
export const chaptersWithChecks: readonly string[] = Object.keys(chapters);

/** Loads the checks of a chapter's exercises. Rejects with an Error where there are none. */
export async function loadChecks(chapter: string): Promise<Checks> {
  if (!Object.hasOwn(chapters, chapter))
    throw new Error(
      `There are no checks for a chapter “${chapter}”: lib/exercises/load-checks.ts needs a line for it.`
    );
  return (await chapters[chapter]()).checks;
}
