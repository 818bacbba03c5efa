import {readFileSync, writeSync} from "node:fs";
import vm from "node:vm";
import {CellError, compile} from "../../src/components/live-cell/compile.js";
import {answerProblem} from "./answer-problem.js";
import {lockDown} from "./lock-down.js";

// The process in which the answers of one file are graded, one after the other, each in a context of its own. Bundled by
// bundle-sandbox.ts into one file, since it may read nothing else. Before the first answer it gives up what it can.

/** What this process is given on its standard input. */
export interface SandboxJob {
  key: string; // which nobody else knows: each line of the output begins with it
  realm: string; // the file of a script whose value is `operate` of realm.ts
  library: string; // the file of a script whose value is a function that makes the modules of the library
  modules: string[]; // their names
  answers: {name: string; chapter: string; code: string}[];
}

// What it writes on its standard output: a line when it is ready, with the index -1, and a line for each answer: the key,
// the index, and as JSON what is said of the answer, null where it is right. An answer without a line has ended the process.

type Operate = (what: "start" | "turn", ...rest: unknown[]) => unknown;

const stillWaiting = "your code waits for something that never comes.";
const mostTurns = 100_000; // of the event loop, for one answer

const job = JSON.parse(readFileSync(0, "utf8")) as SandboxJob;
const realmScript = new vm.Script(readFileSync(job.realm, "utf8"), {filename: "realm.js"});
let libraryScript: vm.Script | undefined;
const modules = new Set(job.modules);
const language = vm.createContext(vm.constants.DONT_CONTEXTIFY as never);
const globals = new Set(
  JSON.parse(text(vm.runInContext("JSON.stringify(Object.getOwnPropertyNames(globalThis))", language))) as string[]
);
const rules = {hasGlobal: (name: string) => globals.has(name), hasModule: (name: string) => modules.has(name)};
giveUp();

void (async () => {
  say(-1, null);
  for (const [index, {name, chapter, code}] of job.answers.entries()) say(index, await grade(name, chapter, code));
})().finally(() => process.exit()); // an error of our own costs a verdict, and is printed nowhere

function say(index: number, message: string | null): void {
  writeSync(1, `${job.key} ${index} ${JSON.stringify(message)}\n`);
}

async function grade(name: string, chapter: string, code: string): Promise<string | null> {
  const context = vm.createContext(vm.constants.DONT_CONTEXTIFY as never, {
    codeGeneration: {strings: false, wasm: false}
  });
  const operate = realmScript.runInContext(context) as Operate;
  let script: vm.Script;
  let given: string[];
  let usesLibrary: boolean;
  try {
    const compiled = compile(code);
    const problem = answerProblem(compiled, rules);
    if (problem) throw problem;
    ({given} = compiled);
    usesLibrary = compiled.imports.length > 0 || compiled.body.includes("__live.module");
    script = new vm.Script(`(async function (${["__live", ...given].join(", ")}) {${compiled.body}\n})`, {
      filename: "answer.js"
    });
  } catch (error) {
    if (error instanceof CellError) return `your code cannot be read: ${error.message}`;
    return "your code cannot be read.";
  }
  const body: unknown = script.runInContext(context);
  const library = usesLibrary ? loadLibrary(context) : undefined;
  let state = text(operate("start", chapter, name, given.join(" "), body, library));
  let idle = 0;
  for (let turn = 0; turn < mostTurns; ++turn) {
    const message = verdictIn(state);
    if (message !== undefined) return message;
    idle = state === "idle" ? idle + 1 : 0;
    if (idle > 3) return stillWaiting;
    await new Promise(setImmediate); // lets all microtasks run
    state = text(operate("turn"));
  }
  return stillWaiting;
}

// It takes a tenth of a second to read, and few answers import anything.
function loadLibrary(context: vm.Context): unknown {
  libraryScript ??= new vm.Script(readFileSync(job.library, "utf8"), {filename: "library.js"});
  return libraryScript.runInContext(context);
}

// Only a text comes out of the context.
function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function verdictIn(state: string): string | null | undefined {
  if (!state.startsWith("{")) return undefined;
  const {message} = JSON.parse(state) as {message: string | null};
  return message;
}

// The walls are the process’s own: no permission for files, processes and workers, no code from text, no environment, and
// no network where the system can take it away. What is removed here could only help somebody who was out of the context.
function giveUp(): void {
  const host = process as unknown as Record<string, unknown>;
  // Node would print an error that nobody caught, and call a method of it with objects of its own. What a promise or a
  // finalizer of an answer throws is nobody's.
  process.setUncaughtExceptionCaptureCallback(() => {});
  const gone =
    "binding _linkedBinding dlopen kill _kill abort chdir getBuiltinModule mainModule loadEnvFile report send".split(
      " "
    );
  for (const name of gone) remove(host, name);
  const names = "fetch WebSocket EventSource navigator Worker BroadcastChannel MessageChannel XMLHttpRequest".split(
    " "
  );
  for (const name of names) remove(globalThis, name);
  const shared = globalThis as Record<string, unknown>;
  lockDown([...globals].filter((name) => name !== "globalThis" && name !== "console").map((name) => shared[name]));
}

function remove(target: object, name: string): void {
  try {
    Object.defineProperty(target, name, {value: undefined, configurable: false, writable: false});
  } catch {
    // it is not there to be removed
  }
}
