/** Whether a page is sound: see accessibility.test.ts. */
import assert from "node:assert/strict";
import {appendFileSync} from "node:fs";
import {after, before, describe, it} from "node:test";
import axe from "axe-core";
import type {Browser, BrowserContext, Page} from "playwright-core";
import {extractText, getDocumentProxy} from "unpdf";
import {pageLimits, pageScale} from "../../tools/page-weights.js";
import {hearPointers, walkThrough} from "./keyboard-walk.js";
import {faintMarks, rememberInks} from "./contrast.js";
import {changeFaults, figureTexts, spokenFaults, textsToRead} from "./figure-texts.js";
import {motionFaults} from "./motion.js";
import {withPlainFormulas} from "./plain-formulas.js";
import {desktop, lastingFaults, phone, scrollThrough, watch} from "./site.js";
import type {Site, View} from "./site.js";
import {zoomFaults} from "./zoom.js";

const walkedWide = ["index.html", "ddim.html", "mnist.html", "errata.html", "playground.html", "teach.html"];
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Returns each breach of WCAG 2.2 A and AA that axe finds, with the elements it lies in. */
export async function breaches(page: Pick<Page, "evaluate">): Promise<string[]> {
  await page.evaluate(axe.source);
  // What axe finds in order names thousands of elements: it is neither described nor sent here.
  const look = async (values: string[]) => {
    const {run} = (globalThis as unknown as {axe: typeof axe}).axe;
    return (await run({runOnly: {type: "tag", values}, resultTypes: ["violations"]})).violations;
  };
  const violations = await withPlainFormulas(page, () => page.evaluate(look, tags));
  return violations.map(({id, help, nodes}) => {
    const where = nodes.slice(0, 4).map(({target, failureSummary}) => `${target.join(" ")}: ${failureSummary}`);
    return `${id} (${help}), ${nodes.length} elements: ${where.join(" | ").replace(/\s+/g, " ")}`;
  });
}

/** The breaches that are still there after a moment: what scrolls is only known when the page has been laid out anew. */
async function lastingBreaches(page: Page): Promise<string[]> {
  const found = await breaches(page);
  if (!found.length) return found;
  await page.waitForTimeout(2000);
  return breaches(page);
}

