import {controls, slider} from "./controls.js";
import type {DigitMark} from "./digit-grid.js";
import {digitGrid} from "./digit-grid.js";
import type {DigitSnapshot} from "./digit-samples.js";
import {snapshotColumns, snapshotGuidance, snapshotLabels, snapshotRows, snapshotSteps} from "./digit-samples.js";
import {element} from "./element.js";

export interface DigitSnapshots extends HTMLElement {
  /** Shows the samples so far; stays at the newest unless the reader has gone back. */
  show(history: readonly DigitSnapshot[]): void;
}

/** The samples of a training as a grid, and a slider back through it. */
export function digitSnapshots({signal}: {signal: AbortSignal}): DigitSnapshots {
  let history: readonly DigitSnapshot[] = [];
  const grid = digitGrid({
    columns: snapshotColumns,
    rows: snapshotRows,
    label: "No samples yet",
    columnLabels: Array.from({length: snapshotColumns}, (_, digit) => digit),
    signal
  });
  const after = element("small");
  const found = element("small");
  const moment = slider({
    name: "snapshot",
    step: 1,
    max: 0,
    wide: true,
    format: (k) => `step ${history[k]?.step ?? 0}`
  });
  moment.addEventListener("input", pick);
  const title = element("p", {class: "panel-title"}, "samples", after, found);
  const root = element("div", {}, title, grid, controls(moment));
  return Object.assign(root, {
    show(next: readonly DigitSnapshot[]) {
      const newest = moment.value >= history.length - 1 || next.length < history.length;
      history = next;
      moment.max = Math.max(0, next.length - 1);
      moment.value = newest ? moment.max : moment.value;
      pick();
    }
  });

  function pick(): void {
    const now = history[moment.value];
    if (!now) {
      after.textContent = "none yet";
      found.textContent = "";
      return grid.show([], {label: "No samples yet"});
    }
    const {step, pixels, seen} = now;
    const marks = seen && Array.from(snapshotLabels, (digit, k): DigitMark => (seen[k] === digit ? "right" : "wrong"));
    const right = marks?.filter((mark) => mark === "right").length;
    const verdict = right === undefined ? "" : `${right} of ${snapshotLabels.length} are the digit asked for`;
    after.textContent = `after ${step} training steps`;
    found.textContent = verdict && `${verdict}, says the classifier`;
    grid.show(pixels, {
      marks,
      label:
        `Two rows of the digits 0 to 9, drawn by the network after ${step} training steps with DDIM-${snapshotSteps} ` +
        `and guidance ${snapshotGuidance}${verdict && `; ${verdict}`}`
    });
  }
}
