import {saveFile} from "../save-file.js";
import {FileAttachment} from "observablehq:stdlib";
import type {Analyse, PageCells} from "./page-data.js";
import {pageNotebook} from "./page-notebook.js";
import {fileName, findPage, pageScript} from "./page-script.js";

/**
 * Lets the reader save this page's cells: as a TypeScript file that runs by itself, or as a notebook for Deno's Jupyter
 * kernel. `edits` holds the reader's sources by the names of editable cells; `analyse` reads them. Throws an Error when
 * the page's data cannot be loaded.
 */
export async function downloadPage(
  format: "ts" | "ipynb",
  edits: ReadonlyMap<string, string>,
  {analyse}: {analyse: Analyse}
): Promise<void> {
  const data = await load();
  const page = findPage(data.pages, location.pathname);
  const {library, versions} = data;
  const options = {library, versions, analyse, address: location.origin + location.pathname};
  const text = format === "ts" ? pageScript(page, edits, options) : pageNotebook(page, edits, options);
  saveFile(new Blob([text], {type: mimeTypes[format]}), `${fileName(page)}.${format}`);
}

const mimeTypes = {ts: "text/plain", ipynb: "application/x-ipynb+json"};

async function load(): Promise<PageCells> {
  try {
    return await FileAttachment("../../data/page-cells.json").json<PageCells>();
  } catch {
    throw new Error("The code of this page could not be loaded. Are you online? Try the download again.");
  }
}
