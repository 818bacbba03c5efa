import {button, controls, switchOff} from "./controls.js";
import {drawDigits} from "./digit-samples.js";
import type {DigitService} from "./digit-service.js";
import type {DigitRun} from "./digit-training-run.js";
import {element} from "./element.js";
import type {Tell} from "./train-controls.js";
import {saveFile} from "./save-file.js";

export interface DigitTrainFilesOptions {
  service: DigitService;
  run: DigitRun;
  tell: Tell;
  say: (text: string) => void;
  refresh: () => void; // there is another network to show
  signal: AbortSignal;
}

export interface DigitTrainFiles extends HTMLElement {
  /** Says anew what can be done with the network that is there. */
  update(): void;
  /** Saves the network to a file. */
  download(): void;
}

/** What becomes of a trained network: the other figures take it, it is saved to a file, one is loaded from a file. */
export function digitTrainFiles({service, run, tell, say, refresh, signal}: DigitTrainFilesOptions): DigitTrainFiles {
  const handButton = button("Use it in the other figures", () => void attempt(handOver));
  const backButton = button("Back to the pretrained network", () => void attempt(() => service.usePretrained()));
  const saveButton = button("Download the network", save);
  const loadButton = button("Load a network from a file", choose);
  const input = element("input", {type: "file", accept: ".bin", hidden: true, "aria-label": "A file of weights"});
  input.addEventListener("change", () => void attempt(() => load(input.files?.[0]), {"Choose another file": choose}));
  const serves = element("span", {style: "align-self: center", "aria-live": "polite"});
  const root = element("div", {}, controls(saveButton, loadButton, input), controls(handButton, backButton, serves));
  service.onChange(update, signal);
  update();
  return Object.assign(root, {update, download: save});

  function save(): void {
    void attempt(download);
  }

  function choose(): void {
    input.click();
  }

  function update(): void {
    const {kind, steps} = service.weights;
    for (const each of [handButton, saveButton]) switchOff(each, !run.work?.step);
    switchOff(backButton, kind === "pretrained");
    const names = {
      pretrained: "the pretrained network",
      trained: `your network, as it was after ${steps} steps`,
      file: `the network of your file, after ${steps} steps`
    };
    serves.textContent = `The other figures use ${names[kind]}.`;
  }

  async function attempt(work: () => Promise<void>, ways?: Record<string, () => void>): Promise<void> {
    tell("");
    try {
      await work();
    } catch (error) {
      if (!signal.aborted) tell(error instanceof Error ? error.message : String(error), ways);
    }
  }

  async function handOver(): Promise<void> {
    const state = await run.save();
    if (state) await service.useWeights(state.average, {...run.info(), steps: state.step});
  }

  async function download(): Promise<void> {
    const state = await run.save();
    if (!state) return;
    const bytes = await service.file(state.average, {...run.info(), steps: state.step});
    const file = new Blob([bytes as BlobPart], {type: "application/octet-stream"});
    saveFile(file, `digit-network-${state.step}-steps.bin`);
  }

  async function load(file: File | undefined): Promise<void> {
    input.value = ""; // the same file may be chosen again
    if (!file) return;
    if (run.state === "starting" || run.state === "training" || run.state === "paused") {
      throw new Error("A training is under way: stop it, then load the file.");
    }
    let values: Float32Array;
    try {
      values = await service.useFile(new Uint8Array(await file.arrayBuffer()));
    } catch (error) {
      throw new Error(`${file.name} was not loaded, and nothing has changed. ${(error as Error).message}`);
    }
    run.adopt(values, service.weights);
    refresh();
    say(`Drawing digits with the network of ${file.name}.`);
    const pixels = await drawDigits(service.predictor, {signal});
    if (pixels) run.show(pixels);
    refresh();
  }
}
