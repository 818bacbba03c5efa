import {statSync} from "node:fs";
import type MarkdownIt from "markdown-it";
import type {Token} from "markdown-it";
import {findChapter} from "./chapters.js";
import type {Chapter} from "./chapters.js";
import {takeLabel} from "./formula.js";
import {pageFile, pagePaths, readPage} from "./page-source.js";

/** A numbered formula. */
export interface Equation {
  label: string; // as in \label{…}; its anchor is `eq-` and the label
  number: string; // chapter and place in the chapter, e.g. "2.3"
  page: string; // as Framework names it, e.g. "/forward"
  chapter: Chapter;
  start: number; // the line of its opening $$, from 0, in the page's body
  line: number; // the same, from 1, in the page's file
}

/** Finds the numbered formulas of a site; reads a page again only after it has changed. */
export class EquationIndex {
  readonly #root: string;
  readonly #md: MarkdownIt;
  readonly #pages = new Map<string, {stamp: string; equations: Equation[]}>();

  /** `md` must have the rule `math_block`; only its block rules are run. */
  constructor(root: string, md: MarkdownIt) {
    this.#root = root;
    this.#md = md;
  }

  /** Returns the formula that has this label, the first one in reading order if there are several. */
  find(label: string): Equation | undefined {
    return this.#all().find((equation) => equation.label === label);
  }

  /** Returns the numbered formulas of a page, in order. */
  ofPage(path: string): Equation[] {
    const {mtimeMs, size} = statSync(pageFile(this.#root, path));
    const stamp = `${mtimeMs} ${size}`;
    const known = this.#pages.get(path);
    if (known?.stamp === stamp) return known.equations;
    const equations = this.#read(path);
    this.#pages.set(path, {stamp, equations});
    return equations;
  }

  #all(): Equation[] {
    return pagePaths(this.#root).flatMap((path) => this.ofPage(path));
  }

  #read(path: string): Equation[] {
    const chapter = findChapter(path);
    if (!chapter) return [];
    const {body, offset} = readPage(this.#root, path);
    const tokens: Token[] = [];
    this.#md.block.parse(body.replace(/\r\n?/g, "\n"), this.#md, {}, tokens);
    const equations: Equation[] = [];
    for (const {type, content, map} of tokens) {
      const label = type === "math_block" ? labelOf(content) : undefined;
      if (label === undefined) continue;
      const number = `${chapter.number}.${equations.length + 1}`;
      const start = map?.[0] ?? 0;
      equations.push({label, number, page: path, chapter, start, line: offset + start + 1});
    }
    return equations;
  }
}

// A bad label is reported where the formula is set.
function labelOf(tex: string): string | undefined {
  try {
    return takeLabel(tex).label;
  } catch {
    return undefined;
  }
}
