import type {BackendName} from "../lib/tf.js";
import type {Control} from "./controls.js";
import {select} from "./controls.js";
import {readable} from "./format.js";

/** A backend of tfjs by name, our kernels, or the best of those that start. */
export type BackendWish = BackendName | "kernels" | "auto";

/** The backend of tfjs that runs, and a line for the reader: how fast each is here, or why the wish was not granted. */
export interface StartedBackend {
  name: BackendName;
  line: string;
}

/** What trying something out has shown. */
export interface Trial {
  name: BackendWish;
  available: boolean;
  stepsPerSecond?: number; // absent when it was not measured
}

export interface BackendSelect extends Control<BackendWish> {
  /** Says in the list how fast each is. */
  note(trials: readonly Trial[]): void;
  /**
   * Starts the chosen backend of tfjs, or, when none is chosen, tries each for a moment and starts the fastest. One that
   * does not start gives way to the next. Loads tfjs; throws an Error for the reader when nothing starts.
   */
  start(signal: AbortSignal): Promise<StartedBackend>;
}

const names: Record<BackendWish, string> = {
  auto: "auto",
  kernels: "our kernels",
  webgpu: "WebGPU",
  webgl: "WebGL",
  wasm: "Wasm",
  cpu: "CPU"
};

/** A list to choose a backend from. After a trial each entry says how fast it is. */
export function backendSelect(value: BackendWish = "auto"): BackendSelect {
  const options = Object.entries(names).map(([value, label]) => ({value: value as BackendWish, label}));
  const root = select<BackendWish>({name: "backend", options, value});
  root.classList.add("steady"); // the controls stay in place when the entries grow

  async function start(signal: AbortSignal): Promise<StartedBackend> {
    const wish = root.value;
    if (wish !== "auto" && wish !== "kernels") {
      const {startBackend} = await import("../lib/backend.js");
      const {name, reason} = await startBackend(wish);
      return {name, line: name === wish ? "" : `${reason}.`};
    }
    const {pickBackend} = await import("../lib/backend-choice.js");
    const {name, reason, trials} = await pickBackend({signal});
    note(trials);
    return {name, line: `${reason}.`};
  }

  function note(trials: readonly Trial[]): void {
    for (const trial of trials) {
      const option = root.querySelector<HTMLOptionElement>(`option[value=${trial.name}]`)!;
      option.textContent = `${names[trial.name]}${outcome(trial)}`;
    }
  }

  return Object.assign(root, {note, start});
}

/** What a trial adds to the name of a backend in the list. */
function outcome({available, stepsPerSecond}: Trial): string {
  if (!available) return ", not here";
  return stepsPerSecond === undefined ? "" : `, ${readable(stepsPerSecond, 2)} steps/s`;
}
