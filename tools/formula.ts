import katex from "katex";
import {macros} from "./macros.js";

/** TeX that cannot be set; the message says why and what to do. */
export class FormulaError extends Error {}

/** A formula's TeX, and the name that its `\label{…}` gave it. */
export interface Labelled {
  tex: string;
  label?: string;
}

const labelCommand = /\\label\s*\{([^}]*)\}/g;
const numbered = /\\begin\{(align|alignat|equation|gather)\}/;

/**
 * Takes `\label{…}` out of a formula. Throws a FormulaError for a second label, or for one that is not lower-case
 * letters, digits and hyphens.
 */
export function takeLabel(tex: string): Labelled {
  const labels = Array.from(tex.matchAll(labelCommand), ([, label]) => label);
  if (labels.length > 1) throw new FormulaError(`the formula has ${labels.length} labels: give it one`);
  const [label] = labels;
  if (label !== undefined && !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(label)) {
    throw new FormulaError(`\\label{${label}} is no name: use lower-case letters, digits and single hyphens`);
  }
  return {tex: tex.replace(labelCommand, "").trim(), label};
}

const cache = new Map<string, string>();

/**
 * Sets TeX as HTML, with the MathML beside it that a screen reader reads. A `display` formula is a block. Throws a
 * FormulaError for TeX that KaTeX does not know, and for environments that would bring numbers of their own.
 */
export function renderFormula(tex: string, {display = false}: {display?: boolean} = {}): string {
  const key = `${display ? "block" : "inline"} ${tex}`;
  let html = cache.get(key);
  if (html === undefined) cache.set(key, (html = render(tex, display)));
  return html;
}

// Framework parses and writes a page some five times, which takes seconds where a page has hundreds of formulas. So a
// build lets it see only slots.
const slots = new Map<string, number>();

/** Returns a short stand-in for a piece of HTML, for `fillSlots` to replace. */
export function slotFor(html: string): string {
  const index = slots.get(html) ?? slots.size;
  slots.set(html, index);
  return `<span data-slot="${index}"></span>`;
}

/** Puts into a page what its slots stand for. */
export function fillSlots(page: string): string {
  const contents = [...slots.keys()];
  return page.replace(/<span data-slot="(\d+)"><\/span>/g, (_, index) => contents[Number(index)]);
}

function render(tex: string, displayMode: boolean): string {
  if (!tex.trim()) throw new FormulaError("the formula is empty");
  const environment = numbered.exec(tex)?.[1];
  if (environment) {
    const instead =
      environment === "equation" ? "no environment at all" : `\\begin{${environment}ed} (or ${environment}*)`;
    throw new FormulaError(`\\begin{${environment}} numbers its lines by itself: use ${instead}, and \\label`);
  }
  try {
    const options = {displayMode, output: "htmlAndMathml", throwOnError: true, strict: "error"} as const;
    return katex.renderToString(tex, {...options, macros: {...macros}});
  } catch (error) {
    if (!(error instanceof katex.ParseError)) throw error;
    throw new FormulaError(error.message.replace(/^KaTeX parse error: /, "bad TeX: "));
  }
}
