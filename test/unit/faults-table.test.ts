import assert from "node:assert/strict";
import {existsSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {describe, it} from "node:test";
import {fileURLToPath} from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (name: string) => readFileSync(join(root, name), "utf8");

// A row is: fault | `file` › name of the test | what the reader gets. Names are as in the source.
const rows = read("docs/faults.md")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !/^\| (Fault|---)/.test(line))
  .map((line) => line.split("|").map((part) => part.trim()))
  .map(([, fault, named, gets]) => ({fault, gets, ...(/^`(?<file>\S+)` › (?<test>.+)$/.exec(named)?.groups ?? {})}));

describe("the table of faults", () => {
  it("names tests that are there, and says of each fault what the reader gets", () => {
    assert.ok(rows.length > 40, `only ${rows.length} rows were read`);
    const wrong = rows.filter(({fault, gets, ...named}) => {
      const {file = "", test = ""} = named as {file?: string; test?: string};
      return !fault || !gets || !existsSync(join(root, file)) || !test || !isTest(read(file), test);
    });
    assert.deepEqual(wrong, []);
  });
});

function isTest(source: string, name: string): boolean {
  return ['"', "`"].some((quote) => source.includes(`${quote}${name}${quote}`));
}
