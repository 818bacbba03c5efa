import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {crc32, decodeWeights, encodeWeights, fromHalf, toHalf} from "../../lib/digits/weights-file.js";

const manifest = {kind: "digit-network", steps: 700, loss: 0.11, backend: "wasm"} as const;
const values = Float32Array.from({length: 1001}, (_, i) => Math.sin(i));

describe("a file of weights", () => {
  it("gives the weights back to 11 bits, with the manifest", () => {
    const bytes = encodeWeights(values, manifest);
    assert.ok(bytes.length < 2 * values.length + 200, `it has ${bytes.length} bytes`);
    const read = decodeWeights(bytes, {kind: "digit-network", count: 1001});
    assert.deepEqual(read.manifest, {...manifest, count: 1001});
    values.forEach((value, i) => {
      const error = Math.abs(read.values[i] - value);
      assert.ok(error <= 2 ** -11 * Math.abs(value) + 1e-9, `${value} is off by ${error}`);
    });
  });

  it("is read from the middle of a buffer, too", () => {
    const bytes = encodeWeights(values, manifest);
    const wide = new Uint8Array(bytes.length + 3);
    wide.set(bytes, 3);
    assert.equal(
      decodeWeights(wide.subarray(3), {kind: "digit-network", count: 1001}).values[1],
      fromHalf(toHalf(values[1]))
    );
  });

  it("is refused in words when it is something else, damaged, of another kind, size or format", () => {
    const bytes = encodeWeights(values, manifest);
    const expected = {kind: "digit-network", count: 1001} as const;
    const changed = (at: number, value: number) => Uint8Array.from(bytes, (byte, i) => (i === at ? value : byte));
    assert.throws(
      () => decodeWeights(new TextEncoder().encode("no weights, but a text"), expected),
      /no file of weights/
    );
    assert.throws(() => decodeWeights(new Uint8Array(3), expected), /no file of weights/);
    assert.throws(() => decodeWeights(changed(400, bytes[400] ^ 1), expected), /damaged/);
    assert.throws(() => decodeWeights(bytes.subarray(0, bytes.length - 10), expected), /damaged/);
    assert.throws(() => decodeWeights(changed(4, 9), expected), /format 9/);
    assert.throws(
      () => decodeWeights(bytes, {kind: "digit-classifier", count: 1001}),
      /of a digit-network, but a digit-classifier/
    );
    assert.throws(
      () => decodeWeights(bytes, {kind: "digit-network", count: 5}),
      /1001 weights, but the network of this page has 5/
    );
  });

  it("rounds to the nearest 16-bit float, and gives each of these back as it is", () => {
    for (let half = 0; half < 0x7c00; ++half) assert.equal(toHalf(fromHalf(half)), half);
    assert.equal(fromHalf(toHalf(1e9)), 65504); // a weight must stay finite
    assert.equal(fromHalf(toHalf(-1e9)), -65504);
    assert.ok(Number.isNaN(fromHalf(toHalf(NaN))), "NaN became a number");
    fc.assert(
      fc.property(fc.double({min: -60000, max: 60000, noNaN: true}), (value) => {
        const own = Math.abs(fromHalf(toHalf(value)) - Math.fround(value));
        const half = toHalf(value);
        const other = (h: number) => Math.abs(fromHalf(h) - Math.fround(value));
        assert.ok(own <= other(half + 1), `${value}: the next one is nearer`);
        if ((half & 0x7fff) > 0) assert.ok(own <= other(half - 1), `${value}: the one before is nearer`);
      })
    );
  });

  it("has the check sum of zip", () => {
    assert.equal(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
  });
});
