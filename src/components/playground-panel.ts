import type {PointSet} from "../lib/points/index.js";
import {samplerTitles} from "../lib/sampler-names.js";
import type {AnySampler} from "../lib/sampler-names.js";
import type {Schedule, ScheduleName} from "../lib/schedule.js";
import {makeSchedule} from "../lib/schedule.js";
import type {StepRule} from "../lib/timesteps.js";
import {button, buttonRow, controls, select, slider} from "./controls.js";
import {denoiserChoice} from "./denoiser-choice.js";
import type {DenoiserSource} from "./denoiser-source.js";
import {exactDenoiser} from "./denoiser-source.js";
import {element} from "./element.js";
import type {PlaygroundState} from "./playground-state.js";
import {playgroundDefaults, presets, readPlayground, writePlayground} from "./playground-state.js";

export interface PlaygroundPanelOptions {
  sets: readonly PointSet[];
  signal: AbortSignal;
  onChange: () => void;
}

/** The controls of the playground, which are the page's link. */
export interface PlaygroundPanel {
  root: HTMLElement;
  readonly state: PlaygroundState;
  /** Resolves when this browser's own network is on offer, and what the link says is set. */
  ready: Promise<void>;
  /** Sets these and the defaults for the rest. */
  set(state: Partial<PlaygroundState>): void;
  source(schedule: Schedule): Promise<DenoiserSource>;
  /** What of the link or of the settings could not be done, in words; empty if all could. */
  problem(): string;
}

const invitation = "Settings to begin with; each says what to look for.";

/** Makes the controls, sets them to what the page's link says, and keeps the link as they are. */
export function playgroundPanel({sets, signal, onChange}: PlaygroundPanelOptions): PlaygroundPanel {
  let faults: string[] = [];
  let wanted: PlaygroundState["denoiser"] | null = null; // that could not be had
  const choice = denoiserChoice({sets, schedule: makeSchedule("linear"), data: playgroundDefaults.data});
  const [dataList, denoiserList] = choice.querySelectorAll("select");
  const schedule = select<ScheduleName>({
    name: "schedule",
    options: [
      {value: "linear", label: "linear"},
      {value: "cosine", label: "cosine"},
      {value: "scaled_linear", label: "scaled linear"},
      {value: "sigmoid", label: "sigmoid"}
    ]
  });
  const sampler = select<AnySampler>({
    name: "sampler",
    options: Object.entries(samplerTitles).map(([value, label]) => ({value: value as AnySampler, label}))
  });
  const list = select<StepRule>({
    name: "step list",
    options: (["trailing", "leading", "linspace", "uniform", "quadratic"] as const).map((value) => ({
      value,
      label: value
    }))
  });
  const trajectories = select<PlaygroundState["trajectories"]>({
    name: "trajectories",
    options: [
      {value: "none", label: "none"},
      {value: "some", label: "ten"},
      {value: "all", label: "all"}
    ]
  });
  const steps = slider({name: "steps", symbol: "S", min: 1, max: 1000, value: 20, log: true, entry: true});
  const eta = slider({name: "eta", symbol: "η", max: 1.5, value: 0, entry: true, color: "var(--ddim)"});
  const clip = slider({
    ...{name: "clip", max: 4, step: 0.1, value: 0},
    format: (v) => (v > 0 ? `x₀ to ±${v.toFixed(1)}` : "off")
  });
  const points = slider({name: "points", min: 1, max: 2000, step: 1, value: 500, entry: true});
  const seed = slider({name: "seed of the start", max: 100, step: 1, value: 1, entry: true});
  const noise = slider({name: "seed of the noise", max: 100, step: 1, value: 1, entry: true});
  const simple = {schedule, sampler, list, trajectories, steps, eta, clip, points, seed, noise};

  const link = element("input", {
    type: "text",
    readonly: true,
    "aria-label": "The link to these settings",
    class: "playground-link"
  });
  const copied = element("span", {role: "status"});
  const copy = button("Copy the link", () => void copyLink());
  const look = element("p", {class: "playground-look", "aria-live": "polite"}, invitation);
  const root = element(
    "div",
    {class: "playground"},
    buttonRow(...presets.map((preset) => button(preset.title, () => usePreset(preset.state, preset.look)))),
    look,
    controls(choice, schedule, sampler, list, steps, eta, clip, points, trajectories, seed, noise),
    element("div", {class: "playground-share"}, link, copy, copied)
  );
  for (const control of [choice, ...Object.values(simple)])
    control.addEventListener("change", () => {
      faults = [];
      wanted = null;
      changed();
    });
  addEventListener("hashchange", () => fromLink(), {signal});
  const ready = choice.ready.then(() => fromLink({silent: true}));
  return {
    root,
    ready,
    set: (state) => usePreset(state, ""),
    get state() {
      return stateNow();
    },
    source: async (schedule) => {
      return choice.kind === "exact" ? exactDenoiser(choice.set, schedule) : choice.source();
    },
    problem: () => [...faults, wanted ? cannot(wanted) : ""].filter(Boolean).join(" ")
  };

  function stateNow(): PlaygroundState {
    const values = Object.fromEntries(Object.entries(simple).map(([name, control]) => [name, control.value]));
    return {...playgroundDefaults, ...values, data: choice.set.name, denoiser: choice.kind};
  }

  function put(state: PlaygroundState): void {
    for (const [name, control] of Object.entries(simple))
      (control as {value: unknown}).value = state[name as keyof PlaygroundState];
    dataList.value = state.data;
    dataList.dispatchEvent(new Event("input")); // the list of denoisers follows
    const option = [...denoiserList.options].find(({value}) => value === state.denoiser);
    wanted = option && !option.disabled ? null : state.denoiser;
    if (!wanted) denoiserList.value = state.denoiser;
    show();
  }

  function fromLink({silent = false} = {}): void {
    const hash = location.hash.replace(/^#/, "");
    if (!silent && hash === writePlayground(stateNow())) return;
    if (hash && !hash.includes("=")) return; // a heading of the page
    const {state, problems} = readPlayground(
      hash,
      sets.map(({name}) => name)
    );
    faults = problems;
    look.textContent = invitation;
    put(state);
    if (!silent) onChange();
  }

  function usePreset(state: Partial<PlaygroundState>, text: string): void {
    faults = [];
    look.textContent = text || invitation;
    put({...playgroundDefaults, ...state});
    changed();
  }

  function changed(): void {
    show();
    onChange();
  }

  /** The link as the controls are, and which of them have no effect. */
  function show(): void {
    const hash = writePlayground(stateNow());
    const address = `${location.pathname}${location.search}${hash ? `#${hash}` : ""}`;
    history.replaceState(history.state, "", address);
    link.value = new URL(address, location.href).href;
    copied.textContent = "";
    const idle: [HTMLElement, boolean][] = [
      [schedule, choice.kind !== "exact"],
      [eta, sampler.value !== "ddim"],
      [clip, sampler.value === "heun"]
    ];
    for (const [control, off] of idle)
      for (const input of control.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input, select"))
        input.disabled = off;
  }

  function cannot(kind: PlaygroundState["denoiser"]): string {
    if (kind === "trained")
      return "The link asks for a network trained here on these data; this browser has none, so another denoiser answers. Train one on /train.";
    return `These data have no ${kind} denoiser, so another one answers.`;
  }

  async function copyLink(): Promise<void> {
    try {
      await navigator.clipboard.writeText(link.value);
      copied.textContent = "Copied.";
    } catch {
      link.select();
      copied.textContent = "Press Ctrl+C or Cmd+C to copy.";
    }
  }
}
