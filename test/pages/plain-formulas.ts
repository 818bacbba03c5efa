/** Formulas in fewer elements, for axe: nine of ten elements of a chapter are KaTeX's, and axe asks each the same. */
import type {Page} from "playwright-core";

/**
 * Lets `use` look at a page whose formulas are plain: of each part of a formula that stands in one piece, all letters
 * of one look (colour, size, weight, opacity) are one text in that look, and its MathML is one text. All
 * else is where it was, give or take a pixel a formula. Of what has one look on one ground three stay, since axe would
 * find the same of the hundreds. Then puts the formulas back.
 *
 * Nothing that axe could find is lost, and something is won: of a text of a single letter, as formulas are, axe says
 * only that it is too short to tell.
 */
export async function withPlainFormulas<T>(page: Pick<Page, "evaluate">, use: () => Promise<T>): Promise<T> {
  await page.evaluate(makePlain);
  try {
    return await use();
  } finally {
    await page.evaluate(putBack);
  }
}

// The functions below run in the page, so each must be whole in itself.

interface Kept {
  formulas?: (readonly [parent: Element, children: ChildNode[]])[];
}

function makePlain(): void {
  // What axe has other rules for, or has a background of its own, stays as it is.
  const isSpecial = (node: Element) =>
    [...node.querySelectorAll("*")].some(
      (part) =>
        /^(a|button|input|img)$/.test(part.localName) ||
        [...part.attributes].some(({name}) => /^(aria-(?!hidden)|role|tabindex|id|lang|contenteditable)/.test(name)) ||
        getComputedStyle(part).backgroundColor !== "rgba(0, 0, 0, 0)"
    );
  const lookOf = (node: Element, base: Element) => {
    const {color, fontSize, fontWeight} = getComputedStyle(node);
    let opacity = 1;
    for (let at: Element | null = node; at && at !== base; at = at.parentElement)
      opacity *= Number(getComputedStyle(at).opacity);
    return {color, fontSize, fontWeight, opacity: String(opacity)};
  };
  // What a formula stands on: the nearest element around it that has a ground of its own, or is seen through.
  const grounds = new Map<Element, number>();
  const groundOf = (node: Element) => {
    let at = node;
    for (; at.parentElement; at = at.parentElement) {
      const {backgroundColor, backgroundImage, opacity} = getComputedStyle(at);
      if (backgroundColor !== "rgba(0, 0, 0, 0)" || backgroundImage !== "none" || opacity !== "1") break;
    }
    if (!grounds.has(at)) grounds.set(at, grounds.size);
    return grounds.get(at)!;
  };
  const kept = new Map<string, number>();
  const isNews = (look: string, base: Element) => {
    if (!base.checkVisibility({visibilityProperty: true, opacityProperty: true})) return true;
    const key = `${groundOf(base)} ${look}`;
    kept.set(key, (kept.get(key) ?? 0) + 1);
    return kept.get(key)! <= 3;
  };
  const bases = [...document.querySelectorAll(".katex-html .base")]
    .filter((base) => !isSpecial(base))
    .map((base) => {
      const texts = new Map<string, string>();
      const walker = document.createTreeWalker(base, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const text = walker.currentNode.textContent!.replace(/[\u200b\s]/g, "");
        if (!text) continue;
        const look = JSON.stringify(lookOf(walker.currentNode.parentElement!, base));
        texts.set(look, (texts.get(look) ?? "") + text);
      }
      for (const look of texts.keys()) if (!isNews(look, base)) texts.delete(look);
      return {base, texts, width: `${base.getBoundingClientRect().width}px`};
    });
  const maths = [...document.querySelectorAll(".katex-mathml > math")].filter((math) => !isSpecial(math));
  (globalThis as Kept).formulas = [...bases.map(({base}) => base), ...maths].map((node) => [
    node,
    [...node.childNodes]
  ]);
  for (const {base, texts, width} of bases) {
    const room = document.createElement("span");
    Object.assign(room.style, {display: "inline-block", position: "relative", width});
    const share = 100 / texts.size; // side by side: of what overlaps axe cannot tell
    for (const [look, text] of texts) {
      const part = document.createElement("span");
      const place = {position: "absolute", left: `${share * room.childElementCount}%`, bottom: "0", overflow: "hidden"};
      Object.assign(part.style, {...place, width: `${share}%`, ...(JSON.parse(look) as object)});
      part.textContent = text.length > 1 ? text : text + text;
      room.append(part);
    }
    const strut = base.querySelector(":scope > .strut"); // its height is that of the whole
    base.replaceChildren(...(strut ? [strut] : []), room);
  }
  for (const math of maths) {
    const text = document.createElementNS(math.namespaceURI, "mtext");
    text.textContent = (math.querySelector("semantics > :first-child") ?? math).textContent;
    math.replaceChildren(text);
  }
}

function putBack(): void {
  for (const [parent, children] of (globalThis as Kept).formulas ?? []) parent.replaceChildren(...children);
  delete (globalThis as Kept).formulas;
}
