import {errorText, judge} from "../../lib/exercises/check.js";
import {loadChecks} from "../../lib/exercises/load-checks.js";
import type {Notice} from "./cell-view.js";
import type {Compiled} from "./compile.js";
import {CellError} from "./compile.js";
import type {PageRuntime} from "./page-runtime.js";
import {valueOf} from "./page-runtime.js";
import {isLibrary} from "./site-modules.js";

/** A cell that has run, for its check. */
export interface CheckedCell {
  host: HTMLElement;
  runtime: PageRuntime;
  values: Record<string, unknown>; // what the cell defines
  code: string; // that was run
  signal: AbortSignal; // aborts when the check is of no use any more
}

/** What is said of an answer to an exercise; the element of the cell sends it as the event “exercise-checked”. */
export interface Verdict {
  name: string;
  chapter: string;
  code: string;
  message: string | undefined; // nothing: it is right
}

const patience = 10_000; // milliseconds that an answer may make its check wait

/**
 * Lets a cell be checked: by the function of the page that its `check` names, or by the checks of its exercise, which
 * are loaded for it. The reader's functions still have the guard of their run. Resolves to nothing where there is no
 * check, or where `signal` has aborted.
 */
export async function checkCell(cell: CheckedCell): Promise<Notice | undefined> {
  const {host, runtime, values, code, signal} = cell;
  const name = host.getAttribute("check");
  try {
    if (host.hasAttribute("exercise")) {
      const message = await checkExercise(cell);
      if (signal.aborted) return undefined;
      send(host, code, message);
      return notice(message);
    }
    if (!name) return undefined;
    const check = valueOf(runtime.find(name)) as (names: Record<string, unknown>) => unknown;
    const wrong = await check(values);
    return notice(typeof wrong === "string" ? wrong : undefined);
  } catch (error) {
    return notice(errorText(error));
  }
}

/** An exercise whose code has failed before it could be checked: that is a try as well. */
export function tellVerdict(host: HTMLElement, code: string, error: unknown): void {
  if (host.hasAttribute("exercise")) send(host, code, `your code stopped with an error: ${errorText(error)}`);
}

/** Why code cannot be the answer to an exercise, though it could be a cell: it would not run where answers are graded. */
export function exerciseProblem(host: HTMLElement, {imports, inputs}: Compiled): CellError | undefined {
  if (!host.hasAttribute("exercise")) return undefined;
  const module = imports.find(({name}) => !name.startsWith("./lib/"));
  if (module) return new CellError(`An exercise imports from ./lib/ only, not “${module.name}”.`, module.line);
  const library = inputs.find(({name}) => isLibrary(name));
  return library && new CellError(`${library.name} is not there in an exercise: import from ./lib/.`, library.line);
}

async function checkExercise({host, values, signal}: CheckedCell): Promise<string | undefined> {
  const [name, chapter] = [host.getAttribute("name")!, host.getAttribute("exercise")!];
  const check = (await loadChecks(chapter))[name];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const waiting = new Promise<string>((resolve) => {
    signal.addEventListener("abort", () => resolve("stopped."));
    timer = setTimeout(() => resolve(`your code did not come to an end in ${patience / 1000} seconds.`), patience);
  });
  return Promise.race([judge(check, values), waiting]).finally(() => clearTimeout(timer));
}

function notice(message: string | undefined): Notice {
  return message === undefined ? {text: "✔ That is right.", good: true} : {text: `Not yet: ${message}`};
}

function send(host: HTMLElement, code: string, message: string | undefined): void {
  const [name, chapter] = [host.getAttribute("name")!, host.getAttribute("exercise")!];
  host.dispatchEvent(new CustomEvent<Verdict>("exercise-checked", {detail: {name, chapter, code, message}}));
}
