import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {isTfjs, patience, trainPage} from "./train-page.js";

const visit = await trainPage();

describe("training points on our kernels", () => {
  it("trains on our kernels when nothing is chosen, without tfjs, and hands the network to the chapter on DDIM", () =>
    visit(async ({root, enter, press, says, losses}, page, site) => {
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      await enter("training steps", 200);
      await press("Train");
      assert.match(await says(/^Done/), /^Done: 200 steps on our kernels, [\d.]+ steps\/s\./);
      assert.equal(await root.locator(".badge").textContent(), "trained here: 200 steps on our kernels");
      const [first, last] = await losses();
      assert.ok(last < 0.95 * first, `the loss went from ${first} to ${last}`);
      await root.locator('canvas[aria-label^="500 samples after 200 training steps"]').waitFor();
      assert.ok(
        asked.some((url) => url.includes("/point-worker.")),
        "the requests were watched"
      );
      assert.deepEqual(asked.filter(isTfjs), []);
      await root.getByText(/This browser has kept the network/).waitFor();
      await page.goto(`${site.url}ddim.html`);
      const sampler = page.locator("#fig-sampler");
      await sampler.scrollIntoViewIfNeeded();
      await sampler.getByRole("status").filter({hasText: /^Step/}).waitFor({timeout: patience});
      await sampler.getByRole("combobox", {name: "data", exact: true}).selectOption("ring8");
      const option = sampler.locator('option[value="trained"]:not(:disabled)');
      await option.waitFor({state: "attached", timeout: patience});
      assert.equal(await option.textContent(), "trained here");
      await sampler.getByRole("combobox", {name: "denoiser"}).selectOption("trained");
      await sampler.locator('.badge[data-kind="trained"]').waitFor({timeout: patience});
    }));

  // Our kernels do what the page's cells say: from the same seed both have the same losses, but for rounding.
  it("trains on our kernels as tfjs does with the page's cells", () =>
    visit(async ({choose, enter, press, says, losses}) => {
      const found: Record<string, [number, number]> = {};
      for (const backend of ["kernels", "wasm"]) {
        await choose("backend", backend);
        await enter("training steps", 50);
        await press("Train");
        await says(new RegExp(`^Done: 50 steps on ${backend === "wasm" ? "wasm" : "our kernels"}`));
        found[backend] = await losses();
      }
      const [kernels, wasm] = [found.kernels, found.wasm];
      for (const i of [0, 1])
        assert.ok(Math.abs(kernels[i] / wasm[i] - 1) < 0.03, `the losses are ${kernels[i]} and ${wasm[i]}`);
    }));

  it("goes on where it was, on tfjs, once a cell is edited", () =>
    visit(async ({root, enter, press, says, losses, step}, page) => {
      await enter("training steps", 2000);
      await press("Train");
      await says(/^Training on our kernels: step [1-9]/);
      await press("Stop");
      await says(/^Stopped/);
      const [stopped, [first]] = [await step(), await losses()];
      const cell = page.locator('live-cell[name="optimizer"]');
      await cell.locator("pre").first().click();
      await cell.getByRole("textbox").focus();
      await page.keyboard.press("ControlOrMeta+End");
      await page.keyboard.insertText(" // mine");
      await page.keyboard.press("Shift+Enter");
      await says(/Train goes on from here with the new code/);
      await root.scrollIntoViewIfNeeded();
      await press("Train");
      await says(/^Training on (wasm|webgl|webgpu|cpu): step/);
      await root.getByText(/^Our kernels do not have your code, so tfjs runs it\./).waitFor();
      for (let now = await step(); now <= stopped; now = await step()) await page.waitForTimeout(200);
      assert.ok((await step()) < 2000, "it did not begin anew");
      assert.equal((await losses())[0], first, "the curve goes on");
      await press("Stop");
      await says(/^Stopped/);
    }));

  it("goes on from a copy when the worker of our kernels is gone", () =>
    visit(async ({root, enter, press, says}, page) => {
      await enter("training steps", 2000);
      const worker = page.waitForEvent("worker");
      await press("Train");
      await says(/^Training on our kernels: step [1-9]/);
      const own = await worker;
      await own.evaluate(() =>
        setTimeout(() => {
          throw new Error("memory is short");
        })
      );
      await root
        .getByText(/The worker that trains stopped; another goes on from step \d+/)
        .waitFor({timeout: patience});
      await says(/^Training on our kernels: step [1-9]/);
      await press("Stop");
      await says(/^Stopped/);
    }));
});
