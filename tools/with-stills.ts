import {existsSync} from "node:fs";
import {cp, mkdir, readFile, readdir} from "node:fs/promises";
import {join} from "node:path";
import {escapeHtml} from "./html.js";

// A page without JavaScript has its text, its formulas and its code. What runs is recorded by tools/stills.ts: here its
// values and pictures go into the page, for readers without JavaScript only.

/** What a figure showed when it was recorded, beside its picture. */
export interface FigureStill {
  width: number; // CSS pixels
  height: number;
  text: string; // its badge and its live text
}

/** All that was recorded. */
export interface Stills {
  values: Record<string, Record<string, string>>; // HTML, by page and by the id of the cell
  figures: Record<string, FigureStill>; // by the figure's id
}

/** Where they are kept: stills.json, and a picture for each figure. */
export const stillsFolder = join("data", "stills");

export async function readStills(): Promise<Stills> {
  const file = join(stillsFolder, "stills.json");
  if (!existsSync(file)) return {values: {}, figures: {}};
  return JSON.parse(await readFile(file, "utf8")) as Stills;
}

const note =
  '<noscript><style>observablehq-loading {display: none}</style><p class="no-script">The figures and editable cells of this page run in JavaScript, which is off or not ' +
  "available here. The text, the formulas and the code are complete; in place of the figures there are recorded pictures.</p></noscript>";

/** Returns the page, from its file `name`, with the recorded values and pictures; `up` is the site's folder. */
export function withStills(html: string, {name, up, stills}: {name: string; up: string; stills: Stills}): string {
  const values = stills.values[name] ?? {};
  // Cells of the same code have the same value, and a number behind their name.
  const recorded = (id: string) => (id in values ? `<noscript>${values[id]}</noscript>` : "");
  const filled = html.replace(
    /(?:<observablehq-loading><\/observablehq-loading>|(?<=<div class="observablehq observablehq--block">))<!--:(\w+)(?:-\d+)?:-->/g,
    (whole, id: string) => recorded(id) + whole
  );
  const shown = filled.replace(/<figure id="([\w-]+)"[^>]*>/g, (tag, id: string) =>
    id in stills.figures ? `${tag}\n<noscript>${image(id, up, stills.figures[id])}</noscript>` : tag
  );
  if (!/<main id="observablehq-main"[^>]*>/.test(shown) || shown === html) return shown;
  return shown.replace(/<main id="observablehq-main"[^>]*>/, (tag) => `${tag}\n${note}`);
}

function image(id: string, up: string, {width, height, text}: FigureStill): string {
  const alt = escapeHtml(`Recorded. ${text}`.trim());
  return `<img class="still" loading="lazy" src="${up}_stills/${id}.webp" width="${width}" height="${height}" alt="${alt}">`;
}

/** Copies the pictures into the site. */
export async function copyStills(output: string): Promise<void> {
  if (!existsSync(stillsFolder)) return;
  const pictures = (await readdir(stillsFolder)).filter((name) => name.endsWith(".webp"));
  if (!pictures.length) return;
  await mkdir(join(output, "_stills"), {recursive: true});
  for (const name of pictures) await cp(join(stillsFolder, name), join(output, "_stills", name));
}
