import {makeSchedule} from "../schedule.js";
import type {BetasCode, TableCode} from "./code.js";
import type {Exhibit} from "./exhibit.js";
import {makeExhibit} from "./exhibit.js";
import {rightRun, runBetas, runTable} from "./run.js";

/** The exhibits about the table of levels: how far it goes, and how exactly it is kept. */
export const tableExhibits: Exhibit[] = [
  makeExhibit<BetasCode>({
    name: "short",
    title: "A short schedule with the numbers of a long one",
    line: "T = 50 with the betas of T = 1000: x_T is not noise",
    question:
      "At T a true point still holds a good part of its data, and sampling starts from N(0, I). What does DDIM make of it?",
    choices: [
      {
        text: "Good samples; the network was trained on this very schedule.",
        says: "It was, and it has never seen a point like those that sampling starts from."
      },
      {
        text: "Samples that miss the clusters.",
        says: "The start is too near the middle, and a deterministic sampler never forgets its start.",
        right: true
      },
      {text: "Noise, since 50 steps are too few.", says: "50 steps are enough when they begin where the noise is."}
    ],
    scenes: {
      shows: {set: "off-centre", timesteps: 50, steps: 50, measures: ["inModes"], label: "Off centre, DDIM"},
      hides: {set: "off-centre", timesteps: 50, steps: 50, eta: 1, measures: ["inModes"], label: "Off centre, DDPM"}
    },
    run: runBetas,
    right(world) {
      const schedule = makeSchedule("linear", {timesteps: world.schedule.timesteps, rescale: true});
      return rightRun(world, {schedule});
    }
  }),
  makeExhibit<TableCode>({
    name: "half",
    title: "Half precision, no noise",
    line: "the product in float16: the first levels round to 1",
    question: "The table is kept in half precision, and the network predicts x₀. What do 1000 steps give?",
    choices: [
      {
        text: "Samples with an error in the third digit.",
        says: "So it is in most of the table. Look at its beginning, where 1 − β is nearest to 1."
      },
      {
        text: "No numbers at all.",
        says: "0.9999 rounds to 1. Then there is no noise to divide by: 0/0.",
        right: true
      },
      {text: "Samples that are a bit too wide.", says: "The trouble is not the size of the error but where it is."}
    ],
    scenes: {
      shows: {set: "tri", steps: 1000, measures: ["inModes"], label: "Three modes, 1000 steps"},
      hides: {set: "tri", steps: 20, measures: ["inModes"], label: "Three modes, 20 steps"}
    },
    run: (code, world) => runTable(code, world, "x0")
  })
];
