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
    lose("webgl", 20, async ({says, losses, badge}) => {
      const said = await says(/^Done/);
      const [first, last] = await losses();
      t.diagnostic(`${said} The smoothed loss went from ${first} to ${last}`);
      assert.match(said, /^Done: 20 steps on webgl/);
      assert.ok(last < 0.8 * first, `the loss went from ${first} to ${last}`);
      assert.equal(await badge(), "trained here: 20 steps on webgl");
    }));

  it("trains on webgpu with a falling loss", (t) =>
    site.visit(async ({choose, enter, press, says, losses, badge}) => {
      await choose("webgpu");
      await enter("training steps", 20);
      await enter("batch", 4);
      await press("Train");
      const said = await says(/^Done/);
      const [first, last] = await losses();
      t.diagnostic(`${said} The smoothed loss went from ${first} to ${last}`);
      assert.match(said, /^Done: 20 steps on webgpu/);
      assert.ok(last < 0.8 * first, `the loss went from ${first} to ${last}`);
      assert.equal(await badge(), "trained here: 20 steps on webgpu");
    }));

  // On what it goes on is up to the browser: a card that does not come back is left for our own kernels.
  it("goes on from a copy when webgpu is lost, and says so", () =>
    lose("webgpu", 4, async ({says}) => void (await says(/^Done: 4 steps on (webgl|webgpu|wasm)/))));

  /** Trains, takes the card away after some steps, waits for the figure to say so, and goes on. */
  function lose(backend: "webgl" | "webgpu", steps: number, then: (figure: Figure) => Promise<void>): Promise<void> {
    return site.visit(
      async (figure, page) => {
        const {choose, enter, press, says, root} = figure;
        const worker = page.waitForEvent("worker");
        await choose(backend);
        await enter("training steps", steps);
        await enter("batch", 4);
        const held = worker.then((own) => own.evaluate(keepCards));
        await press("Train");
        await held;
        await says(new RegExp(`^Training on ${backend}: step [${steps > 10 ? "5-9" : "1-3"}]`));
        assert.ok((await loseCards(await worker)) > 0, "no card was lost");
        await root
          .getByText(/The graphics card stopped|going on from step \d+/)
          .first()
          .waitFor({timeout: patience});
        await then(figure);
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
