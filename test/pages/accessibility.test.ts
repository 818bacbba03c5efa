import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {describe, it} from "node:test";
import katex from "katex";
import type {Page} from "playwright-core";
import {openCells} from "./cells.js";
import {walkThrough} from "./keyboard-walk.js";
import {desktop, openPage, openFolder, openSiteAndBrowser, phone, visit} from "./site.js";
import type {Use} from "./site.js";
import {breaches, chapterPages, soundPage} from "./soundness.js";

const {site, browser} = await openSiteAndBrowser();
const small = await openFolder();

// Two files share the pages, so that two processes can look at them.
for (const [i, name] of chapterPages(site).entries()) if (i % 2 === 0) soundPage(browser, site, name);

describe("the pages of single figures", () => {
  for (const name of site.pages.filter((page) => page.startsWith("embed/"))) {
    const full = /two-samplers|digits|playground/.test(name); // the others have figures of chapters and nothing else
    const also = full ? ", and axe finds no breach" : "";
    it(`${name} is sound and walked by the Tab key${also}`, async () => {
      const use = async (page: Page) => [...(full ? await breaches(page) : []), ...(await walkThrough(page)).faults];
      assert.deepEqual(await visit(browser, site.url + name, phone, use), []);
    });
  }
});

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
  const report = (body: string, view = desktop, use: Use = breaches): Promise<string[]> => {
    const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A page</title>`;
    const page = `<!doctype html><html lang="en"><head>${head}</head><body><main>${body}</main></body></html>`;
    small.write("small.html", page);
    return visit(browser, `${small.url}small.html`, {...view, patience: 100}, use);
  };
  it("nothing of a sound page", async () => {
    assert.deepEqual(await report(`<h1>Title</h1><label>Steps <input type="range"></label><button>Play</button>`), []);
  });
  it("a control without a name", async () => {
    assert.match((await report(`<input type="range">`)).join(), /^label \(.*, 1 elements: input/);
  });
  it("targets that are too small and too near to each other", async () => {
    const style = `<style>button {width: 12px; height: 12px; padding: 0; border: 0; margin: 0}</style>`;
    const body = `${style}<button aria-label="One"></button><button aria-label="Two"></button>`;
    assert.match((await report(body)).join(), /^target-size/);
  });
  it("text that is too faint, in the scheme that has it", async () => {
    const style = `<style>:root {color-scheme: light dark} body {background: light-dark(#fff, #222); color: #444}</style>`;
    assert.deepEqual(await report(`${style}<p>Text</p>`), []);
    assert.match((await report(`${style}<p>Text</p>`, phone)).join(), /^color-contrast/);
  });
  const css = readFileSync(createRequire(import.meta.url).resolve("katex/dist/katex.min.css"), "utf8");
  const style = `<style>${css.replace(/@font-face\{.*?\}/g, "")}</style>`; // the fonts do not matter
  const formula = (tex: string) => `${style}<p>The letter ${katex.renderToString(tex)} stands in a line.</p>`;
  it("nothing of a sound formula, and leaves it as it was", async () => {
    const use = async (page: Page) => {
      const before = await page.content();
      const found = await breaches(page);
      assert.equal(await page.content(), before, "the formulas are put back");
      return found;
    };
    const body = formula(String.raw`\colorbox{yellow}{$a$} + {\color{navy} b}^{\small c} = \sqrt{\frac{x_t}{2}}`);
    assert.deepEqual(await report(body, desktop, use), []);
  });
  it("a letter of a formula that is too faint, and words on a ground too dark", async () => {
    assert.match((await report(formula(String.raw`a^2 + {\color{#bbb} b}^{2}`))).join(), /^color-contrast .*#bbbbbb/);
    assert.match((await report(formula(String.raw`a + \colorbox{#444}{one b}`))).join(), /^color-contrast .*#444444/);
  });
  it("a link in a formula without a name", async () => {
    const link = formula("x").replace(/<span class="mord[^]*?<\/span>/, `<a href="#x"><span></span></a>`);
    assert.match((await report(link)).join(), /^(aria-hidden-focus|link-name)/);
  });
});

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
