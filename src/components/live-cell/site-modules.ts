import {shipped} from "./shipped.js";

// What edited code can import: what the site ships. Each is loaded when it is asked for.
const packages: Record<string, () => Promise<unknown>> = {
  d3: () => import("d3"),
  "@observablehq/plot": () => import("@observablehq/plot")
};

/** Libraries that a cell may use by name where the page has not given the name to something else. */
const byName: Record<string, string> = {d3: "d3", Plot: "@observablehq/plot", tf: "lib/tf.js"};

/** Why a module cannot be imported, or undefined. */
export function importProblem(specifier: string): string | undefined {
  if (find(specifier)) return undefined;
  const inFolder = (folder: string) => {
    const names = Object.keys(shipped).filter((name) => name.startsWith(folder));
    return `from ./${folder}: ${names.map((name) => name.slice(folder.length)).join(", ")}`;
  };
  const packageNames = Object.keys(packages).join(", ");
  return `“${specifier}” is not here to import. There are ${packageNames}; ${inFolder("lib/")}; ${inFolder("components/")}.`;
}

/** Loads a module of the site by the specifier that a page would use. Rejects with a TypeError that lists what there is. */
export async function loadModule(specifier: string): Promise<unknown> {
  const load = find(specifier);
  if (!load) throw new TypeError(importProblem(specifier));
  return load();
}

/** Whether the name is a library that needs no import. */
export function isLibrary(name: string): boolean {
  return Object.hasOwn(byName, name);
}

/** Loads a library by its name: `d3`, `Plot`, `tf`. */
export function loadLibrary(name: string): Promise<unknown> {
  return loadModule(Object.hasOwn(byName, name) ? (packages[byName[name]] ? byName[name] : `./${byName[name]}`) : name);
}

function find(specifier: string): (() => Promise<unknown>) | undefined {
  if (Object.hasOwn(packages, specifier)) return packages[specifier];
  const path = /^(?:\.\.?\/)+(.+)$/.exec(specifier)?.[1] ?? "";
  return Object.hasOwn(shipped, path) ? shipped[path] : undefined;
}
