import assert from "node:assert/strict";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {gzipSync} from "node:zlib";
import type {Browser} from "playwright-core";
import {launchBrowser} from "../../tools/browser.js";
import {pageLimits, weighPages, weightRows} from "../../tools/page-weights.js";
import type {PageWeight} from "../../tools/page-weights.js";
import {openSite} from "./site.js";

const browser: Browser = await launchBrowser();
after(() => browser.close());

describe("the script of a page, before the reader starts anything", () => {
  let weights: PageWeight[];
  before(async () => {
    const site = await openSite();
    await site.close();
    weights = await weighPages(
      browser,
      "dist",
      site.pages.filter((page) => !page.includes("/"))
    );
  });

  const heaviest = ({files}: PageWeight) =>
    files
      .slice(0, 12)
      .map(({name, gzip}) => `${gzip} ${name || "in the HTML"}`)
      .join("\n");

  it("is at most 90 kB on the first page and 220 kB on any other, read to the end", () => {
    assert.ok(weights.length > 12, "the pages are there");
    for (const weight of weights) {
      const {page, opened, scrolled} = weight;
      const limit = page === "index.html" ? pageLimits.home : pageLimits.chapter;
      assert.ok(opened > 10_000, `${page} has loaded only ${opened} bytes: they were not counted`);
      assert.ok(scrolled <= limit, `${page} loads ${scrolled} bytes, over ${limit}:\n${heaviest(weight)}`);
    }
  });

  it("has none of tfjs until something trains or samples, nor the editor, nor all of d3", () => {
    const names = weights.flatMap(({page, files}) =>
      files.filter(({when}) => when === "opened").map(({name}) => `${page}: ${name}`)
    );
    assert.deepEqual(
      names.filter((name) => /lib\/vendor\/|vendor\/(editor|compiler)|_node\/d3/.test(name)),
      []
    );
  });

  it("makes the rows of the bench", () => {
    const rows = weightRows(weights, "any");
    const [home] = weights.filter(({page}) => page === "index.html");
    assert.equal(rows.find(({id}) => id === "page.home.script_gzip")?.value, home.opened);
    const most = Math.max(...weights.filter((weight) => weight !== home).map(({scrolled}) => scrolled));
    assert.equal(rows.find(({id}) => id === "page.chapter.script_gzip.scrolled")?.value, most);
  });
});

describe("weighPages", () => {
  const folder = mkdtempSync(join(tmpdir(), "ddim-notebook-weights-"));
  after(() => rmSync(folder, {recursive: true}));
  const size = (text: string) => gzipSync(text).length;

  it("counts modules, what they import later, workers with their imports, and inline script; no data", async () => {
    const files: Record<string, string> = {
      "a.js": `import "./b.js";\nnew Worker("./worker.js", {type: "module"});\nfetch("./data.json");\n`,
      "b.js": `export const b = 1;\n`,
      "worker.js": `import "./of-worker.js";\n`,
      "of-worker.js": `export const w = 1;\n`,
      "late.js": `export const late = 1;\n`,
      "never.js": `export const never = 1;\n`,
      "data.json": "{}\n"
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const inline = `new IntersectionObserver(([{isIntersecting}]) => isIntersecting && import("./late.js")).observe(end);`;
    const body = `<script type="module" src="a.js"></script><p style="height: 5000px"></p><p id="end">End</p>`;
    writeFileSync(join(folder, "page.html"), `<!doctype html><body>${body}<script>${inline}</script></body>`);
    const [{opened, scrolled, files: found}] = await weighPages(browser, folder, ["page.html"]);
    const names = (when: string) => found.flatMap((file) => (file.when === when ? [file.name] : [])).sort();
    assert.deepEqual(names("opened"), ["", "a.js", "b.js", "of-worker.js", "worker.js"]);
    assert.deepEqual(names("scrolled"), ["late.js"]);
    assert.equal(scrolled - opened, size(files["late.js"]));
    const parts = [inline, files["a.js"], files["b.js"], files["worker.js"], files["of-worker.js"]];
    assert.equal(
      opened,
      parts.reduce((sum, text) => sum + size(text), 0)
    );
  });
});
