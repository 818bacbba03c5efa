import assert from "node:assert/strict";
import {readFile} from "node:fs/promises";
import {describe, it} from "node:test";
import type * as lab from "./digit-train-page.js";
import {openDigitTrainSite} from "./digit-train-site.js";

type Lab = typeof lab;

const site = await openDigitTrainSite();

describe("the figure that trains digits", () => {
  it("shows a recorded run at first, and starts no worker for it", () =>
    site.visit(async ({badge, says, grid, losses}, page) => {
      await says(/This is a recording/);
      assert.equal(await badge(), "recorded: 700 steps on wasm in 1 min 40 s");
      assert.match((await grid.getAttribute("aria-label"))!, /digits 0 to 9, drawn by the network after 700 training/);
      assert.deepEqual(await losses(), [0.3, 0.2]);
      assert.equal(page.workers().length, 0);
    }));

  it("trains on our own kernels with a falling loss, and the page stays smooth meanwhile", (t) =>
    site.visit(async ({choose, enter, press, says, losses, badge, grid, root}, page) => {
      await choose("wasm");
      await enter("training steps", 100);
      await enter("batch", 32);
      await press("Train");
      await says(/^Training on wasm: step/);
      const once = () =>
        page.evaluate(() => {
          const {lab} = globalThis as unknown as {lab: Lab};
          return lab.longestGap(new Promise((resolve) => setTimeout(resolve, 600)));
        });
      // What holds the page does so in each of these times; another process that takes the core does not.
      const gap = async () => Math.min(await once(), await once(), await once(), await once());
      const training = await gap();
      await press("Pause");
      await says(/^Paused/);
      const resting = await gap(); // on a busy machine frames are late without any training
      await press("Go on");
      t.diagnostic(`longest time between two frames: ${training.toFixed(0)} ms, ${resting.toFixed(0)} ms while paused`);
      assert.ok(training < Math.max(100, 1.5 * resting), `${training} ms between two frames, ${resting} while paused`);
      const done = await says(/^Done/);
      assert.match(done, /^Done: 100 steps on wasm, [\d.]+ steps\/s without sampling/);
      const [first, last] = await losses();
      t.diagnostic(`the smoothed loss went from ${first} to ${last}; ${done}`);
      assert.ok(last < 0.6 * first, `the loss went from ${first} to ${last}`);
      assert.equal(await badge(), "trained here: 100 steps on wasm");
      assert.match(
        (await grid.getAttribute("aria-label"))!,
        /after 100 training steps.* of 20 are the digit asked for/
      );
      await root.getByText("This browser has kept the network.").waitFor();
      const moments = root.getByRole("slider", {name: "snapshot"});
      assert.ok(Number(await moments.getAttribute("max")) >= 1, "there are samples of earlier steps");
    }));

  it("pauses, goes on and stops, and Train goes on from there", () =>
    site.visit(async ({choose, enter, press, says, step, button}, page) => {
      await choose("wasm");
      await enter("training steps", 1000);
      await enter("batch", 8);
      await press("Train");
      await says(/step [1-9]\d* of 1000/);
      await press("Pause");
      await says(/^Paused at step \d+ of 1000. Go on continues/);
      const paused = await step();
      await page.waitForTimeout(1000);
      assert.equal(await step(), paused, "nothing runs while it is paused");
      await press("Go on");
      await says(/^Training/);
      for (let now = paused; now <= paused; now = await step()) await page.waitForTimeout(100);
      await press("Stop");
      await says(/^Stopped at step \d+ of 1000. Train goes on from here/);
      const stopped = await step();
      assert.ok(stopped > paused, `${stopped} is after ${paused}`);
      assert.equal(await button("Pause").isDisabled(), true);
      await enter("training steps", stopped + 3);
      await press("Train");
      await says(new RegExp(`^Done: ${stopped + 3} steps`));
      await enter("seed", 5);
      await says(/settings have changed: Train starts afresh/);
      await press("Reset");
      await says(/This is a recording/);
    }));

  it("waits while it is out of view or the tab is hidden, but goes on by itself only if the reader has not paused it", () =>
    site.visit(async ({choose, enter, press, says, step, root}, page) => {
      await page.evaluate(() => (document.body.style.paddingBottom = "400vh"));
      const leave = () => page.evaluate(() => scrollTo({top: document.body.scrollHeight, behavior: "instant"}));
      const back = () => root.getByRole("button", {name: "Train", exact: true}).scrollIntoViewIfNeeded();
      const hide = (hidden: boolean) =>
        page.evaluate((hidden) => {
          Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
          document.dispatchEvent(new Event("visibilitychange"));
        }, hidden);
      await choose("wasm");
      await enter("training steps", 1000);
      await enter("batch", 8);
      await press("Train");
      await says(/step [1-9]\d* of 1000/);
      for (const [go, comeBack] of [
        [leave, back],
        [() => hide(true), () => hide(false)]
      ] as const) {
        await go();
        await says(/^Paused at step/);
        const paused = await step();
        await page.waitForTimeout(700);
        assert.equal(await step(), paused, "nothing runs meanwhile");
        await comeBack();
        await says(/^Training/);
        for (let now = paused; now <= paused; now = await step()) await page.waitForTimeout(100);
      }
      await press("Pause");
      await says(/^Paused/);
      await leave();
      await page.waitForTimeout(300);
      await back();
      await page.waitForTimeout(700);
      await says(/^Paused/);
      await press("Stop");
      await says(/^Stopped/);
    }));

  it("goes on after a reload, and hands the network over", async () => {
    const context = await site.newContext();
    try {
      const first = await site.open(context);
      await first.figure.choose("wasm");
      await first.figure.enter("training steps", 8);
      await first.figure.enter("batch", 8);
      await first.figure.enter("seed", 3);
      await first.figure.press("Train");
      await first.figure.says(/^Done: 8 steps/);
      await first.figure.root.getByText("This browser has kept the network.").waitFor();
      await first.page.close();
      const {figure, page, faults} = await site.open(context);
      await figure.root.getByText("This is your training, as this browser has kept it.").waitFor();
      await figure.says(/^Done: 8 steps on wasm. Train adds 8 more/);
      assert.equal(await figure.badge(), "trained here: 8 steps on wasm");
      assert.match((await figure.grid.getAttribute("aria-label"))!, /after 8 training steps/);
      assert.equal(await figure.root.getByRole("spinbutton", {name: "seed, as a number"}).inputValue(), "3");
      const answer = () =>
        page.evaluate(async () => {
          const {lab} = globalThis as unknown as {lab: Lab};
          return (await lab.service.predictor.predict(new Float32Array(784), 500, [3]))[100];
        });
      const pretrained = await answer();
      await figure.press("Use it in the other figures");
      await figure.root.getByText("The other figures use your network, as it was after 8 steps.").waitFor();
      assert.notEqual(await answer(), pretrained);
      await figure.press("Back to the pretrained network");
      await figure.root.getByText("The other figures use the pretrained network.").waitFor();
      assert.equal(await answer(), pretrained);
      await figure.choose("wasm");
      await figure.press("Train");
      await figure.says(/^Done: 16 steps/);
      assert.deepEqual([...faults], []);
    } finally {
      await context.close();
    }
  });

  it("downloads the network, loads it back, and keeps what is there when a file is damaged", () =>
    site.visit(async ({choose, enter, press, says, root, alert, badge, grid}, page) => {
      await choose("wasm");
      await enter("training steps", 6);
      await enter("batch", 8);
      await press("Train");
      await says(/^Done: 6 steps/);
      const download = page.waitForEvent("download");
      await press("Download the network");
      const saved = await download;
      assert.equal(saved.suggestedFilename(), "digit-network-6-steps.bin");
      const bytes = await readFile(await saved.path());
      assert.ok(bytes.length < 400_000, `the file has ${bytes.length} bytes`);
      const input = root.locator("input[type=file]");
      const damaged = Buffer.from(bytes);
      damaged[5000] ^= 1;
      const load = (name: string, buffer: Buffer) =>
        input.setInputFiles({name, mimeType: "application/octet-stream", buffer});
      await load("damaged.bin", damaged);
      await alert.filter({hasText: /damaged.bin was not loaded, and nothing has changed.*is damaged/}).waitFor();
      await load("notes.txt", Buffer.from("these are no weights at all"));
      await alert.filter({hasText: /notes.txt was not loaded.*no file of weights/}).waitFor();
      assert.equal(await badge(), "trained here: 6 steps on wasm");
      await load("mine.bin", bytes);
      await says(/A network from a file, after 6 steps. Train adds 6 steps to it/);
      assert.equal(await badge(), "pretrained: a network from a file, 6 steps");
      await root.getByText("The other figures use the network of your file, after 6 steps.").waitFor();
      await grid.and(root.locator("[aria-label*='after 6 training steps']")).waitFor();
      await press("Train");
      await says(/^Done: 12 steps/);
    }));

  it("puts the last good weights back when the loss becomes NaN, and offers ways on", () =>
    site.visit(async ({choose, enter, press, says, alert, losses}) => {
      await choose("wasm");
      await enter("training steps", 20);
      await enter("batch", 8);
      await enter("learning rate", 0);
      await alert.filter({hasText: /learning rate is 0.*above 0.*settings before are kept/}).waitFor();
      await enter("learning rate", 1e30);
      await press("Train");
      await alert.filter({hasText: /The loss became (NaN|Infinity).*weights of step 0 are back/}).waitFor();
      await says(/^Stopped at step 0/);
      await press("Start again at 0.008");
      await says(/^Done: 20 steps/);
      const [, last] = await losses();
      assert.ok(last < 1.2, `the loss ends at ${last}`);
    }));

  it("tells when the worker breaks, and goes on from the last copy", () =>
    site.visit(
      async ({choose, enter, press, says, alert}, page) => {
        await choose("wasm");
        await enter("training steps", 10);
        await enter("batch", 8);
        await press("Train");
        await says(/^Done: 10 steps/);
        await enter("training steps", 500);
        await press("Train");
        await says(/^Training on wasm: step [1-9]/);
        await page.workers()[0].evaluate(
          () =>
            void setTimeout(() => {
              throw new Error("broken on purpose");
            })
        );
        await alert.filter({hasText: /The worker that computes the digits stopped.*broken on purpose/}).waitFor();
        await press("Go on from step 10");
        await says(/^Training on wasm: step [1-9]/);
        await press("Stop");
        await says(/^Stopped/);
      },
      (fault) => /broken on purpose/.test(fault)
    ));
});
