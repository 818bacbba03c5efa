import {fixed, readable} from "./format.js";

/** What data/record-objective.ts writes: each run is named by its loss and its seed. */
export interface ObjectiveRecord {
  settings: {data: string; training: number; samplingSteps: number; points: number; seeds: number[]};
  runs: Record<string, Measures>;
}

type Measures = Record<"bound" | "simple" | "distance" | "inside" | "ratio", number>;

/** Each measure of the runs of one loss as text, mean and standard deviation over the seeds. */
export function objectiveRows(record: ObjectiveRecord): Record<"bound" | "simple", Record<keyof Measures, string>> {
  const of = (loss: string) => {
    const runs = Object.entries(record.runs).flatMap(([name, run]) => (name.startsWith(`${loss} `) ? [run] : []));
    const text = (key: keyof Measures) => meanText(runs.map((run) => run[key]));
    const inside = meanText(runs.map((run) => 100 * run.inside)).replace(/(\u00a0±|$)/, "%$1");
    return {bound: text("bound"), simple: text("simple"), distance: text("distance"), inside, ratio: text("ratio")};
  };
  return {bound: of("bound"), simple: of("simple")};
}

/** A mean and its spread for reading: `0.061 ± 0.004`; a spread below 0.001 is not written as a power of ten. */
export function meanText(values: readonly number[]): string {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const sd = Math.sqrt(square / (values.length - 1));
  const decimals = Math.ceil(-Math.log10(sd)); // up to the first digit of the spread
  const [middle, spread] =
    sd > 0 && sd < 1e-3 ? [fixed(mean, decimals), fixed(sd, decimals)] : [readable(mean, 2), readable(sd, 1)];
  return `${middle}\u00a0±\u00a0${spread}`;
}
