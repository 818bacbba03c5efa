import assert from "node:assert/strict";
import {after, before, describe, it} from "node:test";
import {forgetFloats, keepCards, loseCards} from "./digit-train-cards.js";
import type {DigitTrainSite, Figure} from "./digit-train-site.js";
import {openDigitTrainSite, patience} from "./digit-train-site.js";

describe("training digits on the graphics card", () => {
  let site: DigitTrainSite;

  before(async () => {
    site = await openDigitTrainSite();
  });

  after(() => site?.close());

  it("trains on webgl with a falling loss, also when the card is lost on the way", (t) =>
    withCards("webgl", async (figure, lose) => {
      await figure.says(/^Training on webgl: step [5-9]/);
      await lose();
      t.diagnostic(await isTrained(figure, "webgl"));
    }));

  // On what it goes on is up to the browser: a card that does not come back is left for our own kernels.
  it("trains on webgpu with a falling loss, and goes on from a copy when it is lost then", (t) =>
    withCards("webgpu", async (figure, lose) => {
      t.diagnostic(await isTrained(figure, "webgpu"));
      await figure.enter("training steps", 25);
      await figure.press("Train");
      await figure.says(/^Training on webgpu: step 2[0-4]/);
      await lose();
      await figure.says(/^Done: 25 steps on (webgl|webgpu|wasm)/);
    }));

  async function isTrained({says, losses, badge}: Figure, backend: string): Promise<string> {
    const said = await says(/^Done/);
    const [first, last] = await losses();
    assert.match(said, new RegExp(`^Done: 20 steps on ${backend}`));
    assert.ok(last < 0.8 * first, `the loss went from ${first} to ${last}`);
    assert.equal(await badge(), `trained here: 20 steps on ${backend}`);
    return `${said} The smoothed loss went from ${first} to ${last}`;
  }

  /** Trains for 20 steps; `lose` takes the card away, and waits until the figure says so. */
  function withCards(
    backend: string,
    use: (figure: Figure, lose: () => Promise<void>) => Promise<void>
  ): Promise<void> {
    return site.visit(
      async (figure, page) => {
        const worker = page.waitForEvent("worker");
        await figure.choose(backend);
        await figure.enter("training steps", 20);
        await figure.enter("batch", 4);
        const held = worker.then((own) => own.evaluate(keepCards));
        await figure.press("Train");
        await held;
        await use(figure, async () => {
          assert.ok((await loseCards(await worker)) > 0, "no card was lost");
          const said = figure.root.getByText(/The graphics card stopped|going on from step \d+/);
          await said.first().waitFor({timeout: patience});
        });
      },
      (fault) => /CONTEXT_LOST_WEBGL|device was lost|external Instance/i.test(fault)
    );
  }

  it("trains on our own kernels where WebGL has no float32 textures, and says so", () =>
    site.visit(async ({choose, enter, press, says, root}, page) => {
      const worker = page.waitForEvent("worker");
      await choose("webgl");
      await enter("training steps", 4);
      await enter("batch", 4);
      const coarse = worker.then((own) => own.evaluate(forgetFloats));
      await press("Train");
      await coarse;
      await says(/^Done: 4 steps on wasm/);
      await root.getByText(/^webgl: .*half floats.*; training on wasm, with .* training steps a second/).waitFor();
    }));
});
