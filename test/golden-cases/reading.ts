/** Reading golden files: every field of a case is either read, compared, known as a remark, or a failure. */
import type {Prediction} from "../../lib/prediction.js";
import type {Schedule, ScheduleName} from "../../lib/schedule.js";
import {makeSchedule} from "../../lib/schedule.js";
import type {GoldenReport} from "./report.js";

/** One JSON object. */
export type Fields = Record<string, unknown>;

/** Fields that say something to people and hold no figure. */
const remarks = [
  "sources",
  "source",
  "dtype",
  "what",
  "note",
  "notes",
  "comment",
  "description",
  "name",
  "label",
  "id"
];

const relative = 1e-10;
const absolute = 1e-12;

/** A report with nothing in it yet. */
export function emptyReport(): GoldenReport {
  return {compared: 0, worst: 0, failures: []};
}

/** One object of a golden file, which remembers what was not read; every failure goes to the report with its label. */
export class Reader {
  readonly fields: Fields;
  readonly label: string;
  readonly report: GoldenReport;
  private readonly unread: Set<string>;

  constructor(fields: unknown, label: string, report: GoldenReport) {
    if (typeof fields !== "object" || fields === null || Array.isArray(fields))
      throw new TypeError(`${label} is ${brief(fields)}, not an object`);
    this.fields = fields as Fields;
    this.label = label;
    this.report = report;
    this.unread = new Set(Object.keys(fields).filter((name) => !remarks.includes(name)));
  }

  /** The field's value, undefined if it is missing or null; the field counts as read. */
  value(name: string): unknown {
    this.unread.delete(name);
    return this.fields[name] ?? undefined;
  }

  number(name: string, fallback?: number): number {
    const value = this.value(name) ?? fallback;
    if (typeof value === "number") return value;
    throw new TypeError(`${name} is ${brief(value)}, not a number`);
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.value(name) ?? fallback;
    if (typeof value === "boolean") return value;
    throw new TypeError(`${name} is ${brief(value)}, not true or false`);
  }

  /** A text that must be one of the keys, and what that key stands for. */
  choice<A>(name: string, choices: Record<string, A>, fallback?: string): A {
    const value = this.value(name) ?? fallback;
    if (typeof value === "string" && Object.hasOwn(choices, value)) return choices[value];
    throw new TypeError(`${name} is ${brief(value)}, which is not known (${Object.keys(choices).join(", ")})`);
  }

  /** Points or a list of numbers, nested or not, as a flat array. */
  numbers(name: string): Float64Array {
    const values = flat(this.value(name));
    if (values?.every((value) => typeof value === "number")) return Float64Array.from(values as number[]);
    throw new TypeError(`${name} is ${brief(this.fields[name])}, not an array of numbers`);
  }

  schedule(name = "schedule"): Schedule {
    return readSchedule(this.value(name), `${this.label}, ${name}`, this.report);
  }

  /**
   * Compares a figure with what we make of it, at 1e-10 relative + 1e-12 absolute, plus `slack` (0) where the figure
   * itself is rounded more. In a list, a null stands for a number that JSON cannot hold.
   */
  figure(name: string, got: number | ArrayLike<number>, slack: (index: number) => number = () => 0): void {
    this.compareNumbers(name, got, (have, want, i) => errorOf(have, want, slack(i), absolute / relative));
  }

  /** Compares a figure at 1e-10 relative alone: one that may be far below 1 and still has to be right. */
  relativeFigure(name: string, got: number | ArrayLike<number>): void {
    this.compareNumbers(name, got, (have, want) => errorOf(have, want, 0, 0));
  }

  /** Whether the field is there. */
  has(name: string): boolean {
    return Object.hasOwn(this.fields, name);
  }

  private compareNumbers(
    name: string,
    got: number | ArrayLike<number>,
    errorAt: (have: number, want: unknown, index: number) => number
  ): void {
    const value = this.value(name);
    if (value === undefined) return this.fail(`${name} is ${brief(this.fields[name])}: nothing to compare with`);
    const want = typeof value === "object" ? flat(value) : [value];
    const have = typeof got === "number" ? [got] : Array.from(got);
    if (want?.length !== have.length)
      return this.fail(`${name} has ${want?.length ?? "no"} numbers in the file, but we have ${have.length}`);
    for (let i = 0; i < want.length; i++) {
      const error = errorAt(have[i], want[i], i);
      this.report.worst = Math.max(this.report.worst, error);
      if (!(error <= relative)) this.fail(`${name}[${i}] is ${brief(want[i])} in the file, but we have ${have[i]}`);
    }
  }

