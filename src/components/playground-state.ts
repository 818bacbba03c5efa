import type {AnySampler} from "../lib/sampler-names.js";
import {samplerTitles} from "../lib/sampler-names.js";
import type {ScheduleName} from "../lib/schedule.js";
import type {StepRule} from "../lib/timesteps.js";

/** All that the playground shows, and all that its link holds, under these names. */
export interface PlaygroundState {
  data: string; // the name of a point set
  denoiser: "exact" | "pretrained" | "trained";
  schedule: ScheduleName; // of the exact denoiser; a network brings its own
  sampler: AnySampler;
  steps: number; // S, 1 to 1000
  eta: number; // from 0; the sampler refuses what is beyond its limit
  list: StepRule;
  clip: number; // of the predicted x_0; 0 is no clipping
  points: number; // 1 to 5000
  trajectories: "none" | "some" | "all";
  seed: number; // of x_T
  noise: number; // the seed of the sampler's own noise
}

export const playgroundDefaults: PlaygroundState = {
  data: "ring8",
  denoiser: "exact",
  schedule: "linear",
  sampler: "ddim",
  steps: 20,
  eta: 0,
  list: "trailing",
  clip: 0,
  points: 500,
  trajectories: "some",
  seed: 1,
  noise: 1
};

/** What a name may hold. */
const choices: {[K in keyof PlaygroundState]?: readonly string[]} = {
  denoiser: ["exact", "pretrained", "trained"],
  schedule: ["linear", "cosine", "scaled_linear", "sigmoid"],
  sampler: Object.keys(samplerTitles),
  list: ["trailing", "leading", "linspace", "uniform", "quadratic"],
  trajectories: ["none", "some", "all"]
};

const ranges: {[K in keyof PlaygroundState]?: {min: number; max: number; whole?: boolean}} = {
  steps: {min: 1, max: 1000, whole: true},
  eta: {min: 0, max: 20},
  clip: {min: 0, max: 100},
  points: {min: 1, max: 5000, whole: true},
  seed: {min: 0, max: 1e9, whole: true},
  noise: {min: 0, max: 1e9, whole: true}
};

/** What a link's part after # says; what is missing or wrong is the default, and each fault a sentence. */
export function readPlayground(hash: string, sets: readonly string[]): {state: PlaygroundState; problems: string[]} {
  const state = {...playgroundDefaults};
  const problems: string[] = [];
  for (const [name, text] of new URLSearchParams(hash.replace(/^#/, ""))) {
    const key = name as keyof PlaygroundState;
    const wrong = wrongWith(key, text, {...choices, data: sets});
    if (wrong) problems.push(wrong);
    else Object.assign(state, {[key]: ranges[key] ? Number(text) : text});
  }
  return {state, problems};
}

function wrongWith(name: keyof PlaygroundState, text: string, lists: typeof choices): string {
  if (!Object.hasOwn(playgroundDefaults, name)) return `The link sets ${name}, which the playground does not have.`;
  const list = lists[name];
  if (list) return list.includes(text) ? "" : `The link sets ${name} to “${text}”; there are ${list.join(", ")}.`;
  const {min, max, whole} = ranges[name]!;
  const value = Number(text);
  if (text.trim() && value >= min && value <= max && (!whole || Number.isInteger(value))) return "";
  return `The link sets ${name} to “${text}”; it is a ${whole ? "whole " : ""}number from ${min} to ${max}.`;
}

/** The part of a link after #, with the names and values that differ from the defaults; empty when none does. */
export function writePlayground(state: PlaygroundState): string {
  const changed = Object.entries(state).filter(
    ([name, value]) => value !== playgroundDefaults[name as keyof PlaygroundState]
  );
  return new URLSearchParams(changed.map(([name, value]) => [name, String(value)])).toString();
}

/** A setting that shows something, with what to look at. */
export interface Preset {
  title: string;
  look: string;
  state: Partial<PlaygroundState>;
}

export const presets: Preset[] = [
  {
    title: "Ten steps will do",
    look: "DDIM with 10 steps. Then set the sampler to DDPM.",
    state: {steps: 10}
  },
  {
    title: "Quadratic steps",
    look: "Ten steps, small where there is little noise. Compare the distance with that of an even list.",
    state: {data: "tri", steps: 10, list: "quadratic"}
  },
  {
    title: "A thousand random steps",
    look: "DDPM as it was published. Draw other noise: each point goes elsewhere.",
    state: {sampler: "ddpm", steps: 1000, trajectories: "some"}
  },
  {
    title: "Noise without end",
    look: "The large variance with few steps leaves noise in the samples: look at the width of the modes.",
    state: {sampler: "ddpm-large", steps: 10}
  },
  {
    title: "Past DDPM",
    look: "An eta a little above 1 is allowed. Raise it further, and the step says where its root turns negative.",
    state: {eta: 1.15, steps: 50}
  },
  {
    title: "Second order",
    look: "DPM-Solver++ with 50 steps on the cosine schedule. Change the sampler to DDIM with 200: which is nearer to the data?",
    state: {data: "tri", schedule: "cosine", sampler: "dpm-solver", steps: 50}
  },
  {
    title: "A network’s own errors",
    look: "The pretrained network on the two moons. No step list makes good what it has not learned.",
    state: {data: "moons", denoiser: "pretrained", steps: 50}
  },
  {
    title: "Off centre",
    look: "Tight modes far from the origin. Start too late (leading, 600 steps) and they are missed.",
    state: {data: "off-centre", list: "leading", steps: 600}
  }
];
