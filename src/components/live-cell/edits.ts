/** A reader's edit of a cell, as this browser keeps it. */
export interface Edit {
  version: 1;
  default: string; // the page's code that was edited
  source: string; // the text in the editor
  ran: string | null; // what was run last, if anything
  running: boolean; // that run had not come to its end
  others?: string[]; // the texts of other tabs that this one has replaced, until the reader chooses
}

/** Whether this visit leaves the readers' edits aside: `?safe`. */
export function isSafe(): boolean {
  return new URLSearchParams(location.search).has("safe");
}

// Read once, since a cell may change the address.
const page = globalThis.location?.pathname.replace(/\.html$/, "").replace(/\/(index)?$/, "/index");

function keyOf(name: string): string {
  return `ddim-notebook/cell${page}/${name}`;
}

/** The edit of a cell that this browser has kept, or undefined. */
export function readEdit(name: string): Edit | undefined {
  try {
    const edit = JSON.parse(localStorage.getItem(keyOf(name)) ?? "null") as (Edit & {other?: unknown}) | null;
    if (!edit) return undefined;
    const {other, others = [other], ...rest} = edit; // there was room for one
    const {version, source, default: before} = rest;
    if (version !== 1 || typeof source !== "string" || typeof before !== "string") return undefined;
    return {...rest, others: [others].flat().filter((text) => typeof text === "string")};
  } catch {
    return undefined; // forbidden, or not ours
  }
}

/** Keeps an edit, or with null forgets it. Returns a sentence for the reader if the browser refuses. */
export function writeEdit(name: string, edit: Edit | null): string | undefined {
  try {
    if (edit) localStorage.setItem(keyOf(name), JSON.stringify(edit));
    else localStorage.removeItem(keyOf(name));
    return undefined;
  } catch (error) {
    const full = error instanceof DOMException && /quota/i.test(error.name);
    const why = full ? "its storage is full" : "its storage is switched off";
    return `This browser does not keep your edits: ${why}. They work until you leave the page; Share and the downloads keep them.`;
  }
}

/** Calls back when another tab has kept or forgotten an edit of this cell. */
export function onOtherTab(name: string, changed: () => void, signal: AbortSignal): void {
  addEventListener("storage", ({key}) => (key === null || key === keyOf(name)) && changed(), {signal});
}
