import {getImplicitInputImports} from "@observablehq/framework/dist/libraries.js";
import type MarkdownIt from "markdown-it";
import type {Renderer, Token} from "markdown-it";
import {decodeHtml} from "./html.js";
import {importProblem, methodProblem, ModuleChecker} from "./local-modules.js";
import {pageFile, readPage} from "./page-source.js";
import type {Report} from "./problems.js";

/** A cell as Framework has parsed it. */
interface Cell {
  id: string;
  mode: "inline" | "block" | "jsx";
  node: {
    declarations: {name: string}[] | null;
    references: {name: string}[];
    imports: {name: string; type: "local" | "global"}[];
    files: {name: string; method?: string}[];
  };
}

/** What Framework hands through its Markdown parser, as far as the rules use it. */
export interface PageContext {
  path: string; // the page's, e.g. "/ddim"
  code?: Cell[]; // the cells so far
}

/** Options of the rules for Markdown. */
export interface MarkdownOptions {
  root: string; // the source folder
  report: Report;
  slots?: boolean; // leave slots for `fillSlots` in the place of formulas; defaults to false
}

/** Where a cell stands, for messages. */
interface Place {
  line: number; // of the first line of its code, from 0, in the page's body
  source: string;
}

/**
 * Looks at each cell after Framework has parsed it, and reports what Framework would show in the page (a syntax error),
 * let through, or fetch from another host. Cells that would fetch are taken out of the page, so that nothing is fetched.
 */
export function checkCells(md: MarkdownIt, {root, report}: MarkdownOptions): void {
  const {renderer} = md;
  const places = new WeakMap<Cell, Place>();
  const modules = new ModuleChecker(root, report);
  const say = (path: string, line: number, text: string): void => {
    const {line: inside, message} = readError(text);
    report({file: pageFile(root, path), line: line + inside + readPage(root, path).offset + 1, message});
  };
  const watch = (type: "fence" | "placeholder", placeOf: (token: Token) => Place): void => {
    const base = renderer.rules[type]!;
    renderer.rules[type] = (tokens, index, options, context: PageContext, self) => {
      const place = placeOf(tokens[index]);
      const before = context.code?.length ?? 0;
      const html = base(tokens, index, options, context, self);
      const error = /observablehq--error"[^>]*>([^<]*)</.exec(html)?.[1];
      if (error !== undefined) say(context.path, place.line, decodeHtml(error));
      for (const cell of context.code?.slice(before) ?? []) places.set(cell, place);
      return html;
    };
  };
  watch("fence", ({map, content}) => ({line: (map?.[0] ?? -1) + 1, source: content}));
  watch("placeholder", ({meta, content}) => ({line: (meta as {line?: number} | null)?.line ?? 0, source: content}));
  const render = renderer.render.bind(renderer);
  renderer.render = ((tokens, options, context: PageContext) => {
    const html = render(tokens, options, context);
    if (context.code) checkPage(context.path, context.code);
    return html;
  }) satisfies Renderer["render"];

  function checkPage(path: string, cells: Cell[]): void {
    const declared = new Set(cells.flatMap(namesOf));
    const first = new Map<string, Cell>();
    for (const cell of [...cells]) {
      const {line, source} = places.get(cell) ?? {line: 0, source: ""};
      const sayAt = (text: string, message: string): void => say(path, line + lineOf(source, text), message);
      for (const name of namesOf(cell)) {
        if (!first.has(name)) first.set(name, cell);
        else sayAt(name, `${name} is defined by an earlier cell of this page: choose another name`);
      }
      const problems = [...importProblems(path, cell), ...implicitProblems(cell, declared)];
      for (const {text, message} of problems) sayAt(text, message);
      if (problems.length) cells.splice(cells.indexOf(cell), 1);
    }
  }

  function importProblems(path: string, {node}: Cell): {text: string; message: string}[] {
    return node.imports.flatMap(({name, type}) => {
      const message = importProblem(root, path, name);
      if (!message && type === "local") modules.check(new URL(name, `file://${path}`).pathname);
      return message ? [{text: name, message}] : [];
    });
  }
}

function namesOf({node}: Cell): string[] {
  return [...new Set(node.declarations?.map(({name}) => name))];
}

function implicitProblems({node, mode}: Cell, declared: Set<string>): {text: string; message: string}[] {
  const names = [...new Set(node.references.map(({name}) => name))].filter((name) => !declared.has(name));
  const problems = names.flatMap((name) => {
    const [library] = getImplicitInputImports([name]);
    if (!library) return [];
    const fence = ["html", "svg", "tex", "dot", "mermaid", "sql"].includes(name) ? `, or mark the fence run=false` : "";
    const message = `${name} is not imported, so "${library}" would be fetched from another host: import a module${fence}`;
    return [{text: name, message}];
  });
  for (const {method = ""} of node.files) {
    const message = methodProblem(method);
    if (message) problems.push({text: `.${method}`, message});
  }
  if (mode === "jsx") problems.push({text: "", message: "JSX would fetch react-dom from another host: use a ts fence"});
  return problems;
}

// A syntax error names a line of the cell: acorn as "Unexpected token (2:5)", esbuild as "<stdin>:2:5: ERROR: …".
function readError(text: string): {line: number; message: string} {
  const [, esbuildLine, esbuildMessage] = /<stdin>:(\d+):\d+: ERROR: ([^\n]*)/.exec(text) ?? [];
  if (esbuildLine) return {line: Number(esbuildLine) - 1, message: `SyntaxError: ${esbuildMessage}`};
  const [, acornLine] = /^SyntaxError: .*\((\d+):\d+\)$/.exec(text) ?? [];
  return {line: Number(acornLine ?? 1) - 1, message: text.replace(/ \(\d+:\d+\)$/, "")};
}

function lineOf(source: string, text: string): number {
  return Math.max(
    0,
    source.split("\n").findIndex((line) => line.includes(text))
  );
}
