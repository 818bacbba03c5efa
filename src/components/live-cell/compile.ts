import type {AnyNode, Expression, ImportDeclaration, Program} from "../vendor/compiler.js";
import {
  Parser,
  checkAssignments,
  findDeclarations,
  findReferences,
  simple,
  tokTypes,
  transform
} from "../vendor/compiler.js";
import {findMistake, findNotErasable, findUnclosed} from "./erasable.js";
import {instrument} from "./instrument.js";
import {Patch} from "./patch.js";
import {ownedNames} from "./owned.js";

/** A name and where it stands. */
export interface Place {
  name: string;
  line: number; // from 1
}

/** A cell that can be run. */
export interface Compiled {
  source: string; // as the reader wrote it
  inputs: Place[]; // names that it takes from other cells, or from Framework
  outputs: Place[]; // names that it defines
  given: string[]; // names of its run: display, view, invalidation, setTimeout, …
  imports: Place[]; // the specifiers
  expression: boolean; // not statements
  body: string; // of an async function of `__live`, the given names and the inputs; same lines as the source
}

/** Something wrong in the reader's text. */
export class CellError extends Error {
  override name = "SyntaxError";
  readonly line?: number; // from 1

  constructor(message: string, line?: number) {
    super(message);
    this.line = line;
  }
}

const longest = 100_000; // characters

/** What a run gives to its cell anew each time. */
const runNames = ["display", "view", "invalidation"];

const acornOptions = {ecmaVersion: 2022, sourceType: "module"} as const;

/**
 * Compiles a cell's text as Framework's build does: types are dropped, free names become inputs, declarations become
 * outputs, a lone expression is shown. Loops, functions and awaits get calls with which a run is watched and stopped.
 * Throws a CellError with the line.
 */
export function compile(source: string): Compiled {
  if (source.length > longest)
    throw new CellError(`The code has ${source.length} characters; a cell may have ${longest}.`);
  const erased = eraseTypes(source);
  const {body, expression} = atLine(() => parse(erased));
  refuse(body, erased);
  const references = atLine(() => {
    const found = findReferences(body);
    checkAssignments(body, found, erased);
    return found;
  });
  const declared = expression ? [] : atLine(() => findDeclarations(body as Program, erased));
  const lineAt = lineFinder(erased);
  const places = (nodes: {name: string; start: number}[]): Place[] => {
    const first = new Map(nodes.map(({name, start}) => [name, lineAt(start)]).reverse() as [string, number][]);
    return [...new Set(nodes.map(({name}) => name))].map((name) => ({name, line: first.get(name)!}));
  };
  const outputs = places(declared as never);
  const taken = new Set(outputs.map(({name}) => name));
  const owned = ownedNames.filter((name) => !taken.has(name) && mentions(body, name));
  const given = [...runNames.filter((name) => references.some((node) => node.name === name)), ...owned];
  const imports = findImports(body).map((node) => ({name: String(node.source.value), line: lineAt(node.start)}));
  const inputs = places(references as never).filter(({name}) => !given.includes(name));
  // As Framework: an expression that displays for itself is not shown once more.
  const shown = expression && !given.includes("display") && !given.includes("view");
  return {source, inputs, outputs, given, imports, expression, body: write(erased, body, outputs, shown)};
}

function eraseTypes(source: string): string {
  const found = findNotErasable(source);
  if (found) throw new CellError(sentence(found.message), lineFinder(source)(found.position));
  try {
    return atLine(() => {
      const options = {transforms: ["typescript" as const], disableESTransforms: true, keepUnusedImports: true};
      return transform(source, options).code;
    });
  } catch (error) {
    throw error instanceof CellError ? better(error, source) : error;
  }
}

// sucrase reads on behind a quote that is not closed, and does not always say where it stopped.
function better(error: CellError, source: string): CellError {
  const lineAt = lineFinder(source);
  const unclosed = findUnclosed(source);
  if (unclosed !== undefined) return new CellError("A text has no end: its quote is not closed.", lineAt(unclosed));
  const mistake = error.line === undefined ? findMistake(source) : undefined;
  return mistake === undefined ? error : new CellError("Something is missing or out of place.", lineAt(mistake));
}

// As Framework's parse.js, which cannot be loaded in a browser.
function parse(input: string): {body: Program | Expression; expression: boolean} {
  const expression = parseExpression(input);
  if (expression) return {body: expression, expression: true};
  return {body: Parser.parse(input, acornOptions), expression: false};
}

