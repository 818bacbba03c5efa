import {readFileSync, readdirSync} from "node:fs";
import {posix} from "node:path";
import ts from "typescript";
import type {LibraryModule} from "../src/components/live-cell/page-data.js";
import {importStatements} from "../src/components/live-cell/page-data.js";

/** The components that draw nothing, so that they run anywhere. */
const pureComponents = ["components/format.ts"];

const tfjs = "@tensorflow/tfjs";

/**
 * Returns the files of the library below the folder `root`, e.g. "lib/points/index.ts", without what bundlers made and
 * without the checks of the exercises, which are no library.
 */
export function libraryFiles(root = "."): string[] {
  const names = readdirSync(posix.join(root, "lib"), {recursive: true, encoding: "utf8"});
  const files = names.map((name) => `lib/${name.replaceAll("\\", "/")}`);
  return files
    .filter(
      (name) => /(?<!\.d)\.ts$/.test(name) && !/^lib\/(vendor|exercises|bench\/|kernels\/(vendor|assembly))/.test(name)
    )
    .sort();
}

/** Returns the modules that run outside of a page, by the specifiers with which a page imports them. */
export function libraryModules(): Record<string, LibraryModule> {
  const files = [
    ...libraryFiles().map((name) => ({name, file: name})),
    ...pureComponents.map((name) => ({name, file: `src/${name}`}))
  ];
  return Object.fromEntries([
    ...files.map(({name, file}) => [specifierOf(name), moduleFunction(name, readFileSync(file, "utf8"))]),
    [specifierOf(kernels), moduleFunction(kernels, kernelsSource())]
  ]);
}

const kernels = "lib/kernels/vendor/kernels.ts";

// The one made file that the library itself imports, but for tfjs: a few kilobytes of WebAssembly in a string.
function kernelsSource(): string {
  const made = readFileSync(kernels.replace(/ts$/, "js"), "utf8");
  const exported = (name: string) => {
    const [, local = ""] = new RegExp(`(\\w+) as ${name}\\b`).exec(made) ?? [];
    const [, binary] = new RegExp(`\\b${local}="([\\w+/=]{1000,})"`).exec(made) ?? [];
    if (!binary || !local)
      throw new Error("lib/kernels/vendor/kernels.js holds no WebAssembly: run npx tsx tools/bundle-kernels.ts");
    return `export const ${name} = "${binary}";\n`;
  };
  return `/** WebAssembly, as base64: with SIMD, and with relaxed SIMD too. */\n${exported("plain")}${exported("relaxed")}`;
}

function specifierOf(file: string): string {
  return `./${file.replace(/\.ts$/, ".js")}`;
}

/**
 * Rewrites a module to the body of a function that returns its exports; types and comments stay. `library(specifier)`
 * gives another module, and `tfjs` is the package.
 */
export function moduleFunction(name: string, source: string): LibraryModule {
  const file = ts.createSourceFile(name, source, ts.ScriptTarget.ES2022, true);
  const edits: Edit[] = [];
  const exports: string[] = [];
  const needs = new Set<string>();
  const module = (specifier: string): string => {
    if (/\/vendor\/tf\.js$/.test(specifier)) {
      needs.add(tfjs);
      return "tfjs";
    }
    const target = specifierOf(posix.join(posix.dirname(name), specifier));
    needs.add(target);
    return `library(${JSON.stringify(target)})`;
  };
  for (const statement of file.statements) {
    const whole = {start: statement.getStart(), end: statement.end};
    if (ts.isImportDeclaration(statement)) edits.push({...whole, text: importText(statement, module)});
    else if (ts.isExportDeclaration(statement)) {
      edits.push({...whole, text: ""});
      exports.push(...reexports(statement, module));
    } else {
      const word = (ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined)?.find(isExport);
      if (word) edits.push({start: word.getStart(), end: word.end + 1, text: ""});
      if (word) exports.push(...valueNames(statement));
    }
  }
  edits.push(...dynamicImports(file, module));
  const body = applied(source, edits)
    .trim()
    .replace(/\n{3,}/g, "\n\n");
  const code = `${body}\n\nreturn {${exports.join(", ")}};`.trim();
  return {code, fixed: linesInTemplates(code), needs: [...needs]};
}

interface Edit {
  start: number;
  end: number;
  text: string;
}

type ModuleText = (specifier: string) => string;

function isExport({kind}: ts.ModifierLike): boolean {
  return kind === ts.SyntaxKind.ExportKeyword;
}

function importText(statement: ts.ImportDeclaration, module: ModuleText): string {
  const [{specifier, typeOnly, names}] = importStatements(statement.getText());
  if (typeOnly || !names.length) return "";
  const space = names.find(({imported}) => imported === "*");
  const list = names.map(({imported, local}) => (imported === local ? local : `${imported}: ${local}`)).join(", ");
  return `const ${space ? space.local : `{${list}}`} = ${module(specifier)};`;
}

function reexports({isTypeOnly, moduleSpecifier, exportClause}: ts.ExportDeclaration, module: ModuleText): string[] {
  if (isTypeOnly) return [];
  const from = moduleSpecifier && module((moduleSpecifier as ts.StringLiteral).text);
  if (!exportClause) return [`...${from}`];
  if (ts.isNamespaceExport(exportClause)) return [`${exportClause.name.text}: ${from}`];
  return exportClause.elements
    .filter((element) => !element.isTypeOnly)
    .map(({name, propertyName}) => {
      const inside = (propertyName ?? name).text;
      if (from) return `${name.text}: ${from}.${inside}`;
      return inside === name.text ? name.text : `${name.text}: ${inside}`;
    });
}

function valueNames(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({name}) => {
      if (ts.isIdentifier(name)) return name.text;
      throw new Error(`Export names one by one, not by a pattern: ${name.getText()}`);
    });
  }
  const isValue = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement);
  return isValue && statement.name ? [statement.name.text] : [];
}

function dynamicImports(file: ts.SourceFile, module: ModuleText): Edit[] {
  const edits: Edit[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const {text} = node.arguments[0] as ts.StringLiteral;
      // The backends are bundled for the site; the package brings cpu and webgl.
      const backend = text.includes("/vendor/");
      edits.push({start: node.getStart(), end: node.end, text: `Promise.resolve(${backend ? "" : module(text)})`});
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return edits;
}

// Where nothing takes its place, a statement goes with its line.
function applied(source: string, edits: Edit[]): string {
  let text = source;
  for (const {start, end, text: replacement} of [...edits].sort((a, b) => b.start - a.start)) {
    const rest = text.slice(end);
    const line = replacement === "" && text[end - 1] === ";" ? rest.replace(/^[^\S\n]*\n/, "") : rest;
    text = text.slice(0, start) + replacement + line;
  }
  return text;
}

function linesInTemplates(code: string): number[] {
  const file = ts.createSourceFile("module.ts", code, ts.ScriptTarget.ES2022, true);
  const lines = new Set<number>();
  const lineAt = (position: number): number => file.getLineAndCharacterOfPosition(position).line;
  const visit = (node: ts.Node): void => {
    if (ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node)) {
      for (let line = lineAt(node.getStart()) + 1; line <= lineAt(node.end); ++line) lines.add(line);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return [...lines].sort((a, b) => a - b);
}
