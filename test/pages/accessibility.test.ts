import assert from "node:assert/strict";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, describe, it} from "node:test";
import axe from "axe-core";
import type {Browser, Page} from "playwright-core";
import {launchBrowser} from "../../tools/browser.js";
import {serve} from "../../tools/serve.js";
import type {Served} from "../../tools/serve.js";
import {openCells} from "./cells.js";
import {desktop, openPage, openSite, phone, visit} from "./site.js";
import type {Site} from "./site.js";

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

// `visit` also finds all else that can be wrong with a page: see site.test.ts.
describe("a page is sound, and axe finds no breach of WCAG 2.2 A and AA", () => {
  for (const name of site.pages) {
    it(`in ${name}, in light`, async () => {
      assert.deepEqual(await visit(browser, site.url + name, desktop, breaches), []);
    });
    it(`in ${name}, in dark, on a phone`, async () => {
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

describe("the keyboard", () => {
  for (const name of site.pages) {
    it(`reaches the skip link of ${name} first, and the text through it`, async () => {
      const use = async (page: Page) => {
        await page.keyboard.press("Tab");
        const first = await page.evaluate(focused);
        assert.match(first.link ?? "none", /^#./, `the first stop is ${JSON.stringify(first)}`);
        assert.ok(first.visible, "the skip link shows when it is reached");
        await page.keyboard.press("Enter");
        await page.keyboard.press("Tab");
        const next = await page.evaluate(focused);
        assert.ok(next.inMain, `after the skip link comes ${JSON.stringify(next)}`);
      };
      assert.deepEqual(await openPage(browser, site.url + name, desktop, use), []);
    });
  }
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
