import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {buffersOf, toError, toFailure} from "../../src/components/travel.js";

describe("the messages between a page and its workers", () => {
  it("carry an error with its name, its sentence and its numbers", () => {
    const error = Object.assign(new RangeError("too many"), {step: 7, backend: "webgl", deep: {}});
    const back = toError(structuredClone(toFailure(error)));
    assert.ok(back instanceof Error, "it is an Error again");
    assert.deepEqual([back.name, back.message], ["RangeError", "too many"]);
    assert.deepEqual({...back}, {name: "RangeError", step: 7, backend: "webgl"});
  });

  it("carry also what is no Error", () => {
    assert.equal(toError(toFailure("just text")).message, "just text");
  });

  it("hand over each buffer once, however deep it lies, and no shared memory", () => {
    const array = new Float32Array(4);
    const shared = new Uint8Array(new SharedArrayBuffer(2));
    const content = {x: array, again: array.subarray(1), deep: [{t: new Uint8Array(2)}], shared, n: 3, nothing: null};
    assert.deepEqual(buffersOf(content), [array.buffer, content.deep[0].t.buffer]);
    assert.deepEqual(buffersOf(undefined), []);
  });
});
