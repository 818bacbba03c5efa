import type {Analyse, Analysis, CellPart, LibraryModule, PageCell, PageData} from "./page-data.js";
import {canonical, importCall, importStatements, lineEnd} from "./page-data.js";

/** What a plan is made with. */
export interface PlanOptions {
  library: Record<string, LibraryModule>;
  analyse: Analyse; // called for edited cells only
}

/** A cell in the order in which a script runs it. */
export interface PlannedCell extends PageCell {
  edited: boolean;
  parts: PlannedPart[];
}

/** A part, and why it cannot run outside of the page, if so. */
export interface PlannedPart extends CellPart {
  text: string; // its part of the source
  trouble?: Trouble;
}

/** Why a part cannot run: names that only the page has, or a clause that completes "since …". */
export interface Trouble {
  uses?: string[];
  clause?: string;
}

// What a browser has and Framework takes for known, so that it never is among the names that an edit uses.
const browserNames =
  words(`document window requestAnimationFrame cancelAnimationFrame Image ImageData Path2D AudioContext
  devicePixelRatio observable`);

// With what a page gives to its cells: none of these is there in a script.
const pageNames = new Set([
  ...browserNames,
  ...words(`view visibility invalidation width now dark resize Generators Mutable FileAttachment Inputs Plot html svg tex
    location history localStorage sessionStorage indexedDB matchMedia getComputedStyle alert prompt OffscreenCanvas
    requestIdleCallback addEventListener ResizeObserver IntersectionObserver MutationObserver Worker EventSource`)
]);

// What Framework takes for a name of another cell, though every JavaScript runtime has it.
const everywhere = new Set(
  words(`display globalThis setTimeout setInterval clearTimeout clearInterval fetch WebSocket BroadcastChannel PerformanceObserver
    structuredClone queueMicrotask AbortController AbortSignal Event EventTarget MessageChannel
    BigInt64Array BigUint64Array Atomics SharedArrayBuffer WeakRef FinalizationRegistry AggregateError Iterator DOMException
    FormData Request Response URLSearchParams ReadableStream WritableStream TransformStream CompressionStream
    DecompressionStream WebAssembly`)
);

function words(text: string): string[] {
  return text.split(/\s+/);
}

/**
 * Orders a page's cells so that each comes after those whose names it uses, else as on the page, and says of each part
 * whether it can run outside of the page. `edits` holds sources by the names of editable cells.
 */
export function planPage(
  {cells}: PageData,
  edits: ReadonlyMap<string, string>,
  {library, analyse}: PlanOptions
): PlannedCell[] {
  const planned = cells.map((cell) => {
    const edit = cell.name === undefined ? undefined : edits.get(cell.name);
    if (edit === undefined || edit.trimEnd() === cell.source.trimEnd()) return unedited(cell);
    return editedCell(cell, edit, analyse);
  });
  planned.unshift(...librariesByName(planned));
  for (const part of planned.flatMap(({parts}) => parts)) part.trouble ??= importTrouble(part, library);
  leaveOut(planned);
  return sorted(planned);
}

function unedited(cell: PageCell): PlannedCell {
  const parts = cell.parts.map((part) => ({...part, text: cell.source.slice(part.start, part.end)}));
  return {...cell, edited: false, parts};
}

function editedCell(cell: PageCell, source: string, analyse: Analyse): PlannedCell {
  const base = {...cell, source, edited: true};
  try {
    const {expression, ...analysis} = analyse(source);
    return {...base, expression, parts: editedParts(source, analysis)};
  } catch (error) {
    const message = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ");
    const declarations = cell.parts.flatMap((part) => part.declarations); // lost to the other cells
    const trouble = {clause: `it cannot be read. ${message}`};
    const part = {start: 0, end: source.length, text: source, declarations, references: [], async: false, trouble};
    return {...base, expression: false, parts: [part]};
  }
}

// As in site-modules.ts: what an edit may use without an import.
const byName: Record<string, string> = {tf: "./lib/tf.js", d3: "d3"};

function librariesByName(cells: PlannedCell[]): PlannedCell[] {
  const parts = cells.flatMap((cell) => cell.parts);
  const wanted = Object.keys(byName).filter(
    (name) =>
      parts.some(({references}) => references.includes(name)) &&
      !parts.some(({declarations}) => declarations.includes(name))
  );
  return wanted.map((name) => {
    const source = `import * as ${name} from "${byName[name]}";`;
    return {heading: "", source, expression: false, edited: false, parts: editedParts(source, nothing)};
  });
}

const nothing = {declarations: [], references: []};

