import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {jackknifeError} from "../../lib/metrics/jackknife.js";
import {seededRandom} from "../../lib/random.js";
import {assertRelative} from "./near.js";

describe("jackknifeError(without)", () => {
  const values = [...seededRandom(1).normals(400)];
  const mean = (some: number[]) => some.reduce((sum, value) => sum + value, 0) / some.length;
  const without = (groups: number, statistic: (some: number[]) => number) =>
    Array.from({length: groups}, (_, group) => statistic(values.filter((_, i) => i % groups !== group)));

  it("is the textbook's standard error of a mean when each thing is left out by itself", () => {
    const variance = values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / 399;
    assertRelative(jackknifeError(without(400, mean)), Math.sqrt(variance / 400), 1e-10, "the error");
  });

  it("is near it with ten groups", () => {
    assertRelative(jackknifeError(without(10, mean)), Math.sqrt(1 / 400), 0.5, "the error");
  });

  it("is right for a statistic that is no mean: the variance of normal numbers has the error sqrt(2/n)", () => {
    const variance = (some: number[]) => mean(some.map((value) => value ** 2)) - mean(some) ** 2;
    assertRelative(jackknifeError(without(400, variance)), Math.sqrt(2 / 400), 0.3, "the error");
  });

  it("refuses what says nothing about an error", () => {
    assert.throws(() => jackknifeError([1]), /RangeError: there are 1 values/);
  });
});
