import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {Locator, Page} from "playwright-core";
import {openCells} from "./cells.js";
import {openDigitTrainSite} from "./digit-train-site.js";
import {openSiteAndBrowser} from "./site.js";
import {trainFigure} from "./train-page.js";

const [{site, browser}, digits] = await Promise.all([openSiteAndBrowser(), openDigitTrainSite()]);
const context = await browser.newContext({viewport: {width: 1280, height: 1000}});

/** Waits until a figure lists these beside its own, the words on the buttons left out. */
async function lists(root: Locator, expected: string[]): Promise<void> {
  await root.page().waitForFunction(
    (texts) => {
      const rows = [...document.querySelectorAll(".kept-runs li")].map((row) => row.firstChild!.textContent!.trim());
      return JSON.stringify(rows) === JSON.stringify(texts);
    },
    expected,
    {timeout: 60_000}
  );
}

describe("two tabs that train points", () => {
  async function open(): Promise<{page: Page; faults: Set<string>; figure: ReturnType<typeof trainFigure>}> {
    const {page, faults} = await openCells(context, `${site.url}train.html`);
    const figure = trainFigure(page);
    await figure.status.waitFor();
    await figure.root.scrollIntoViewIfNeeded();
    return {page, faults, figure};
  }

  /** Trains until `steps` in all, `more` than before. */
  async function train(figure: ReturnType<typeof trainFigure>, steps: number, more = steps): Promise<void> {
    const {enter, press, says, root} = figure;
    await enter("training steps", more);
    await press("Train");
    await says(new RegExp(`^Done: ${steps} steps`));
    await root.getByText("This browser has kept the network").waitFor();
  }

  it("keep both networks, and the reader says which one the other chapters use", async () => {
    const [a, b] = [await open(), await open()];
    await train(a.figure, 20);
    await lists(b.figure.root, ["20 steps on Ring of eight"]);
    await train(b.figure, 30);
    const own = (steps: number) => `${steps} steps on Ring of eight, the network of this tab`;
    await lists(a.figure.root, ["30 steps on Ring of eight", own(20)]);
    await a.figure.root.getByText("(the other chapters use it)").waitFor();
    await b.figure.press("Let the other chapters use it");
    await b.figure.root.getByText("(the other chapters use it)").waitFor();
    await lists(b.figure.root, ["20 steps on Ring of eight", own(30)]);
    await lists(a.figure.root, ["30 steps on Ring of eight"]); // its own again, which has another key now
    await a.figure.press("Let the other chapters use it");
    await a.figure.root.getByText("(the other chapters use it)").waitFor();
    const {page, faults} = a;
    await page.goto(`${site.url}ddim.html`);
    const figure = page.locator(".live", {has: page.getByRole("combobox", {name: "denoiser"})}).first();
    await figure.scrollIntoViewIfNeeded();
    await figure.getByRole("combobox", {name: "data"}).selectOption("ring8");
    await figure.getByRole("combobox", {name: "denoiser"}).selectOption("trained");
    await figure.getByText(/^trained here: 30 steps/).waitFor({timeout: 60_000});
    await page.close();
    await train(b.figure, 70, 40);
    await lists(b.figure.root, ["20 steps on Ring of eight"]); // a tab replaces what it has kept itself
    await b.page.close();
    const c = await open();
    await lists(c.figure.root, ["70 steps on Ring of eight", "20 steps on Ring of eight"]);
    await c.figure.root.getByText("Kept in this browser, from another tab or an earlier visit:").waitFor();
    await c.figure.root.getByRole("button", {name: "Forget it"}).last().click();
    await lists(c.figure.root, ["70 steps on Ring of eight"]);
    assert.deepEqual([...faults, ...b.faults, ...c.faults], []);
  });
});

describe("two tabs that train digits", () => {
  it("keep both trainings: neither Train nor Reset nor a reload in one loses that of the other", async () => {
    const context = await digits.newContext();
    try {
      const open = () => digits.open(context);
      const train = async ({figure}: Awaited<ReturnType<typeof open>>, steps: number) => {
        await figure.choose("wasm");
        await figure.enter("training steps", steps);
        await figure.enter("batch", 8);
        await figure.press("Train");
        await figure.says(new RegExp(`^Done: ${steps} steps`));
        await figure.root.getByText("This browser has kept the network.").waitFor();
      };
      const [a, b] = [await open(), await open()];
      await train(a, 6);
      await lists(b.figure.root, ["step 6 of 6 on wasm"]);
      await train(b, 4);
      await lists(a.figure.root, ["step 4 of 4 on wasm"]);

      await a.page.reload();
      await a.figure.root.getByText("This is your training, as this browser has kept it.").waitFor();
      assert.equal(await a.figure.badge(), "trained here: 6 steps on wasm", "its own, though the other is newer");
      await a.figure.press("Show it here");
      await lists(a.figure.root, ["step 6 of 6 on wasm"]);
      assert.equal(await a.figure.badge(), "trained here: 4 steps on wasm");
      await a.figure.press("Show it here");
      await lists(a.figure.root, ["step 4 of 4 on wasm"]);

      await b.figure.press("Reset");
      await lists(a.figure.root, []);
      await lists(b.figure.root, ["step 6 of 6 on wasm"]);
      await a.page.close();
      const c = await open(); // goes on with what is kept, and then starts afresh
      await c.figure.says(/^Done: 6 steps on wasm/);
      await c.figure.enter("seed", 5);
      await train(c, 3);
      await lists(c.figure.root, ["step 6 of 6 on wasm"]);
      assert.deepEqual([...a.faults, ...b.faults, ...c.faults], []);
    } finally {
      await context.close();
    }
  });
});
