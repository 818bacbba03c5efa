import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {deflateRawSync} from "node:zlib";
import fc from "fast-check";
import {decodeShare, encodeShare, longestHash} from "../../src/components/live-cell/share.js";

const problem = async (hash: string): Promise<string> => {
  const result = await decodeShare(hash);
  assert.ok("problem" in result, `${hash.slice(0, 60)} was accepted`);
  return result.problem;
};

const pack = (text: string, version = 1): string => `#live=${version}.${deflateRawSync(text).toString("base64url")}`;

describe("a link with shared code", () => {
  it("gives back every text and every setting", async () => {
    const setting = fc.oneof(fc.string(), fc.boolean());
    // Names such as __proto__ are no names of cells, and JSON loses them.
    const name = fc.string({minLength: 1, maxLength: 20}).filter((text) => !(text in Object.prototype));
    const shared = fc.record({
      cells: fc.dictionary(name, fc.string({unit: "grapheme", maxLength: 200}), {noNullPrototype: true}),
      settings: fc.dictionary(name, fc.dictionary(name, setting, {noNullPrototype: true}), {noNullPrototype: true})
    });
    await fc.assert(
      fc.asyncProperty(shared, async (value) => {
        const hash = await encodeShare(value);
        assert.ok(typeof hash === "string", "the link is short enough");
        assert.match(hash, /^#live=1\.[\w-]*$/);
        assert.deepEqual(await decodeShare(hash), {...value});
      }),
      {numRuns: 60}
    );
  });

  it("is compressed: repeated code costs little", async () => {
    const hash = await encodeShare({cells: {a: "x = x.mul(2);\n".repeat(500)}, settings: {}});
    assert.ok(typeof hash === "string" && hash.length < 300, String(hash).slice(0, 80));
  });

  it("is refused with a sentence when it would be too long to send", async () => {
    let text = "";
    for (let i = 0; text.length < 60_000; ++i) text += Math.sin(i).toString(36);
    const result = await encodeShare({cells: {a: text}, settings: {}});
    assert.ok(typeof result !== "string", "it was made");
    assert.match(result.problem, new RegExp(`too long for a link .*${longestHash}.*Download`));
  });

  it("says that it is damaged, wherever it is cut or changed", async () => {
    const hash = (await encodeShare({cells: {step: "const a = 1;"}, settings: {}})) as string;
    for (let length = "#live=1.".length; length < hash.length; length += 3)
      assert.match(await problem(hash.slice(0, length)), /damaged/);
    for (const text of [
      "#live=",
      "#live=1",
      "#live=x.abc",
      "#live=1.%%%",
      "#live=1.AAAA",
      pack("[]"),
      pack("null"),
      pack("{}")
    ])
      assert.match(await problem(text), /damaged/, text);
    for (const text of [
      '{"cells": {"a": 1}, "settings": {}}',
      '{"cells": {}, "settings": {"f": {"a": 3}}}',
      '{"cells": [], "settings": {}}'
    ])
      assert.match(await problem(pack(text)), /damaged/, text);
  });

  it("says when a newer version has made it", async () => {
    assert.match(await problem(pack('{"cells": {}, "settings": {}}', 2)), /newer version/);
  });

  it("is not opened when it is longer than the limit, or holds more than it should", async () => {
    assert.match(await problem(`#live=1.${"A".repeat(longestHash)}`), /longer than 16000 characters/);
    const bomb = pack(JSON.stringify({cells: {a: " ".repeat(2_000_000)}, settings: {}}));
    assert.ok(bomb.length < longestHash, "the bomb itself is small");
    assert.match(await problem(bomb), /more than 400000 characters/);
  });
});
