import {ddimStep} from "../../lib/ddim.js";
import {ddpmStep} from "../../lib/ddpm.js";
import {seededRandom} from "../../lib/random.js";
import type {Schedule} from "../../lib/schedule.js";
import {alphaBarAt} from "../../lib/schedule.js";
import {timestepList, withPrevious} from "../../lib/timesteps.js";
import {Reader, attempt, emptyReport, readSchedule} from "./reading.js";
import type {GoldenReport} from "./report.js";

/** The files that this module compares. */
export const names = ["ddim_eta1*"];

/** The parameters that the other golden files give to each kind: this one only names it. */
const usual: Record<string, object> = {
  linear: {beta_start: 0.0001, beta_end: 0.02},
  cosine: {},
  scaled_linear: {beta_start: 0.00085, beta_end: 0.012},
  sigmoid: {beta_start: 0.0001, beta_end: 0.02}
};

interface Differences {
  absolute: number;
  relative: number; // to max(1, |value|)
  largest: number; // value
}

/**
 * Runs DDIM with eta 1 and DDPM with the posterior's variance side by side over the same x, epsilon and noise; each
 * (schedule, S) counts as a case. The file's differences are rounding too: they must be as small as ours must be.
 */
export function compare(json: unknown, file: string): GoldenReport {
  const report: GoldenReport = {...emptyReport(), unit: "largest difference over max(1, |value|), ours"};
  attempt(file, report, () => {
    const top = new Reader(json, file, report);
    const timesteps = top.number("T", 1000);
    const given = (top.value("schedules") ?? {}) as Record<string, object>;
    const kinds = new Reader(top.value("by_schedule"), "by_schedule", report);
    for (const kind of Object.keys(kinds.fields)) {
      attempt(kind, report, () => {
        const fields = {kind, T: timesteps, ...(given[kind] ?? usual[kind])};
        compareKind(new Reader(kinds.value(kind), kind, report), readSchedule(fields, kind, report));
      });
    }
    kinds.end();
    top.end();
  });
  return report;
}

function compareKind(read: Reader, schedule: Schedule): void {
  for (const key of Object.keys(read.fields)) {
    const steps = Number(key);
    if (!Number.isInteger(steps)) {
      read.fail(`${key} is not a number of steps`);
      continue;
    }
    read.report.compared++;
    attempt(`${read.label}, S = ${key}`, read.report, () => {
      const row = new Reader(read.value(key), `${read.label}, S = ${key}`, read.report);
      compareRow(row, differences(schedule, timestepList("leading", {timesteps: schedule.timesteps, steps})));
      row.end();
    });
  }
}

function compareRow(row: Reader, ours: Differences): void {
  const scale = Math.max(1, ours.largest);
  row.report.worst = Math.max(row.report.worst, ours.relative);
  if (!(ours.relative <= 1e-11)) row.fail(`DDIM with eta 1 and DDPM differ by ${ours.relative}, which is not rounding`);
  checkSize(row, "max_abs_diff_float64", 1e-11 * scale);
  checkSize(row, "max_rel_diff_float64", 1e-11);
  // Two float32 programs: 5e-5 of the value each.
  if (row.value("max_abs_diff_float32") !== undefined) checkSize(row, "max_abs_diff_float32", 1e-4 * scale);
}

function checkSize(row: Reader, name: string, limit: number): void {
  const value = row.number(name);
  if (!(value >= 0 && value <= limit)) row.fail(`${name} is ${value} in the file, but rounding makes at most ${limit}`);
}

function differences(schedule: Schedule, list: number[]): Differences {
  const random = seededRandom(1);
  const found = {absolute: 0, relative: 0, largest: 0};
  for (const {t, tPrev} of withPrevious(list)) {
    const [x, output, noise] = [random.normals(16), random.normals(16), random.normals(16)];
    const options = {alphaBar: alphaBarAt(schedule, t), alphaBarPrev: alphaBarAt(schedule, tPrev), noise};
    const ddim = ddimStep(x, output, {...options, eta: 1});
    const ddpm = ddpmStep(x, output, {...options, variance: "fixed_small"});
    ddim.x.forEach((value, i) => {
      const difference = Math.abs(value - ddpm.x[i]);
      found.absolute = Math.max(found.absolute, difference);
      found.relative = Math.max(found.relative, difference / Math.max(1, Math.abs(value)));
      found.largest = Math.max(found.largest, Math.abs(value));
    });
  }
  return found;
}
