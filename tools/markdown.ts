import type MarkdownIt from "markdown-it";
import type {StateCore, StateInline, Token} from "markdown-it";
import {checkCells} from "./cells.js";
import type {MarkdownOptions, PageContext} from "./cells.js";
import {findChapter} from "./chapters.js";
import {editableCells} from "./editable-cells.js";
import {equationCode, equationCodeHtml} from "./equation-code.js";
import {EquationIndex} from "./equations.js";
import type {Equation} from "./equations.js";
import {FormulaError, renderFormula, slotFor, takeLabel} from "./formula.js";
import {bindRule, boundFormula} from "./formula-binding.js";
import type {Bound} from "./formula-binding.js";
import {escapeHtml} from "./html.js";
import {mathRules} from "./math.js";
import type {MathMeta} from "./math.js";
import {numberRule} from "./number-binding.js";
import {pageFile, readPage} from "./page-source.js";
import {citationHtml, readReferences, referenceListHtml, referencesFile} from "./references.js";
import {tokenLines} from "./token-lines.js";

/**
 * Adds to Framework's Markdown: formulas `$…$` and `$$…$$`, numbered ones with `\label{name}`, references `@eq-name`,
 * citations `@cite-key`, headings `## Title {#name}`, and a look at each cell. What is wrong is reported, and shown in its place in the page.
 */
export function markdownRules(md: MarkdownIt, {root, report, slots = false}: MarkdownOptions): MarkdownIt {
  mathRules(md);
  md.inline.ruler.after("math_inline", "equation_reference", referenceRule);
  md.inline.ruler.after("equation_reference", "citation", citationRule);
  tokenLines(md, new Set(["math_inline", "equation_reference", "citation", "placeholder"]));
  md.core.ruler.before("anchor", "heading_ids", headingIds);
  md.core.ruler.push("reference_list", referenceList);
  md.core.ruler.push("bind_formulas", bindRule);
  md.core.ruler.push("bind_numbers", numberRule);
  const equations = new EquationIndex(root, md);
  const show = (error: unknown, {path}: PageContext, {line}: MathMeta): string => {
    if (!(error instanceof FormulaError)) throw error;
    const at = line === undefined ? {} : {line: line + readPage(root, path).offset + 1};
    report({file: pageFile(root, path), ...at, message: error.message});
    return `<span class="observablehq--inspect observablehq--error">${escapeHtml(error.message)}</span>`;
  };
  const rule = (render: (token: Token, context: PageContext) => string) => {
    return (tokens: Token[], index: number, _options: unknown, context: PageContext) => {
      try {
        return render(tokens[index], context);
      } catch (error) {
        return show(error, context, (tokens[index].meta ?? {}) as MathMeta);
      }
    };
  };
  const {rules} = md.renderer;
  const slot = slots ? slotFor : String;
  rules.math_inline = rule((token) => slot(boundFormula(renderFormula(formulaIn(token)), boundOf(token))));
  rules.math_block = rule((token, {path}) => slot(renderBlock(token, path, root, equations)));
  rules.equation_reference = rule((token, {path}) => renderReference(token.content, path, equations));
  rules.citation = rule((token) => renderCitation(token.content, root));
  checkCells(md, {root, report});
  editableCells(md, {root, report});
  return md;
}

function boundOf({meta}: Token): Bound {
  return (meta as {bound?: Bound}).bound ?? {};
}

function formulaIn({content, meta}: Token): string {
  const {problem} = meta as MathMeta;
  if (problem) throw new FormulaError(problem);
  if (takeLabel(content).label) throw new FormulaError("only a formula between $$ and $$ can have a \\label");
  return content;
}