// An edit is known as a whole only: its imports are parts, and what is between them shares one fate.
function editedParts(source: string, {declarations, references, async}: Omit<Analysis, "expression">): PlannedPart[] {
  const imports = importStatements(source);
  const imported = imports.flatMap(({names}) => names.map(({local}) => local));
  const own = declarations.filter((name) => !imported.includes(name));
  const parts: PlannedPart[] = [];
  const add = (end: number, part: Omit<CellPart, "start" | "end">): void => {
    const start = parts.at(-1)?.end ?? 0;
    parts.push({...part, start, end, text: source.slice(start, end)});
  };
  const addCode = (end: number): void => {
    const code = withoutText(source.slice(parts.at(-1)?.end ?? 0, end));
    if (code.trim() === "") return;
    const mentioned = [...browserNames, ...imported].filter((name) => mentions(code, name));
    const waits = async ?? mentions(code, "await");
    add(end, {declarations: own.splice(0), references: [...new Set([...references, ...mentioned])], async: waits});
  };
  for (const statement of imports) {
    addCode(statement.start);
    const locals = statement.names.map(({local}) => local);
    add(lineEnd(source, statement.end), {declarations: locals, references: [], async: false, import: statement});
  }
  addCode(source.length);
  return parts;
}

// Comments and plain strings blanked; templates hold code too.
function withoutText(code: string): string {
  return code.replace(/\/\*[^]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, " ");
}

// As a variable: not as a property after a dot, nor as a key of an object.
function mentions(code: string, name: string): boolean {
  const exact = name.replaceAll("$", "\\$");
  return new RegExp(`(?<![\\w$])(?<!(?<!\\.\\.)\\.)(?!(?<=[{,]\\s*)${exact}\\s*:)${exact}(?![\\w$])`).test(code);
}

function importTrouble(part: PlannedPart, library: Record<string, LibraryModule>): Trouble | undefined {
  if (part.import?.typeOnly) return undefined;
  const names = specifiersOf(part);
  if (names.includes("@observablehq/plot")) return {clause: "@observablehq/plot draws in a browser"};
  const [missing] = names.filter((name) => name.startsWith(".") && !(name in library));
  if (missing === undefined) return undefined;
  return {clause: missing.startsWith("./lib/") ? `there is no ${missing}` : `${missing} belongs to the page`};
}

/** The modules and packages that a part imports, in whatever way. */
export function specifiersOf(part: PlannedPart): string[] {
  if (part.import) return [part.import.specifier];
  return Array.from(part.text.matchAll(importCall), ([, , specifier]) => canonical(specifier));
}

// A part that uses what is left out is left out too, and so on.
function leaveOut(cells: PlannedCell[]): void {
  const parts = cells.flatMap((cell) => cell.parts);
  const owners = new Map<string, PlannedPart>();
  for (const part of parts) {
    for (const name of part.declarations) {
      if (!owners.has(name)) owners.set(name, part);
      else if (owners.get(name) !== part) part.trouble ??= {clause: `${name} is defined by another cell`};
    }
  }
  for (let again = true; again;) {
    again = false;
    for (const part of parts.filter(({trouble}) => !trouble)) {
      part.trouble = namesTrouble(part, owners);
      if (part.trouble) again = true;
    }
  }
}

function namesTrouble({references}: PlannedPart, owners: Map<string, PlannedPart>): Trouble | undefined {
  const uses = references.filter((name) => (owners.has(name) ? owners.get(name)!.trouble : pageNames.has(name)));
  if (uses.length) return {uses};
  const unknown = references.filter((name) => !owners.has(name) && !everywhere.has(name));
  return unknown.length ? {clause: `no cell defines ${list(unknown)}`} : undefined;
}

/** Says in a sentence why neighbouring parts are left out. */
export function whyLeftOut(parts: PlannedPart[]): string {
  const own = new Set(parts.flatMap(({declarations}) => declarations));
  const clauses = [...new Set(parts.flatMap(({trouble}) => trouble?.clause ?? []))];
  const uses = [...new Set(parts.flatMap(({trouble}) => trouble?.uses ?? []))].filter((name) => !own.has(name));
  const reasons = clauses.length ? clauses : [`it uses ${list(uses)}`];
  return `Left out, since ${reasons.join("; ")}${/[.!?]$/.test(reasons.at(-1)!) ? "" : ":"}`;
}

function list(names: string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

function sorted(cells: PlannedCell[]): PlannedCell[] {
  const owners = new Map<string, PlannedCell>();
  const live = (cell: PlannedCell): PlannedPart[] => cell.parts.filter(({trouble}) => !trouble);
  for (const cell of cells) for (const part of live(cell)) for (const name of part.declarations) owners.set(name, cell);
  const order: PlannedCell[] = [];
  const left = new Set(cells);
  const waits = (cell: PlannedCell): boolean =>
    live(cell).some(({references}) =>
      references.some((name) => owners.get(name) !== cell && left.has(owners.get(name)!))
    );
  while (left.size) {
    const [first] = left;
    const next = [...left].find((cell) => !waits(cell)) ?? first; // cells that wait for each other: as on the page
    order.push(next);
    left.delete(next);
  }
  return order;
}
