import type {ImportStatement, LibraryModule} from "./page-data.js";
import type {PlannedCell, PlannedPart} from "./page-plan.js";
import {canonical, importCall} from "./page-data.js";
import {specifiersOf, whyLeftOut} from "./page-plan.js";

// How cells and the library are written in a file of their own, where no page runs them.

/** The package that the library computes with. */
export const tfjs = "@tensorflow/tfjs";

/** A package with the version that the page was made with, for npm. */
export function atVersion(name: string, versions: Record<string, string>): string {
  return versions[name] ? `${name}@${versions[name]}` : name;
}

/** The packages and the modules that the cells need, directly or through other modules. */
export function needs(
  cells: PlannedCell[],
  library: Record<string, LibraryModule>
): {packages: string[]; modules: string[]} {
  const wanted = new Set(
    cells.flatMap(({parts}) => parts.filter(({trouble, import: i}) => !trouble && !i?.typeOnly).flatMap(specifiersOf))
  );
  for (const name of wanted) for (const other of library[name]?.needs ?? []) wanted.add(other);
  const isModule = (name: string): boolean => name in library;
  const names = [...wanted].sort();
  return {packages: names.filter((name) => !isModule(name)), modules: names.filter(isModule)};
}

/** Whether anything of a cell can run. */
export function isLive({parts}: PlannedCell): boolean {
  return parts.some(({trouble, import: statement}) => !trouble && !statement?.typeOnly);
}

/** A cell's code; a run of parts that cannot run is a comment, with the reason above. */
export function cellCode(cell: PlannedCell): string {
  const {source, expression, parts} = cell;
  if (expression && isLive(cell)) {
    const value = loaded(source.trim());
    return /\n|\/\//.test(value) ? `display(\n${value}\n);` : `display(${value});`;
  }
  let code = "";
  for (let i = 0; i < parts.length;) {
    const run = parts.slice(i).findIndex(({trouble}) => !trouble);
    const dead = run < 0 ? parts.slice(i) : parts.slice(i, i + run);
    const piece = dead.length ? commented(dead) : liveCode(parts[i]);
    const joins = code === "" || piece === "" || piece.startsWith("\n"); // else it may stand behind a comment
    code += joins ? piece : `\n${piece}`;
    i += dead.length || 1;
  }
  return code.trim();
}

function commented(parts: PlannedPart[]): string {
  const text = parts.map((part) => part.text).join("");
  const lines = text.trim().split("\n");
  const [space] = /^\n*/.exec(text)!;
  return [`${space}// ${whyLeftOut(parts)}`, ...lines.map((line) => `// ${line}`.trimEnd())].join("\n");
}

function liveCode({text, start, import: statement}: PlannedPart): string {
  if (!statement) return loaded(text);
  const [before, after] = [text.slice(0, statement.start - start), text.slice(statement.end - start)];
  const {specifier, typeOnly} = statement;
  if (typeOnly || !specifier.startsWith(".")) return before.trim() + after;
  return before + libraryLine(statement) + after;
}

function libraryLine({specifier, names}: ImportStatement): string {
  const call = `library(${JSON.stringify(specifier)});`;
  const space = names.find(({imported}) => imported === "*");
  if (space) return `const ${space.local} = ${call}`;
  if (!names.length) return call;
  const list = names.map(({imported, local}) => (imported === local ? local : `${imported}: ${local}`));
  return `const {${list.join(", ")}} = ${call}`;
}

function loaded(text: string): string {
  return text.replace(importCall, (whole, _quote, specifier: string) => {
    const name = canonical(specifier);
    return name.startsWith(".") ? `Promise.resolve(library(${JSON.stringify(name)}))` : whole;
  });
}

/** The imports of packages, which stand at the top of a file. */
export function importLines(cells: PlannedCell[], prefix: string, versions: Record<string, string> = {}): string[] {
  const parts = cells.flatMap(({parts}) => parts.filter(({trouble}) => !trouble));
  const lines = parts.flatMap(({import: statement}) => {
    if (!statement || statement.typeOnly || statement.specifier.startsWith(".")) return [];
    const from = JSON.stringify(prefix + (prefix ? atVersion(statement.specifier, versions) : statement.specifier));
    const space = statement.names.find(({imported}) => imported === "*");
    if (space) return [`import * as ${space.local} from ${from};`];
    if (!statement.names.length) return [`import ${from};`];
    const names = statement.names.map((name) =>
      name.imported === name.local ? name.local : `${name.imported} as ${name.local}`
    );
    return [`import {${names.join(", ")}} from ${from};`];
  });
  return [...new Set(lines)];
}

/** The function that prints what a page would show. */
export function displayCode(packages: string[]): string {
  const show = packages.includes(tfjs)
    ? 'console.log(typeof value?.dataSync === "function" ? String(value) : value)'
    : "console.log(value)";
  return `/** Prints a value, a promise's when it is there, and returns it. */
function display(value) {
  const print = (value) => ${show};
  if (typeof value?.then === "function") void value.then(print);
  else print(value);
  return value;
}`;
}

/** The functions that hold the modules and give them out. */
export function libraryCode(names: string[], library: Record<string, LibraryModule>): string {
  const modules = names.map((name) => `    ${JSON.stringify(name)}() {\n${indented(library[name])}\n    }`);
  return `/** Returns a module of the library; each runs once, when it is first asked for. */
function library(name) {
  library.loaded ??= {};
  return (library.loaded[name] ??= modules()[name]());
}

function modules() {
  return {
${modules.join(",\n\n")}
  };
}`;
}

function indented({code, fixed}: LibraryModule): string {
  return code
    .split("\n")
    .map((line, i) => (line === "" || fixed.includes(i) ? line : `      ${line}`))
    .join("\n");
}
