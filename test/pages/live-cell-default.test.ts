import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {CellPage} from "./cells.js";
import {assertSound, openCells, openTeach, settle} from "./cells.js";

const {browser, site} = await openTeach();

// What a reader sees and may count on: the page's words, the cells' outputs, and that nothing is wrong.
async function state({page, output}: CellPage, names: string[]) {
  const words = await page.evaluate(() =>
    [...document.querySelectorAll("main > p, main > ul, main > ol, figcaption")].map((node) => node.textContent)
  );
  const outputs = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await output(name)])));
  return {words: words.filter((text) => !/You have read for/.test(text!)), outputs};
}

// The cells of a page, and how many lines each has.
const cellLines = ({page}: CellPage) =>
  page.evaluate(() =>
    [...document.querySelectorAll("live-cell")].map(
      (cell) => [cell.getAttribute("name")!, cell.querySelector("pre")!.textContent!.trim().split("\n").length] as const
    )
  );

const errors = ({page}: CellPage) =>
  page.evaluate(() => {
    const boxes = [...document.querySelectorAll(".observablehq--error")];
    const alerts = [...document.querySelectorAll<HTMLElement>("[role=alert]")].filter((alert) =>
      alert.checkVisibility()
    );
    return [...boxes, ...alerts].map((node) => node.textContent);
  });

// A page without cells has nothing to run.
async function hasCells(name: string): Promise<boolean> {
  return (await (await fetch(site.url + name)).text()).includes("<live-cell");
}

const pages: string[] = [];
for (const name of site.pages) if (await hasCells(name)) pages.push(name);

const seen = new Map<string, Map<string, number>>(); // of each page, its cells and their lines

// What an exercise has been answered with stays: it is no edit.
const edits = ({page}: CellPage) =>
  page.evaluate(() => Object.keys(localStorage).filter((key) => !key.startsWith("ddim-notebook/exercise/")));

describe("the default of every editable cell, run through the editor, is what it was before", () => {
  it("in the chapters, which have cells", () => {
    for (const page of [
      "index",
      "forward",
      "objective",
      "ddpm",
      "ddim",
      "compare",
      "few-steps",
      "latent",
      "mnist",
      "errata"
    ])
      assert.ok(pages.includes(`${page}.html`), `${page} has no cell`);
  });

  for (const name of pages)
    it(`in ${name}`, async () => {
      const cells = await openCells(browser, site.url + name);
      const lines = new Map(await cellLines(cells));
      seen.set(name, lines);
      const names = [...lines.keys()];
      await cells.page.waitForTimeout(300);
      const before = await state(cells, names);
      for (const cell of names) {
        await cells.run(cell);
        assert.equal(await cells.alert(cell), null, cell);
      }
      await settle(cells.page);
      assert.deepEqual(await state(cells, names), before);
      assert.deepEqual(await errors(cells), []);
      for (const cell of names) await cells.press(cell, "Reset");
      await settle(cells.page);
      assert.deepEqual(await state(cells, names), before);
      assert.deepEqual(await errors(cells), []);
      assert.deepEqual(await edits(cells), [], "Reset leaves no edit in the storage");
      assertSound(cells);
      await cells.close();
    });

  it("in every chapter: the steps, the list, the loop, the denoiser and the metric are there", () => {
    const needed: Record<string, string[]> = {
      "index.html": ["ddpm-step", "ddim-step"],
      "forward.html": ["schedule", "forward-step"],
      "train.html": ["loss", "training-loop", "denoiser"],
      "ddim.html": ["ddim-step", "ddpm-step", "step-list", "denoiser", "metric"]
    };
    for (const [page, names] of Object.entries(needed)) {
      const lines = seen.get(page);
      assert.ok(lines, `${page} was not seen`);
      for (const name of names) assert.ok(lines.has(name), `${page} lacks ${name}`);
      const most = Math.max(...lines.values());
      assert.ok(most <= 16, `${page} has a cell of ${most} lines`);
    }
  });
});
