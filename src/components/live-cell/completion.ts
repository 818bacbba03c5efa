import {FileAttachment} from "observablehq:stdlib";
import {element} from "../element.js";
import type {Completion, CompletionContext, CompletionResult} from "../vendor/editor.js";
import {localCompletionSource, syntaxTree} from "../vendor/editor.js";
import type {PageRuntime} from "./page-runtime.js";
import {valueOf} from "./page-runtime.js";
import {isLibrary} from "./site-modules.js";

/** An export of the library, from src/data/library.json. */
interface LibraryExport {
  module: string; // "./lib/ddim.js"
  name: string;
  kind: string;
  signature: string;
  doc: string;
}

let library: Promise<LibraryExport[]> | undefined;

function loadLibrary(): Promise<LibraryExport[]> {
  library ??= FileAttachment("../../data/library.json")
    .json<LibraryExport[]>()
    .catch(() => ((library = undefined), [])); // offline: the other completions still work
  return library;
}

/** What the editor proposes: names of the text, of the page and of the library, and the members of values. */
export function completions(runtime: PageRuntime) {
  return [
    localCompletionSource,
    (context: CompletionContext) => members(context, runtime),
    (context: CompletionContext) => names(context, runtime)
  ];
}

const identifier = /[\w$]+$/;

async function names(context: CompletionContext, runtime: PageRuntime): Promise<CompletionResult | null> {
  const word = context.matchBefore(identifier);
  if (!word && !context.explicit) return null;
  if (/String|Comment|PropertyName|PropertyDefinition/.test(nodeAt(context)) || before(context, word?.from) === ".")
    return null;
  const own = runtime.names();
  const given = ["display", "view", "invalidation", "visibility", "d3", "Plot", "tf"].filter(
    (name) => !own.includes(name)
  );
  const entries = await loadLibrary();
  const doc = new Map(entries.map((entry) => [entry.name, entry]));
  return {
    from: word?.from ?? context.pos,
    validFor: /^[\w$]*$/,
    options: [
      ...own.map((name) => pageName(name, runtime, doc.get(name))),
      ...given.map((label): Completion => ({label, type: "keyword", detail: givenDetail(label)})),
      ...entries.filter(({name, kind}) => !/^(interface|type)$/.test(kind) && !own.includes(name)).map(libraryName)
    ]
  };
}

function givenDetail(name: string): string {
  if (isLibrary(name)) return "library";
  return (
    {display: "shows a value", view: "shows an input", invalidation: "when the run ends"}[name] ?? "when it is in view"
  );
}

function pageName(name: string, runtime: PageRuntime, entry: LibraryExport | undefined): Completion {
  const value = valueOf(runtime.find(name));
  return {
    label: name,
    type: typeof value === "function" ? "function" : "variable",
    boost: 2,
    detail: kindOf(value),
    info: entry && (() => info(entry))
  };
}

/** A name of the library; taking it puts its import on top of the text. */
function libraryName(entry: LibraryExport): Completion {
  const {name, module, kind} = entry;
  return {
    label: name,
    type: kind,
    detail: module.replace(/^\.\/lib\/|\.js$/g, ""),
    info: () => info(entry),
    apply(view, _, from, to) {
      const text = view.state.doc.toString();
      const known = new RegExp(`import[^;]*\\b${name}\\b[^;]*["']${module}["']`).test(text);
      const changes = [{from, to, insert: name}];
      const insert = `import {${name}} from "${module}";\n`;
      if (!known) changes.unshift({from: 0, to: 0, insert});
      view.dispatch({changes, selection: {anchor: from + name.length + (known ? 0 : insert.length)}});
    }
  };
}

function info({signature, doc}: LibraryExport): HTMLElement {
  return element("div", {class: "live-cell-doc"}, element("code", {}, signature), element("p", {}, doc));
}

/** After `value.`, what the page's value of that name has. */
function members(context: CompletionContext, runtime: PageRuntime): CompletionResult | null {
  const path = context.matchBefore(/[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*\.[\w$]*$/);
  if (!path || /String|Comment/.test(nodeAt(context))) return null;
  const parts = path.text.split(".");
  const last = parts.pop()!;
  const value = parts.slice(1).reduce<unknown>((at, name) => read(at, name), valueOf(runtime.find(parts[0])));
  if (value === undefined || value === null) return null;
  const options = memberNames(value).map((label): Completion => {
    const member = read(value, label);
    return {label, type: typeof member === "function" ? "method" : "property", detail: kindOf(member)};
  });
  return options.length ? {from: context.pos - last.length, validFor: /^[\w$]*$/, options} : null;
}

function memberNames(value: unknown): string[] {
  const names = new Set<string>();
  for (let at: unknown = Object(value); at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const name of Object.getOwnPropertyNames(at))
      if (/^[A-Za-z$][\w$]*$/.test(name) && name !== "constructor") names.add(name);
    if (names.size > 2000) break;
  }
  return [...names];
}

// A getter may do anything, so it is not called.
function read(value: unknown, name: string): unknown {
  for (let at: unknown = Object(value); at; at = Object.getPrototypeOf(at)) {
    const own = Object.getOwnPropertyDescriptor(at, name);
    if (own) return own.value;
  }
  return undefined;
}

function kindOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${(value as Float64Array).length})`;
  if (Array.isArray(value)) return `Array(${value.length})`;
  return typeof value === "object" ? (value?.constructor?.name ?? "object") : typeof value;
}

function nodeAt({state, pos}: CompletionContext): string {
  return syntaxTree(state).resolveInner(pos, -1).name;
}

function before({state, pos}: CompletionContext, from = pos): string {
  return state.sliceDoc(from - 1, from);
}
