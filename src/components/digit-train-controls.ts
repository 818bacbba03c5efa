import type {Control} from "./controls.js";
import {controls, select, slider} from "./controls.js";
import type {DigitBackend, TrainingWish} from "./digit-messages.js";
import {firstWish, problemOf} from "./digit-training-plan.js";
import type {Tell} from "./train-controls.js";

export interface DigitTrainControlsOptions {
  tell: Tell;
  onChange: () => void; // of what is to be trained
}

/** The settings of a training of digits. `wish` is always the last good one. */
export interface DigitTrainControls {
  settings: HTMLElement;
  wish: TrainingWish; // setting it moves the controls
  /** Takes up what the controls say; false, after telling why, when something is wrong with it. */
  ready(): boolean;
  /** Says beside each backend what was found when it was tried. */
  rates(found: Partial<Record<DigitBackend, string>>): void;
}

const names: Record<TrainingWish["backend"], string> = {
  auto: "auto",
  webgpu: "WebGPU",
  webgl: "WebGL",
  wasm: "Wasm"
};

export function digitTrainControls({tell, onChange}: DigitTrainControlsOptions): DigitTrainControls {
  const {steps, batch, learningRate, seed, backend} = firstWish;
  const own = {
    steps: slider({name: "training steps", min: 50, max: 3000, step: 50, value: steps, entry: true}),
    learningRate: slider({name: "learning rate", min: 1e-4, max: 1, value: learningRate, log: true, entry: true}),
    batch: slider({name: "batch", min: 8, max: 256, step: 8, value: batch, entry: true}),
    seed: slider({name: "seed", min: 0, max: 99, step: 1, value: seed, entry: true})
  };
  const options = Object.entries(names).map(([value, label]) => ({value: value as TrainingWish["backend"], label}));
  const runsOn: Control<TrainingWish["backend"]> = select({name: "backend", options, value: backend});
  runsOn.querySelector("select")!.style.maxWidth = "10rem"; // so that the controls stay in place when the entries grow
  let wish = firstWish;
  for (const control of [...Object.values(own), runsOn]) control.addEventListener("change", change);

  return {
    settings: controls(own.steps, own.learningRate, own.batch, own.seed, runsOn),
    get wish() {
      return wish;
    },
    set wish(next) {
      for (const key of ["steps", "learningRate", "batch", "seed"] as const) own[key].value = next[key];
      runsOn.value = next.backend;
      wish = next;
    },
    ready: check,
    rates(found) {
      for (const [name, line] of Object.entries(found)) {
        const speed = /^([\d.]+) training steps/.exec(line)?.[1];
        const option = runsOn.querySelector<HTMLOptionElement>(`option[value=${name}]`)!;
        option.textContent = `${names[name as DigitBackend]}, ${speed ? `${speed} steps/s` : "not here"}`;
      }
    }
  };

  function change(): void {
    if (!check()) return;
    tell("");
    onChange();
  }

  function check(): boolean {
    const next: TrainingWish = {
      steps: own.steps.value,
      batch: own.batch.value,
      learningRate: own.learningRate.value,
      seed: own.seed.value,
      backend: runsOn.value
    };
    const problem = problemOf(next);
    if (!problem) {
      wish = next;
      return true;
    }
    const {setting, text, use} = problem;
    const mend = () => {
      own[setting].value = use;
      change();
    };
    tell(`${text} The settings before are kept.`, {[`Use ${use}`]: mend});
    return false;
  }
}
