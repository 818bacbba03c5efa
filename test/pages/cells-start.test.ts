import assert from "node:assert/strict";
import {after, before, describe, it} from "node:test";
import type {Browser} from "playwright-core";
import {launchBrowser} from "../../tools/browser.js";
import type {CellPage} from "./cells.js";
import {assertSound, openCells} from "./cells.js";
import type {Site} from "./site.js";
import {openSite} from "./site.js";

let site: Site;
let browser: Browser;

before(async () => {
  [site, browser] = await Promise.all([openSite(), launchBrowser()]);
});

after(async () => {
  await browser.close();
  await site.close();
});

/** Opens a page, runs cells with one piece of their code replaced, and fails on what went wrong in it. */
async function visit(name: string, use: (cells: CellPage, change: Change) => Promise<void>): Promise<void> {
  const cells = await openCells(browser, `${site.url}${name}.html`);
  try {
    await use(cells, async (cell, from, to) => {
      const text = (await cells.cell(cell).locator("pre").first().innerText()).trimEnd();
      assert.ok(text.includes(from), `${cell} has ${from}`);
      await cells.run(cell, text.replace(from, to));
    });
    assertSound(cells);
  } finally {
    await cells.close();
  }
}

type Change = (cell: string, from: string, to: string) => Promise<void>;

describe("the editable cells of the home page", () => {
  it("run the steps that stand on the page: an edit shows on its side alone", () =>
    visit("index", async (cells, change) => {
      const figure = cells.page.locator("#fig-two-samplers");
      const alert = figure.getByRole("alert");
      const labels = () => figure.locator("canvas").evaluateAll((all) => all.map((canvas) => canvas.ariaLabel));
      await figure.locator("p[role=status]", {hasText: "Step 50 of 50"}).waitFor();
      await cells.page.waitForTimeout(500);
      const before = await labels();
      await change("ddim-step", "Math.sqrt(alphaBarPrev) * data", "data / Math.sqrt(alphaBarPrev)");
      await alert.filter({hasText: /^The samples of DDIM fly off/}).waitFor();
      const now = await labels();
      assert.equal(now[0], before[0], "DDPM's side is as it was");
      assert.notEqual(now[1], before[1]);
      await change("ddim-step", "return", "return;");
      await alert
        .filter({hasText: /The cell “ddim-step” stopped: it returned nothing.*still shows the last run/})
        .waitFor();
      assert.deepEqual(await labels(), now, "the last picture stays");
      await cells.press("ddim-step", "Reset");
      await alert.waitFor({state: "hidden"});
      assert.deepEqual(await labels(), before);
    }));
});

describe("the editable cells of the chapter on adding noise", () => {
  it("feed the two clouds, and the slider follows a shorter schedule", () =>
    visit("forward", async (cells, change) => {
      const figure = cells.page.locator("#fig-code");
      const status = figure.locator("p[role=status]");
      const slider = figure.getByRole("slider", {name: "time", exact: true});
      await status.filter({hasText: "x₀ has"}).waitFor();
      const before = await status.textContent();
      await slider.evaluate((input: HTMLInputElement) => {
        input.value = "999";
        input.dispatchEvent(new Event("input", {bubbles: true}));
      });
      await status.filter({hasNotText: before!}).waitFor();
      await change("schedule", "const T = 1000", "const T = 100");
      await figure.getByText(/alphaBar\[t\] is 0\.364 and/).waitFor();
      assert.deepEqual([await slider.getAttribute("max"), await slider.inputValue()], ["99", "99"]);
      await figure.getByText("since their lengths differ").waitFor();
      assert.equal(await figure.getByRole("alert").isVisible(), false);
      await cells.press("schedule", "Reset");
      await change("draws", "800", "50");
      await figure.locator('canvas[aria-label^="50 points"]').first().waitFor();
      await change("forward-step", "1 - alphaBar[time]", "-alphaBar[time]");
      await figure
        .getByRole("alert")
        .filter({hasText: /xt holds something that is not a finite number/})
        .waitFor();
      await cells.press("forward-step", "Reset");
      await figure.getByRole("alert").waitFor({state: "hidden"});
    }));
});
