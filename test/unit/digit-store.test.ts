import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {forgetDigits, storeDigits, storedDigits, storedTraining} from "../../src/components/digit-store.js";
import {firstWish} from "../../src/components/digit-training-plan.js";
import {stateOf} from "./digit-worker.js";

// Node has no IndexedDB, as a browser whose reader forbids it; that it keeps is tested in a browser.
describe("the store of digits where storage is forbidden", () => {
  it("says that nothing was kept, and what to do", async () => {
    const training = {
      version: 1,
      state: stateOf(1, 1),
      wish: firstWish,
      backend: "wasm",
      losses: [],
      history: []
    } as const;
    const said = await storeDigits({...training, losses: [], history: []});
    assert.match(said!, /^This browser did not keep the network \(.+\): it stays until you leave.*Download it/);
  });

  it("has nothing, and forgets it without an error", async () => {
    assert.equal(await storedDigits(), undefined);
    assert.equal(await storedTraining(), undefined);
    await forgetDigits();
  });
});
