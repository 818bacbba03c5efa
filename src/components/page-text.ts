import {svgElement, xmlText} from "./svg-text.js";

let ruler: CanvasRenderingContext2D | null = null;

/** The width and the ascent of a text in a CSS font, in CSS pixels. */
export function measureText(text: string, font: string): TextMetrics {
  ruler ??= document.createElement("canvas").getContext("2d")!;
  ruler.font = font;
  return ruler.measureText(text);
}

/** A text of the page as SVG, line by line where it stands; coordinates are the window's. */
export function pageText(node: Text): {content: string; boxes: DOMRect[]} {
  const parent = node.parentElement!;
  const style = getComputedStyle(parent);
  const family = style.fontFamily;
  const font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${family}`;
  const look = {
    "font-family": family,
    "font-size": style.fontSize,
    "font-weight": style.fontWeight === "400" ? undefined : style.fontWeight,
    "font-style": style.fontStyle === "normal" ? undefined : style.fontStyle,
    fill: style.color
  };
  const {fontBoundingBoxAscent: ascent, fontBoundingBoxDescent: descent} = measureText("x", font);
  const lines = linesOf(node);
  const content = lines.map(({text, box}) => {
    const y = box.top + (box.height - ascent - descent) / 2 + ascent;
    return svgElement("text", {x: box.left, y, ...look}, xmlText(text));
  });
  return {content: content.join("\n"), boxes: lines.map(({box}) => box)};
}

/** The lines that a text is broken into on the page. */
function linesOf(node: Text): {text: string; box: DOMRect}[] {
  const lines: {text: string; box: DOMRect}[] = [];
  const range = document.createRange();
  for (const {0: word, index} of node.data.matchAll(/\S+/g)) {
    range.setStart(node, index);
    range.setEnd(node, index + word.length);
    const box = range.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    const last = lines.at(-1);
    if (last && Math.abs(last.box.top - box.top) < 2) {
      last.text += ` ${word}`;
      last.box = new DOMRect(last.box.left, last.box.top, box.right - last.box.left, last.box.height);
    } else lines.push({text: word, box});
  }
  return lines;
}

/** The words of a part of the page, with formulas as TeX between dollars. */
export function wordsOf(part: Element): string {
  const copy = part.cloneNode(true) as Element;
  for (const formula of copy.querySelectorAll(".katex")) {
    const tex = formula.querySelector("annotation")?.textContent;
    formula.replaceWith(tex ? `$${tex}$` : (formula.textContent ?? ""));
  }
  return (copy.textContent ?? "").replace(/\s+/g, " ").trim();
}
