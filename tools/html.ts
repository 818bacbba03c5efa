/** A start tag, an end tag, or a piece of text of a page. */
export type HtmlPart =
  | {type: "open"; name: string; attributes: Record<string, string>; start: number; end: number; void: boolean}
  | {type: "close"; name: string; start: number; end: number}
  | {type: "text"; text: string; start: number; end: number; raw?: "script" | "style"};

const voidElements = new Set("area base br col embed hr img input link meta param source track wbr".split(" "));
const tagPattern =
  /<!--[^]*?-->|<!doctype[^>]*>|<(\/?)([A-Za-z][\w:-]*)((?:\s+[^\s=>"'/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*)\s*\/?>/gi;
const attributePattern = /([^\s=>"'/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g;

/**
 * Yields the parts of a page in order; comments are left out, and what stands in a script or a style sheet is text with
 * `raw`. Made for pages that a serializer wrote: it does not repair HTML as a browser would.
 */
export function* htmlParts(html: string): Generator<HtmlPart> {
  const pattern = new RegExp(tagPattern);
  let start = 0;
  for (let match = pattern.exec(html); match; match = pattern.exec(html)) {
    if (match.index > start) yield textPart(html, start, match.index);
    start = pattern.lastIndex;
    const name = match[2]?.toLowerCase();
    if (!name) continue; // a comment or the doctype
    if (match[1]) {
      yield {type: "close", name, start: match.index, end: start};
      continue;
    }
    const attributes = readAttributes(match[3]);
    yield {type: "open", name, attributes, start: match.index, end: start, void: voidElements.has(name)};
    if (name !== "script" && name !== "style") continue;
    const close = html.indexOf(`</${name}`, start);
    const end = close < 0 ? html.length : close;
    if (end > start) yield {type: "text", text: html.slice(start, end), start, end, raw: name};
    pattern.lastIndex = start = end;
  }
  if (start < html.length) yield textPart(html, start, html.length);
}

function textPart(html: string, start: number, end: number): HtmlPart {
  return {type: "text", text: decodeHtml(html.slice(start, end)), start, end};
}

function readAttributes(source: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name, double, single, bare] of source.matchAll(attributePattern)) {
    attributes[name.toLowerCase()] ??= decodeHtml(double ?? single ?? bare ?? "");
  }
  return attributes;
}

/** Returns text as HTML, for a text node or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

const named: Record<string, string> = {amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0"};

/** Returns the text that HTML stands for: the reverse of `escapeHtml`, and of what serializers write. */
export function decodeHtml(html: string): string {
  return html.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex) return String.fromCodePoint(parseInt(hex, 16));
    return decimal ? String.fromCodePoint(Number(decimal)) : (named[name] ?? whole);
  });
}

/** Returns the text of a piece of a page, without scripts, style sheets, and the parts of a formula that are drawn. */
export function htmlText(html: string): string {
  let text = "";
  let hidden = 0; // the depth inside an element that is left out
  for (const part of htmlParts(html)) {
    if (hidden > 0) {
      if (part.type === "open" && !part.void) ++hidden;
      else if (part.type === "close") --hidden;
    } else if (part.type === "open") {
      if (isHidden(part.name, part.attributes)) hidden = part.void ? 0 : 1;
    } else if (part.type === "text" && !part.raw) text += part.text;
  }
  return text.replace(/\s+/g, " ").trim();
}

function isHidden(name: string, {class: classes = ""}: Record<string, string>): boolean {
  return name === "annotation" || classes === "katex-html";
}
