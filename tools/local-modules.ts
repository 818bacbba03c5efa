import {existsSync, readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {join, posix} from "node:path";
import {pathToFileURL} from "node:url";
import {getImplicitFileImports} from "@observablehq/framework/dist/libraries.js";
import ts from "typescript";
import {cacheFolder} from "./cache.js";
import type {Report} from "./problems.js";

/** An import that a module makes at run time, or a method of a file attachment that would make one. */
interface ModuleImport {
  name: string; // the specifier, or the method
  kind: "import" | "method";
  line: number; // from 1
}

/**
 * Says what is wrong with an import of the page or module `from` (a path of the site, e.g. `/lib/ddim.js`), or returns
 * undefined. Framework lets some of these through without a word, and fetches others from another host.
 */
export function importProblem(root: string, from: string, name: string): string | undefined {
  if (/^(https?:|\/\/)/.test(name)) return `"${name}" would be fetched from another host: import a package by its name`;
  if (/^(npm|jsr):/.test(name)) {
    const bare = name.replace(/^(?:npm|jsr):/, "").replace(/(?<=.)@[\d.^~]+/, "");
    return `"${name}" would be fetched from another host: install the package and write "${bare}"`;
  }
  if (/^(node|data|observablehq):/.test(name)) {
    return name.startsWith("node:") ? `"${name}" exists only in Node, not on a page` : undefined;
  }
  if (/^\.{0,2}\//.test(name)) return localProblem(root, from, name);
  try {
    // As Framework resolves it, with the conditions of require; where that fails it leaves the name as it is.
    createRequire(pathToFileURL(join(cacheFolder(root), "_node/"))).resolve(name);
    return undefined;
  } catch {
    return `"${name}" cannot be resolved: install it, or choose a version that also exports CommonJS or a default`;
  }
}

function localProblem(root: string, from: string, name: string): string | undefined {
  const path = posix.join(name.startsWith("/") ? "." : posix.dirname(from).slice(1), name);
  if (path.startsWith("..")) return `"${name}" lies outside of ${root}: only what is inside becomes part of the site`;
  if (/\.tsx?$/.test(name)) return `"${name}" would not be emitted: write "${name.replace(/\.tsx?$/, ".js")}"`;
  if (!name.endsWith(".js")) return `"${name}" is not a module: write the name with ".js"`;
  return moduleFile(root, path) ? undefined : `"${name}" does not exist: there is no ${join(root, path)} or .ts`;
}

function moduleFile(root: string, path: string): string | undefined {
  const stem = join(root, path.slice(0, -".js".length));
  return [".js", ".ts", ".jsx", ".tsx"].map((extension) => stem + extension).find(existsSync);
}

/** Checks the modules of a site, from those that its pages import on; a module is checked once. */
export class ModuleChecker {
  readonly #root: string;
  readonly #report: Report;
  readonly #seen = new Set<string>();

  constructor(root: string, report: Report) {
    this.#root = root;
    this.#report = report;
  }

  /** Checks a module by its path in the site, e.g. `/lib/ddim.js`, and all that it imports. */
  check(path: string): void {
    if (this.#seen.has(path)) return;
    this.#seen.add(path);
    const file = moduleFile(this.#root, path);
    if (!file) return;
    for (const {name, kind, line} of moduleImports(file)) {
      const problem = kind === "method" ? methodProblem(name) : importProblem(this.#root, path, name);
      if (problem) this.#report({file: file.replaceAll("\\", "/"), line, message: problem});
      else if (name.startsWith(".") || name.startsWith("/")) this.check(posix.resolve(posix.dirname(path), name));
    }
  }
}

/** Says why a method of FileAttachment must not be used, or returns undefined. */
export function methodProblem(method: string): string | undefined {
  const [library] = getImplicitFileImports([method]);
  return library && `.${method}() would fetch "${library}" from another host: use .json(), .text() or .arrayBuffer()`;
}

function moduleImports(file: string): ModuleImport[] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);
  const imports: ModuleImport[] = [];
  const add = (node: ts.Node | undefined, kind: ModuleImport["kind"] = "import") => {
    if (!node || !(ts.isStringLiteralLike(node) || ts.isIdentifier(node))) return;
    imports.push({name: node.text, kind, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1});
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && !node.importClause?.isTypeOnly) add(node.moduleSpecifier);
    else if (ts.isExportDeclaration(node) && !node.isTypeOnly) add(node.moduleSpecifier);
    else if (ts.isCallExpression(node)) {
      if (importsByCall(node)) add(node.arguments[0]);
      if (callsFileMethod(node)) add(node.expression.name, "method");
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return imports;
}

function importsByCall({expression, arguments: args}: ts.CallExpression): boolean {
  if (args.length < 1 || !ts.isStringLiteralLike(args[0])) return false;
  return expression.kind === ts.SyntaxKind.ImportKeyword || /^import\.meta\.resolve$/.test(expression.getText());
}

function callsFileMethod(
  node: ts.CallExpression
): node is ts.CallExpression & {expression: ts.PropertyAccessExpression} {
  const {expression} = node;
  if (!ts.isPropertyAccessExpression(expression) || !ts.isCallExpression(expression.expression)) return false;
  return expression.expression.expression.getText() === "FileAttachment";
}
