import {openaiTimesteps} from "../../lib/respace.js";
import type {StepRule} from "../../lib/timesteps.js";
import {publishedTimesteps, timestepList} from "../../lib/timesteps.js";
import {Reader, attempt, brief, emptyReport} from "./reading.js";
import type {GoldenReport} from "./report.js";

/** The files that this module compares. */
export const names = ["timesteps*"];

const rules: Record<string, StepRule> = {
  leading: "leading",
  trailing: "trailing",
  linspace: "linspace",
  ddim_paper_uniform: "uniform",
  ddim_paper_quad: "quadratic"
};

/** Compares every list of every (T, S), entry by entry; each list counts as a case. */
export function compare(json: unknown, file: string): GoldenReport {
  const report: GoldenReport = {...emptyReport(), unit: "largest difference of an index"};
  attempt(file, report, () => {
    const top = new Reader(json, file, report);
    const order = top.value("order");
    if (order !== undefined && !String(order).startsWith("descending"))
      throw new TypeError(`order is ${brief(order)}, which is not known (descending)`);
    const sets = top.value("sets");
    if (!Array.isArray(sets)) throw new TypeError(`sets is ${brief(sets)}, not a list`);
    sets.forEach((fields, i) =>
      attempt(`sets[${i}]`, report, () => compareSet(new Reader(fields, `sets[${i}]`, report)))
    );
    top.end();
  });
  return report;
}

function compareSet(read: Reader): void {
  const timesteps = read.number("T");
  const steps = read.number("S");
  const before = read.report.compared;
  for (const name of Object.keys(read.fields)) {
    const published = publishedList(name, timesteps, steps);
    if (!published) continue;
    read.report.compared++;
    compareList(read, name, published);
    const own = samplerList(name, timesteps, steps);
    if (own) compareSamplerList(read, name, timesteps, own);
  }
  if (read.report.compared === before) read.fail("no list to compare");
  read.end();
}

/** How a list of that name is made, undefined for another name. */
function publishedList(name: string, timesteps: number, steps: number): (() => number[]) | undefined {
  if (name === "openai_ddimN") return () => openaiTimesteps(`ddim${steps}`, timesteps).reverse();
  if (name === "openai_N") return () => openaiTimesteps(`${steps}`, timesteps).reverse();
  const rule = ruleOf(name);
  return rule && (() => publishedTimesteps(rule.rule, {timesteps, steps, offset: rule.offset}));
}

function samplerList(name: string, timesteps: number, steps: number): (() => number[]) | undefined {
  const rule = ruleOf(name);
  return rule && (() => timestepList(rule.rule, {timesteps, steps, offset: rule.offset}));
}

function ruleOf(name: string): {rule: StepRule; offset?: number} | undefined {
  const offset = /^leading_offset(\d+)$/.exec(name);
  if (offset) return {rule: "leading", offset: Number(offset[1])};
  return Object.hasOwn(rules, name) ? {rule: rules[name]} : undefined;
}

// A null says that the published code refuses: so must we.
function compareList(read: Reader, name: string, make: () => number[]): void {
  const list = attemptList(make);
  if (read.value(name) === undefined) {
    if (list) read.fail(`${name} is null in the file, but we have ${brief(list)}`);
    return;
  }
  const want = Array.from(read.numbers(name));
  if (!list) return read.fail(`${name} is ${brief(want)} in the file, but we refuse it`);
  const worst = Math.max(0, ...want.map((t, i) => Math.abs(t - list[i])));
  if (worst > read.report.worst) read.report.worst = worst;
  if (want.length !== list.length || worst !== 0)
    read.fail(`${name} is ${brief(want)} (${want.length}) in the file, but we have ${brief(list)} (${list.length})`);
}

// The sampler's own list: the published one without repeats, and a refusal where that leaves 0..T-1.
function compareSamplerList(read: Reader, name: string, timesteps: number, make: () => number[]): void {
  const list = attemptList(make);
  if (read.value(name) === undefined) return;
  const stray = name === "trailing" ? -1 : undefined; // numpy's, for a few T and S
  const want = [...new Set(read.numbers(name))].filter((t) => t !== stray);
  const refuse = want.some((t) => t < 0 || t >= timesteps) || read.number("S") > timesteps;
  if (refuse && list) read.fail(`${name} leaves 0..${timesteps - 1} or repeats, but timestepList gives ${brief(list)}`);
  if (!refuse && JSON.stringify(list) !== JSON.stringify(want))
    read.fail(`${name} without repeats is ${brief(want)}, but timestepList gives ${brief(list)}`);
}

function attemptList(make: () => number[]): number[] | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
