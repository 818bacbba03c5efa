import {judge} from "../../lib/exercises/check.js";
import type {Answer} from "../../lib/exercises/check.js";
import {loadChecks} from "../../lib/exercises/load-checks.js";
import {lockDown} from "./lock-down.js";
import {Clock} from "./virtual-clock.js";

// What runs inside of the context in which an answer is graded, before the answer does. Nothing of Node is here, and only
// texts go out. The library that the answer imports is another copy than the one that the checks use.

type Library = Record<string, () => Promise<unknown>>;
type Body = (live: object, ...given: unknown[]) => Promise<Answer | undefined>;

/** What an answer may be given by name; the rest of the browser's names throws where it is called. */
const clock = new Clock();
const {names: timers} = clock;
const silent = (): void => {};
const performance = {now: () => clock.now};
const console = Object.fromEntries(["log", "info", "warn", "error", "debug", "table"].map((name) => [name, silent]));
Object.assign(globalThis, timers, {performance, console});
// Node writes the text of a stack in a function of its own. Where that function finds no room on the stack, its error
// comes out here, and with it Node's own Object.prototype. Without a limit no stack is kept, and it is never called.
delete (Error as {stackTraceLimit?: number}).stackTraceLimit;
lockDown();

let verdict: string | undefined; // JSON, once it is there

/** Called by the process around: with what to run, and then again and again until there is a verdict. */
function operate(what: "start" | "turn", ...rest: unknown[]): string {
  clock.begin();
  let ran = false; // a timer, by which what waits for it goes on after this turn
  if (what === "start") void start(...(rest as Parameters<typeof start>));
  else ran = clock.advance();
  return verdict ?? (ran || clock.waits ? "waiting" : "idle");
}

async function start(chapter: string, name: string, given: string, body: Body, library: () => Library): Promise<void> {
  verdict = undefined;
  try {
    const check = (await loadChecks(chapter))[name];
    let modules: Library | undefined;
    const live = Object.freeze({
      tick: () => clock.watch(),
      enter: () => clock.watch(),
      leave: silent,
      paused: <A>(value: A) => value,
      resumed: <A>(value: A) => value,
      own: <A>(target: A) => target,
      chained: (target: unknown) => (target == null ? undefined : Object.freeze({self: target})),
      show: silent,
      module(specifier: unknown) {
        modules ??= library();
        const key = String(specifier);
        if (!Object.hasOwn(modules, key)) throw new TypeError(`“${key}” is not here to import.`);
        return modules[key]();
      }
    });
    const names = given === "" ? [] : given.split(" ");
    const message = await judge(async () => {
      const answer = (await body(live, ...names.map(givenValue))) ?? {};
      return check({...answer});
    }, {});
    tell(message);
  } catch {
    tell("the check itself stopped with an error: tell your teacher."); // none of ours should
  }
}

function tell(message: string | undefined): void {
  verdict = JSON.stringify({message: message === undefined ? null : message.slice(0, 1000)});
}

function givenValue(name: string): unknown {
  if (name === "display") return (value: unknown) => value;
  if (Object.hasOwn(timers, name)) return timers[name];
  return () => {
    throw new TypeError(`${name} is not there where answers are graded`);
  };
}

// The value of the script, which the process around takes.
export {operate};
