import type {StepCode} from "./code.js";
import type {Exhibit} from "./exhibit.js";
import {makeExhibit} from "./exhibit.js";
import {runStep} from "./run.js";

/** The exhibits about the terms of the update: what the network says, the direction, and the noise. */
export const updateExhibits: Exhibit[] = [
  makeExhibit<StepCode>({
    name: "mistaken",
    title: "Noise taken for data",
    line: "an epsilon network read as an x₀ network",
    question: "The network predicts the noise; the step takes it for the data. What comes out of 50 steps?",
    choices: [
      {text: "The mirror image of the data.", says: "Noise and data are no mirror images of each other."},
      {
        text: "A cloud much wider than the data.",
        says: "The noise that is derived from the wrong x₀ is not small, and it is fed back.",
        right: true
      },
      {text: "Everything at one point.", says: "On one Gaussian it is so. Switch the data below to see it."}
    ],
    scenes: {
      shows: {set: "tri", steps: 50, measures: ["variance", "inModes"], label: "Three modes"},
      hides: {set: "gaussian", steps: 50, measures: ["inModes"], label: "One Gaussian"}
    },
    run: runStep
  }),
  makeExhibit<StepCode>({
    name: "direction",
    title: "No direction",
    line: "sigma in place of √(1 − ᾱ − σ²): at eta 0 the middle term is gone",
    question: "With eta = 0 this step has no noise term at all. Where do the points end?",
    choices: [
      {
        text: "In the modes, like any DDIM: it has no fresh noise either.",
        says: "DDIM adds no fresh noise, but it keeps the old. Here both are gone."
      },
      {
        text: "All at one point.",
        says: "Without noise every x is a multiple of the same guess, so all guesses become one.",
        right: true
      },
      {
        text: "They stay noise.",
        says: "The first step replaces x by a multiple of the guess: the noise is gone at once."
      }
    ],
    scenes: {
      shows: {set: "tri", steps: 50, measures: ["variance"], label: "Three modes, eta 0"},
      hides: {set: "tri", steps: 50, eta: 1, measures: ["inModes"], label: "Three modes, eta 1"}
    },
    run: runStep
  }),
  makeExhibit<StepCode>({
    name: "temperature",
    title: "DDPM with the noise switched off",
    line: "eta as a temperature: the mean of DDPM, and eta times its noise",
    question:
      "The step keeps DDPM’s mean and scales its noise by eta. At eta = 0, with 1000 steps, how wide are the modes?",
    choices: [
      {
        text: "As wide as the data: this is what DDIM is.",
        says: "DDIM’s mean is another one. DDPM’s leaves room for noise that now never comes."
      },
      {
        text: "Too narrow.",
        says: "Each step drops the share of noise that should have come back.",
        right: true
      },
      {text: "Too wide.", says: "Leaving noise out does not widen anything."}
    ],
    scenes: {
      shows: {set: "ring8", steps: 1000, measures: ["stdRatio"], label: "Ring of eight, eta 0"},
      hides: {set: "ring8", steps: 1000, eta: 1, measures: ["stdRatio"], label: "Ring of eight, eta 1"}
    },
    run: runStep
  }),
  makeExhibit<StepCode>({
    name: "square",
    title: "Eta without its square",
    line: "1 − ᾱ − eta σ² under the root: right at 0 and at 1, wrong between",
    question:
      "A test compares this step with the right one at eta = 0 and at eta = 1, and passes. What happens at 0.5?",
    choices: [
      {text: "Nothing special: between two right ends it is right.", says: "0.5 is not 0.25."},
      {
        text: "The modes come out too narrow.",
        says: "Under the root 0.5 is taken away, and the noise puts back only 0.25.",
        right: true
      },
      {text: "The modes come out too wide.", says: "More is taken away under the root than the noise puts back."}
    ],
    scenes: {
      shows: {set: "tri", steps: 50, eta: 0.5, measures: ["stdRatio", "variance"], label: "Three modes, eta 0.5"},
      hides: {set: "tri", steps: 50, eta: 1, measures: ["stdRatio", "variance"], label: "Three modes, eta 1"}
    },
    run: runStep
  }),
  makeExhibit<StepCode>({
    name: "clipped",
    title: "Clipped data, old noise",
    line: "x₀ is clipped, epsilon is not derived anew",
    question:
      "The network overshoots by 20 per cent, as with guidance. x₀ is clipped to the box. Is the damage contained?",
    choices: [
      {
        text: "Yes: x₀ stays in the box, whatever the network says.",
        says: "The guess does. The other half of the step still carries the network’s own noise."
      },
      {
        text: "No: most points miss the modes.",
        says: "The clipped x₀ and the old noise no longer make x. The step goes to a place that neither of them meant.",
        right: true
      },
      {
        text: "It would be better not to clip.",
        says: "Without clipping nothing holds the points at all. The pair has to be clipped as a pair."
      }
    ],
    scenes: {
      shows: {set: "tri", steps: 50, overshoot: 0.2, measures: ["inModes"], label: "A network that overshoots"},
      hides: {set: "tri", steps: 50, measures: ["inModes"], label: "The exact network"}
    },
    run: runStep,
    right: (world) => runStep(clippedPair, world)
  })
];

const clippedPair: StepCode = ({x, x0, alphaBar, alphaBarPrev}) => {
  const inside = Math.max(-1, Math.min(1, x0));
  const noise = (x - Math.sqrt(alphaBar) * inside) / Math.sqrt(1 - alphaBar);
  return Math.sqrt(alphaBarPrev) * inside + Math.sqrt(1 - alphaBarPrev) * noise;
};
