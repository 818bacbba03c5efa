import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {describe, it} from "node:test";
import {digitBench} from "../../data/bench-digits.js";
import type {BenchRow} from "../../lib/bench-row.js";
import {benchText, devicesText} from "../../lib/bench-row.js";

const row: BenchRow = {id: "a", value: 0.9876, unit: "share", spread: 0.0123, samples: 1000, device: "test"};

describe("a row of a bench", () => {
  it("reads as a share, a ratio or a size", () => {
    assert.equal(benchText(row), "98.8 ± 1.2%");
    assert.equal(benchText({...row, value: 50.12, unit: "ratio", spread: 0.25}), "50.1 ± 0.3");
    assert.equal(benchText({...row, value: 1.234, unit: "ratio", spread: 0}), "1.23");
    assert.equal(benchText({...row, value: 394_244, unit: "bytes"}), "394 kB");
  });

  it("names each device once, however much its load has changed from row to row", () => {
    const on = (...devices: string[]) => devicesText(devices.map((device) => ({device})));
    assert.equal(
      on("A, load 8.5 on 2 cores", "B", "A, load 1.3 on 2 cores", "A, load 5 on 2 cores"),
      "A, load 1.3 to 8.5 on 2 cores; B"
    );
    assert.equal(on("A, load 2 on 2 cores", "A, load 2 on 2 cores"), "A, load 2 on 2 cores");
    assert.equal(on(), "none");
  });
});

describe("the recorded bench of the digits", () => {
  const rows = JSON.parse(readFileSync("src/data/digit-bench.json", "utf8")) as BenchRow[];

  it("has all rows that the bench measures, each with its counts and device", () => {
    for (const id of digitBench.flatMap(({ids}) => ids)) {
      const own = rows.filter((one) => one.id === id);
      assert.equal(own.length, 1, `${id} is there ${own.length} times`);
      assert.ok(own[0].unit === "bytes" || own[0].samples >= 1000, `${id} has ${own[0].samples} samples`);
      assert.ok(Number.isFinite(own[0].value) && own[0].device.length > 3, `${id} has no value or device`);
    }
  });
});