  fail(sentence: string): void {
    this.report.failures.push(`${this.label}: ${sentence}`);
  }

  /** Every field that nobody read is a failure. */
  end(): void {
    for (const name of this.unread) this.fail(`the field ${name} (${brief(this.fields[name])}) is not known`);
  }
}

/** Runs `compare` on each case of a list; what it throws is a failure of that case. */
export function eachCase(cases: unknown, label: string, report: GoldenReport, compare: (read: Reader) => void): void {
  if (!Array.isArray(cases)) {
    report.failures.push(`${label} is ${brief(cases)}, not a list of cases`);
    return;
  }
  cases.forEach((fields, i) => {
    attempt(`${label}[${i}]`, report, () => {
      const read = new Reader(fields, `${label}[${i}]`, report);
      compare(read);
      read.end();
    });
    report.compared++;
  });
}

/** Runs a comparison; what it throws is a failure. */
export function attempt(label: string, report: GoldenReport, compare: () => void): void {
  try {
    compare();
  } catch (error) {
    report.failures.push(`${label}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Reads a file whose top level is an object of sections; a section that is not in `sections` is a failure. */
export function readSections(
  json: unknown,
  file: string,
  sections: Record<string, (read: Reader) => void>
): GoldenReport {
  const report = emptyReport();
  attempt(file, report, () => {
    const top = new Reader(json, file, report);
    for (const [name, compare] of Object.entries(sections)) {
      if (!Object.hasOwn(top.fields, name)) continue;
      top.value(name);
      eachCase(top.fields[name], name, report, compare);
    }
    top.end();
  });
  return report;
}

/** The schedule that {kind, T, beta_start, beta_end, s, max_beta} describes; the kind decides which may be missing. */
export function readSchedule(fields: unknown, label: string, report: GoldenReport): Schedule {
  const read = new Reader(fields, label, report);
  const schedule = scheduleOf(read);
  read.end();
  return schedule;
}

/** The schedule of an object that holds its parameters among other fields. */
export function scheduleOf(read: Reader): Schedule {
  const name = read.choice<ScheduleName>("kind", {
    linear: "linear",
    cosine: "cosine",
    scaled_linear: "scaled_linear",
    sigmoid: "sigmoid"
  });
  const timesteps = read.number("T");
  if (name === "cosine") {
    read.value("beta_start"); // listed in some files, without a meaning
    read.value("beta_end");
    return makeSchedule(name, {timesteps, s: read.number("s", 0.008), maxBeta: read.number("max_beta", 0.999)});
  }
  read.value("s");
  read.value("max_beta");
  return makeSchedule(name, {timesteps, betaStart: read.number("beta_start"), betaEnd: read.number("beta_end")});
}

/** The names of what a model predicts, in diffusers' words and ours. */
export const predictions: Record<string, Prediction> = {
  epsilon: "epsilon",
  sample: "x0",
  x0: "x0",
  v_prediction: "v",
  v: "v"
};

/** The spacings that a step may come from: the rules of timesteps.json. */
export const spacings: Record<string, true> = {
  leading: true,
  leading_offset1: true,
  trailing: true,
  linspace: true,
  ddim_paper_uniform: true,
  ddim_paper_quad: true,
  openai_ddimN: true,
  openai_N: true
};

/**
 * A golden file's text as JSON. Python also writes NaN and Infinity: NaN is read as null, and Infinity as 1e999, which
 * JSON.parse takes for Infinity.
 */
export function parseGolden(text: string): unknown {
  const json = text.replace(/"(?:[^"\\]|\\.)*"|\bNaN\b|\bInfinity\b/g, (token) =>
    token === "NaN" ? "null" : token === "Infinity" ? "1e999" : token
  );
  return JSON.parse(json);
}

/** A value in few characters. */
export function brief(value: unknown): string {
  const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? "missing");
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

// The error as a fraction of |want| + floor, so that `relative` is the limit of both terms of the tolerance.
function errorOf(got: number, want: unknown, slack: number, floor: number): number {
  if (want === null) return Number.isFinite(got) ? Infinity : 0;
  if (typeof want !== "number" || Number.isNaN(got)) return Infinity;
  if (got === want) return 0;
  return Math.max(0, Math.abs(got - want) - slack) / (Math.abs(want) + floor);
}

function flat(value: unknown): unknown[] | undefined {
  return Array.isArray(value) ? value.flat(Infinity) : undefined;
}
