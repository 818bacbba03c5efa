import assert from "node:assert/strict";
import {readFileSync, readdirSync} from "node:fs";
import {join} from "node:path";
import {afterEach, describe, it} from "node:test";
import {fileURLToPath} from "node:url";
import {forgetAnswers, noteTry} from "../../src/components/exercise-progress.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

// What a reader's machine says of the day: shown and written into files, and never taken for a length of time.
const dated = [
  "src/components/exercise-frame.ts",
  "src/components/exercise-hand-in.ts",
  "src/components/exercise-progress.ts"
];

afterEach(forgetAnswers);

describe("a clock that goes back", () => {
  it("cannot touch a pace, a time left, a player or a pause: they are measured by a clock that only goes on", () => {
    const files = ["lib", "src/components"].flatMap((folder) =>
      readdirSync(join(root, folder), {recursive: true, encoding: "utf8"})
        .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
        .filter((name) => name.endsWith(".ts") && !/\/(vendor|assembly)\//.test(name))
    );
    assert.ok(files.length > 200, `only ${files.length} files were read`);
    const uses = files.filter((name) => /\bDate\.now\b|\bnew Date\b/.test(readFileSync(join(root, name), "utf8")));
    assert.deepEqual(uses.sort(), dated);
  });

  it("loses no answer: tries count on, and a right one stays", () => {
    const note = (code: string, message: string | null, day: number) =>
      noteTry({exercise: "a-b", chapter: "ddim", code, message}, new Date(Date.UTC(2026, 0, day))).answer;
    note("1", "no", 20);
    const {code, tries} = note("2", "no", 3);
    assert.deepEqual([code, tries], ["2", 2], "the last try is the one that is known, whatever its date");
    note("3", null, 2);
    const kept = note("4", "no", 1);
    assert.deepEqual([kept.code, kept.right, kept.tries], ["3", true, 4]);
  });
});
