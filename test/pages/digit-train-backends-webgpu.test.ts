import {after, before, describe, it} from "node:test";
import {isTrained, withCards} from "./digit-train-lost.js";
import type {DigitTrainSite} from "./digit-train-site.js";
import {openDigitTrainSite} from "./digit-train-site.js";

// Apart from digit-train-backends.test.ts, since each takes minutes without a graphics card.
describe("training digits on WebGPU", () => {
  let site: DigitTrainSite;

  before(async () => {
    site = await openDigitTrainSite();
  });

  after(() => site?.close());

  // On what it goes on is up to the browser: a card that does not come back is left for our own kernels.
  it("trains on webgpu with a falling loss, and goes on from a copy when it is lost then", (t) =>
    withCards(site, "webgpu", async (figure, lose) => {
      t.diagnostic(await isTrained(figure, "webgpu"));
      await figure.enter("training steps", 25);
      await figure.press("Train");
      await figure.says(/^Training on webgpu: step 2[0-4]/);
      await lose();
      await figure.says(/^Done: 25 steps on (webgl|webgpu|wasm)/);
    }));
});
