import type {StateCore, Token} from "markdown-it";
import {escapeHtml} from "./html.js";

/** What stands right before and after a formula in a line, and must not be parted from it. */
export interface Bound {
  before?: string;
  after?: string;
}

const opens = /[([“‘]+$/;
const closes = /^[.,;:!?)\]”’…]+/;

/**
 * Moves the brackets before and the punctuation after each `math_inline` into its `meta`, since browsers break a line
 * between a formula and any letter next to it.
 */
export function bindRule({tokens}: StateCore): void {
  for (const {children} of tokens) {
    for (const [i, token] of children?.entries() ?? []) {
      if (token.type !== "math_inline") continue;
      const bound: Bound = {before: take(children![i - 1], opens), after: take(children![i + 1], closes)};
      token.meta = {...token.meta, bound};
    }
  }
}

function take(token: Token | undefined, pattern: RegExp): string | undefined {
  if (token?.type !== "text") return undefined;
  const found = pattern.exec(token.content)?.[0];
  if (found !== undefined) token.content = token.content.replace(pattern, "");
  return found;
}

const base = '<span class="base">';
const short = 12; // letters: such a formula is never broken, and fits into any line
const open = '<span class="katex"><span class="katex-html" aria-hidden="true">';
const close = "</span></span>";

/** KaTeX's HTML of a formula with what is bound to it; between the parts of a long one a line may still break. */
export function boundFormula(html: string, {before = "", after = ""}: Bound): string {
  const [first, last] = [html.indexOf(base), html.lastIndexOf(base)];
  const whole = first === last || lettersIn(html.slice(first)) <= short;
  if (!before && !after && (first === last || !whole)) return html;
  const [left, right] = [escapeHtml(before), escapeHtml(after)];
  const nobreak = (text: string) => `<span class="nobreak">${text}</span>`;
  if (whole) return nobreak(left + html + right);
  let [head, tail] = [html, ""];
  if (right) {
    tail = nobreak(`${open}${html.slice(last)}${right}`);
    head = html.slice(0, last) + close;
  }
  if (!left) return head + tail;
  const second = head.indexOf(base, first + 1);
  if (second < 0) return nobreak(left + head) + tail;
  return nobreak(`${left}${head.slice(0, second)}${close}`) + open + head.slice(second) + tail;
}

function lettersIn(html: string): number {
  return [...html.replace(/<[^>]+>|&\w+;|[\s\u200b]/g, "")].length;
}
