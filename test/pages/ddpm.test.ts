import assert from "node:assert/strict";
import {after, before, describe, it} from "node:test";
import type {Browser} from "playwright-core";
import {launchBrowser} from "../../tools/browser.js";
import type {CellPage} from "./cells.js";
import {openCells} from "./cells.js";
import type {Site} from "./site.js";
import {openSite} from "./site.js";

describe("the chapter on ancestral sampling", () => {
  let site: Site;
  let browser: Browser;
  let cells: CellPage;

  before(async () => {
    [site, browser] = await Promise.all([openSite(), launchBrowser()]);
    cells = await openCells(browser, `${site.url}ddpm.html`);
    await figure("ancestral").scrollIntoViewIfNeeded();
    await saying("ancestral", /^Step 100 of 100/);
  });

  after(async () => {
    await cells.close();
    await browser.close();
    await site.close();
  });

  const figure = (name: string) => cells.page.locator(`#fig-${name}`);
  const saying = (name: string, text: string | RegExp) =>
    figure(name).locator("p[role=status]").filter({hasText: text}).waitFor();
  const choose = (list: string, value: string) =>
    figure("ancestral").getByRole("combobox", {name: list, exact: true}).selectOption(value);
  const readings = async (name: string) =>
    (await figure(name).locator(".reading-value").allTextContents()).map(parseFloat);
  const move = (name: string, label: string, value: number) =>
    figure(name)
      .getByRole("slider", {name: label, exact: true})
      .evaluate((input: HTMLInputElement, next) => {
        input.value = String(next);
        input.dispatchEvent(new Event("input", {bubbles: true}));
      }, value);
  /** Waits for another text, since a run takes as long as it takes. */
  async function changed(name: string, act: () => Promise<unknown>): Promise<void> {
    const status = figure(name).locator("p[role=status]");
    const before = await status.textContent();
    await act();
    for (let k = 0; k < 150; ++k, await cells.page.waitForTimeout(100)) {
      if ((await status.textContent()) !== before) return;
    }
    assert.fail(`after 15 s the figure ${name} still says: ${before}`);
  }

  it("shows thin modes with the variance β̃ and right ones with β, beside what true points score", async () => {
    const [thin, inside, truth] = await readings("ancestral");
    assert.ok(thin < 0.8 && inside > 97 && truth > 0.9, `${thin}, ${inside}, ${truth}`);
    await changed("ancestral", () => choose("noise in each step", "fixed_large"));
    const [wide] = await readings("ancestral");
    assert.ok(wide > 0.95, `with β the modes are ${wide} times as wide`);
  });

  it("loses all modes but one of an uneven set when the noise is switched off", async () => {
    await changed("ancestral", () => choose("noise in each step", "none"));
    await changed("ancestral", () => choose("data", "tri"));
    const [width, inside] = await readings("ancestral");
    assert.ok(width < 0.2, `the modes are ${width} times as wide`);
    assert.equal(inside, 100);
  });

  it("runs the step of the cell, and says when it is none", async () => {
    const code = await cells.cell("ddpm-step").locator("pre").first().innerText();
    await cells.run("ddpm-step", code.replace("return mean + sigma * z;", 'return "mean" as unknown as number;'));
    const alert = figure("ancestral").getByRole("alert");
    await alert.getByText(/The cell “ddpm-step” stopped/).waitFor();
    await changed("ancestral", async () => {
      await choose("noise in each step", "fixed_small");
      await cells.run("ddpm-step", code.replace("mean + sigma * z", "0 * mean + 0 * sigma * z"));
    });
    await saying("ancestral", /: 0% of 600 points/);
    await cells.press("ddpm-step", "Reset");
    await saying("ancestral", /: (9\d|100)% of 600 points/);
  });

  it("moves from one variance to the other with the width of the data", async () => {
    const last = async () => {
      const text = (await figure("variances").locator("p[role=status]").textContent())!;
      return [...text.matchAll(/(\d\.\d{3})(?= by|\.$)/g)].map(([n]) => Number(n));
    };
    await move("variances", "std of the data", 0);
    const [tilde, beta, right] = await last();
    assert.equal(right, tilde);
    await move("variances", "std of the data", 1);
    assert.deepEqual((await last())[2], beta);
  });

  it("rescues data in the box by clipping, and spoils data outside", async () => {
    await figure("clip").scrollIntoViewIfNeeded();
    await saying("clip", /Clipping helps/);
    await move("clip", "error of the denoiser", 0);
    await saying("clip", /Clipping makes no difference/);
    await move("clip", "radius of the data", 1.8);
    await saying("clip", /Clipping hurts/);
  });
});
