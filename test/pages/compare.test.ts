import assert from "node:assert/strict";
import {readFile} from "node:fs/promises";
import {after, before, describe, it} from "node:test";
import type {Browser, Page} from "playwright-core";
import {gridNoises, gridSteps} from "../../lib/sampler-grid.js";
import {launchBrowser} from "../../tools/browser.js";
import type {Site} from "./site.js";
import {openSite} from "./site.js";

describe("the chapter of the claims", () => {
  let site: Site;
  let browser: Browser;
  let page: Page;

  before(async () => {
    [site, browser] = await Promise.all([openSite(), launchBrowser()]);
    page = await browser.newPage({viewport: {width: 1280, height: 900}, acceptDownloads: true});
    await page.addInitScript("globalThis.__name = (f) => f"); // tsx wraps named functions in it, also those sent here
    await page.goto(`${site.url}compare.html`);
  });

  after(async () => {
    await browser.close();
    await site.close();
  });

  const figure = (name: string) => page.locator(`#fig-${name}`);
  const status = (name: string) => figure(name).getByRole("status");
  const set = (name: string, slider: string, value: number) =>
    figure(name)
      .getByRole("slider", {name: slider, exact: true})
      .evaluate((input: HTMLInputElement, next) => {
        input.value = String(next);
        for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind, {bubbles: true}));
      }, value);

  it("finds determinism at eta 0 and chance at eta 1", async () => {
    await figure("determinism").scrollIntoViewIfNeeded();
    await status("determinism").getByText("At η = 0, 100% of 500 points").waitFor();
    assert.match((await status("determinism").textContent())!, /picked point ends in 1 of 3 modes\./);
    await set("determinism", "eta", 1);
    await status("determinism").getByText("At η = 1,").waitFor();
    const [, share] = (await status("determinism").textContent())!.match(/At η = 1, (\d+)%/)!;
    assert.ok(Math.abs(Number(share) - 38) < 9, `${share}% reach the same mode, chance gives 38%`);
  });

  it("shows a picked point in all figures", async () => {
    const plane = figure("determinism").locator(".plane");
    await plane.press("ArrowRight"); // the first point, 0
    await plane.press("ArrowRight");
    await figure("paths").scrollIntoViewIfNeeded();
    await status("paths").getByText("DDIM takes point 1").waitFor();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    await plane.press("ArrowLeft");
    await plane.press("ArrowLeft"); // the last of 500, which the paths, of 200, do not have
    await plane.locator('canvas[aria-label^="Point 499,"]').waitFor();
    await status("paths").getByText("DDIM takes point 0").waitFor();
    await plane.press("ArrowRight");
    await plane.press("ArrowRight");
    assert.deepEqual(errors, []);
  });

  it("makes one jump straight, and DDPM’s path long", async () => {
    const lengths = async () => {
      const text = (await status("paths").textContent())!;
      return text
        .match(/path of DDPM is ([\d.]+) long, that of DDIM ([\d.]+)\./)!
        .slice(1)
        .map(Number);
    };
    const [ddpm, ddim] = await lengths();
    assert.ok(ddpm > 15 * ddim, `DDPM ${ddpm}, DDIM ${ddim}`);
    await set("paths", "steps", 0); // on a logarithmic scale
    await status("paths").getByText("S = 1.").waitFor();
    const [one, other] = await lengths();
    assert.equal(one, other);
    await figure("paths").getByRole("combobox", {name: "view"}).selectOption("straight");
    assert.equal(await figure("paths").locator("canvas").first().isVisible(), false);
    await figure("paths").getByRole("slider", {name: "up to rho"}).waitFor();
  });

  it("runs the reader’s step with all noise fresh, and loses width", async () => {
    await figure("flexibility").scrollIntoViewIfNeeded();
    await figure("flexibility").getByRole("combobox", {name: "what the dial turns"}).selectOption("share");
    await set("flexibility", "amount", 1);
    await status("flexibility").getByText("share of fresh noise = 1.00 of at most 1.00").waitFor();
    const [, width] = (await status("flexibility").textContent())!.match(/modes ([\d.]+) times/)!;
    assert.ok(Math.abs(Number(width) - 0.61) < 0.06, `the modes are ${width} times as wide`);
  });

  it("shows a recorded table, gives it as CSV, and measures one here until it is stopped", async () => {
    const grid = figure("sampler-grid");
    await grid.scrollIntoViewIfNeeded();
    const cells = await grid.locator("tbody td").allTextContents();
    assert.equal(cells.length, gridSteps.length * gridNoises.length + 1);
    for (const cell of cells) assert.match(cell, /^(≈ )?\d\.\d+ ± \d\.\d+/);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      grid.getByRole("button", {name: "Download CSV"}).click()
    ]);
    const lines = (await readFile(await download.path(), "utf8")).trim().split("\r\n");
    assert.equal(lines.length, 1 + 45 * 8 + 8);
    await grid.getByRole("button", {name: "Measure here"}).click();
    await grid.locator("tbody tr").first().getByText("±").first().waitFor();
    await grid.getByRole("button", {name: "Stop"}).click();
    await grid.getByRole("status").getByText("Stopped").waitFor();
    assert.match((await grid.locator(".badge").textContent())!, /exact/);
  });
});
