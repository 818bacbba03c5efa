import assert from "node:assert/strict";
import {existsSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {describe, it} from "node:test";
import {fileURLToPath} from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (name: string) => readFileSync(join(root, name), "utf8");

// A row is: what is promised or the fault | `file` › name of the test | what came of it. Names are as in the source.
const rowsOf = (name: string) =>
  read(name)
    .split("\n")
    .filter((line) => line.startsWith("| ") && !/^\| (Fault|Promise|---)/.test(line))
    .map((line) => line.split(/(?<!\|)\|(?!\|)/).map((part) => part.trim()))
    .map(([, what, named, came]) => ({what, came, ...(/^`(?<file>\S+)` › (?<test>.+)$/.exec(named)?.groups ?? {})}));

for (const [name, least] of [
  ["docs/faults.md", 40],
  ["docs/conformance.md", 35]
] as const) {
  describe(name, () => {
    it("names tests that are there, and says what comes of each", () => {
      const rows = rowsOf(name);
      assert.ok(rows.length > least, `only ${rows.length} rows were read`);
      const wrong = rows.filter(({what, came, ...named}) => {
        const {file = "", test = ""} = named as {file?: string; test?: string};
        return !what || !came || !existsSync(join(root, file)) || !test || !isTest(read(file), test);
      });
      assert.deepEqual(wrong, []);
    });
  });
}

function isTest(source: string, name: string): boolean {
  return ['"', "`"].some((quote) => source.includes(`${quote}${name}${quote}`));
}