function renderBlock(token: Token, path: string, root: string, equations: EquationIndex): string {
  const {problem, line = -1} = token.meta as MathMeta;
  if (problem) throw new FormulaError(problem);
  const {tex, label} = takeLabel(token.content);
  const html = renderFormula(tex, {display: true});
  if (label === undefined) return `${html}\n`;
  if (!findChapter(path))
    throw new FormulaError("this page has no number (tools/chapters.ts), so neither can its formula");
  const own = equations.ofPage(path).find(({start}) => start === line);
  const first = equations.find(label);
  if (!own || !first) throw new FormulaError("the page has changed since it was read: load it again");
  if (first.page !== path || first.start !== line) {
    const place = `${pageFile(root, first.page)}:${first.line}`;
    throw new FormulaError(`\\label{${label}} is already the label of ${place}: choose another name`);
  }
  const {number} = own;
  const link = `<a class="equation-number" href="#eq-${label}" aria-label="Equation (${number})">(${number})</a>`;
  const code = equationCodeHtml(equationCode().get(label));
  return `<div class="equation" id="eq-${label}">${html}${link}${code}</div>\n`;
}

function referenceRule(state: StateInline, silent: boolean): boolean {
  const {src, pos, posMax} = state;
  if (src[pos] !== "@" || /\w/.test(src[pos - 1] ?? "")) return false;
  const match = /^@eq-([A-Za-z0-9]+(?:-[A-Za-z0-9]+)*)/.exec(src.slice(pos, posMax));
  if (!match) return false;
  if (!silent) state.push("equation_reference", "a", 0).content = match[1];
  state.pos += match[0].length;
  return true;
}

function renderReference(label: string, path: string, equations: EquationIndex): string {
  const equation = equations.find(label);
  if (!equation)
    throw new FormulaError(`@eq-${label} refers to no formula: no $$…$$ of any page has \\label{${label}}`);
  const href = `${equation.page === path ? "" : equation.page}#eq-${label}`;
  const title = equation.page === path ? "" : ` title="${escapeHtml(`In ${chapterName(equation)}`)}"`;
  return `<a class="equation-reference" href="${href}"${title}>Eq.&nbsp;${equation.number}</a>`;
}

// `@cite-key`, and `@references` for the whole list.
function citationRule(state: StateInline, silent: boolean): boolean {
  const {src, pos, posMax} = state;
  if (src[pos] !== "@" || /\w/.test(src[pos - 1] ?? "")) return false;
  const match = /^@(?:cite-([A-Za-z0-9]+)|references\b)/.exec(src.slice(pos, posMax));
  if (!match) return false;
  if (!silent) state.push("citation", "a", 0).content = match[1] ?? "";
  state.pos += match[0].length;
  return true;
}

// The list is no paragraph.
function referenceList({tokens}: StateCore): void {
  for (const [i, {type, content}] of tokens.entries()) {
    if (type !== "inline" || content.trim() !== "@references") continue;
    for (const paragraph of [tokens[i - 1], tokens[i + 1]]) paragraph.hidden = true;
  }
}

function renderCitation(key: string, root: string): string {
  const references = readReferences(root);
  if (!key) return referenceListHtml(references);
  const reference = references.get(key);
  if (!reference) throw new FormulaError(`@cite-${key} refers to no work: ${referencesFile} has no entry ${key}`);
  return citationHtml(reference);
}

function chapterName({chapter}: Equation): string {
  return `“${chapter.title}”`;
}

// Before the rule that gives a heading the slug of its text as an anchor; that rule keeps an id that is there.
function headingIds({tokens}: StateCore): void {
  for (const [i, token] of tokens.entries()) {
    if (token.type !== "heading_open") continue;
    const inline = tokens[i + 1];
    const text = inline.children?.at(-1);
    const match = text?.type === "text" ? /\s*\{#([A-Za-z][\w-]*)\}\s*$/.exec(text.content) : null;
    if (!text || !match) continue;
    token.attrSet("id", match[1]);
    text.content = text.content.slice(0, match.index);
    inline.content = inline.content.replace(/\s*\{#[\w-]+\}\s*$/, "");
  }
}
