import type {Answer} from "../lib/exercises/check.js";
import {runCode} from "./exercise-runner.js";
import {readPage} from "./page-source.js";

/** What stands on the page of the museum for one exhibit, as text. */
export interface ErrataFences {
  bug: string;
  fix: string;
  test: string;
}

const fence = /^```ts ([^\n]*)\n([^]*?)^```$/gm;

/** The fences of the exhibits of /errata, by the names of the exhibits, in the order of the page. */
export function errataFences(root = "src"): Map<string, ErrataFences> {
  const all = [...readPage(root, "/errata").body.matchAll(fence)].map(([, info, code]) => ({info, code}));
  const find = (info: RegExp): string => all.find((one) => info.test(one.info))?.code ?? "";
  const names = all.flatMap(({info}) => /^editable=([a-z]+) solution=/.exec(info)?.[1] ?? []);
  return new Map(
    names.map((name) => [
      name,
      {
        bug: find(new RegExp(`^editable=${name} solution=${name}$`)),
        fix: find(new RegExp(`^run=false solution=${name}$`)),
        test: find(new RegExp(`^editable=test-${name}$`))
      }
    ])
  );
}

// What the page's own cells import for those of the exhibits.
const imports = `
import {expectNear, expectThat} from "./lib/errata/expect.js";
import {half} from "./lib/errata/half.js";
import {onePoint, rehearse} from "./lib/errata/rehearse.js";
import {update} from "./lib/errata/update.js";
const {sqrt} = Math;
`;

/** Runs a fence as its page does, and returns the one function that it defines. */
export async function errataFunction(code: string): Promise<(...values: never[]) => unknown> {
  const answer: Answer = await runCode(`${imports}\n${code}`);
  const functions = Object.values(answer).filter((value) => typeof value === "function");
  const [, name] = /function (\w+)/.exec(code) ?? [];
  const own = name === undefined ? undefined : answer[name];
  if (typeof own !== "function")
    throw new Error(`this fence defines no function (${functions.length} found):\n${code}`);
  return own as (...values: never[]) => unknown;
}
