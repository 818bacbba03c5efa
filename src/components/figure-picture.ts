import {apart} from "./figure-parts.js";
import {measureText, pageText} from "./page-text.js";
import {repaintOf} from "./recordable.js";
import {standaloneSvg} from "./svg-clone.js";
import {svgRecorder} from "./svg-recorder.js";
import {svgElement, svgNumber, xmlText} from "./svg-text.js";
import {themeColor} from "./theme.js";

/** A picture as the text of an SVG file, and its size in CSS pixels. */
export interface Picture {
  svg: string;
  width: number;
  height: number;
}

/** What is said in and under a picture. */
export interface PictureWords {
  title: string;
  description: string;
  source: string; // one line, written at the foot
}

/** A part of the picture, in the window's coordinates. */
interface Piece {
  content: string;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const margin = 16;
const between = 14; // of two blocks
const foot = 12; // the letters of the last line

/**
 * What a figure shows now, as SVG that stands alone: drawings as lines, images as embedded PNG, titles and numbers as text,
 * each where it is on the page. Controls are left out and the gaps that they leave are closed.
 */
export function figurePicture(root: HTMLElement, words: PictureWords): Picture {
  const {left, width: wide} = root.getBoundingClientRect();
  const padding = Number.parseFloat(getComputedStyle(root).paddingLeft) || 0;
  const origin = left + padding;
  let y = margin;
  let width = wide - 2 * padding;
  const groups: string[] = [];
  for (const block of root.children) {
    const pieces = piecesOf(block);
    if (!pieces.length) continue;
    const top = Math.min(...pieces.map((piece) => piece.top));
    const bottom = Math.max(...pieces.map((piece) => piece.bottom));
    width = Math.max(width, ...pieces.map((piece) => piece.right - origin));
    const move = `translate(${svgNumber(margin - origin)} ${svgNumber(y - top)})`;
    groups.push(svgElement("g", {transform: move}, pieces.map(({content}) => content).join("\n")));
    y += bottom - top + between;
  }
  if (!groups.length) throw new Error("This figure shows nothing yet: wait until it has drawn, and try again.");
  const lines = footLines(words.source, width);
  const notes = lines.map((line, k) => footLine(line, y + (k + 1) * 1.4 * foot));
  const [w, h] = [Math.ceil(width + 2 * margin), Math.ceil(y + lines.length * 1.4 * foot + margin)];
  const inside = [
    svgElement("title", {}, xmlText(words.title)),
    svgElement("desc", {}, xmlText(words.description)),
    svgElement("rect", {width: w, height: h, fill: themeColor("theme-background")}),
    ...groups,
    ...notes
  ];
  const size = {width: w, height: h, viewBox: `0 0 ${w} ${h}`};
  const svg = svgElement(
    "svg",
    {xmlns: "http://www.w3.org/2000/svg", ...size, role: "img"},
    `\n${inside.join("\n")}\n`
  );
  return {svg: `<?xml version="1.0" encoding="UTF-8"?>\n${svg}\n`, width: w, height: h};
}

function piecesOf(node: Node): Piece[] {
  if (node instanceof Text) return textPieces(node);
  if (!(node instanceof Element) || node.matches(apart)) return [];
  const box = node.getBoundingClientRect();
  const style = getComputedStyle(node);
  if (style.display === "none" || style.visibility === "hidden") return [];
  if (style.display !== "contents" && (!box.width || !box.height)) return [];
  if (node instanceof SVGSVGElement) return [piece(standaloneSvg(node, box.left, box.top), box)];
  if (node instanceof HTMLCanvasElement) return [piece(canvasContent(node, box, style), box)];
  return [...boxPieces(box, style), ...markPieces(node, box), ...[...node.childNodes].flatMap(piecesOf)];
}

function piece(content: string, {left, top, right, bottom}: DOMRect): Piece {
  return {content, left, top, right, bottom};
}

function textPieces(node: Text): Piece[] {
  if (!node.data.trim()) return [];
  const {content, boxes} = pageText(node);
  if (!boxes.length) return [];
  const edge = (of: (box: DOMRect) => number) => boxes.map(of);
  return [
    {
      content,
      left: Math.min(...edge((box) => box.left)),
      top: Math.min(...edge((box) => box.top)),
      right: Math.max(...edge((box) => box.right)),
      bottom: Math.max(...edge((box) => box.bottom))
    }
  ];
}

/** The background of an element and the lines at its edges, where it has any: meters, cells of tables, marks. */
function boxPieces(box: DOMRect, style: CSSStyleDeclaration): Piece[] {
  const {left: x, top: y, width, height} = box;
  const pieces: Piece[] = [];
  const seen = (color: string) => !/^(transparent|rgba\(.*, 0\))$/.test(color);
  if (seen(style.backgroundColor)) {
    const rx = Math.min(Number.parseFloat(style.borderTopLeftRadius) || 0, height / 2);
    pieces.push(
      piece(svgElement("rect", {x, y, width, height, rx: rx || undefined, fill: style.backgroundColor}), box)
    );
  }
  const edges = [
    ["Top", x, y, x + width, y],
    ["Right", x + width, y, x + width, y + height],
    ["Bottom", x, y + height, x + width, y + height],
    ["Left", x, y, x, y + height]
  ] as const;
  for (const [side, x1, y1, x2, y2] of edges) {
    const thick = Number.parseFloat(style[`border${side}Width`]);
    const color = style[`border${side}Color`];
    if (!thick || style[`border${side}Style`] === "none" || !seen(color)) continue;
    pieces.push(piece(svgElement("line", {x1, y1, x2, y2, stroke: color, "stroke-width": thick}), box));
  }
  return pieces;
}

/** The line in front of a sampler's name, which the style sheet draws: solid or dashed. */
function markPieces(node: Element, box: DOMRect): Piece[] {
  const style = getComputedStyle(node, "::before");
  const thick = Number.parseFloat(style.borderTopWidth);
  const width = Number.parseFloat(style.width);
  if (style.content === "none" || !thick || !width) return [];
  const lineHeight = Number.parseFloat(getComputedStyle(node).lineHeight) || box.height;
  const y = box.top + Math.min(lineHeight, box.height) / 2;
  const dash = style.borderTopStyle === "dashed" ? "6 3" : undefined;
  const attributes = {stroke: style.borderTopColor, "stroke-width": thick, "stroke-dasharray": dash};
  const line = svgElement("line", {x1: box.left, y1: y, x2: box.left + width, y2: y, ...attributes});
  return [piece(line, box)];
}

function canvasContent(canvas: HTMLCanvasElement, box: DOMRect, style: CSSStyleDeclaration): string {
  const {left: x, top: y, width, height} = box;
  const paper = svgElement("rect", {x, y, width, height, rx: 4, fill: style.backgroundColor});
  const repaint = repaintOf(canvas);
  const edge = svgElement("rect", {x, y, width, height, rx: 4, fill: "none", stroke: style.outlineColor});
  if (!repaint) {
    const look = `image-rendering: ${style.imageRendering}`;
    const href = canvas.toDataURL("image/png");
    return `${paper}\n${svgElement("image", {x, y, width, height, preserveAspectRatio: "none", style: look, href})}`;
  }
  const recorder = svgRecorder({
    size: [width, height],
    measure: (text, font) => measureText(text, font).width,
    imageAddress: (image) => (image as HTMLCanvasElement).toDataURL("image/png")
  });
  repaint(recorder.context);
  // As on the page, what lies beyond the edge is not seen.
  const inner = {x, y, width, height, viewBox: `0 0 ${svgNumber(width)} ${svgNumber(height)}`, overflow: "hidden"};
  return `${paper}\n${svgElement("svg", inner, recorder.content())}\n${edge}`;
}

function footLine(text: string, y: number): string {
  const font = {"font-family": "system-ui, sans-serif", "font-size": foot, fill: themeColor("theme-foreground-muted")};
  return svgElement("text", {x: margin, y, ...font}, xmlText(text));
}

function footLines(text: string, width: number): string[] {
  const fits = (line: string) => measureText(line, `${foot}px system-ui, sans-serif`).width <= width;
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && fits(longer)) lines[lines.length - 1] = longer;
    else lines.push(...brokenWord(word, fits));
  }
  return lines;
}

/** A word in pieces that fit: an address may be longer than a phone is wide. */
function brokenWord(word: string, fits: (line: string) => boolean): string[] {
  const pieces = [""];
  for (const character of word) {
    if (fits(pieces.at(-1)! + character)) pieces[pieces.length - 1] += character;
    else pieces.push(character);
  }
  return pieces;
}
