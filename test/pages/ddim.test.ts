import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {openChapter} from "./chapter.js";

const {site, browser, page, figure} = await openChapter("ddim.html");

describe("the chapter on DDIM", () => {
  const [budget, sampler, order] = ["noise-budget", "sampler", "order"].map(figure);

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
    await budget.root.scrollIntoViewIfNeeded();
    const values = async () => (await budget.root.locator(".budget-text b").allTextContents()).map(Number);
    await budget.drag("eta", 1);
    const [radius, reused, fresh, one, limit] = await values();
    assert.ok(Math.abs(radius ** 2 - reused ** 2 - fresh ** 2) < 5e-3);
    assert.equal(fresh, one);
    await budget.drag("eta", 2.5);
    assert.ok(limit < 2.5);
    assert.match((await budget.alert.textContent())!, new RegExp(`beyond the limit of this step, ${limit.toFixed(2)}`));
    await budget.alert.getByRole("button", {name: "Go to the limit"}).click();
    assert.equal(await budget.alert.isVisible(), false);
    assert.ok(Math.abs((await values())[1]) < 0.1, "at the limit nothing is reused");
  });

  it("keeps its budget when the steps are fewer at a stroke than the step that is looked at", async () => {
    await budget.drag("steps", 2);
    const time = budget.slider("time");
    assert.equal(await time.inputValue(), "1");
    await budget.drag("eta", 0);
    const texts = await budget.root.locator(".budget-text b").allTextContents();
    assert.equal(Number(texts[2]), 0, "it follows eta");
  });

  it("runs the step that stands on the page, near the noise floor with 100 steps", async () => {
    await sampler.root.scrollIntoViewIfNeeded();
    await sampler.says(/^Step 20 of 20/);
    await sampler.slide("steps", 100);
    await sampler.says(/^Step 100 of 100/);
    const [distance, floor] = await sampler.readings();
    // 500 points against 500 true ones: the floor itself varies by about a third.
    assert.ok(distance < 2.5 * floor, `distance ${distance}, floor ${floor}`);
  });

  it("is worse with fewer steps, and says so in numbers", async () => {
    await sampler.slide("steps", 3);
    await sampler.says(/^Step 3 of 3/);
    const [distance, floor] = await sampler.readings();
    assert.ok(distance > 3 * floor, `distance ${distance}, floor ${floor}`);
  });

  it("refuses an eta beyond the limit with a sentence, and keeps the last run", async () => {
    await sampler.slide("steps", 20);
    await sampler.says(/^Step 20 of 20/);
    await sampler.slide("eta", 1.5);
    await sampler.alert.getByText(/eta is 1.5/).waitFor();
    assert.match((await sampler.alert.textContent())!, /The picture still shows the last run/);
    await sampler.alert.getByRole("button", {name: /Back to eta 0/}).click();
    await page.waitForFunction(() => document.querySelector<HTMLElement>("#fig-sampler [role=alert]")!.hidden);
  });

  it("measures first order: the error falls as 1/S", async () => {
    await order.root.scrollIntoViewIfNeeded();
    const [, power] = (await order.says("first order")).match(/by the power ([\d.]+)/)!;
    assert.ok(Math.abs(Number(power) - 1) < 0.15, `order ${power}`);
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
