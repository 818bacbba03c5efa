import {describe, it} from "node:test";
import {forgetFloats} from "./digit-train-cards.js";
import {isTrained, withCards} from "./digit-train-lost.js";
import {openDigitTrainSite} from "./digit-train-site.js";

const site = await openDigitTrainSite();

describe("training digits on the graphics card", () => {
  it("trains on webgl with a falling loss, also when the card is lost on the way", (t) =>
    withCards(site, "webgl", async (figure, lose) => {
      await figure.says(/^Training on webgl: step [3-7]/);
      await lose();
      t.diagnostic(await isTrained(figure, "webgl"));
    }));

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
