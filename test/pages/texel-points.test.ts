import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {assertNear, openTexelSite} from "./texel-site.js";

const {ask} = await openTexelSite("webgl", "texel-points-page.ts");

describe("points on fused kernels of webgl", () => {
  for (const prediction of ["epsilon", "x0", "v"] as const) {
    it(`have the loss of the text and all its gradients, and make its steps, where they predict ${prediction}`, async () => {
      for (const seed of [1, 2]) {
        const {step, steps} = await ask("pointsApart", "webgl", prediction, seed);
        assertNear(step, 1e-4, `seed ${seed}, one step`);
        assertNear(steps, 1e-2, `seed ${seed}, three steps`); // Adam begins with signs
      }
    });
  }

  it("train as the text does from the same seed, to losses within 3%", async (t) => {
    const {fused, plain, ema} = await ask("trainingsApart", "webgl");
    assert.equal(fused.length, 4, "there are reports for 120 steps");
    assert.ok(plain[3] < 0.95 * plain[0], `the loss goes from ${plain[0]} to ${plain[3]}`);
    fused.forEach((loss, i) => assert.ok(Math.abs(loss / plain[i] - 1) < 0.03, `${loss} against ${plain[i]}`));
    t.diagnostic(`the averages end ${ema} of their way apart`);
    assert.ok(ema < 5e-5, `the averages end ${ema} of their way apart`);
  });

  it("stop when they are told to, and have the last good weights back when the loss is no number", async () => {
    const {reports, error, back, tensors} = await ask("troubles");
    assert.equal(reports, 2, "it goes on after the stop");
    assert.equal(error, "TrainingDiverged");
    assert.ok(back, "the weights are others than before");
    assert.equal(tensors, 0, "tensors left behind");
  });

  it("are what a figure trains with the library's code, also when the card is lost on the way", async () => {
    const {takesCode, launches, steps, restarted, samples} = await ask("engineOnWebGl");
    assert.deepEqual(takesCode, [false, true], "the reader's code is for tfjs");
    assert.ok(launches > 5 && launches <= 40, `a step takes ${launches} launches, the reading of a report included`);
    assert.deepEqual(steps, [5, 5, 10]);
    assert.match(restarted[1] ?? "", /^the graphics card stopped webgl; going on from step 5: running on webgl/);
    assert.ok(samples > 100, `there are ${samples} numbers in the samples`);
  });

  it("take at most 40 launches for a step of 512 points, and leave nothing", async (t) => {
    const {fused, plain, tensors} = await ask("pointLaunches");
    t.diagnostic(`${fused} launches for a step, ${plain} in the operations of the text`);
    assert.ok(fused > 5 && fused <= 40, `a step takes ${fused} launches`);
    assert.ok(plain > 5 * fused, `the text takes ${plain}: the count does not see it`);
    assert.equal(tensors, 0, "tensors left behind");
  });
});
