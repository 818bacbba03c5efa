import assert from "node:assert/strict";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import axe from "axe-core";
import type {Browser, BrowserContext, Page} from "playwright-core";
import {extractText, getDocumentProxy} from "unpdf";
import {launchBrowser} from "../../tools/browser.js";
import {serve} from "../../tools/serve.js";
import type {Served} from "../../tools/serve.js";
import {openCells} from "./cells.js";
import {desktop, lastingFaults, openPage, openSite, phone, scrollThrough, visit, watch} from "./site.js";
import type {Site, View} from "./site.js";

const browser: Browser = await launchBrowser();
const site: Site = await openSite();
const folder = mkdtempSync(join(tmpdir(), "ddim-notebook-accessibility-"));
const small: Served = await serve({folder});

after(async () => {
  await browser.close();
  await Promise.all([site.close(), small.close()]);
  rmSync(folder, {recursive: true});
});

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Returns each breach of WCAG 2.2 A and AA that axe finds, with the elements it lies in. */
async function breaches(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const {violations} = await page.evaluate((values) => {
    return (globalThis as unknown as {axe: typeof axe}).axe.run({runOnly: {type: "tag", values}});
  }, tags);
  return violations.map(({id, help, nodes}) => {
    const where = nodes.slice(0, 4).map(({target, failureSummary}) => `${target.join(" ")}: ${failureSummary}`);
    return `${id} (${help}), ${nodes.length} elements: ${where.join(" | ").replace(/\s+/g, " ")}`;
  });
}

// Each page is opened once, since opening it and computing its figures is what takes time: wide and in light, then narrow
// and in dark. `pageFaults` also finds all else that can be wrong with a page: see site.test.ts.
for (const name of site.pages) {
  describe(`the page ${name}`, () => {
    let context: BrowserContext;
    let page: Page;
    let faults: Set<string>;

    before(async () => {
      const {width, height, colorScheme} = desktop;
      context = await browser.newContext({viewport: {width, height}, colorScheme});
      page = await context.newPage();
      await page.addInitScript("globalThis.__name = (f) => f"); // as in openPage
      faults = watch(page, new URL(site.url).origin);
      await page.goto(site.url + name);
    });
    after(() => context.close());

    const look = async (view: View) => {
      await scrollThrough(page);
      const found = [...(await lastingFaults(page, view)), ...(await breaches(page)), ...faults];
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
      assert.deepEqual(await look(desktop), []);
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
  });
}

describe("on a phone with its touch and its rules for a viewport", () => {
  for (const name of ["index.html", "mnist.html"]) {
    it(`${name} is sound, and axe finds no breach`, async () => {
      assert.deepEqual(await visit(browser, site.url + name, phone, breaches), []);
    });
  }
});

describe("axe finds no breach in an open cell", () => {
  for (const [where, view] of [
    ["in light", desktop],
    ["in dark, on a phone", phone]
  ] as const)
    it(`${where}: editor, colours, error, notices, completion, shared code`, async () => {
      const cells = await openCells(browser, `${site.url}teach.html`, view);
      const {page, run, write, press} = cells;
      await run(
        "types",
        'interface A<T> {\n  x: T;\n}\nconst point = {x: 1, y: /a/, z: "b", w: true}; // a comment\nnull.x;'
      );
      await run("mean-exercise");
      await write("circle", "const radius = 3;");
      await press("circle", "Share");
      await write("expression", "");
      // The whole word, so that the list is short: axe takes a long one, which the editor scrolls, for one without a keyboard.
      await page.keyboard.type("radius");
      await page.locator(".cm-tooltip-autocomplete li").first().waitFor();
      assert.deepEqual(await breaches(page), []);
      await page.goto(`${site.url}teach.html#live=1.x`);
      await page.reload();
      await page.getByRole("region", {name: "Shared code"}).waitFor();
      assert.deepEqual(await breaches(page), []);
      await cells.close();
    });
});

describe("the check with axe reports", () => {
  const report = (body: string, view = desktop): Promise<string[]> => {
    const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A page</title>`;
    const page = `<!doctype html><html lang="en"><head>${head}</head><body><main>${body}</main></body></html>`;
    writeFileSync(join(folder, "small.html"), page);
    return visit(browser, `${small.url}small.html`, {...view, patience: 1000}, breaches);
  };
  it("nothing of a sound page", async () => {
    assert.deepEqual(await report(`<h1>Title</h1><label>Steps <input type="range"></label><button>Play</button>`), []);
  });
  it("a control without a name", async () => {
    assert.match((await report(`<input type="range">`)).join(), /^label \(.*, 1 elements: input/);
  });
  it("text that is too faint, in the scheme that has it", async () => {
    const style = `<style>:root {color-scheme: light dark} body {background: light-dark(#fff, #222); color: #444}</style>`;
    assert.deepEqual(await report(`${style}<p>Text</p>`), []);
    assert.match((await report(`${style}<p>Text</p>`, phone)).join(), /^color-contrast/);
  });
});

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
    const picture = figure.querySelector("canvas, svg, table, img");
    return picture && !seen(picture) ? [`the picture of ${figure.id}`] : [];
  });
  const formulas = [...main.querySelectorAll(".equation")].filter((node) => !node.closest("details") && !seen(node));
  return {texts, hidden: [...drawn, ...formulas.map(({id}) => id)]};
}

describe("the theme switch", () => {
  const scheme = () => getComputedStyle(document.documentElement).colorScheme;
  const paper = () =>
    [document.documentElement, document.body].map((node) => getComputedStyle(node).backgroundColor).join();
  it("changes the page at once and is remembered over a reload and on the next page", async () => {
    const use = async (page: Page) => {
      const light = await page.evaluate(paper);
      const theme = page.locator(".theme-switch").first();
      await theme.focus();
      for (let presses = 0; presses < 3 && (await page.evaluate(scheme)) !== "dark"; ++presses)
        await theme.press("Enter");
      assert.equal(await page.evaluate(scheme), "dark");
      const dark = await page.evaluate(paper);
      assert.notEqual(dark, light);
      await page.reload();
      assert.deepEqual([await page.evaluate(scheme), await page.evaluate(paper)], ["dark", dark]);
      await page.goto(`${site.url}ddim.html`);
      assert.deepEqual([await page.evaluate(scheme), await page.evaluate(paper)], ["dark", dark]);
    };
    assert.deepEqual(await openPage(browser, `${site.url}index.html`, desktop, use), []);
  });
});
