import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {fixed, powerOfTen, readable} from "../../src/components/format.js";

describe("numbers for reading", () => {
  it("writes three significant figures, and powers of ten where zeros would have to be counted", () => {
    const written = [0.36358, 1, 259.4, 99_999, 100_000, 0.001, 0.000999, 4.036e-5, 0].map((value) => readable(value));
    assert.deepEqual(written, [
      "0.364",
      "1.00",
      "259",
      "99999",
      "1.00\u00a0×\u00a010⁵",
      "0.00100",
      "9.99\u00a0×\u00a010⁻⁴",
      "4.04\u00a0×\u00a010⁻⁵",
      "0.00"
    ]);
    assert.equal(readable(0.19583, 2), "0.20");
    assert.equal(readable(1234.5), "1235");
  });

  it("writes a true minus sign, and none before what rounds to zero", () => {
    assert.equal(readable(-2.5), "−2.50");
    assert.equal(readable(-2.5e-7), "−2.50\u00a0×\u00a010⁻⁷");
    assert.equal(fixed(-0.126, 2), "−0.13");
    assert.equal(fixed(-0.004, 2), "0.00");
  });

  it("writes what is not a finite number in words of its own", () => {
    assert.deepEqual(
      [Infinity, -Infinity, NaN].map((value) => readable(value)),
      ["∞", "−∞", "–"]
    );
  });

  it("writes powers of ten for a logarithmic axis", () => {
    assert.deepEqual([1e-6, 0.01, 1, 10, 100, 1e12].map(powerOfTen), ["10⁻⁶", "10⁻²", "1", "10", "10²", "10¹²"]);
  });
});
