import assert from "node:assert/strict";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, describe, it} from "node:test";
import {gzipSync} from "node:zlib";
import {weighPages, weightRows} from "../../tools/page-weights.js";
import type {PageWeight} from "../../tools/page-weights.js";
import {openBrowser} from "./site.js";

const browser = await openBrowser();

// That each page of the site keeps to its limit: see soundness.ts, which opens and reads each anyway.
describe("the rows of the bench", () => {
  it("are the first page, and the heaviest of the others, opened only and read to the end", () => {
    const weight = (page: string, opened: number, scrolled: number): PageWeight => ({
      page,
      opened,
      scrolled,
      files: []
    });
    const weights = [weight("a.html", 5, 9), weight("index.html", 1, 2), weight("b.html", 7, 8)];
    const values = weightRows(weights, "any").map(({id, value}) => [id, value]);
    assert.deepEqual(Object.fromEntries(values), {
      "page.home.script_gzip": 1,
      "page.home.script_gzip.scrolled": 2,
      "page.chapter.script_gzip": 7,
      "page.chapter.script_gzip.scrolled": 9
    });
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
