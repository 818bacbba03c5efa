import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {nextTask, timeSlice} from "../../lib/event-loop.js";

function work(milliseconds: number): void {
  const start = performance.now();
  while (performance.now() - start < milliseconds);
}

describe("nextTask", () => {
  it("lets other tasks run first", async () => {
    let ran = false;
    setImmediate(() => (ran = true));
    await nextTask();
    assert.ok(ran);
  });

  it("works with a message channel where there is no setImmediate, and leaves no port open", async () => {
    const own = globalThis.setImmediate;
    let timeoutRan = false;
    setTimeout(() => (timeoutRan = true), 0);
    Reflect.deleteProperty(globalThis, "setImmediate");
    try {
      work(5);
      for (let i = 0; i < 3; ++i) await nextTask();
    } finally {
      globalThis.setImmediate = own;
    }
    assert.ok(timeoutRan);
  });
});

describe("timeSlice", () => {
  it("gives way only after its milliseconds of work, and then anew", async () => {
    let turns = 0;
    let counting = true;
    const count = (): void => void setImmediate(() => counting && (++turns, count()));
    count();
    try {
      const slice = timeSlice(200);
      await slice();
      assert.equal(turns, 0);
      work(210);
      await slice();
      const first = turns;
      assert.ok(first > 0);
      await slice();
      assert.equal(turns, first);
      work(210);
      await slice();
      assert.ok(turns > first);
    } finally {
      counting = false;
    }
  });
});
