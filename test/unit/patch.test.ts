import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {Patch} from "../../src/components/live-cell/patch.js";

/** Random parts of a text that lie in each other or apart, outer ones first. */
const nested = fc
  .array(fc.tuple(fc.nat(20), fc.nat(20)), {maxLength: 12})
  .map((pairs) => pairs.map(([a, b]) => ({start: Math.min(a, b), end: Math.max(a, b)})))
  .map((parts) =>
    parts.filter(
      (part, i) =>
        part.start < part.end &&
        parts
          .slice(0, i)
          .every(
            (other) =>
              other.end <= part.start ||
              part.end <= other.start ||
              (other.start <= part.start && part.end <= other.end) ||
              (part.start <= other.start && other.end <= part.end)
          )
    )
  )
  .map((parts) => parts.sort((a, b) => a.start - b.start || b.end - a.end));

describe("a patched text", () => {
  it("is the text itself when nothing is changed", () => {
    fc.assert(fc.property(fc.string(), (text) => assert.equal(String(new Patch(text)), text)));
  });

  it("puts what is opened later behind what was opened first, and closes in the reverse order", () => {
    const patch = new Patch("a+b");
    patch.wrap({start: 0, end: 3}, "1(", ")1");
    patch.wrap({start: 0, end: 3}, "2(", ")2");
    patch.wrap({start: 2, end: 3}, "3(", ")3");
    assert.equal(String(patch), "1(2(a+3(b)3)2)1");
  });

  it("closes what ends at a position before it opens what begins there", () => {
    const patch = new Patch("ab");
    patch.wrap({start: 0, end: 1}, "(", ")");
    patch.wrap({start: 1, end: 2}, "[", "]");
    assert.equal(String(patch), "(a)[b]");
  });

  it("keeps the brackets balanced and the text inside, whatever parts are wrapped", () => {
    const text = "abcdefghijklmnopqrst";
    fc.assert(
      fc.property(nested, (parts) => {
        const patch = new Patch(text);
        parts.forEach((part, i) => patch.wrap(part, `<${i}>`, `</${i}>`));
        const result = String(patch);
        assert.equal(result.replace(/<\/?\d+>/g, ""), text);
        const open: string[] = [];
        for (const [, close, i] of result.matchAll(/<(\/?)(\d+)>/g))
          if (close) assert.equal(open.pop(), i, result);
          else open.push(i);
        assert.deepEqual(open, []);
        parts.forEach(({start, end}, i) => {
          const inner = result.slice(result.indexOf(`<${i}>`), result.indexOf(`</${i}>`));
          assert.equal(inner.replace(/<\/?\d+>/g, ""), text.slice(start, end));
        });
      })
    );
  });

  it("takes a replaced part out and leaves what stands around it, wraps included", () => {
    const patch = new Patch("x = yield;");
    patch.wrap({start: 4, end: 9}, "r(", ")");
    patch.replace(4, 9, "yield p()");
    assert.equal(String(patch), "x = r(yield p());");
    const two = new Patch("abc");
    two.replace(2, 3, "C");
    two.replace(0, 1, "A");
    assert.equal(String(two), "AbC");
  });

  it("puts both sides of an empty part at its position", () => {
    const patch = new Patch("{}");
    patch.wrap({start: 1, end: 1}, "try{", "}finally{}");
    assert.equal(String(patch), "{try{}finally{}}");
  });

  it("can be asked twice", () => {
    const patch = new Patch("abc");
    patch.replace(1, 2, "B");
    assert.equal(String(patch), "aBc");
    assert.equal(String(patch), "aBc");
  });
});
