import assert from "node:assert/strict";
import {it} from "node:test";
import {openCells, openTeach} from "./cells.js";

const {browser, url} = await openTeach();

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
