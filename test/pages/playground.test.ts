import assert from "node:assert/strict";
import {after, before, describe, it} from "node:test";
import type {Browser, Page} from "playwright-core";
import {launchBrowser} from "../../tools/browser.js";
import type {Site} from "./site.js";
import {openSite, watch} from "./site.js";

describe("the playground", () => {
  let site: Site;
  let browser: Browser;
  let page: Page;
  let faults: Set<string>;

  before(async () => {
    [site, browser] = await Promise.all([openSite(), launchBrowser()]);
    page = await browser.newPage();
    await page.addInitScript("globalThis.__name = (f) => f");
    faults = watch(page, new URL(site.url).origin);
    await page.goto(`${site.url}playground.html#data=tri&steps=7&seed=3`);
    await root().scrollIntoViewIfNeeded();
  });

  after(async () => {
    await browser.close();
    await site.close();
  });

  const root = () => page.locator("#fig-playground");
  const list = (name: string) => root().getByRole("combobox", {name, exact: true});
  const number = (name: string) => root().getByRole("spinbutton", {name: `${name}, as a number`, exact: true});
  const says = (text: RegExp) => root().locator("p[role=status]").filter({hasText: text}).waitFor();
  const hash = () => new URL(page.url()).hash;

  it("begins with what its link says", async () => {
    await says(/^500 points, ddim, S = 7: state 7 of 7/);
    assert.equal(await list("data").inputValue(), "tri");
    assert.equal(await number("seed of the start").inputValue(), "3");
  });

  it("writes every change into its link, by names that a person can read", async () => {
    await list("step list").selectOption("quadratic");
    await list("sampler").selectOption("heun");
    await says(/^500 points, heun, S = 7/);
    assert.equal(hash(), "#data=tri&sampler=heun&steps=7&list=quadratic&seed=3");
    assert.ok(await root().getByRole("slider", {name: "eta", exact: true}).isDisabled(), "eta has no effect on Heun");
  });

  it("shows a preset and what to look at", async () => {
    await root().getByRole("button", {name: "A network’s own errors", exact: true}).click();
    await says(/^500 points, ddim, S = 50/);
    await root().getByText("pretrained: a network").waitFor();
    assert.equal(hash(), "#data=moons&denoiser=pretrained&steps=50");
    await root()
      .getByText(/No step list makes good/)
      .waitFor();
  });

  it("says what is wrong with a link, and keeps the rest of it", async () => {
    await page.evaluate(() => (location.hash = "steps=12&eta=nine&data=cat"));
    await says(/^500 points, ddim, S = 12/);
    await root()
      .getByText(/The link sets eta to “nine”.*The link sets data to “cat”/)
      .waitFor();
  });

  it("refuses an eta beyond the limit with a sentence, keeps the picture, and offers a way back", async () => {
    await number("eta").fill("3");
    await number("eta").press("Tab");
    await root()
      .getByText(/The picture still shows the last run/)
      .waitFor();
    await root().getByRole("button", {name: "Back to the usual settings", exact: true}).click();
    await says(/^500 points, ddim, S = 20/);
    assert.equal(hash(), "");
  });

  it("did all this without an error in the console or a request to another host", () =>
    assert.deepEqual([...faults], []));
});
