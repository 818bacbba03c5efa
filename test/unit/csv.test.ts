import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {csvText} from "../../src/components/csv.js";
import {readCsv} from "./read-csv.js";

describe("csvText", () => {
  it("begins with the names of the columns, without a comment", () => {
    assert.equal(csvText({columns: ["S", "eta"], rows: [[10, 0.5]]}), "S,eta\r\n10,0.5\r\n");
  });

  it("can be read back, whatever the texts hold", () => {
    const value = fc.oneof(fc.string(), fc.double({noNaN: true, noDefaultInfinity: true}), fc.constant('a "b",\r\nc'));
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value)), (rows) => {
        const back = readCsv(csvText({columns: ["a", "b, c"], rows}));
        assert.deepEqual(back, [["a", "b, c"], ...rows.map((row) => row.map(String))]);
      })
    );
  });

  it("leaves a number that is not finite empty", () => {
    assert.equal(csvText({columns: ["x", "y"], rows: [[NaN, Infinity]]}), "x,y\r\n,\r\n");
  });

  it("refuses a row that has not a value for each column", () => {
    assert.throws(() => csvText({columns: ["x", "y"], rows: [[1]]}), /row 0 of the table has 1 values.*2 columns/);
  });
});
