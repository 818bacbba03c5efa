/** Some 600 texts for a cell, and what each must come to. */
import {transform} from "esbuild";
import {blocks} from "./live-cell-corpus/program.js";
import type {Program} from "./live-cell-corpus/program.js";
import {brokenPrograms, generatedPrograms} from "./live-cell-corpus/generated.js";
import {hostilePrograms} from "./live-cell-corpus/hostile.js";
import {heldPrograms, waitingPrograms} from "./live-cell-corpus/looping.js";
import {refusedPrograms} from "./live-cell-corpus/refused.js";
import {throwingPrograms} from "./live-cell-corpus/throwing.js";
import {loneExpressions, validExpressions} from "./live-cell-corpus/valid-expressions.js";
import {validStatements} from "./live-cell-corpus/valid-statements.js";

export type {Program} from "./live-cell-corpus/program.js";
export {heldPrograms, waitingPrograms} from "./live-cell-corpus/looping.js";

const written = [...validStatements, ...validExpressions];
const generated = generatedPrograms(90);

// Found by this corpus: what each once did wrong is gone. Text and value.
const regressions = blocks(String.raw`
let y = 3; const b = 2<!--y; display(document.createTextNode(String([y, b])));
2,false
---
import none, * as all from "./lib/random.js"; display(document.createTextNode(typeof none + typeof all));
undefinedobject
`).map((block): Program => {
  const at = block.lastIndexOf("\n");
  return {kind: "valid", source: block.slice(0, at), expect: {value: block.slice(at + 1)}};
});

/** Programs that run to their end; the values come from an oracle, or are written down. */
export const validPrograms: Program[] = [
  ...[...written, ...generated, ...loneExpressions].map((source): Program => ({
    kind: "valid",
    source,
    expect: "oracle"
  })),
  ...regressions
];

/** Programs with one token too many or too few. A line is compared where TypeScript and esbuild agree on it. */
export async function brokenSyntax(): Promise<Program[]> {
  // What is wrong in a type alone is dropped with it.
  const from = [...written, ...generated.slice(0, 30)].filter((source) => !/^(type Fn|declare|interface)/.test(source));
  const made = brokenPrograms(from, 150);
  return Promise.all(
    made.map(async ({source, line}): Promise<Program> => {
      const other = await transform(source, {loader: "ts", logLevel: "silent"}).then(
        () => null,
        ({errors}: {errors: {location: {line: number}}[]}) => errors[0].location.line
      );
      return {kind: "broken", source, expect: {message: /./, line: other === line ? line : undefined}};
    })
  );
}

/** Everything but what holds the page until its time is up. */
export async function quickPrograms(): Promise<Program[]> {
  return [...validPrograms, ...(await brokenSyntax()), ...throwingPrograms(), ...refusedPrograms, ...hostilePrograms];
}

/** Everything. */
export async function allPrograms(): Promise<Program[]> {
  return [...(await quickPrograms()), ...heldPrograms, ...waitingPrograms];
}

const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => (...values: unknown[]) => Promise<unknown>;

/** What a program shows when esbuild drops its types and Node runs it, with no part of a cell involved. */
export async function oracle(source: string): Promise<string> {
  const {code} = await transform(source, {
    loader: "ts",
    target: "es2022",
    tsconfigRaw: {compilerOptions: {verbatimModuleSyntax: true, useDefineForClassFields: true}}
  });
  const shown: string[] = [];
  const given = {
    display: (text: string) => shown.push(text),
    document: {createTextNode: (text: string) => text},
    requestAnimationFrame: (act: (time: number) => void) => setTimeout(act, 1, 1),
    load: (path: string) => import(`../../${path.replace(/^\.\//, "").replace(/js$/, "ts")}`) as Promise<unknown>
  };
  const body = code
    .replace(/^import (?:\* as (\w+)|(\{[^}]*\})) from (".*");$/gm, (_, space, names: string, from) => {
      return `const ${space ?? names.replaceAll(" as ", ": ")} = await load(${from});`;
    })
    .replace(/^import ".*";$/gm, "")
    .replaceAll("import(", "load(");
  const run = (text: string) =>
    new AsyncFunction(...Object.keys(given), `"use strict"; ${text}`)(...Object.values(given));
  if (body.includes("display(")) await run(body);
  else shown.push(String(await run(`return (${body.trim().replace(/;$/, "")}\n);`)));
  return shown.join("");
}