// acorn's own, but not in its types.
interface ExpressionParser {
  type: unknown;
  nextToken(): void;
  parseExpression(): Expression;
}

function parseExpression(input: string): Expression | null {
  const parser = new (Parser as unknown as new (options: object, input: string, position: number) => ExpressionParser)(
    acornOptions,
    input,
    0
  );
  try {
    parser.nextToken();
    const node = parser.parseExpression();
    const named = (node.type === "ClassExpression" || node.type === "FunctionExpression") && node.id;
    return parser.type === tokTypes.eof && !named ? node : null;
  } catch {
    return null;
  }
}

function refuse(body: AnyNode, input: string): void {
  const stop = (message: string) => (node: AnyNode) => {
    throw new CellError(message, lineFinder(input)(node.start));
  };
  const noExport = stop(
    "A cell has no exports: the names that it declares are there for the other cells. Leave out export."
  );
  // By which the code is watched: instrument.ts.
  const reserved = (node: AnyNode) => {
    if ((node as {name?: string}).name === "__live")
      stop("__live is a name of the cell itself. Choose another one.")(node);
  };
  simple(body, {
    ExportNamedDeclaration: noExport,
    ExportDefaultDeclaration: noExport,
    ExportAllDeclaration: noExport,
    Identifier: reserved,
    ...{VariablePattern: reserved}, // acorn-walk's own, but not in its types
    MetaProperty(node) {
      if (node.meta.name === "import") stop("import.meta is not there in an edited cell.")(node);
    }
  });
}

function findImports(body: Program | Expression): ImportDeclaration[] {
  return body.type === "Program" ? body.body.filter((node) => node.type === "ImportDeclaration") : [];
}

function mentions(body: Program | Expression, name: string): boolean {
  const find = findReferences as (body: AnyNode, options: object) => unknown[];
  return find(body, {filterReference: (node: {name: string}) => node.name === name}).length > 0;
}

function write(erased: string, body: Program | Expression, outputs: Place[], shown: boolean): string {
  const patch = new Patch(erased);
  const imports = findImports(body);
  for (const {start, end} of imports) patch.replace(start, end, erased.slice(start, end).replace(/[^\n]+/g, ""));
  instrument(body, patch);
  const parts = imports.flatMap((node) => patterns(node).map((pattern) => ({pattern, from: node.source.raw})));
  const loads = parts.map(({from}) => `__live.module(${from})`);
  const names = parts.map(({pattern}) => pattern).join(", ");
  const head = imports.length ? `const [${names}] = __live.resumed(await Promise.all([${loads.join(", ")}]));` : "";
  const start = `"use strict"; ${head}__live.resumed(); try {`;
  const end = "\n} finally {__live.leave();}";
  if (body.type !== "Program")
    return `${start}${shown ? "return __live.show" : "void "}(await __live.paused((${patch}\n)));${end}`;
  return `${start}${patch}\nreturn {${outputs.map(({name}) => name).join(", ")}};${end}`;
}

/** What takes an import's names from the module; two for `import a, * as b`. */
function patterns({specifiers}: ImportDeclaration): string[] {
  const space = specifiers.find(({type}) => type === "ImportNamespaceSpecifier");
  const named = specifiers.flatMap((node) => {
    if (node.type === "ImportDefaultSpecifier") return [`default: ${node.local.name}`];
    if (node.type !== "ImportSpecifier") return [];
    const imported = node.imported.type === "Identifier" ? node.imported.name : node.imported.raw;
    return [`${imported}: ${node.local.name}`];
  });
  return [...(named.length || !space ? [`{${named.join(", ")}}`] : []), ...(space ? [space.local.name] : [])];
}

/** Runs a part that throws parsers' errors, and throws them as ours. */
function atLine<A>(part: () => A): A {
  try {
    return part();
  } catch (error) {
    if (error instanceof CellError || !(error instanceof Error)) throw error;
    const [, line] = /\((\d+):\d+\)\s*$/.exec(error.message) ?? [];
    const message = error.message.replace(/^Error transforming [^:]*: /, "").replace(/\s*\(\d+:\d+\)\s*$/, "");
    throw new CellError(sentence(message), line ? Number(line) : undefined);
  }
}

function sentence(text: string): string {
  return `${text[0].toUpperCase()}${text.slice(1).replace(/([^.!?])$/, "$1.")}`;
}

function lineFinder(text: string): (position: number) => number {
  return (position) => text.slice(0, position).split("\n").length;
}
