import type {Answer} from "../lib/exercises/check.js";
import {errorText, judge} from "../lib/exercises/check.js";
import {loadChecks} from "../lib/exercises/load-checks.js";
import {CellError, compile} from "../src/components/live-cell/compile.js";
import {shipped} from "../src/components/live-cell/shipped.js";
import {watch} from "../src/components/live-cell/watchdog.js";
import {answerProblem} from "./grading/answer-problem.js";

// Runs answers in Node, in this very process: for code that is our own, such as the solutions on the pages. Answers of
// others go to tools/grading, which keeps them apart from the machine.

type Body = (live: object, ...values: unknown[]) => Promise<Answer | undefined>;
const AsyncFunction = (async () => {}).constructor as new (...parts: string[]) => Body;

/** What a run calls while it runs, as src/components/live-cell/run.ts has it, without what only a page needs. */
const live = {
  tick: watch,
  enter: watch,
  leave: () => {},
  paused: <A>(value: A) => value,
  resumed: <A>(value: A) => value,
  own: <A>(target: A) => target,
  chained: (target: unknown) => (target == null ? undefined : {self: target}),
  show: () => {},
  module: loadLibrary
};

/** What is said of an answer to an exercise: nothing when it is right. */
export async function judgeCode(
  code: string,
  {name, chapter}: {name: string; chapter: string}
): Promise<string | undefined> {
  const check = (await loadChecks(chapter))[name];
  if (!check) throw new Error(`lib/exercises/${chapter}.ts has no check “${name}”`);
  let answer: Answer;
  try {
    answer = await runCode(code);
  } catch (error) {
    if (error instanceof CellError) return `your code cannot be read: ${error.message}`;
    return `your code stopped with an error: ${errorText(error)}`;
  }
  return judge(check, answer);
}

/** Runs a cell's code as a page does, with imports from ./lib/ only, and returns what it defines. */
export async function runCode(code: string): Promise<Answer> {
  const compiled = compile(code);
  const problem = answerProblem(compiled, {hasGlobal: (name) => name in globalThis, hasModule: isLibrary});
  if (problem) throw problem;
  const given = compiled.given.map((name) => givenValue(name));
  const inputs = compiled.inputs.map(({name}) => (globalThis as Record<string, unknown>)[name]);
  const names = [...compiled.given, ...compiled.inputs.map(({name}) => name)];
  return (await new AsyncFunction("__live", ...names, compiled.body)(live, ...given, ...inputs)) ?? {};
}

function isLibrary(specifier: unknown): boolean {
  const path = /^\.\/(lib\/.+)$/.exec(String(specifier))?.[1] ?? "";
  return Object.hasOwn(shipped, path);
}

async function loadLibrary(specifier: unknown): Promise<unknown> {
  if (!isLibrary(specifier)) throw new TypeError(`“${String(specifier)}” is not here to import.`);
  return shipped[String(specifier).slice(2)]();
}

function givenValue(name: string): unknown {
  const value = (globalThis as Record<string, unknown>)[name];
  if (name === "display") return (shown: unknown) => shown;
  return typeof value === "function" ? value : () => undefined;
}
