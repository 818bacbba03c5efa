import type {GridNoise, GridRule, GridRun} from "../lib/sampler-grid.js";
import {gridNoises, gridSteps, placeName, scoreSpread} from "../lib/sampler-grid.js";
import type {ScoreName, Spread} from "../lib/sample-scores.js";
import {element} from "./element.js";
import {fixed} from "./format.js";

/** What each score is called, and what true samples have. */
export const scoreTitles: Record<ScoreName, string> = {
  distance: "sliced Wasserstein distance",
  width: "width of the modes",
  within: "share within three standard deviations",
  weights: "error of the shares of the modes"
};

/** A table of one score against S and the noise, shaded by how wrong the cell is. */
export interface GridTable extends HTMLElement {
  /** Shows a run; `running` names the cell that is being measured. */
  show(run: GridRun, how: {score: ScoreName; rule: GridRule; running?: string}): void;
}

export function samplerGridTable(): GridTable {
  const body = element("tbody");
  const head = element(
    "tr",
    {},
    ...["S", ...gridNoises.map(noiseTitle)].map((text) => element("th", {scope: "col", style: narrow}, text))
  );
  const table = element(
    "table",
    {style: "max-width: none; margin: 0; font-size: 0.8rem"},
    element("thead", {}, head),
    body
  );
  const root = element(
    "div",
    {class: "table-scroll", role: "region", "aria-label": "Quality against steps and noise", tabindex: 0},
    table
  ) as unknown as GridTable;
  root.show = (run, {score, rule, running}) => {
    const truth = scoreSpread(run.truth, score);
    const rows = gridSteps.map((steps) => {
      const cells = gridNoises.map((noise) => {
        // With all steps there is one list only.
        const name = placeName({rule: steps === 1000 ? "trailing" : rule, steps, noise});
        if (name === running) return element("td", {style: narrow}, "…");
        return cellOf(scoreSpread(run.cells[name], score), truth, score);
      });
      return element("tr", {}, element("th", {scope: "row"}, steps), ...cells);
    });
    body.replaceChildren(...rows, truthRow(truth, score));
  };
  return root;
}

/** A mean with its spread, such as `0.102 ± 0.007`. */
export function spreadText({mean, sd}: Spread, score: ScoreName): string {
  const [scale, unit, decimals] = score === "within" ? [100, "%", 1] : [1, "", 3];
  return `${fixed(scale * mean, decimals)} ± ${fixed(scale * sd, decimals)}${unit}`;
}

/** Whether a cell cannot be told from true samples: its mean is within two standard deviations of theirs. */
export function likeTruth({mean}: Spread, truth: Spread): boolean {
  return Math.abs(mean - truth.mean) <= 2 * truth.sd;
}

export function noiseTitle(noise: GridNoise): string {
  if (noise === 0) return "η = 0, DDIM";
  if (noise === 1) return "η = 1, DDPM";
  return noise === "sigma-hat" ? "σ̂, DDPM" : `η = ${noise}`;
}

function cellOf(spread: Spread | null, truth: Spread | null, score: ScoreName): HTMLElement {
  if (!spread) return element("td", {style: narrow}, "–");
  const like = truth !== null && likeTruth(spread, truth);
  const heat = truth ? heatOf(spread, truth, score) : 0;
  const style = `background: color-mix(in srgb, var(--ddpm) ${Math.round(45 * heat)}%, transparent); white-space: nowrap`;
  return element("td", {style: `${style}; ${narrow}`}, `${like ? "≈ " : ""}${spreadText(spread, score)}`);
}

const narrow = "padding-left: 0.3rem; padding-right: 0.2rem";

/** How wrong, from 0 to 1: the distance from the truth, on the scale of the worst that these samplers do. */
function heatOf({mean}: Spread, truth: Spread, score: ScoreName): number {
  const worst: Record<ScoreName, number> = {distance: 0.1, width: 0.5, within: 0.15, weights: 0.06};
  return Math.min(1, Math.abs(mean - truth.mean) / worst[score]);
}

function truthRow(truth: Spread | null, score: ScoreName): HTMLElement {
  const text = truth ? spreadText(truth, score) : "–";
  return element(
    "tr",
    {},
    element("th", {scope: "row"}, "floor"),
    element("td", {colspan: gridNoises.length}, `${text}, true samples measured in the same way`)
  );
}
