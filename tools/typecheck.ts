import {existsSync} from "node:fs";
import {dirname, relative, resolve} from "node:path";
import {fileURLToPath} from "node:url";
import {normalizeConfig} from "@observablehq/framework/dist/config.js";
import ts from "typescript";
import {exerciseCode, pageCode} from "./fences.js";
import type {PageCode} from "./fences.js";
import {pagePaths} from "./page-source.js";
import type {Problem} from "./problems.js";
import {siteConfig} from "./site.js";

const globals = fileURLToPath(new URL("page-globals.d.ts", import.meta.url));

/** Reads the compiler's options, and the files of the project, from a tsconfig.json. Throws an Error if it is wrong. */
export function readProject(file = "tsconfig.json"): ts.ParsedCommandLine {
  const {config, error} = ts.readConfigFile(file, ts.sys.readFile);
  const project = ts.parseJsonConfigFileContent(config ?? {}, ts.sys, dirname(resolve(file)));
  const [first] = [...(error ? [error] : []), ...project.errors];
  if (first) throw new Error(`${file}: ${ts.flattenDiagnosticMessageText(first.messageText, "\n")}`);
  return project;
}

/** Checks the types of the project's own files. */
export function checkProject({options, fileNames}: ts.ParsedCommandLine): Problem[] {
  // What Framework gives to cells exists in pages only.
  const rootNames = fileNames.filter((file) => resolve(file) !== resolve(globals));
  return diagnose(ts.createProgram({rootNames, options, host: host(options)})).map(toProblem);
}

/** Checks the types of the code in the pages below `root`; the problems have the pages' own lines and columns. */
export function checkPages({options}: ts.ParsedCommandLine, root = "src"): Problem[] {
  const {md} = normalizeConfig(siteConfig({root, report: () => {}}));
  const pages = new Map<string, PageCode>();
  // Beside the page, where its relative imports mean what they mean to Framework.
  for (const path of pagePaths(root)) {
    const code = pageCode(root, path, md);
    pages.set(resolve(`${code.file}.ts`).replaceAll("\\", "/"), code);
    for (const [i, code] of exerciseCode(root, path, md).entries())
      pages.set(resolve(`${code.file}.exercise-${i}.ts`).replaceAll("\\", "/"), code);
  }
  const rootNames = [globals, ...pages.keys()];
  const program = ts.createProgram({rootNames, options, host: host(options, pages)});
  return [...pages].flatMap(([name, page]) => {
    const source = program.getSourceFile(name)!;
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.filter((diagnostic) => !isAllowed(diagnostic, page)).map((one) => toPageProblem(one, page));
  });
}

// A cell may use a name that a later cell defines: Framework runs cells in the order of what they use.
const usedBeforeDefined = [2448, 2449, 2454];

function isAllowed({code, file, start = 0}: ts.Diagnostic, {inline, editable}: PageCode): boolean {
  if (usedBeforeDefined.includes(code)) return true;
  const line = file!.getLineAndCharacterOfPosition(start).line;
  if (code === 6133 && editable.has(line)) return true; // a name that only readers, or a check, may use
  return inline.has(line) && code >= 7000 && code < 8000; // JavaScript cannot say the types that these ask for
}

function toPageProblem(diagnostic: ts.Diagnostic, {file, inline}: PageCode): Problem {
  const {line, column, message} = toProblem(diagnostic);
  return {file, line, column: line !== undefined && inline.has(line - 1) ? undefined : column, message};
}

function toProblem({file, start = 0, messageText, code}: ts.Diagnostic): Problem {
  const message = `${ts.flattenDiagnosticMessageText(messageText, "\n")} (TS${code})`;
  if (!file) return {message};
  const {line, character} = file.getLineAndCharacterOfPosition(start);
  return {file: relative(".", file.fileName).replaceAll("\\", "/"), line: line + 1, column: character + 1, message};
}

function diagnose(program: ts.Program): readonly ts.Diagnostic[] {
  return ts.getPreEmitDiagnostics(program);
}

const sources = new Map<string, ts.SourceFile | undefined>(); // shared by the two programs, which saves seconds

function host(options: ts.CompilerOptions, pages = new Map<string, PageCode>()): ts.CompilerHost {
  const base = ts.createCompilerHost(options);
  return {
    ...base,
    fileExists: (name) => pages.has(name) || base.fileExists(name),
    readFile: (name) => pages.get(name)?.code ?? base.readFile(name),
    getSourceFile(name, target, ...rest) {
      const page = pages.get(name);
      if (page) return ts.createSourceFile(name, page.code, target, true, ts.ScriptKind.TS);
      if (!sources.has(name))
        sources.set(name, existsSync(name) ? base.getSourceFile(name, target, ...rest) : undefined);
      return sources.get(name);
    }
  };
}
