import assert from "node:assert/strict";
import {after, before, describe, it} from "node:test";
import type {Browser, Page} from "playwright-core";
import {launchBrowser} from "../../tools/browser.js";
import type {Site} from "./site.js";
import {openSite} from "./site.js";

describe("the chapter on DDIM", () => {
  let site: Site;
  let browser: Browser;
  let page: Page;

  before(async () => {
    [site, browser] = await Promise.all([openSite(), launchBrowser()]);
    page = await browser.newPage({viewport: {width: 1280, height: 900}});
    await page.goto(`${site.url}ddim.html`);
  });

  after(async () => {
    await browser.close();
    await site.close();
  });

  const figure = (name: string) => page.locator(`#fig-${name}`);
  const set = (name: string, slider: string, value: number, event = "input") =>
    figure(name)
      .getByRole("slider", {name: slider, exact: true})
      .evaluate(
        (input: HTMLInputElement, [next, kind]) => {
          input.value = String(next);
          input.dispatchEvent(new Event("input", {bubbles: true}));
          if (kind === "change") input.dispatchEvent(new Event("change", {bubbles: true}));
        },
        [value, event] as const
      );

  it("numbers its equations and links to each by its number", async () => {
    const equation = page.locator("#eq-ddim-update");
    const number = await equation.locator(".equation-number").textContent();
    assert.match(number!, /^\(6\.\d+\)$/);
    const reference = page.locator('a[href$="#eq-ddim-update"]').filter({hasText: "Eq."}).first();
    assert.equal((await reference.textContent())!.match(/6\.\d+/)![0], number!.slice(1, -1));
    assert.ok((await equation.locator("math").count()) > 0, "MathML stands beside the picture of the equation");
  });

  it("opens at the equation that a link names", async () => {
    const linked = await browser.newPage({viewport: {width: 1280, height: 800}});
    await linked.goto(`${site.url}ddim.html#eq-ddim-update`);
    await linked.locator("#fig-noise-budget .live").waitFor({state: "attached"});
    await linked.waitForTimeout(500);
    const {y} = (await linked.locator("#eq-ddim-update").boundingBox())!;
    assert.ok(y > 80 && y < 160, `the equation stands at ${y} px`);
    await linked.close();
  });

  it("spends the noise budget of a step by Pythagoras, up to the limit of eta", async () => {
    await figure("noise-budget").scrollIntoViewIfNeeded();
    const values = async () => (await figure("noise-budget").locator(".budget-text b").allTextContents()).map(Number);
    await set("noise-budget", "eta", 1);
    const [radius, reused, fresh, one, limit] = await values();
    assert.ok(Math.abs(radius ** 2 - reused ** 2 - fresh ** 2) < 5e-3);
    assert.equal(fresh, one);
    await set("noise-budget", "eta", 2.5);
    assert.ok(limit < 2.5);
    const alert = figure("noise-budget").getByRole("alert");
    assert.match((await alert.textContent())!, new RegExp(`beyond the limit of this step, ${limit.toFixed(2)}`));
    await alert.getByRole("button", {name: "Go to the limit"}).click();
    assert.equal(await alert.isVisible(), false);
    assert.ok(Math.abs((await values())[1]) < 0.1, "at the limit nothing is reused");
  });

  it("keeps its budget when the steps are fewer at a stroke than the step that is looked at", async () => {
    await set("noise-budget", "steps", 2);
    const time = figure("noise-budget").getByRole("slider", {name: "time"});
    assert.equal(await time.inputValue(), "1");
    await set("noise-budget", "eta", 0);
    const texts = await figure("noise-budget").locator(".budget-text b").allTextContents();
    assert.equal(Number(texts[2]), 0, "it follows eta");
  });

  it("runs the step that stands on the page, near the noise floor with 100 steps", async () => {
    await figure("sampler").scrollIntoViewIfNeeded();
    const status = figure("sampler").getByRole("status");
    await status.getByText(/^Step 20 of 20/).waitFor();
    await set("sampler", "steps", 100, "change");
    await status.getByText(/^Step 100 of 100/).waitFor();
    const values = await figure("sampler").locator(".reading-value").allTextContents();
    const [distance, floor] = values.map(Number);
    // 500 points against 500 true ones: the floor itself varies by about a third.
    assert.ok(distance < 2.5 * floor, `distance ${distance}, floor ${floor}`);
  });

  it("is worse with fewer steps, and says so in numbers", async () => {
    await set("sampler", "steps", 3, "change");
    await figure("sampler")
      .getByRole("status")
      .getByText(/^Step 3 of 3/)
      .waitFor();
    const [distance, floor] = (await figure("sampler").locator(".reading-value").allTextContents()).map(Number);
    assert.ok(distance > 3 * floor, `distance ${distance}, floor ${floor}`);
  });

  it("refuses an eta beyond the limit with a sentence, and keeps the last run", async () => {
    await set("sampler", "steps", 20, "change");
    await figure("sampler")
      .getByRole("status")
      .getByText(/^Step 20 of 20/)
      .waitFor();
    await set("sampler", "eta", 1.5, "change");
    const alert = figure("sampler").getByRole("alert");
    await alert.getByText(/eta is 1.5/).waitFor();
    assert.match((await alert.textContent())!, /The picture still shows the last run/);
    await alert.getByRole("button", {name: /Back to eta 0/}).click();
    await page.waitForFunction(() => document.querySelector<HTMLElement>("#fig-sampler [role=alert]")!.hidden);
  });

  it("measures first order: the error falls as 1/S", async () => {
    await figure("order").scrollIntoViewIfNeeded();
    const status = figure("order").getByRole("status");
    await status.getByText("first order").waitFor();
    const [, order] = (await status.textContent())!.match(/by the power ([\d.]+)/)!;
    assert.ok(Math.abs(Number(order) - 1) < 0.15, `order ${order}`);
  });

  it("leaves no tensor behind when the figure is done", async () => {
    const tensors = await page.evaluate(async () => {
      const loaded = performance.getEntriesByType("resource").map(({name}) => name);
      const tf = await import(loaded.find((url) => /\/lib\/tf\.[0-9a-f]+\.js$/.test(url))!);
      return tf.memory().numTensors;
    });
    assert.equal(tensors, 0);
  });
});
