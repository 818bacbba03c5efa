import {statSync} from "node:fs";
import type MarkdownIt from "markdown-it";
import type {Token} from "markdown-it";
import {findChapter} from "./chapters.js";
import type {Chapter} from "./chapters.js";
import {takeLabel} from "./formula.js";
import {pageFile, pagePaths, readPage} from "./page-source.js";
import type {Report} from "./problems.js";

/** A numbered formula. */
export interface Equation {
  label: string; // as in \label{…}; its anchor is `eq-` and the label
  number: string; // chapter and place in the chapter, e.g. "2.3"
  page: string; // as Framework names it, e.g. "/forward"
  chapter: Chapter;
  line: number; // of its opening $$, from 1
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
      equations.push({label, number, page: path, chapter, line: offset + (map?.[0] ?? 0) + 1});
    }
    return equations;
  }

  /** Reports labels that are not unique. */
  check(report: Report): void {
    const first = new Map<string, Equation>();
    for (const equation of this.#all()) {
      const {label, page, line} = equation;
      const other = first.get(label);
      if (!other) first.set(label, equation);
      else {
        const place = `${pageFile(this.#root, other.page)}:${other.line}`;
        const message = `\\label{${label}} is already the label of ${place}: choose another name`;
        report({file: pageFile(this.#root, page), line, message});
      }
    }
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
