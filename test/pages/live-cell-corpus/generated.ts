import {seededRandom} from "../../../lib/random.js";
import type {Random} from "../../../lib/random.js";
import ts from "typescript";
import {showing} from "./program.js";

type Make = (random: Random, depth: number, awaits: boolean) => string;

const pick = <A>(random: Random, from: readonly A[]): A => from[random.integer(from.length)];

// Whole numbers, each part in parentheses, so that any two can be joined. Names in scope: a, b, xs. The last two await.
const numbers: Make[] = [
  (r) => String(r.integer(20)),
  () => "a",
  () => "(b as number)",
  () => "xs.length",
  (r, d, w) => `(${number(r, d, w)} ${pick(r, ["+", "-", "*", "|", "^", "&", "<", ">>"])} ${number(r, d, w)} | 0)`,
  (r, d, w) => `(${number(r, d, w)} > ${number(r, d, w)} ? ${number(r, d, w)} : ${number(r, d, w)})`,
  (r, d, w) => `((x: number) => x + ${number(r, d, false)} | 0)(${number(r, d, w)})`,
  (r, d, w) => `(xs[${number(r, d, w)}] ?? ${number(r, d, w)})`,
  (r, d) => `xs.reduce((s, x) => (s + x * ${number(r, d, false)}) | 0, 0)`,
  (r, d) =>
    `[...(function* (): Generator<number> { yield ${number(r, d, false)}; yield* [${number(r, d, false)}]; })()].length`,
  (r, d, w) => `({m: ${number(r, d, w)}, get g() { return ${number(r, d, false)}; }}.g!)`,
  (r, d) =>
    `new (class<T> { #v = ${number(r, d, false)}; w = ${number(r, d, false)}; get v() { return this.#v + this.w; } })<string>().v`,
  (r, d, w) => `(await ${number(r, d, w)})`,
  (r, d, w) => `(await (async () => { await null; return ${number(r, d, w)}; })())`
];

function number(random: Random, depth: number, awaits = true): string {
  if (depth <= 0) return numbers[random.integer(4)](random, 0, awaits);
  return numbers[random.integer(numbers.length - (awaits ? 0 : 2))](random, depth - 1, awaits);
}

const statements: Make[] = [
  (r, d) => `a = ${number(r, d)};`,
  (r, d) => `a ${pick(r, ["+=", "-=", "^=", "||=", "??="])} ${number(r, d)};`,
  (r, d) => `for (let i = 0; i < ${r.integer(6)}; i++) ${statement(r, d)}`,
  (r, d) => `for (const x of [...xs]) { if (x > ${r.integer(9)}) continue; a = (a + x) | 0; ${statement(r, d)} }`,
  (r, d) => `for await (const x of [1, ${number(r, d)}]) b = (b ^ x) | 0;`,
  (r, d) => `{ let n = ${r.integer(5)}; while (n-- > 0) ${statement(r, d)} }`,
  (r, d) => `{ let n = ${r.integer(5)}; do { ${statement(r, d)} } while (--n > 0); }`,
  (r, d) => `if (${number(r, d)} % 2) ${statement(r, d)} else { ${statement(r, d)} }`,
  (r, d) => `try { if (${number(r, d)} > 3) throw new Error("t"); ${statement(r, d)} } catch { b++; } finally { a++; }`,
  (r, d) =>
    `switch (${number(r, d)} & 3) { case 0: ${statement(r, d)} case 1: b--; break; default: ${statement(r, d)} }`,
  (r, d) =>
    `found${d}: for (const i of [1, 2]) { for (const j of [3, 4]) { if (i * j > ${r.integer(9)}) break found${d}; ${statement(r, d)} } }`,
  (r) => `{ [a, b] = [b | 0, a | 0]; xs.push(${r.integer(9)}); }`,
  (r, d) => `await (async function (this: void) { ${statement(r, d)} })();`,
  (r, d) => `((): void => { xs = xs.map((x): number => (x + ${number(r, d, false)}) | 0).slice(0, 9); })();`
];

function statement(random: Random, depth: number): string {
  return depth <= 0 ? `a = (a * 3 + ${random.integer(9)}) | 0;` : pick(random, statements)(random, depth - 1, true);
}

/** Programs of nested statements with types, which end: `count` of them, none twice. */
export function generatedPrograms(count: number): string[] {
  const random = seededRandom(20261124);
  const made = new Set<string>();
  while (made.size < count) {
    const lines = [
      "type N = number;",
      "let a: N = 1, b: N = 2;",
      "let xs: number[] = [3, 1, 4] satisfies readonly number[];"
    ];
    for (let i = 0; i < 3; ++i) lines.push(statement(random, 3));
    made.add(showing([...lines, "[a, b, xs.slice(0, 9)]"].join("\n")));
  }
  return [...made];
}

/** A program with one token left out or put in, and the line of TypeScript's first complaint. */
export interface Broken {
  source: string;
  line: number;
}

/** Programs that TypeScript cannot parse: seeded deletions and insertions of tokens in programs that it can. */
export function brokenPrograms(from: readonly string[], count: number): Broken[] {
  const random = seededRandom(7);
  const made = new Map<string, Broken>();
  while (made.size < count) {
    const source = mutate(pick(random, from), random);
    const line = complaint(source);
    if (line !== null) made.set(source, {source, line});
  }
  return [...made.values()];
}

const inserted = [")", "}", "(", "{", "]", "=>", "const", "...", "=", "if", "class", ";", '"', "`", "@", "#", ",", "1"];

function mutate(source: string, random: Random): string {
  const tokens: {start: number; end: number}[] = [];
  const scanner = ts.createScanner(ts.ScriptTarget.ES2022, true, ts.LanguageVariant.Standard, source);
  while (scanner.scan() !== ts.SyntaxKind.EndOfFileToken)
    tokens.push({start: scanner.getTokenStart(), end: scanner.getTokenEnd()});
  const {start, end} = pick(random, tokens);
  if (random.uniform() < 0.6) return `${source.slice(0, start)} ${source.slice(end)}`;
  return `${source.slice(0, start)} ${pick(random, inserted)} ${source.slice(start)}`;
}

/** The line of the first thing that TypeScript's parser does not understand, from 1, or null. */
export function complaint(source: string): number | null {
  const file = ts.createSourceFile(
    "cell.ts",
    source,
    {languageVersion: ts.ScriptTarget.ES2022},
    true,
    ts.ScriptKind.TS
  );
  const {
    parseDiagnostics: [first]
  } = file as unknown as {parseDiagnostics: ts.DiagnosticWithLocation[]};
  return first ? file.getLineAndCharacterOfPosition(first.start).line + 1 : null;
}
