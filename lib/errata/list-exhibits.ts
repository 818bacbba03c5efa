import {timestepList} from "../timesteps.js";
import type {ListCode, LoopCode, PairsCode} from "./code.js";
import type {Exhibit} from "./exhibit.js";
import {makeExhibit} from "./exhibit.js";
import {rightRun, runList, runLoop, runPairs} from "./run.js";
import type {World} from "./scene.js";

const spread = ({schedule, steps}: World): number[] => timestepList("linspace", {timesteps: schedule.timesteps, steps});

const squares = ({schedule, steps}: World): number[] =>
  Array.from({length: steps}, (_, i) => Math.ceil(schedule.timesteps * ((steps - i) / steps) ** 2) - 1);

/** The exhibits about which levels are visited, and what the network is told of them. */
export const listExhibits: Exhibit[] = [
  makeExhibit<ListCode>({
    name: "hundred",
    title: "The first hundred of a thousand",
    line: "“100 steps” taken as t = 100 … 1",
    question: "The data are two clusters away from the middle. Where do 100 such steps take points of pure noise?",
    choices: [
      {
        text: "Into the clusters: 100 steps are plenty.",
        says: "They are, from T down. These begin where a tenth of the way is left."
      },
      {
        text: "A part of the way towards the clusters.",
        says: "At t = 100 the network expects points that are nearly data, and corrects only a little.",
        right: true
      },
      {
        text: "Nowhere: the points stay as they are.",
        says: "The step is the right one for points at t = 100, so something moves."
      }
    ],
    scenes: {
      shows: {set: "off-centre", steps: 100, measures: ["inModes"], label: "Two clusters off centre"},
      hides: {set: "gaussian", steps: 100, measures: ["inModes"], label: "One Gaussian"}
    },
    run: runList
  }),
  makeExhibit<LoopCode>({
    name: "stride",
    title: "Long strides, small steps",
    line: "the loop skips times, the update still goes to t − 1",
    question: "The loop visits 50 of the 1000 times, but each update goes to the level of t − 1. What comes out?",
    choices: [
      {
        text: "Samples as of 50 steps, somewhat blurred.",
        says: "Add up how far the updates go: 50 steps of one level each."
      },
      {
        text: "Noise, nearly as it went in.",
        says: "50 updates of one level each remove hardly any noise, though the network is told that it has gone.",
        right: true
      },
      {
        text: "The same as of 1000 steps; only the names of the levels differ.",
        says: "There are 50 updates in all, and each is as small as one of 1000."
      }
    ],
    scenes: {
      shows: {set: "tri", steps: 50, measures: ["inModes"], label: "Three modes, 50 steps"},
      hides: {set: "tri", steps: 1000, measures: ["inModes"], label: "Three modes, 1000 steps"}
    },
    run: runLoop
  }),
  makeExhibit<PairsCode>({
    name: "previous",
    title: "The previous step that was not",
    line: "t − T/S, with a list that is not spaced by T/S",
    question:
      "Each step ends 11 levels short of, or beyond, where the next one begins. With ten steps, what do you see?",
    choices: [
      {text: "Most points miss the modes.", says: "The steps do not meet, but every one of them is nearly right."},
      {
        text: "Hardly a difference; only a test of the list shows it.",
        says: "And now and then it looks better than the right code. A picture is no proof.",
        right: true
      },
      {text: "An error, since levels do not match.", says: "Nothing in the update knows where the next step begins."}
    ],
    scenes: {
      shows: {set: "tri", steps: 10, measures: ["inModes", "stdRatio"], label: "Three modes, 10 steps"},
      hides: {set: "tri", steps: 1000, measures: ["inModes", "stdRatio"], label: "Three modes, 1000 steps"}
    },
    run: (code, world) => runPairs(code, spread(world), world),
    right: (world) => rightRun(world, {timesteps: spread(world)})
  }),
  makeExhibit<LoopCode>({
    name: "position",
    title: "The position for the time",
    line: "the network is told i, not tau_i",
    question: "With 50 of 1000 steps the network is told 50, 49, …, 1. What does it see in pure noise?",
    choices: [
      {
        text: "What it always sees: the time is only a hint.",
        says: "At another time the same point holds another amount of noise."
      },
      {
        text: "Nearly clean data, so the points do not get where they should.",
        says: "Judged by such levels, the noise that it sees is huge. Taking it out throws points past the modes.",
        right: true
      },
      {
        text: "Too much noise, so the samples collapse.",
        says: "The points do gather at a few places. But the times that it is told are small: they mean little noise."
      }
    ],
    scenes: {
      shows: {set: "tri", steps: 50, measures: ["inModes"], label: "Three modes, 50 steps"},
      hides: {set: "tri", steps: 1000, measures: ["inModes"], label: "Three modes, 1000 steps"}
    },
    run: runLoop
  }),
  makeExhibit<LoopCode>({
    name: "tail",
    title: "The last step is missing",
    line: "the loop ends at the last entry of the list, not at clean data",
    question: "Ten levels make nine pairs, and the loop takes nine steps. What is wrong with the samples?",
    choices: [
      {
        text: "A noise remains that can be seen.",
        says: "They are right for the level of t = 100, which is not the level of data.",
        right: true
      },
      {
        text: "Nothing that can be seen: the last step is the smallest.",
        says: "With a thousand steps, yes. With ten, the last is a hundred levels long."
      },
      {text: "They are too narrow.", says: "What is missing is a step that takes noise out."}
    ],
    scenes: {
      shows: {set: "tri", steps: 10, measures: ["inModes", "stdRatio"], label: "Three modes, 10 steps"},
      hides: {set: "tri", steps: 1000, measures: ["inModes", "stdRatio"], label: "Three modes, 1000 steps"}
    },
    run: runLoop
  }),
  makeExhibit<ListCode>({
    name: "eighty",
    title: "Begin at eighty per cent",
    line: "a list that starts at 0.8 T, from noise that is meant for T",
    question: "The clusters are moved far away, to (82, 82). Pure noise is taken for points at t = 800. Who notices?",
    choices: [
      {
        text: "Nobody: at t = 800 there is hardly any data left.",
        says: "√ᾱ there is about 0.04. Times 82, that is three times the noise."
      },
      {
        text: "The samples: they miss the clusters.",
        says: "A true point at t = 800 has moved towards the clusters by √ᾱ times their distance; pure noise has not.",
        right: true
      },
      {text: "The network: it refuses.", says: "A network answers whatever it is shown."}
    ],
    scenes: {
      shows: {
        set: "off-centre",
        shift: 80,
        steps: 10,
        measures: ["inModes"],
        label: "The clusters, far away",
        view: {center: [82.3, 81.7], extent: 1.2}
      },
      hides: {set: "off-centre", steps: 10, measures: ["inModes"], label: "Two clusters off centre"}
    },
    run: runList,
    right: (world) => rightRun(world, {timesteps: squares(world)})
  })
];
