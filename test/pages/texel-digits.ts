/** What digits on fused kernels must do, on each backend that has them. */
import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {assertNear, openTexelSite} from "./texel-site.js";

export async function describeTexelDigits(backend: "webgl" | "webgpu"): Promise<void> {
  const {ask, said} = await openTexelSite(backend);

  describe(`digits on fused kernels of ${backend}`, () => {
    it("compile ahead, and say how many there are and how many are done", () => {
      const counts = said.map(([compiled]) => compiled);
      const [compiled, all] = said.at(-1)!;
      assert.ok(all > 30, `there are ${all} kernels`);
      assert.equal(compiled, all);
      assert.deepEqual(
        counts,
        [...counts].sort((a, b) => a - b),
        "the count went back"
      );
    });

    for (const seed of [1, 2, 3]) {
      it(`make of a residual block what the text makes of it, and all its gradients (${seed})`, async () => {
        assertNear(await ask("blockApart", backend, seed), 1e-4, `seed ${seed}`);
      });
    }

    it("make of matrices what Muon's text makes of them", async () => {
      for (const seed of [4, 5]) assertNear(await ask("muonApart", backend, seed), 1e-3, `seed ${seed}`);
    });

    it("answer as the whole network, with its loss and the gradient of each of its weights", async () => {
      for (const seed of [6, 7]) assertNear(await ask("networkApart", backend, seed), 1e-3, `seed ${seed}`);
    });

    it("take the same steps", async () => {
      assertNear(await ask("stepsApart", backend, 2), 1e-2, "after 2 steps"); // Adam begins with signs
    });

    it("take at most 120 launches for a training step and 40 for a guided step of DDIM, and leave nothing", async (t) => {
      const {step, ddim, tensors, bytes} = await ask("launchesOf");
      t.diagnostic(`${step} launches for a training step, ${ddim} for a step of DDIM`);
      assert.ok(step > 50 && step <= 120, `a training step takes ${step} launches`);
      assert.ok(ddim > 20 && ddim <= 40, `a step of DDIM takes ${ddim} launches`);
      assert.equal(tensors, 0, "tensors left behind");
      assert.equal(bytes, 0, "the card's memory grows with each step");
    });
  });
}
