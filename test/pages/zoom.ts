/** What is lost on a page when it is enlarged, or its letters are. */
import type {Page} from "playwright-core";
import {pageFaults} from "./faults.js";

const spacing =
  "* {line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important} " +
  "p {margin-bottom: 2em !important}";

/** The ways to enlarge that WCAG 2.2 asks a page to bear: 1.4.4, 1.4.10 and 1.4.12. */
export const enlargements = [
  {name: "at 200 % of 1280 pixels", width: 640, height: 400, css: ""},
  {name: "at 400 % of 1280 pixels", width: 320, height: 256, css: ""},
  {name: "with letters of twice the size", width: 1280, height: 800, css: "html {font-size: 200% !important}"},
  {name: "with more room between letters, words and lines", width: 390, height: 844, css: spacing}
];

/** Enlarges an open page in each of the ways, and returns what is then cut off, covered or to the side of the window. */
export async function zoomFaults(page: Page, patience = 5000): Promise<string[]> {
  const before = page.viewportSize()!;
  const found: string[] = [];
  for (const {name, width, height, css} of enlargements) {
    await page.setViewportSize({width, height});
    const style = css ? await page.addStyleTag({content: css}) : null;
    const end = Date.now() + patience; // charts are drawn anew in the frames after
    let faults: string[] = [];
    do {
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      faults = [...(await pageFaults(page, width)), ...(await page.evaluate(lost))];
    } while (faults.length && Date.now() < end);
    found.push(...faults.map((fault) => `${name}: ${fault}`));
    await style?.evaluate((node) => (node as Element).remove());
  }
  await page.setViewportSize(before);
  return found;
}

/** Runs in the page: text that its box cuts off, and text that lies over other text. */
function lost(): string[] {
  const faults: string[] = [];
  const main = document.querySelector("main") ?? document.body;
  const words = (node: Element) => node.textContent!.trim().replace(/\s+/g, " ").slice(0, 40);
  const named = (node: Element) =>
    `${node.closest("[id]")?.id ?? ""} ${node.localName}.${[...node.classList].join(".")}`;
  // What is a box to press is all of it; of the others the letters count, which may reach out of their box.
  const boxOf = (node: Element) => {
    if (/^(button|select)$/.test(node.localName)) return node.getBoundingClientRect();
    const range = document.createRange();
    range.selectNodeContents(node);
    return range.getBoundingClientRect();
  };
  const own = (node: Element) =>
    [...node.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.textContent!.trim());
  const seen = (node: Element) =>
    node.checkVisibility({visibilityProperty: true}) &&
    !node.closest(".katex, svg, .skip-link, .cm-editor, noscript, live-cell[collapsed]");
  const boxes: {node: Element; box: DOMRect}[] = [];
  for (const node of main.querySelectorAll<HTMLElement>("*:not(.katex *, svg *, pre *)")) {
    if (!seen(node)) continue;
    const {overflowX, overflowY, clip, position} = getComputedStyle(node);
    const hides = (how: string) => how === "hidden" || how === "clip";
    const isApart = position === "absolute" && clip !== "auto"; // for screen readers only
    if (!isApart && words(node)) {
      if (hides(overflowX) && node.scrollWidth > node.clientWidth + 1)
        faults.push(`cuts off ${named(node)} "${words(node)}"`);
      if (hides(overflowY) && !node.matches(".katex-display") && node.scrollHeight > node.clientHeight + 2)
        faults.push(`cuts off ${named(node)} "${words(node)}"`);
    }
    const labels =
      "button, select, label, summary, .reading-value, .reading-label, .panel-title, .control-value, .badge";
    if (node.matches(labels) && node.closest(".live, .exercise-list") && (own(node) || node.localName === "select"))
      boxes.push({node, box: boxOf(node)});
  }
  for (const [k, {node, box}] of boxes.entries()) {
    for (const {node: other, box: its} of boxes.slice(k + 1)) {
      if (node.contains(other) || other.contains(node)) continue;
      const width = Math.min(box.right, its.right) - Math.max(box.left, its.left);
      const height = Math.min(box.bottom, its.bottom) - Math.max(box.top, its.top);
      if (width > 2 && height > 3) faults.push(`${named(node)} "${words(node)}" lies over "${words(other)}"`);
    }
  }
  return [...new Set(faults)];
}
