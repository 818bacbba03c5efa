import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {digitUnpacker, packDigits, sliceDigits, unpackDigits} from "../../lib/digits/digit-set.js";
import type {DigitSet} from "../../lib/digits/digit-set.js";
import {noiseDigits} from "./small-mnist.js";

const set: DigitSet = {source: "mnist", train: noiseDigits(3, 1), test: noiseDigits(2, 2)};
const sets = fc
  .record({
    source: fc.constantFrom("mnist" as const, "offline" as const),
    counts: fc.tuple(fc.nat(6), fc.nat(4)),
    seed: fc.nat()
  })
  .map(({source, counts, seed}) => {
    return {source, train: noiseDigits(counts[0], seed), test: noiseDigits(counts[1], seed + 1)};
  });

describe("unpackDigits", () => {
  it("returns what packDigits took: source, counts, pixels and labels", () => {
    fc.assert(
      fc.property(sets, (set) => assert.deepEqual(unpackDigits(packDigits(set)), set)),
      {numRuns: 50}
    );
  });

  it("gives each array a buffer of its own, so that one can be sent away without the others", () => {
    const {train, test} = unpackDigits(packDigits(set));
    const buffers = new Set([train.pixels, train.labels, test.pixels, test.labels].map(({buffer}) => buffer));
    assert.equal(buffers.size, 4);
  });

  const damaged = (change: (bytes: Uint8Array) => void) => {
    const bytes = packDigits(set);
    change(bytes);
    return bytes;
  };
  const refused: [what: string, bytes: Uint8Array, message: RegExp][] = [
    ["an empty file", new Uint8Array(0), /has only 0 bytes/],
    ["a header cut short", packDigits(set).subarray(0, 15), /has only 15 bytes/],
    ["a pack cut short", packDigits(set).subarray(0, -1), /ends after 3940 of 3941 bytes/],
    ["extra bytes", new Uint8Array([...packDigits(set), 0]), /is longer than it says/],
    ["another kind of file", damaged((bytes) => (bytes[0] = 0)), /is not a file of digits/],
    ["a later version", damaged((bytes) => (bytes[4] = 2)), /has version 2, and this page reads 1/],
    ["an unknown source", damaged((bytes) => (bytes[5] = 2)), /is damaged/],
    ["a count beyond all reason", damaged((bytes) => (bytes[11] = 255)), /is damaged/],
    ["a smaller count", damaged((bytes) => (bytes[8] = 2)), /is longer than it says/],
    ["a label above 9", damaged((bytes) => (bytes[20] = 10)), /has a label above 9/]
  ];
  for (const [what, bytes, message] of refused)
    it(`refuses ${what}`, () => assert.throws(() => unpackDigits(bytes), message));
});

describe("digitUnpacker", () => {
  it("gives the same digits however the pack is cut, and a share that rises to 1", () => {
    const cuts = fc.array(fc.integer({min: 0, max: 900}), {minLength: 1, maxLength: 30});
    fc.assert(
      fc.property(sets, cuts, (set, lengths) => {
        const bytes = packDigits(set);
        const unpacker = digitUnpacker();
        let fraction = unpacker.fraction;
        assert.equal(fraction, 0);
        for (let at = 0, i = 0; at < bytes.length; ++i) {
          const length = i < lengths.length ? lengths[i] : bytes.length;
          unpacker.push(bytes.slice(at, at + length));
          at += length;
          assert.ok(unpacker.fraction >= fraction, `the share falls from ${fraction} to ${unpacker.fraction}`);
          fraction = unpacker.fraction;
        }
        assert.equal(fraction, 1);
        assert.deepEqual(unpacker.finish(), set);
      }),
      {numRuns: 50}
    );
  });
});

describe("packDigits", () => {
  it("refuses arrays that do not fit their count, and labels above 9", () => {
    const {train} = set;
    const pack = (part: object) => () => packDigits({...set, train: {...train, ...part}});
    assert.throws(pack({count: 4}), /the train digits say that they are 4, but have 2352 pixels and 3 labels/);
    assert.throws(pack({pixels: train.pixels.subarray(1)}), /2351 pixels/);
    assert.throws(pack({labels: new Uint8Array([0, 1, 10])}), /the train digits have the label 10/);
  });
});

describe("sliceDigits", () => {
  it("copies the digits from the first to the one before the last", () => {
    const {train} = set;
    const {count, pixels, labels} = sliceDigits(train, 1, 3);
    assert.deepEqual([count, [...labels]], [2, [1, 2]]);
    assert.deepEqual(pixels, train.pixels.slice(784, 3 * 784));
    assert.notEqual(pixels.buffer, train.pixels.buffer);
  });

  it("refuses digits that are not there", () => {
    for (const [start, end] of [
      [0, 4],
      [-1, 2],
      [2, 1],
      [0, 0.5]
    ])
      assert.throws(() => sliceDigits(set.train, start, end), /^RangeError: digits .* but there are 3/);
  });
});
