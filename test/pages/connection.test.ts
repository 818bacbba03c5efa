import assert from "node:assert/strict";
import {it} from "node:test";
import {openCells, openTeach} from "./cells.js";
import {trainFigure} from "./train-page.js";

const {browser, site, url} = await openTeach();

it("an editor that cannot be loaded says so, and comes once there is a connection again", async () => {
  const context = await browser.newContext();
  try {
    const {page, cell, open} = await openCells(context, url);
    await context.setOffline(true);
    await cell("circle").locator("pre").first().click();
    const said = cell("circle").getByText("is there a connection? Press Edit to try again.");
    await said.waitFor();
    await context.setOffline(false);
    await open("circle");
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.insertText("const radius = 51, area = 1;");
    await page.keyboard.press("Shift+Enter");
    await page.getByText("A circle of radius 51").waitFor();
    await context.setOffline(true);
    await cell("circle").getByRole("button", {name: "Share", exact: true}).click();
    await cell("circle").getByText("The link could not be made").waitFor();
    assert.match(await cell("circle").getByRole("textbox").innerText(), /radius = 51/, "the edit is still there");
    await context.setOffline(false);
    await cell("circle").getByRole("button", {name: "Share", exact: true}).click();
    await cell("circle").getByRole("link", {name: "The link"}).waitFor();
  } finally {
    await context.close();
  }
});

it("a figure that cannot be saved or trained says so, and both work once there is a connection again", async () => {
  const context = await browser.newContext({viewport: {width: 1280, height: 1000}});
  try {
    const {page} = await openCells(context, `${site.url}train.html`);
    const {root, alert, enter, press, says} = trainFigure(page);
    await root.scrollIntoViewIfNeeded();
    await says(/This is a recording/);
    const said = alert.getByText(/could not be loaded: is there a connection\? Try again once there is one\./);
    const menu = root.locator("details.live-download");
    await enter("training steps", 20);
    await context.setOffline(true);
    for (const format of ["SVG", "PNG", "CSV"]) {
      await menu.evaluate((node) => node.setAttribute("open", ""));
      await press(format);
      await said.waitFor();
      await alert.evaluate((node) => node.setAttribute("hidden", ""));
    }
    await press("Train");
    await said.waitFor();
    await says(/This is a recording/);
    await context.setOffline(false);
    await press("Start again");
    await says(/^Done: 20 steps/);
    await alert.waitFor({state: "hidden"});
    for (const format of ["SVG", "PNG", "CSV"]) {
      const saved = page.waitForEvent("download");
      await menu.evaluate((node) => node.setAttribute("open", ""));
      await press(format);
      assert.equal((await saved).suggestedFilename(), `fig-train.${format.toLowerCase()}`);
    }
  } finally {
    await context.close();
  }
});
