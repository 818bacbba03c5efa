import assert from "node:assert/strict";
import {after, before, describe, it} from "node:test";
import {forgetFloats, keepCards, loseCards} from "./digit-train-cards.js";
import type {DigitTrainSite} from "./digit-train-site.js";
import {openDigitTrainSite, patience} from "./digit-train-site.js";

describe("training digits on the graphics card", () => {
  let site: DigitTrainSite;

  before(async () => {
    site = await openDigitTrainSite();
  });

  after(() => site?.close());

  for (const backend of ["webgl", "webgpu"]) {
    it(`trains on ${backend} with a falling loss`, (t) =>
      site.visit(async ({choose, enter, press, says, losses, badge}) => {
        await choose(backend);
        await enter("training steps", 20);
        await enter("batch", 4);
        await press("Train");
        const said = await says(/^Done/);
        const [first, last] = await losses();
        t.diagnostic(`${said} The smoothed loss went from ${first} to ${last}`);
        assert.match(said, new RegExp(`^Done: 20 steps on ${backend}`));
        assert.ok(last < 0.8 * first, `the loss went from ${first} to ${last}`);
        assert.equal(await badge(), `trained here: 20 steps on ${backend}`);
      }));

    // On what it goes on is up to the browser: a card that does not come back is left for our own kernels.
    it(`goes on from a copy when ${backend} is lost, and says so`, () =>
      site.visit(
        async ({choose, enter, press, says, root}, page) => {
          const worker = page.waitForEvent("worker");
          await choose(backend);
          await enter("training steps", 6);
          await enter("batch", 4);
          const held = worker.then((own) => own.evaluate(keepCards));
          await press("Train");
          await held;
          await says(new RegExp(`^Training on ${backend}: step [1-5]`));
          assert.ok((await loseCards(await worker)) > 0, "no card was lost");
          await root
            .getByText(/The graphics card stopped|going on from step \d+/)
            .first()
            .waitFor({timeout: patience});
          await says(/^Done: 6 steps on (webgl|webgpu|wasm)/);
        },
        (fault) => /CONTEXT_LOST_WEBGL|device was lost|external Instance/i.test(fault)
      ));
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
