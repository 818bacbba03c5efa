import {readFileSync} from "node:fs";
import {normalizeConfig} from "@observablehq/framework/dist/config.js";
import {findAwaits} from "@observablehq/framework/dist/javascript/awaits.js";
import {findDeclarations} from "@observablehq/framework/dist/javascript/declarations.js";
import {defaultGlobals} from "@observablehq/framework/dist/javascript/globals.js";
import {parseProgram} from "@observablehq/framework/dist/javascript/parse.js";
import {findReferences} from "@observablehq/framework/dist/javascript/references.js";
import type MarkdownIt from "markdown-it";
import type {Token} from "markdown-it";
import ts from "typescript";
import type {CellPart, PageCell, PageCells, PageData} from "../src/components/live-cell/page-data.js";
import {importStatements, lineEnd} from "../src/components/live-cell/page-data.js";
import {isCell} from "./fences.js";
import {libraryModules} from "./library-modules.js";
import {pagePaths, readPage} from "./page-source.js";
import {siteConfig} from "./site.js";

/** Returns what a download of any page needs: the cells of all pages below `root`, and the library. */
export function pageCells(root = "src"): PageCells {
  const {md} = normalizeConfig(siteConfig({root, report: () => {}}));
  const pages = pagePaths(root).map((path) => readCells(root, path, md));
  const {dependencies} = JSON.parse(readFileSync("package.json", "utf8")) as {dependencies: Record<string, string>};
  const names = ["@tensorflow/tfjs", "d3"].filter((name) => name in dependencies);
  return {
    pages: pages.filter(({cells}) => cells.length > 0),
    library: libraryModules(),
    versions: Object.fromEntries(names.map((name) => [name, dependencies[name]]))
  };
}

function readCells(root: string, path: string, md: MarkdownIt): PageData {
  const {body} = readPage(root, path);
  const tokens = md.parse(body, {path, code: []});
  const page: PageData = {path, title: path.slice(1), cells: []};
  let heading = "";
  for (const [i, token] of tokens.entries()) {
    if (token.type === "heading_open") {
      const text = plainText(tokens[i + 1]);
      heading = `${token.markup.replace(/[^#]/g, "#")} ${text}`;
      if (token.tag === "h1") page.title = text;
    }
    if (isCell(token)) page.cells.push(readCell(token, heading));
  }
  return page;
}

function plainText({children}: Token): string {
  return (children ?? []).map(({type, content}) => (type === "math_inline" ? `$${content}$` : content)).join("");
}

/** Reads a fence with code that runs. */
export function readCell({info, content}: Pick<Token, "info" | "content">, heading: string): PageCell {
  const [, name] = /\beditable=["']?([\w-]+)/.exec(info) ?? [];
  const file = ts.createSourceFile("cell.ts", content, ts.ScriptTarget.ES2022, true);
  const [only, ...others] = file.statements;
  const expression =
    only !== undefined && !others.length && ts.isExpressionStatement(only) && !/;$/.test(only.getText());
  let start = 0;
  const parts = file.statements.map((statement, i) => {
    const end = i === file.statements.length - 1 ? content.length : lineEnd(content, statement.end);
    const part = readPart(content, start, end, statement);
    start = end;
    return part;
  });
  return {name, heading, source: content, expression, parts};
}

function readPart(source: string, start: number, end: number, statement: ts.Statement): CellPart {
  if (ts.isImportDeclaration(statement)) {
    const from = statement.getStart();
    const [found] = importStatements(statement.getText());
    if (!found) throw new Error(`This import cannot be read; write it in one statement: ${statement.getText()}`);
    const declarations = found.names.map(({local}) => local);
    const placed = {...found, start: from, end: statement.end};
    return {start, end, declarations, references: [], async: false, import: placed};
  }
  const {outputText} = ts.transpileModule(source.slice(start, end), {compilerOptions: erasing});
  const body = parseProgram(outputText);
  const names = (nodes: {name: string}[]): string[] => [...new Set(nodes.map(({name}) => name))];
  return {
    start,
    end,
    declarations: names(findDeclarations(body, outputText)),
    references: names(findReferences(body, {globals: portable})),
    async: findAwaits(body).length > 0
  };
}

const erasing = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ES2022,
  verbatimModuleSyntax: true,
  isolatedModules: true
};

// What Framework knows and a script outside of a browser has too; the rest counts as a reference.
const browserOnly =
  "AudioContext devicePixelRatio document Image ImageData observable Path2D cancelAnimationFrame requestAnimationFrame window";
const portable = new Set([...defaultGlobals].filter((name) => !browserOnly.split(" ").includes(name)));
