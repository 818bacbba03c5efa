import assert from "node:assert/strict";
import {after, before, describe, it} from "node:test";
import type {Browser, Page} from "playwright-core";
import {launchBrowser} from "../../tools/browser.js";
import type {Site} from "./site.js";
import {openSite} from "./site.js";

describe("the chapter of the steps", () => {
  let site: Site;
  let browser: Browser;
  let page: Page;

  before(async () => {
    [site, browser] = await Promise.all([openSite(), launchBrowser()]);
    page = await browser.newPage({viewport: {width: 1280, height: 900}});
    await page.addInitScript("globalThis.__name = (f) => f"); // tsx wraps named functions in it, also those sent here
    await page.goto(`${site.url}few-steps.html`);
  });

  after(async () => {
    await browser.close();
    await site.close();
  });

  const figure = (name: string) => page.locator(`#fig-${name}`);
  const status = async (name: string, text: string) => {
    await figure(name).scrollIntoViewIfNeeded();
    const line = figure(name).getByRole("status");
    await line.getByText(text).waitFor();
    return (await line.textContent())!;
  };

  it("draws each list on the axis, the reader’s too, with a smaller error for quadratic steps", async () => {
    const text = await status("step-lists", "your list 0");
    const [, even, quadratic] = text.match(/trailing ([\d.]+),.*quadratic \(the paper’s\) ([\d.]+),/)!;
    assert.ok(Number(quadratic) < 0.75 * Number(even), `quadratic ${quadratic}, trailing ${even}`);
    const rows = figure("step-lists").locator("svg");
    assert.equal(await rows.count(), 7); // five rules, the own list and the axis
    for (let k = 0; k < 5; ++k) assert.equal(await rows.nth(k).locator("circle").count(), 10);
  });

  it("puts the largest error of even steps near the data", async () => {
    const text = await status("step-errors", "quadratic: the largest");
    const [, rho] = text.match(/trailing: the largest error of a step is [\d.]+, at ρ = ([\d.]+)/)!;
    assert.ok(Number(rho) < 1.5, `it is at ρ = ${rho}`);
  });

  it("measures the orders 1, 2 and 2, with the step of the page", async () => {
    const text = await status("solver-order", "Order from");
    const orders = [...text.matchAll(/(?:DDIM|2M|Heun) (\d\.\d+)[,.]/g)].slice(0, 3).map(([, order]) => Number(order));
    [1, 2, 2].forEach((order, k) => assert.ok(Math.abs(orders[k] - order) < 0.2, `orders ${orders.join(", ")}`));
  });

  it("sees the second order lost on the leading list", async () => {
    await figure("solver-order").getByRole("combobox", {name: "levels"}).selectOption("leading");
    const line = figure("solver-order").getByRole("status");
    await page.waitForFunction(
      () => /2M 0\.[45]/.test(document.querySelector("#fig-solver-order [role=status]")!.textContent!),
      undefined,
      {timeout: 20_000}
    );
    const [, ddim, second] = (await line.textContent())!.match(/at S = 10: DDIM ([\d.]+), 2M ([\d.]+)/)!;
    assert.ok(Number(second) > 3 * Number(ddim), `2M ${second}, DDIM ${ddim}`);
  });
});
