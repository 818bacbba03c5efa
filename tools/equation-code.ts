import {readFileSync, readdirSync, statSync} from "node:fs";
import {join} from "node:path";

/** A function or a type of the library whose documentation names a formula. */
export interface EquationCode {
  name: string; // as exported
  module: string; // as a cell imports it, e.g. "./lib/ddim.js"
}

const documented =
  /\/\*\*((?:(?!\*\/)[^])*)\*\/\s*export\s+(?:async\s+)?(?:function\*?|const|class|interface|type)\s+(\w+)/g;
const label = /@eq-([A-Za-z0-9]+(?:-[A-Za-z0-9]+)*)/g;

const known = new Map<string, {stamp: number; code: [label: string, code: EquationCode][]}>();

/** What of the library in `folder` is documented with `@eq-label`, by label; reads a file again only after it has changed. */
export function equationCode(folder = "lib"): Map<string, EquationCode[]> {
  const all = new Map<string, EquationCode[]>();
  for (const name of sources(folder)) {
    for (const [label, code] of codeIn(folder, name)) all.set(label, [...(all.get(label) ?? []), code]);
  }
  return all;
}

function sources(folder: string): string[] {
  const names = readdirSync(folder, {recursive: true, encoding: "utf8"}).map((name) => name.replaceAll("\\", "/"));
  return names.filter((name) => name.endsWith(".ts") && !/(^|\/)(vendor|assembly|exercises)\//.test(name)).sort();
}

function codeIn(folder: string, name: string): [string, EquationCode][] {
  const file = join(folder, name);
  const stamp = statSync(file).mtimeMs;
  const old = known.get(file);
  if (old?.stamp === stamp) return old.code;
  const module = `./lib/${name.replace(/\.ts$/, ".js")}`;
  const code = [...readFileSync(file, "utf8").matchAll(documented)].flatMap(([, text, exported]) =>
    [...text.matchAll(label)].map(([, label]): [string, EquationCode] => [label, {name: exported, module}])
  );
  known.set(file, {stamp, code});
  return code;
}

/** The line under a formula that says which code is made of it; empty where none is. */
export function equationCodeHtml(code: readonly EquationCode[] = []): string {
  if (!code.length) return "";
  const parts = code.map(
    ({name, module}) => `<code title="import {${name}} from &quot;${module}&quot;">${name}</code>`
  );
  return `<div class="equation-code">in code: ${parts.join(", ")}</div>`;
}
