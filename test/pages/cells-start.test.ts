import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {CellPage} from "./cells.js";
import {assertSound, openCells} from "./cells.js";
import {figureOf} from "./chapter.js";
import {openSiteAndBrowser} from "./site.js";

const {site, browser} = await openSiteAndBrowser();

/** Opens a page, lets a test use its cells, and fails on what went wrong in it. */
async function visit(name: string, use: (cells: CellPage) => Promise<void>): Promise<void> {
  const cells = await openCells(browser, `${site.url}${name}.html`);
  try {
    await use(cells);
    assertSound(cells);
  } finally {
    await cells.close();
  }
}

describe("the editable cells of the home page", () => {
  it("run the steps that stand on the page: an edit shows on its side alone", () =>
    visit("index", async ({page, change, press}) => {
      const {alert, says, labels} = figureOf(page.locator("#fig-two-samplers"));
      await says("Step 50 of 50");
      await page.waitForTimeout(500);
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
      await press("ddim-step", "Reset");
      await alert.waitFor({state: "hidden"});
      assert.deepEqual(await labels(), before);
    }));
});

describe("the editable cells of the chapter on adding noise", () => {
  it("feed the two clouds, and the slider follows a shorter schedule", () =>
    visit("forward", async ({page, change, press}) => {
      const {root, status, alert, slider, says, drag} = figureOf(page.locator("#fig-code"));
      const time = slider("time");
      const before = await says("x₀ has");
      await drag("time", 999);
      await status.filter({hasNotText: before}).waitFor();
      await change("schedule", "const T = 1000", "const T = 100");
      await root.getByText(/alphaBar\[t\] is 0\.364 and/).waitFor();
      assert.deepEqual([await time.getAttribute("max"), await time.inputValue()], ["99", "99"]);
      await root.getByText("since their lengths differ").waitFor();
      assert.equal(await alert.isVisible(), false);
      await press("schedule", "Reset");
      await change("draws", "800", "50");
      await root.locator('canvas[aria-label^="50 points"]').first().waitFor();
      await change("forward-step", "1 - alphaBar[time]", "-alphaBar[time]");
      await alert.filter({hasText: /xt holds something that is not a finite number/}).waitFor();
      await press("forward-step", "Reset");
      await alert.waitFor({state: "hidden"});
    }));
});
