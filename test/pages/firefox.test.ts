/** What a reader with Firefox gets. It draws WebGL on the processor or has none, and WebGPU is not asked for. */
import assert from "node:assert/strict";
import {after, before, describe, it} from "node:test";
import type {Browser, Page} from "puppeteer-core";
import {launchFirefox} from "../../tools/firefox.js";
import type {Site} from "./site.js";
import {openSite} from "./site.js";

const patience = 90_000;

describe("in Firefox", () => {
  let site: Site;
  let browser: Browser;

  before(async () => {
    [site, browser] = await Promise.all([openSite(), launchFirefox()]);
  });

  after(async () => {
    await browser.close();
    await site.close();
  });

  /** Opens a page, lets `use` do with it what it wants, and fails on whatever went wrong in it. */
  async function visit(name: string, use: (page: Page) => Promise<void>): Promise<void> {
    const page = await browser.newPage();
    const faults: string[] = [];
    page.setDefaultTimeout(patience);
    page.on("pageerror", (error) => faults.push(`page error: ${String(error)}`));
    page.on("console", (message) => {
      if (message.type() === "error") faults.push(`console error: ${message.text()}`);
    });
    page.on("request", (request) => {
      const url = request.url();
      if (/^https?:/.test(url) && !url.startsWith(site.url)) faults.push(`asks elsewhere: ${url}`);
    });
    page.on("requestfailed", (request) => {
      if (request.url().startsWith(site.url))
        faults.push(`did not come: ${request.url()} ${request.failure()?.errorText}`);
    });
    try {
      await page.setViewport({width: 1280, height: 1000});
      await page.goto(site.url + name);
      await page.waitForFunction('!document.querySelector("observablehq-loading")');
      await use(page);
      assert.deepEqual(faults, []);
    } finally {
      await page.close();
    }
  }

  const says = (page: Page, selector: string, pattern: RegExp) =>
    page.waitForFunction(
      `${pattern.toString()}.test(document.querySelector(${JSON.stringify(selector)})?.textContent)`
    );

  for (const name of ["index.html", "forward.html", "ddim.html", "few-steps.html", "errata.html", "playground.html"]) {
    it(`${name} shows its first figure`, () =>
      visit(name, async (page) => {
        const figure = await page.waitForSelector("main figure");
        await figure!.scrollIntoView();
        await page.waitForSelector("main figure .badge:not([hidden])");
      }));
  }

  it("both samplers run on the first page, and Play plays", () =>
    visit("index.html", async (page) => {
      await says(page, "#fig-two-samplers", /DDIM: reach the same mode on a second run/);
      await page.locator("#fig-two-samplers ::-p-xpath(.//button[normalize-space()='Play'])").click();
      await says(page, "#fig-two-samplers .player, #fig-two-samplers", /Pause/);
    }));

  it("an edited cell runs, and what uses its names follows", () =>
    visit("teach.html", async (page) => {
      await page.locator('live-cell[name="circle"] pre').click();
      await page.locator('live-cell[name="circle"] [role=textbox]').wait();
      await page.focus('live-cell[name="circle"] [role=textbox]');
      await page.keyboard.down("Control");
      await page.keyboard.press("a");
      await page.keyboard.up("Control");
      await page.keyboard.type("const radius = 7, area = 1;");
      await page.keyboard.down("Shift");
      await page.keyboard.press("Enter");
      await page.keyboard.up("Shift");
      await says(page, "main", /A circle of radius 7 has the area 1\.00/);
    }));

  it("a network is trained in a worker, until its end", () =>
    visit("train.html", async (page) => {
      const root = await page.waitForSelector("#fig-train");
      await root!.scrollIntoView();
      await page.$eval("#fig-train input[type=number][aria-label^='training steps']", (node) => {
        const input = node as HTMLInputElement;
        input.value = "200";
        for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind, {bubbles: true}));
      });
      await page.locator("#fig-train ::-p-xpath(.//button[normalize-space()='Train'])").click();
      await says(page, "#fig-train", /Done: 200 steps on our kernels/);
    }));

  it("the pretrained network draws digits", () =>
    visit("mnist.html", async (page) => {
      const figure = await page.waitForSelector("#fig-digit-samplers");
      await figure!.scrollIntoView();
      await says(page, "#fig-digit-samplers", /DDIM took .* for \d+ evaluations/);
    }));
});
