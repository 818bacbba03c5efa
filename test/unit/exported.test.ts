import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {exported} from "../../src/components/live-cell/exported.js";
import type {Run} from "../../src/components/live-cell/run.js";

function fakeRun() {
  const reported: unknown[] = [];
  const ends = new Set<() => void>();
  const controller = new AbortController();
  const run = {
    signal: controller.signal,
    host: <A>(call: () => A) => call(),
    report: (error: unknown) => void reported.push(error),
    ends: (end: () => void) => (ends.add(end), () => void ends.delete(end))
  } as unknown as Run;
  const stop = () => {
    controller.abort();
    for (const end of ends) end();
  };
  return {run, reported, ends, stop};
}

describe("what a cell exports", () => {
  it("stays the same value, unless it is a function or a generator", () => {
    const {run} = fakeRun();
    for (const value of [1, null, undefined, "a", {a: 1}, [1], new Map(), Promise.resolve()])
      assert.equal(exported(value, run), value);
  });

  it("calls a function with its this and its arguments, and tells of its errors and throws them", () => {
    const {run, reported} = fakeRun();
    const f = exported(function (this: {a: number}, b: number) {
      if (b < 0) throw new RangeError("negative");
      return this.a + b;
    }, run) as (b: number) => number;
    assert.equal(f.call({a: 1}, 2), 3);
    assert.throws(() => f.call({a: 1}, -1), /negative/);
    assert.match(String(reported), /^RangeError: negative$/);
  });

  it("leaves a class what it is, its private static names included", () => {
    const {run} = fakeRun();
    class Counter {
      static #n = 0;
      static next() {
        return ++this.#n;
      }
    }
    const same = exported(Counter, run) as typeof Counter;
    assert.equal(same.next(), 1);
    assert.ok(new same() instanceof Counter, "instances are of the class");
  });

  it("ends a generator with the run, and lets one that fails end quietly", () => {
    const {run, reported, ends, stop} = fakeRun();
    let closed = false;
    const counting = exported(
      (function* () {
        try {
          for (let i = 0; ; ++i) yield i;
        } finally {
          closed = true;
        }
      })(),
      run
    ) as Generator<number>;
    assert.deepEqual([counting.next().value, counting.next().value], [0, 1]);
    const failing = exported(
      (function* () {
        yield 1;
        throw new Error("second");
      })(),
      run
    ) as Generator<number>;
    assert.deepEqual([failing.next().value, failing.next().done], [1, true]);
    assert.match(String(reported), /second/);
    assert.equal(ends.size, 1, "what has ended is forgotten");
    stop();
    assert.ok(closed, "its finally has run");
    assert.equal(counting.next().done, true);
  });
});
