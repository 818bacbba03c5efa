import assert from "node:assert/strict";
import {after, before, describe, it} from "node:test";
import type {Browser} from "playwright-core";
import {launchBrowser} from "../../tools/browser.js";
import type {CellPage} from "./cells.js";
import {assertSound, openCells} from "./cells.js";
import type {Site} from "./site.js";
import {openSite} from "./site.js";

describe("the editable cells of the chapter on DDIM", () => {
  let site: Site;
  let browser: Browser;
  let cells: CellPage;

  before(async () => {
    [site, browser] = await Promise.all([openSite(), launchBrowser()]);
    cells = await openCells(browser, `${site.url}ddim.html`);
    await figure().scrollIntoViewIfNeeded();
    await status()
      .getByText(/^Step 20 of 20/)
      .waitFor();
  });

  after(async () => {
    await cells.close();
    await browser.close();
    await site.close();
  });

  const figure = () => cells.page.locator("#fig-sampler");
  const status = () => figure().locator("p[role=status]");
  const alert = () => figure().getByRole("alert");
  const readings = async () => (await figure().locator(".reading-value").allTextContents()).map(Number);
  /** The cell's own code, also while it is edited. */
  const source = (name: string) => cells.cell(name).locator("pre").first().innerText();
  const says = (text: string | RegExp) => status().filter({hasText: text}).waitFor();
  const wait = async (ready: () => Promise<boolean>, what: string) => {
    for (let k = 0; k < 100; ++k, await cells.page.waitForTimeout(100)) if (await ready()) return;
    assert.fail(`after 10 s still not: ${what}`);
  };

  /** Runs a cell with one piece of its code replaced. */
  async function change(name: string, from: string, to: string): Promise<void> {
    const text = (await source(name)).trimEnd();
    assert.ok(text.includes(from), `${name} has ${from}`);
    await cells.run(name, text.replace(from, to));
  }

  /** Puts the cell's own code back. */
  async function reset(name: string): Promise<void> {
    await cells.press(name, "Reset");
  }

  /** What the figure says of its picture. Pixels will not do: a browser that is asked for them paints otherwise. */
  const pictures = async () => {
    const labels = figure()
      .locator("canvas")
      .evaluateAll((canvases) => canvases.map((canvas) => canvas.ariaLabel));
    return [await status().textContent(), ...(await labels), ...(await readings()).slice(0, 2)];
  };

  it("show the published update fly off, and all in place again when it is set right", async () => {
    const [before, said] = [await pictures(), await status().textContent()];
    await change("ddim-step", "x0.mul(Math.sqrt(alphaBarPrev))", "x0.div(Math.sqrt(alphaBarPrev))");
    await alert()
      .filter({hasText: /DDIM step fly off.*should stay near 1; it grows to \d+ at step \d+ and ends/})
      .waitFor();
    await figure()
      .getByText(/times as far: the dashed square is the usual view/)
      .first()
      .waitFor();
    assert.notDeepEqual(await pictures(), before);
    await cells.run("ddim-step", (await source("ddim-step")).trimEnd());
    await alert().waitFor({state: "hidden"});
    assert.equal(await status().textContent(), said);
    assert.deepEqual(await pictures(), before, "the noise and the settings were kept");
    await reset("ddim-step");
    assert.deepEqual(await pictures(), before);
  });

  it("keep the last picture, and say whose fault it is, when a step throws or makes no points", async () => {
    const before = await pictures();
    const wrong: [from: string, to: string, says: RegExp][] = [
      [
        "x.sub(noisy)",
        "x.minus(noisy)",
        /The cell “ddim-step” stopped: .*minus.*Correct the cell, or reset it. The picture/
      ],
      ["return x0", "return [x0][1] ?? 3; x0", /“ddim-step” stopped: the step returned number.*a tensor \[500,2\]/],
      ["return x0", "return x0.mul(NaN)", /step 1 made numbers that are not finite out of points that are/]
    ];
    for (const [from, to, message] of wrong) {
      await change("ddim-step", from, to);
      await alert().filter({hasText: message}).waitFor();
      assert.deepEqual(await pictures(), before, to);
      await reset("ddim-step");
      await alert().waitFor({state: "hidden"});
    }
    assert.deepEqual(await pictures(), before);
  });

  it("show that the DDPM step is the DDIM step at eta 1, and not without its noise", async () => {
    const eta = figure().getByRole("slider", {name: "eta", exact: true});
    const setEta = (value: string) =>
      eta.evaluate((input: HTMLInputElement, next) => {
        input.value = next;
        for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind, {bubbles: true}));
      }, value);
    const choose = (name: string) => figure().getByRole("combobox", {name: "sampler"}).selectOption(name);
    const zero = await status().textContent();
    await setEta("1");
    await wait(async () => (await status().textContent()) !== zero, "another eta");
    const one = await status().textContent();
    await choose("ddpm");
    await wait(() => eta.isDisabled(), "DDPM has no eta");
    await cells.page.waitForTimeout(300);
    assert.equal(await status().textContent(), one);
    const [near] = await readings();
    await change("ddpm-step", "return mean.add(noise.mul(Math.sqrt(variance)))", "return mean");
    await wait(async () => (await readings())[0] > 3 * near, "the samples crowd into the middle");
    await reset("ddpm-step");
    await wait(async () => (await readings())[0] === near, "the noise is back");
    await choose("ddim");
    await setEta("0");
    await wait(async () => (await status().textContent()) === zero, "all is as it was");
  });

  it("give the list of steps to the figure and to the text", async () => {
    const field = figure().getByRole("spinbutton", {name: "steps, as a number"});
    const steps = async (value: number) => {
      await field.fill(String(value));
      await field.press("Tab");
    };
    await steps(5);
    await says(/^Step 5 of 5/);
    const [coarse] = await readings();
    await change("step-list", "T - (i * T) / steps", "T * (1 - i / steps) ** 2");
    await cells.page.getByText("Ten steps are 999 → 809, 809 → 639").waitFor();
    await wait(async () => (await readings())[0] < coarse / 2, "fine steps at the end are better");
    await change("step-list", "stepAt(i));", "i);");
    await alert()
      .filter({hasText: /“step-list” stopped: .*must descend/})
      .waitFor();
    await cells.page.getByText("Ten steps are not to be had").waitFor();
    await reset("step-list");
    await alert().waitFor({state: "hidden"});
    await cells.page.getByText("Ten steps are 999 → 899, 899 → 799").waitFor();
    await steps(20);
    await says(/^Step 20 of 20/);
  });

  it("give the denoiser and the distance to the figure", async () => {
    const [before, [distance]] = [await status().textContent(), await readings()];
    await change("denoiser", "pull(i)) / total", "0.9 * pull(i)) / total");
    await wait(async () => (await status().textContent()) !== before, "the timid denoiser samples otherwise");
    await change("denoiser", "return [0, 1]", "return [0]");
    await alert()
      .filter({hasText: /“denoiser” stopped: the denoiser returned \[.*2 finite numbers/})
      .waitFor();
    await reset("denoiser");
    await wait(async () => (await status().textContent()) === before, "the exact one is back");
    await change("metric", "Math.sqrt(sum / lines)", "100 * Math.sqrt(sum / lines)");
    await wait(async () => Math.abs((await readings())[0] / distance - 100) < 5, "the distance is the cell’s");
    await change("metric", "return Math.sqrt(sum / lines);", "");
    await alert()
      .filter({hasText: /“metric” stopped: it returned nothing/})
      .waitFor();
    await reset("metric");
    await wait(async () => (await readings())[0] === distance, "the distance is back");
    assert.equal(await alert().isVisible(), false);
  });

  it("did all this without an error in the console", () => assertSound(cells));
});
