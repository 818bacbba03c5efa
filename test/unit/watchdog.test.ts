import assert from "node:assert/strict";
import {afterEach, describe, it, mock} from "node:test";

// The watchdog looks at performance.now as it was when it was loaded, so the clock is put in before.
let time = 0;
mock.method(performance, "now", () => time);

const {HeldTooLong, longestHold, watch} = await import("../../src/components/live-cell/watchdog.js");

const held = () => {
  try {
    watch();
    return false;
  } catch (error) {
    assert.ok(error instanceof HeldTooLong, String(error));
    return true;
  }
};

/** Lets the message arrive, as a pause of the code would. */
const turn = async () => {
  for (let i = 0; i < 3; ++i) await new Promise((resolve) => setTimeout(resolve, 1));
};

describe("the watchdog", () => {
  afterEach(turn);

  it("says in a sentence what happened and what to do", () => {
    assert.match(new HeldTooLong().message, /held the page for 3 seconds.*a loop that never ends\? .*await/);
  });

  it("lets code run that holds the page for less than three seconds", () => {
    for (let i = 0; i < 1000; ++i) {
      time += longestHold / 1001;
      assert.equal(held(), false, `after ${i} steps`);
    }
  });

  it("stops a quick loop soon after three seconds", () => {
    const start = time;
    while (!held()) {
      time += 0.01;
      assert.ok(time < start + longestHold + 10, "it has not stopped");
    }
    assert.ok(time > start + longestHold, `too early, after ${time - start} ms`);
  });

  it("stops a loop of slow iterations after few of them, also when quick ones came before", () => {
    for (let i = 0; i < 10_000; ++i) watch();
    let slow = 0;
    do time += 500;
    while (!held() && ++slow < 200);
    assert.ok(slow < 80, `${slow} slow iterations went by`);
  });

  it("does not let code get away that catches: from then on every call throws", () => {
    while (!held()) time += 0.01;
    for (let i = 0; i < 500; ++i) {
      assert.equal(held(), true, `call ${i} after the first`);
      time += 0.01;
    }
  });

  it("begins anew when the code has paused", async () => {
    while (!held()) time += 0.01;
    await turn();
    for (let i = 0; i < 200; ++i) assert.equal(held(), false, `call ${i}`);
    for (let i = 0; i < 20; ++i) {
      time += longestHold - 1;
      await turn();
      assert.equal(held(), false, "each turn is counted apart");
    }
  });

  it("looks at the clock that was there first, whatever a cell puts in its place", () => {
    const fake = mock.method(performance, "now", () => 0);
    watch();
    let steps = 0;
    do time += 100;
    while (!held() && ++steps < 5000);
    fake.mock.restore();
    assert.ok(steps < 5000, "a false clock has stopped the watchdog");
  });
});
