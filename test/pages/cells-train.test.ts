import assert from "node:assert/strict";
import {after, before, describe, it} from "node:test";
import type {Browser} from "playwright-core";
import {launchBrowser} from "../../tools/browser.js";
import type {CellPage} from "./cells.js";
import {assertSound, openCells} from "./cells.js";
import type {Site} from "./site.js";
import {openSite} from "./site.js";

const patience = 60_000;

describe("the editable cells of the chapter that trains", () => {
  let site: Site;
  let browser: Browser;
  let cells: CellPage;

  before(async () => {
    [site, browser] = await Promise.all([openSite(), launchBrowser()]);
    cells = await openCells(browser, `${site.url}train.html`);
    await figure().getByRole("combobox", {name: "backend"}).selectOption("wasm");
    const field = figure().getByRole("spinbutton", {name: "training steps, as a number"});
    await field.fill("10");
    await field.press("Tab");
  });

  after(async () => {
    await cells.close();
    await browser.close();
    await site.close();
  });

  const figure = () => cells.page.locator("#fig-train");
  const status = () => figure().locator("p[role=status]");
  const alert = () => figure().getByRole("alert");
  const says = (text: RegExp) => status().filter({hasText: text}).waitFor({timeout: patience});
  const samples = () => figure().locator('canvas[aria-label*="samples after"]').getAttribute("aria-label");

  async function press(name: string): Promise<void> {
    await figure().scrollIntoViewIfNeeded();
    await figure().getByRole("button", {name, exact: true}).click();
  }

  async function change(name: string, from: string, to: string): Promise<void> {
    const text = (await cells.cell(name).locator("pre").first().innerText()).trimEnd();
    assert.ok(text.includes(from), `${name} has ${from}`);
    await cells.run(name, text.replace(from, to));
  }

  it("say of the recording that the next training is with the reader's code", async () => {
    await says(/This is a recording. Press Train to train on this device\.$/);
    await change("training-loop", "n <= steps", "n <= 6");
    await says(/This is a recording. Press Train to train on this device, with your code\.$/);
  });

  it("train with the reader's loop, which may end when it likes", async () => {
    await press("Train");
    await says(/^Done: 6 steps on wasm/);
    await cells.press("training-loop", "Reset");
    await says(/^6 steps made. The code has changed: Train goes on from here with the new code/);
    await press("Train");
    await says(/^Done: 10 steps on wasm/);
    assert.match((await samples())!, /after 10 training steps/);
  });

  it("keep the network and the picture when the denoiser is edited, until Train is pressed", async () => {
    const before = await samples();
    await change("denoiser", "h0.matMul(W1).add(b1).relu()", "h0.matMul(W1).add(b1).tanh()");
    await says(/^10 steps made. The denoiser’s code has changed: this network keeps its own, and Train starts afresh/);
    assert.equal(await samples(), before);
    assert.match((await figure().locator(".badge").textContent())!, /^trained here: 10 steps on wasm/);
    await press("Train");
    await says(/^Done: 10 steps/);
    await figure().getByText("This network answers with your own denoiser").waitFor();
  });

  it("keep the last network when the new denoiser does not answer, and say whose fault it is", async () => {
    const before = await samples();
    await change("denoiser", "return h3.matMul(W4).add(b4)", "return h3");
    await press("Train");
    await alert()
      .filter({
        hasText: /The cell “denoiser” stopped: the denoiser returned a tensor \[500,128\].*What was there stays/
      })
      .waitFor();
    assert.equal(await samples(), before);
    await cells.press("denoiser", "Reset");
    await press("Train again");
    await says(/^Done: 10 steps/);
    assert.equal(await alert().isVisible(), false);
    await figure().getByText("This browser has kept the network").waitFor();
  });

  it("name the cell when a loss, a loop or an optimizer is wrong", async () => {
    const wrong: [name: string, from: string, to: string, says: RegExp][] = [
      ["loss", ".square().mean()", ".square()", /The cell “loss” stopped: the loss returned a tensor \[512,2\]/],
      ["training-loop", "optimizer.minimize(", "optimizer.maximize(", /The cell “training-loop” stopped: .*maximize/],
      ["training-loop", "function*", "async function*", /The cell “training-loop” stopped: the training loop is async/],
      [
        "optimizer",
        "return tf.train.adam(learningRate, 0.9, 0.99, 1e-7);",
        "",
        /“optimizer” stopped: the optimizer is none/
      ]
    ];
    for (const [name, from, to, message] of wrong) {
      await change(name, from, to);
      await press("Train");
      await alert().filter({hasText: message}).waitFor({timeout: patience});
      await cells.press(name, "Reset");
    }
    await press("Train again");
    await says(/^Done: \d+ steps/);
  });

  it("follow in the text, in the batch and in the curves", async () => {
    const page = cells.page;
    await change("place", "400", "100");
    await page.getByText(/= 100, \d+ of the 200,000 points/).waitFor();
    const batch = page.locator("#fig-batch");
    await change("batch", "batch: 512", "batch: 64");
    await batch.locator('canvas[aria-label^="64 points"]').first().waitFor();
    await change("batch", "batch.signal[k] * value", "NaN");
    await batch
      .getByRole("alert")
      .filter({hasText: /xt holds something that is not a finite number.*last clouds/})
      .waitFor();
    await cells.press("batch", "Reset");
    await batch.locator('canvas[aria-label^="512 points"]').first().waitFor();
  });

  it("did all this without an error in the console", () => assertSound(cells));
});
