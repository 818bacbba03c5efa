import type MarkdownIt from "markdown-it";
import type {StateBlock, StateInline} from "markdown-it";

// Why own rules and not a plugin: `${…}` belongs to Framework. `${a}–${b}` has a "$" that opens, one that closes, and
// looks like a formula to every rule that does not know this. The plugins also let a lone "$" through as text.

/** What the rules leave in a token's `meta`. */
export interface MathMeta {
  line?: number; // of the formula's start, from 0, in the body of the page
  problem?: string; // why this is not a formula
}

const dollar = 0x24;

/** Adds the tokens `math_inline` for `$…$` and `math_block` for `$$…$$`; their content is the TeX. */
export function mathRules(md: MarkdownIt): void {
  const ends = {alt: ["paragraph", "reference", "blockquote", "list"]};
  md.block.ruler.before("fence", "math_block", blockRule, ends);
  md.inline.ruler.after("escape", "math_inline", inlineRule);
}

function inlineRule(state: StateInline, silent: boolean): boolean {
  const {src, pos, posMax} = state;
  if (src.charCodeAt(pos) !== dollar || src[pos + 1] === "{") return false;
  const end = src[pos + 1] === "$" ? -1 : closingDollar(src, pos + 1, posMax);
  if (!silent) {
    const token = state.push("math_inline", "math", 0);
    token.content = end < 0 ? "" : src.slice(pos + 1, end);
    token.markup = "$";
    token.meta = {problem: end < 0 ? strayDollar(src, pos) : undefined} satisfies MathMeta;
  }
  state.pos = end < 0 ? pos + 1 : end + 1;
  return true;
}

// As in Pandoc: no space just inside either dollar, and no digit after the closing one.
function closingDollar(src: string, start: number, end: number): number {
  if (/\s/.test(src[start] ?? " ")) return -1;
  for (let i = start; i < end; ++i) {
    if (src[i] === "\\") ++i;
    else if (src[i] === "$") return /\s/.test(src[i - 1]) || /\d/.test(src[i + 1] ?? "") ? -1 : i;
  }
  return -1;
}

function strayDollar(src: string, pos: number): string {
  if (src[pos + 1] === "$") return "$$ stands inside a paragraph: write the formula on lines of its own, from $$ to $$";
  return (
    "a $ that does not open a formula: write \\$ for a dollar sign, no space just inside the dollars, " +
    "and \\vert for | in a table"
  );
}

function blockRule(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const line = (n: number) => state.src.slice(state.bMarks[n] + state.tShift[n], state.eMarks[n]).trimEnd();
  if (state.sCount[startLine] - state.blkIndent >= 4 || !line(startLine).startsWith("$$")) return false;
  const lines = [line(startLine).slice(2)];
  let last = startLine;
  while (!lines.at(-1)!.endsWith("$$")) {
    if (++last >= endLine || (state.sCount[last] < state.blkIndent && !state.isEmpty(last))) break;
    lines.push(line(last));
  }
  const closed = lines.at(-1)!.endsWith("$$");
  if (closed) lines.push(lines.pop()!.slice(0, -2));
  // "$$a$$ and $$b$$" on one line is text; the inline rule says what is wrong with it.
  if (closed && last === startLine && lines[0].includes("$$")) return false;
  if (silent) return true;
  const token = state.push("math_block", "math", 0);
  token.block = true;
  token.content = lines.join("\n").trim();
  token.map = [startLine, closed ? last + 1 : last];
  token.markup = "$$";
  token.meta = {
    line: startLine,
    problem: closed ? undefined : "$$ opens a formula that no $$ closes"
  } satisfies MathMeta;
  state.line = closed ? last + 1 : last;
  return true;
}
