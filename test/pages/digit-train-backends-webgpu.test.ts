import {describe, it} from "node:test";
import {isTrained, withCards} from "./digit-train-lost.js";
import {openDigitTrainSite} from "./digit-train-site.js";

const site = await openDigitTrainSite();

// Apart from digit-train-backends.test.ts, since each takes minutes without a graphics card.
describe("training digits on WebGPU", () => {
  // That it goes on when the device is lost, training.test.ts holds for points; here one start takes minutes.
  it("trains with a falling loss", (t) =>
    withCards(site, "webgpu", async (figure) => {
      t.diagnostic(await isTrained(figure, "webgpu"));
    }));
});
