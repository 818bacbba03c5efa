import type {Answer} from "./check.js";
import {asFunction, asNumber, asNumbers, near} from "./check.js";

/** What an exercise asks for that has one formula for its answer. */
export interface FormulaCheck {
  name: string; // of the function
  cases: readonly (readonly unknown[])[]; // lists of its arguments; each mistake must differ from the right one in some
  right: Formula;
  mistakes: readonly Mistake[]; // likely ones, the more special first
  otherwise: string; // what to look at when it is none of them
}

/** A function of plain values, typed as the exercise has it; it gives a number or a list of numbers. */
export type Formula = (...values: never[]) => number | readonly number[];

/** A formula that is likely to be written instead, and what to say then; `says` goes on after “f(1) gives 2, not 3: ”. */
export interface Mistake {
  formula: Formula;
  says: string;
}

/** Calls the function of this name, compares it with a formula, and says which likely mistake it is that was made. */
export function checkFormula(
  answer: Answer,
  {name, cases, right, mistakes, otherwise}: FormulaCheck
): string | undefined {
  const given = asFunction(answer, name);
  const results = cases.map((values) => {
    const call = `${name}(${values.map(shown).join(", ")})`;
    const want = evaluate(right, values);
    const copies = values.map((value) => (Array.isArray(value) ? structure(value) : value));
    const result = given(...copies);
    const got = typeof want === "number" ? asNumber(result, call) : asNumbers(result, call, want.length);
    return {values, call, got, want};
  });
  const miss = results.find(({got, want}) => !same(got, want));
  if (!miss) return undefined;
  const made = mistakes.find(({formula}) => results.every(({values, got}) => same(got, evaluate(formula, values))));
  return `${miss.call} gives ${shown(miss.got)}, not ${shown(miss.want)}: ${made?.says ?? otherwise}`;
}

/** A number in four digits, or a list of such. */
export function shown(value: unknown): string {
  if (typeof value === "number") return Math.abs(value) < 1e-12 ? "0" : String(Number(value.toPrecision(4)));
  return Array.isArray(value) ? `[${value.map(shown).join(", ")}]` : String(value);
}

function evaluate(formula: Formula, values: readonly unknown[]): number | readonly number[] {
  return formula(...(values as never[]));
}

function same(a: number | readonly number[], b: number | readonly number[]): boolean {
  if (typeof a === "number" || typeof b === "number") return typeof a === typeof b && near(a as number, b as number);
  return a.length === b.length && a.every((value, i) => near(value, b[i]));
}

// A list of its own for the answer, which may change it.
function structure(value: readonly unknown[]): unknown[] {
  return value.map((item) => (Array.isArray(item) ? structure(item) : item));
}
