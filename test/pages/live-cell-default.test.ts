import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {CellPage} from "./cells.js";
import {assertSound, openCells, openTeach, settle} from "./cells.js";

const {browser, site} = await openTeach();

// What a reader sees and may count on: the page's words, the cells' outputs, and that nothing is wrong.
async function state({page}: CellPage) {
  const {words, outputs} = await page.evaluate(() => ({
    words: [...document.querySelectorAll("main > p, main > ul, main > ol, figcaption")].map((node) => node.textContent),
    outputs: [...document.querySelectorAll("live-cell")].map((cell) => [
      cell.getAttribute("name"),
      cell.querySelector<HTMLElement>(".observablehq--block:not([hidden])")?.innerText ?? ""
    ])
  }));
  return {words: words.filter((text) => !/You have read for/.test(text!)), outputs};
}

// Opens each cell and presses Shift+Enter in its editor. From within the page, since a click and a key from outside take
// ten times as long; those are tested in live-cell-run.test.ts and live-cell-editor.test.ts. Returns the alerts.
const runAll = ({page}: CellPage) =>
  page.evaluate(async () => {
    const frame = () => new Promise(requestAnimationFrame);
    const until = async <T>(get: () => T | null | undefined | false) => {
      const end = performance.now() + 20_000;
      for (;;) {
        const found = get();
        if (found) return found;
        if (performance.now() > end) return null;
        await frame();
      }
    };
    const alerts: string[] = [];
    for (const cell of document.querySelectorAll("live-cell")) {
      const name = cell.getAttribute("name")!;
      cell.scrollIntoView({block: "center", behavior: "instant"});
      cell.querySelector("pre")!.click();
      const box = await until(() => cell.querySelector<HTMLElement>("[role=textbox]"));
      if (!box) {
        alerts.push(`${name} has no editor`);
        continue;
      }
      box.focus();
      const status = cell.querySelector(".live-cell-status")!;
      status.textContent = "";
      box.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", keyCode: 13, shiftKey: true, bubbles: true}));
      const alert = cell.querySelector<HTMLElement>("[role=alert]")!;
      const over = await until(() => !alert.hidden || /^(Ran in|Stopped)/.test(status.textContent!));
      if (!over) alerts.push(`${name} did not end`);
      for (let i = 0; i < 4; ++i) await frame(); // the page takes over what has changed
      if (!alert.hidden) alerts.push(`${name}: ${alert.textContent}`);
    }
    return alerts;
  });

const resetAll = ({page}: CellPage) =>
  page.evaluate(async () => {
    for (const cell of document.querySelectorAll("live-cell")) {
      [...cell.querySelectorAll("button")].find(({textContent}) => textContent === "Reset")!.click();
      for (let i = 0; i < 4; ++i) await new Promise(requestAnimationFrame);
    }
  });

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
      await cells.page.waitForTimeout(300);
      const before = await state(cells);
      assert.deepEqual(await runAll(cells), []);
      await settle(cells.page);
      assert.deepEqual(await state(cells), before);
      assert.deepEqual(await errors(cells), []);
      await resetAll(cells);
      await settle(cells.page);
      assert.deepEqual(await state(cells), before);
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
