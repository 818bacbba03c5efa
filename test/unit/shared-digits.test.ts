import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {DigitSet} from "../../lib/digits/digit-set.js";
import type {LoadDigitsOptions} from "../../lib/digits/load-digits.js";
import {sharedDigits} from "../../src/components/shared-digits.js";
import {noiseDigits} from "./small-mnist.js";

const set: DigitSet = {source: "mnist", train: noiseDigits(1, 1), test: noiseDigits(1, 2)};
let files = 0;

/** A file of its own, and loads of it that the test ends. */
function file() {
  const url = `digits-${++files}.bin`;
  const loads: {options: LoadDigitsOptions; finish(): void; fail(error: Error): void}[] = [];
  const load = (_: string, options: LoadDigitsOptions = {}) =>
    new Promise<DigitSet>((resolve, reject) => {
      loads.push({options, finish: () => resolve(set), fail: reject});
      options.signal?.addEventListener("abort", () => reject(options.signal!.reason as Error));
    });
  return {loads, ask: (options?: LoadDigitsOptions) => sharedDigits(url, options, load)};
}

describe("sharedDigits", () => {
  it("loads once for all who ask, during the load and after", async () => {
    const {loads, ask} = file();
    const both = [ask(), ask()];
    loads[0].finish();
    assert.deepEqual(await Promise.all(both), [set, set]);
    assert.equal(await ask(), set);
    assert.equal(loads.length, 1);
  });

  it("tells each how far the load is, from where it is when they ask", async () => {
    const {loads, ask} = file();
    const told: string[] = [];
    const first = ask({onProgress: (fraction) => told.push(`first ${fraction}`)});
    loads[0].options.onProgress!(0.5);
    const second = ask({onProgress: (fraction) => told.push(`second ${fraction}`)});
    loads[0].options.onProgress!(1);
    loads[0].finish();
    await Promise.all([first, second]);
    assert.deepEqual(told, ["first 0", "first 0.5", "second 0.5", "first 1", "second 1"]);
  });

  it("goes on for those who stay when one goes, and stops when all have gone", async () => {
    const {loads, ask} = file();
    const [a, b] = [new AbortController(), new AbortController()];
    const first = ask({signal: a.signal});
    const second = ask({signal: b.signal});
    a.abort();
    await assert.rejects(first, {name: "AbortError"});
    assert.equal(loads[0].options.signal!.aborted, false);
    b.abort();
    await assert.rejects(second, {name: "AbortError"});
    assert.equal(loads[0].options.signal!.aborted, true);
    const third = ask();
    loads[1].finish();
    assert.equal(await third, set);
  });

  it("keeps what is loaded when who asked goes afterwards", async () => {
    const {loads, ask} = file();
    const gone = new AbortController();
    const first = ask({signal: gone.signal});
    loads[0].finish();
    await first;
    gone.abort();
    assert.equal(await ask(), set);
    assert.equal(loads.length, 1);
  });

  it("hands a failure to all who wait, then forgets it", async () => {
    const {loads, ask} = file();
    const both = [ask(), ask()];
    loads[0].fail(new Error("damaged"));
    for (const each of both) await assert.rejects(each, /damaged/);
    const next = ask({fresh: true});
    assert.equal(loads[1].options.fresh, true);
    loads[1].finish();
    assert.equal(await next, set);
  });

  it("loads nothing for who has gone before", async () => {
    const {loads, ask} = file();
    await assert.rejects(ask({signal: AbortSignal.abort()}), {name: "AbortError"});
    assert.equal(loads.length, 0);
  });
});
