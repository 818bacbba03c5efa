import assert from "node:assert/strict";
import {before, describe, it} from "node:test";
import {assertSound} from "./cells.js";
import {openChapter} from "./chapter.js";

const {page, cells, figure} = await openChapter("train.html", 60_000);
const {root, alert, choose, enter, button, says} = figure("train");

describe("the editable cells of the chapter that trains", () => {
  before(async () => {
    await choose("backend", "wasm");
    await enter("training steps", 10);
  });

  const samples = () => root.locator('canvas[aria-label*="samples after"]').getAttribute("aria-label");

  async function press(name: string): Promise<void> {
    await root.scrollIntoViewIfNeeded();
    await button(name).click();
  }

  it("say of the recording that the next training is with the reader's code", async () => {
    await says(/This is a recording. Press Train to train on this device\.$/);
    await cells.change("training-loop", "n <= steps", "n <= 6");
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
    await cells.change("denoiser", "h0.matMul(W1).add(b1).relu()", "h0.matMul(W1).add(b1).tanh()");
    await says(/^10 steps made. The denoiser’s code has changed: this network keeps its own, and Train starts afresh/);
    assert.equal(await samples(), before);
    assert.match((await root.locator(".badge").textContent())!, /^trained here: 10 steps on wasm/);
    await press("Train");
    await says(/^Done: 10 steps/);
    await root.getByText("This network answers with your own denoiser").waitFor();
  });

  it("keep the last network when the new denoiser does not answer, and say whose fault it is", async () => {
    const before = await samples();
    await cells.change("denoiser", "return h3.matMul(W4).add(b4)", "return h3");
    await press("Train");
    await alert
      .filter({
        hasText: /The cell “denoiser” stopped: the denoiser returned a tensor \[500,128\].*What was there stays/
      })
      .waitFor();
    assert.equal(await samples(), before);
    await cells.press("denoiser", "Reset");
    await press("Train again");
    await says(/^Done: 10 steps/);
    assert.equal(await alert.isVisible(), false);
    await root.getByText("This browser has kept the network").waitFor();
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
      await cells.change(name, from, to);
      await press("Train");
      await alert.filter({hasText: message}).waitFor();
      await cells.press(name, "Reset");
    }
    await press("Train again");
    await says(/^Done: \d+ steps/);
  });

  it("follow in the text, in the batch and in the curves", async () => {
    await cells.change("place", "400", "100");
    await page.getByText(/= 100, \d+ of the 200,000 points/).waitFor();
    const batch = page.locator("#fig-batch");
    await cells.change("batch", "batch: 512", "batch: 64");
    await batch.locator('canvas[aria-label^="64 points"]').first().waitFor();
    await cells.change("batch", "batch.signal[k] * value", "NaN");
    await batch
      .getByRole("alert")
      .filter({hasText: /xt holds something that is not a finite number.*last clouds/})
      .waitFor();
    await cells.press("batch", "Reset");
    await batch.locator('canvas[aria-label^="512 points"]').first().waitFor();
  });

  it("did all this without an error in the console", () => assertSound(cells));
});
