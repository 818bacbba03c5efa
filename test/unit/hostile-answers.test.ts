import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {judge} from "../../lib/exercises/check.js";
import {loadChecks} from "../../lib/exercises/load-checks.js";
import {runCode} from "../../tools/exercise-runner.js";
import {siteExercises} from "../../tools/exercises.js";

// Every value of an answer may be anything at all. What no check may do is to take it for right, or to stop itself.

// But for "then": a promise that never comes is waited for, and ended by whoever runs the check.
const anything: unknown = new Proxy(function () {}, {
  get: (_, key) =>
    key === "then" ? undefined : key === Symbol.toPrimitive ? () => 1 : key === Symbol.iterator ? endless : anything,
  apply: () => anything,
  construct: () => anything as object,
  has: () => true
});
const hostile = new Proxy(
  {},
  {
    get: () => stop(),
    has: () => stop(),
    ownKeys: () => stop(),
    getPrototypeOf: () => stop(),
    getOwnPropertyDescriptor: () => stop()
  }
);

function stop(): never {
  throw new Error("hands off");
}

function* endless(): Generator<number> {
  for (let i = 0; i < 1000; ++i) yield 1;
}

/** What stands in place of each value of a solution. */
const values: Record<string, unknown> = {
  nothing: undefined,
  null: null,
  "not a number": NaN,
  "an object like a number": {valueOf: () => 1, toString: () => "1"},
  anything,
  "an object that throws": hostile,
  "a function that gives anything": () => anything,
  "a function that gives nothing": () => undefined,
  "a function that gives NaN": () => NaN,
  "a function that gives infinity": () => Infinity,
  "a function that gives lists of NaN": (first?: {length?: number}) =>
    new Float64Array(typeof first?.length === "number" ? first.length : 1).fill(NaN),
  "a function that gives an endless list": () => ({length: Infinity, [Symbol.iterator]: endless}),
  "a function that gives back what it was given, emptied": (first: unknown) => {
    if (Array.isArray(first)) first.length = 0;
    else if (ArrayBuffer.isView(first)) (first as Float64Array).fill(NaN);
    return first;
  },
  "a function that gives an object that throws": () => hostile,
  "a function that throws an object that throws": () => {
    throw hostile as Error;
  },
  "a function that throws nothing": () => {
    throw undefined as unknown as Error;
  },
  "a promise of anything": async () => anything
};

describe("the checks of the exercises", () => {
  for (const [what, value] of Object.entries(values)) {
    it(`do not take ${what} for right, and say so in a sentence`, async () => {
      for (const {name, chapter, solution} of exercises) {
        const check = (await loadChecks(chapter))[name];
        const answer = Object.fromEntries((solutions.get(solution) ?? []).map((key) => [key, value]));
        const said = await judge(check, answer);
        assert.ok(typeof said === "string" && said.length > 10, `${chapter}, ${name} says “${said}”`);
      }
    });
  }
});

const exercises = siteExercises();
const solutions = new Map<string, string[]>();
for (const {solution} of exercises) solutions.set(solution, Object.keys(await runCode(solution)));