// Each page is opened once, since opening it and computing its figures is what takes time: wide and in light, then narrow
// and in dark. `pageFaults` also finds all else that can be wrong with a page: see site.test.ts.
/** Tests of one page: as a reader with a keyboard meets it, in light, in print, and in dark as wide as a phone. */
export function soundPage(browser: Browser, site: Site, name: string): void {
  describe(`the page ${name}`, () => {
    let context: BrowserContext;
    let page: Page;
    let faults: Set<string>;
    let scale: ReturnType<typeof pageScale>;

    before(async () => {
      const {width, height, colorScheme} = desktop;
      context = await browser.newContext({viewport: {width, height}, colorScheme});
      scale = pageScale(context, site.url);
      page = await context.newPage();
      await page.addInitScript("globalThis.__name = (f) => f"); // as in openPage
      await page.addInitScript(hearPointers);
      await rememberInks(page);
      faults = watch(page, new URL(site.url).origin);
      await page.goto(site.url + name);
      await scale.opened(page);
    });
    after(() => context.close());

    const look = async (view: View) => {
      const found = [...(await lastingFaults(page, view)), ...(await lastingBreaches(page)), ...faults];
      faults.clear();
      return found;
    };

    it("lets the keyboard reach the skip link first, and the text through it", async () => {
      await page.keyboard.press("Tab");
      const first = await page.evaluate(focused);
      assert.match(first.link ?? "none", /^#./, `the first stop is ${JSON.stringify(first)}`);
      assert.ok(first.visible, "the skip link shows when it is reached");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      const next = await page.evaluate(focused);
      assert.ok(next.inMain, `after the skip link comes ${JSON.stringify(next)}`);
    });

    it("is sound in light, and axe finds no breach of WCAG 2.2 A and AA", async () => {
      await scrollThrough(page); // every figure starts
      assert.deepEqual(await look(desktop), []);
    });

    it("tells a screen reader what each figure shows, reads no formula twice, and has its headings in order", async () => {
      assert.deepEqual(await spokenFaults(page), []);
      const {FIGURE_TEXTS} = process.env;
      if (FIGURE_TEXTS) appendFileSync(FIGURE_TEXTS, textsToRead(name, await figureTexts(page)));
    });

    it("moves nothing by itself, and nothing slowly for readers who asked for less motion", async () => {
      assert.deepEqual(await motionFaults(page), []);
    });

    it("lets each letter and mark of its figures be seen, in light", async () => {
      assert.deepEqual(await faintMarks(page), []);
    });

    it("prints with its derivations, its figures and their captions", async () => {
      await page.emulateMedia({media: "print"});
      const printed = new Uint8Array(await page.pdf({format: "A4", printBackground: true}));
      const wanted = await page.evaluate(printable);
      await page.emulateMedia({media: "screen"});
      const {text} = await extractText(await getDocumentProxy(printed), {mergePages: true});
      const letters = (words: string) => words.normalize("NFKD").replace(/[^\p{L}\p{N}]/gu, "");
      const paper = letters(text);
      assert.deepEqual(
        wanted.texts.filter((words) => !paper.includes(letters(words))),
        [],
        "these do not stand in the PDF"
      );
      assert.deepEqual(wanted.hidden, [], "these are not to be seen in print");
    });

    it("is sound in dark as wide as a phone, and axe finds no breach of WCAG 2.2 A and AA", async () => {
      await page.setViewportSize({width: phone.width, height: phone.height});
      await page.emulateMedia({colorScheme: phone.colorScheme});
      assert.deepEqual(await look(phone), []);
    });

    it("lets each letter and mark of its figures be seen, in dark", async () => {
      assert.deepEqual(await faintMarks(page), []);
    });

    it("loses nothing at 200 and 400 %, with letters of twice the size, or with more room between them", async () => {
      assert.deepEqual(await zoomFaults(page), []);
    });

    it("has asked for little script: none of tfjs, nor the editor, nor all of d3, when it was opened", async () => {
      const {opened, scrolled, files} = await scale.weight("dist", name);
      const limit = name === "index.html" ? pageLimits.home : pageLimits.chapter;
      assert.ok(opened > 10_000, `it has loaded only ${opened} bytes: they were not counted`);
      const heaviest = files.slice(0, 12).map(({name, gzip}) => `${gzip} ${name || "in the HTML"}`);
      assert.ok(scrolled <= limit, `it loads ${scrolled} bytes, over ${limit}:\n${heaviest.join("\n")}`);
      const early = files.flatMap(({name, when}) => (when === "opened" ? [name] : []));
      assert.deepEqual(
        early.filter((name) => /lib\/vendor\/|vendor\/(editor|compiler)|_node\/d3/.test(name)),
        []
      );
    });

    it("says what a control of a figure changes, and says it once", async () => {
      assert.deepEqual(await changeFaults(page), []);
    });

    // Last, since it opens all that is folded. Wide, the stops are the same, but for the sidebar: that is alike on all pages.
    for (const [wide, {width, height}] of [
      ["as wide as a phone", phone] as const,
      ...(walkedWide.includes(name) ? [["in a wide window", desktop] as const] : [])
    ])
      it(`is walked by the Tab key ${wide}: each stop shows, and none is left out`, async () => {
        await page.setViewportSize({width, height});
        const walk = await walkThrough(page);
        assert.deepEqual([...walk.faults, ...faults], []);
        assert.ok(walk.stops.length > 10, `there are ${walk.stops.length} stops`);
      });
  });
}

/** What the keyboard is on: its text, its link, whether it can be seen, and whether it lies in the main part. */
function focused() {
  const node = document.activeElement!;
  const {top, left, width, height} = node.getBoundingClientRect();
  return {
    text: node.textContent?.trim(),
    link: node.getAttribute("href"),
    visible: node.checkVisibility() && width > 1 && height > 1 && top >= 0 && left >= 0,
    inMain: node.closest("main") !== null
  };
}

/** What a printed page must have: headings and captions in plain words, and figures and formulas that can be seen. */
function printable() {
  const main = document.querySelector("main")!;
  const plain = (node: Element) => {
    const copy = node.cloneNode(true) as Element;
    for (const part of copy.querySelectorAll(".katex, button, .observablehq-header-anchor > :not(:first-child)"))
      part.replaceWith("\u0000"); // formulas are set letter by letter
    return copy.textContent!.split("\u0000").filter((words) => words.trim().length > 12);
  };
  const texts = [...main.querySelectorAll("h1, h2, figcaption p")].flatMap(plain);
  const seen = (node: Element) => {
    const {width, height} = node.getBoundingClientRect();
    return node.checkVisibility() && width > 1 && height > 1;
  };
  const drawn = [...main.querySelectorAll("figure:has(figcaption)")].flatMap((figure) => {
    const pictures = [...figure.querySelectorAll("canvas, svg, table, img")];
    return pictures.length && !pictures.some(seen) ? [`the picture of ${figure.id}`] : [];
  });
  const formulas = [...main.querySelectorAll(".equation")].filter((node) => !node.closest("details") && !seen(node));
  return {texts, hidden: [...drawn, ...formulas.map(({id}) => id)]};
}

/** The pages of the course, without those of single figures. */
export function chapterPages({pages}: Site): string[] {
  return pages.filter((page) => !page.startsWith("embed/"));
}
