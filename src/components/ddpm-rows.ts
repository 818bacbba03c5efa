import {fixed} from "./format.js";

/** What data/record-ddpm.ts writes: cells such as `ring8 beta 100`, with a mean and a spread of each measure. */
export interface DdpmRecord {
  settings: {points: number; seeds: number};
  cells: Record<string, Record<Measure, {mean: number | null; sd: number | null}>>;
}

type Measure = "inside" | "ratio" | "weights" | "distance";

/** A measure of a recorded cell for reading: `0.69 ± 0.01`, a share in percent, on one line; a dash where there was nothing to measure. */
export function recordedText(record: DdpmRecord, cell: string, measure: Measure): string {
  const {mean, sd} = record.cells[cell]?.[measure] ?? {mean: null, sd: null};
  if (mean === null || sd === null) return "–";
  const [value, spread, unit] = measure === "inside" ? [100 * mean, 100 * sd, "%"] : [mean, sd, ""];
  const decimals = measure === "inside" ? 1 : mean < 0.1 ? 3 : 2;
  return `${fixed(value, decimals)}${unit}\u00a0±\u00a0${fixed(spread, decimals)}`;
}
