import {readFileSync} from "node:fs";
import {posix} from "node:path";
import ts from "typescript";
import {libraryFiles} from "./library-modules.js";

/** What completion says about an export of the library. */
export interface LibraryDoc {
  module: string; // the specifier, as a page writes it: "./lib/ddim.js"
  name: string;
  kind: "function" | "class" | "const" | "interface" | "type";
  signature: string; // one line of at most 160 characters, from the source
  doc: string; // the first paragraph of its comment, as plain text
}

const longest = 160;

/** Whether a file, such as "lib/texels/texel-text.ts", is a part of fused kernels, which no page's code calls. */
export const isPart = (file: string): boolean => /\/texel[^/]*(\/|\.ts$)/.test(file);

/**
 * Describes all that the modules in the folder `lib` export, re-exports included; of lib/tf.ts its own exports only, and
 * nothing of what fused kernels are made of.
 */
export function libraryDocs(root = "."): LibraryDoc[] {
  const read = new Map<string, LibraryDoc[]>();
  const files = libraryFiles(root).filter((file) => !isPart(file));
  return files.flatMap((file) => moduleDocs(root, file, read));
}

function moduleDocs(root: string, file: string, read: Map<string, LibraryDoc[]>): LibraryDoc[] {
  const known = read.get(file);
  if (known) return known;
  const docs: LibraryDoc[] = [];
  read.set(file, docs);
  const module = `./${file.replace(/\.ts$/, ".js")}`;
  const source = ts.createSourceFile(file, readFileSync(posix.join(root, file), "utf8"), ts.ScriptTarget.ES2022, true);
  const local = new Map(source.statements.flatMap((one) => describe(one).map((doc) => [doc.name, {module, ...doc}])));
  for (const statement of source.statements) {
    if (isExported(statement)) docs.push(...describe(statement).map((doc) => ({module, ...doc})));
    if (!ts.isExportDeclaration(statement)) continue;
    const from = (statement.moduleSpecifier as ts.StringLiteral | undefined)?.text;
    if (from?.includes("/vendor/")) continue;
    const target = from && posix.join(posix.dirname(file), from.replace(/\.js$/, ".ts"));
    const others = target ? moduleDocs(root, target, read) : [...local.values()];
    docs.push(...reexported(statement, others).map((doc) => ({...doc, module})));
  }
  return docs;
}

function reexported({exportClause}: ts.ExportDeclaration, docs: LibraryDoc[]): LibraryDoc[] {
  if (!exportClause) return docs;
  if (ts.isNamespaceExport(exportClause)) return [];
  return exportClause.elements.flatMap(({name, propertyName}) => {
    const found = docs.find((doc) => doc.name === (propertyName ?? name).text);
    return found ? [{...found, name: name.text}] : [];
  });
}

function isExported(statement: ts.Statement): boolean {
  if (!ts.canHaveModifiers(statement)) return false;
  return ts.getModifiers(statement)?.some(({kind}) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

type Description = Omit<LibraryDoc, "module">;

function describe(statement: ts.Statement): Description[] {
  const doc = firstParagraph(statement);
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map((one) => ({...describeVariable(one), doc}));
  }
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement);
  if (!isNamed || !statement.name) return [];
  const name = statement.name.text;
  if (ts.isFunctionDeclaration(statement))
    return [{name, kind: "function", signature: head(statement, statement.body), doc}];
  if (ts.isTypeAliasDeclaration(statement))
    return [{name, kind: "type", signature: shortened(statement.getText()), doc}];
  if (ts.isInterfaceDeclaration(statement)) return [{name, kind: "interface", signature: members(statement), doc}];
  return [{name, kind: "class", signature: shortened(statement.getText().replace(/\{[^]*/, "")), doc}];
}

function describeVariable({name, type, initializer}: ts.VariableDeclaration): Omit<Description, "doc"> {
  if (initializer && ts.isArrowFunction(initializer)) {
    const signature = shortened(`${name.getText()}${head(initializer, initializer.body).replace(/\s*=>$/, "")}`);
    return {name: name.getText(), kind: "function", signature};
  }
  const what = type ? `: ${type.getText()}` : initializer ? ` = ${initializer.getText()}` : "";
  return {name: name.getText(), kind: "const", signature: shortened(`const ${name.getText()}${what}`)};
}

/** A function without its body. */
function head(node: ts.Node, body: ts.Node | undefined): string {
  const text = node.getSourceFile().text.slice(node.getStart(), body?.getStart() ?? node.end);
  return shortened(text);
}

function members(statement: ts.InterfaceDeclaration): string {
  const list = statement.members.map((member) => member.getText().replace(/;$/, ""));
  const start = statement.getText().replace(/\{[^]*/, "");
  return shortened(`${start}{${list.join("; ")}}`);
}

function shortened(text: string): string {
  const line = text
    .replace(/\/\*[^]*?\*\/|\/\/[^\n]*/g, "")
    .replace(/\bexport /, "")
    .replace(/\s+/g, " ")
    .replace(/([([{]) /g, "$1")
    .replace(/(?:;|,)? (?=[)\]}])/g, "")
    .replace(/^((?:async )?)function ?(\*?) ?/, "$1$2")
    .replace(/;$/, "")
    .trim();
  return line.length <= longest ? line : `${line.slice(0, longest - 1)}…`;
}

function firstParagraph(statement: ts.Statement): string {
  const comment = (ts.getJSDocCommentsAndTags(statement) as ts.JSDoc[]).at(-1)?.getText() ?? "";
  const text = comment.replace(/^\/\*\*|\*\/$/g, "").replace(/^[^\S\n]*\*[^\S\n]?/gm, "");
  return text
    .trim()
    .split(/\n\s*\n/)[0]
    .replace(/\{@link (\S+?)\}/g, "$1")
    .replace(/`/g, "")
    .replace(/\s+/g, " ");
}
