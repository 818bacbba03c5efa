import type {LoopCode, StepCode, TableCode} from "./code.js";
import type {Exhibit} from "./exhibit.js";
import {makeExhibit} from "./exhibit.js";
import {runLoop, runStep, runTable} from "./run.js";

/** The exhibits that come from the text this course started from: its formula, and its pseudo-code. */
export const sourceExhibits: Exhibit[] = [
  makeExhibit<StepCode>({
    name: "divided",
    title: "The factor upside down",
    line: "1/√ᾱ where √ᾱ belongs: the published update formula",
    question: "The cell runs with 20 steps. What becomes of the points?",
    choices: [
      {text: "They reach the modes, a little too wide.", says: "A factor that is wrong by thousands is no detail."},
      {
        text: "They fly off, and more steps would make it worse.",
        says: "Each step throws the point out again, and the next guess starts from there.",
        right: true
      },
      {
        text: "They fly off, but enough steps would repair it.",
        says: "More steps usually help, but here every step multiplies the error once more."
      }
    ],
    scenes: {
      shows: {set: "tri", steps: 20, measures: ["largest"], label: "Three modes, 20 steps"},
      hides: {set: "tri", steps: 1, measures: ["largest"], label: "Three modes, 1 step"}
    },
    run: runStep
  }),
  makeExhibit<LoopCode>({
    name: "standing",
    title: "The loop that stands still",
    line: "x is never reassigned: the pseudo-code, line by line as published",
    question: "The network is called for every time from 1000 down to 1. What comes out?",
    choices: [
      {
        text: "The input, almost to the last digit.",
        says: "Only the last call counts. It shows pure noise to the network and says: this is almost clean.",
        right: true
      },
      {
        text: "The mean of the data, since pure noise says nothing about them.",
        says: "That is what the first call would say, at t = 1000. Its answer is thrown away: the last call is told t = 1."
      },
      {
        text: "Good samples; the variable only has an unlucky name.",
        says: "Every call sees the same x. Nothing is passed from one step to the next."
      }
    ],
    scenes: {
      shows: {set: "tri", steps: 1000, measures: ["moved", "inModes"], label: "Three modes"},
      hides: {set: "gaussian", steps: 1000, measures: ["inModes"], label: "One Gaussian"}
    },
    run: runLoop
  }),
  makeExhibit<LoopCode>({
    name: "fresh",
    title: "Fresh noise for old",
    line: "random numbers where the predicted noise belongs",
    question: "Now x is reassigned. The data are one Gaussian of variance 1. Which variance have the samples?",
    choices: [
      {
        text: "1: noise is noise, fresh or predicted.",
        says: "It would be, if the guess of x₀ were a draw. It is a mean."
      },
      {
        text: "About one half, however many steps are taken.",
        says: "Every step replaces the sample by a mean over all data that fit, and means vary less.",
        right: true
      },
      {
        text: "Less than 1, but it tends to 1 as the steps become many.",
        says: "The loss does not vanish with the step: it has a fixed point, at half of the variance."
      }
    ],
    scenes: {
      shows: {set: "gaussian", steps: 1000, measures: ["variance"], label: "One Gaussian"},
      hides: {set: "ring8", steps: 1000, measures: ["inModes", "sameMode"], label: "Ring of eight"}
    },
    run: runLoop
  }),
  makeExhibit<StepCode>({
    name: "unused",
    title: "The level that nobody used",
    line: "alpha_t is computed and never used, so no noise can be predicted",
    question: "Both noise terms use the level to go to; the level of x is not used. What does one step do?",
    choices: [
      {text: "It goes a little too far.", says: "Put in ᾱ_prev for ᾱ and multiply out: what is left of the step?"},
      {
        text: "Nothing: it gives back x.",
        says: "What the first line takes apart, the second puts together with the same two factors.",
        right: true
      },
      {
        text: "It goes half as far as it should.",
        says: "Multiply out: the two x₀ terms cancel, and so does everything else."
      }
    ],
    scenes: {
      shows: {set: "tri", steps: 50, measures: ["moved", "inModes"], label: "Three modes"},
      hides: {set: "gaussian", steps: 50, measures: ["inModes"], label: "One Gaussian"}
    },
    run: runStep
  }),
  makeExhibit<LoopCode>({
    name: "slice",
    title: "The slice that wraps round",
    line: "betas[:t-1] at t = 0 means all but the last",
    question: "The loop runs 1000 times, and 999 of them are nearly right. What does the last one do?",
    choices: [
      {text: "Hardly anything: one step of 1000.", says: "It is the step that decides with which factor x₀ comes out."},
      {
        text: "It throws an error, since the slice is empty.",
        says: "An empty slice would be fine: its product is 1. This one is not empty. It wraps round."
      },
      {
        text: "All points land at one place, the origin.",
        says: "slice(0, −1) is everything but the last, so the level to go to is that of almost pure noise.",
        right: true
      }
    ],
    scenes: {
      shows: {set: "tri", steps: 1000, measures: ["largest", "inModes"], label: "Three modes"},
      hides: {set: "gaussian", steps: 1000, measures: ["inModes"], label: "One Gaussian"}
    },
    run: runLoop
  }),
  makeExhibit<TableCode>({
    name: "bar",
    title: "Alpha without its bar",
    line: "alpha for alpha-bar: two papers, one letter",
    question: "Every level is now 1 − β, between 0.98 and 1. What do 50 steps do to pure noise?",
    choices: [
      {text: "They take out too much noise.", says: "The table says that there is hardly any noise to take out."},
      {
        text: "Next to nothing: it stays noise.",
        says: "With all levels near 1, each step believes that x is nearly clean.",
        right: true
      },
      {
        text: "They give samples that are a bit too wide.",
        says: "The step from 0.98 to 1 removes about a seventh of each coordinate’s noise."
      }
    ],
    scenes: {
      shows: {set: "tri", steps: 50, measures: ["inModes"], label: "Three modes"},
      hides: {set: "gaussian", steps: 50, measures: ["inModes"], label: "One Gaussian"}
    },
    run: (code, world) => runTable(code, world, "noise")
  })
];
