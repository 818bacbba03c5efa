import assert from "node:assert/strict";
import {mkdir, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {formatProblem} from "../../tools/problems.js";
import {checkPages, readProject} from "../../tools/typecheck.js";

// Inside the repository, since the types of packages are looked up from there.
const root = join(".cache", `typecheck-test-${process.pid}`);

const pages: Record<string, string[]> = {
  good: [
    "---",
    "title: Good",
    "---",
    "",
    "${total(list).toFixed(2)} and ${String((x) => x)}",
    "",
    "```ts",
    'import {total} from "./lib/total.js";',
    "",
    'const list: number[] = await FileAttachment("list.json").json();',
    'const n = view(Object.assign(document.createElement("input"), {value: 3}));',
    "display(later(n + width));",
    "```",
    "",
    "```ts echo",
    'const later = (x: number): string => (dark ? `${x}` : "");',
    "```",
    "",
    "```ts run=false",
    "This is not code.",
    "```"
  ],
  bad: [
    "---",
    "title: Bad",
    "---",
    "",
    "- In a list:",
    "",
    "  ```ts",
    '  import {total} from "./lib/total.js";',
    '  total("a");',
    "  ```",
    "",
    "Text and ${total(1)}",
    "",
    "```js",
    "unknownName;",
    "```"
  ],
  missing: ["```ts", 'import {x} from "./lib/none.js";', "display(x);", "```"],
  editable: [
    "```ts editable=mean check=checkMean",
    "const mean = 1;",
    "```",
    "",
    "```ts",
    "function checkMean(): void {}",
    "const unused = 1;",
    "```",
    "",
    "```ts editable=wrong",
    'const wrong: number = "a";',
    "```"
  ],
  twice: ["```ts", "const a = 1;", "```", "", "```ts", "const a = 2;", "display(a);", "```"]
};

describe("checkPages", () => {
  let problems: string[];
  before(async () => {
    await mkdir(join(root, "lib"), {recursive: true});
    await writeFile(join(root, "lib/total.ts"), "export const total = (list: number[]): number => list[0];\n");
    for (const [name, lines] of Object.entries(pages)) await writeFile(join(root, `${name}.md`), lines.join("\n"));
    problems = checkPages(readProject(), root).map((problem) => formatProblem(problem).replaceAll(root, "src"));
  });
  after(() => rm(root, {recursive: true, force: true}));

  const of = (page: string): string[] => problems.filter((problem) => problem.startsWith(`src/${page}.md`));

  it("accepts what Framework gives to cells, any order of cells, and JavaScript in ${…}", () => {
    assert.deepEqual(of("good"), []);
  });

  it("reports the page's own line and column, also in a list", () => {
    assert.match(of("bad")[0], /^src\/bad\.md:9:9: Argument of type 'string' is not assignable/);
  });

  it("reports the line of ${…}, without a column", () => {
    assert.match(of("bad")[1], /^src\/bad\.md:12: Argument of type 'number' is not assignable/);
  });

  it("reports a name that nothing defines, in js fences too", () => {
    assert.match(of("bad")[2], /^src\/bad\.md:15:1: Cannot find name 'unknownName'/);
    assert.equal(of("bad").length, 3);
  });

  it("reports a module that does not exist", () => {
    assert.equal(of("missing").length, 1);
    assert.match(of("missing")[0], /^src\/missing\.md:2:17: Cannot find module '\.\/lib\/none\.js'/);
  });

  it("lets an editable cell define what only its check or a reader uses, and checks its types", () => {
    const found = problems.filter((problem) => problem.includes("editable.md"));
    assert.equal(found.length, 2, found.join("\n"));
    assert.match(found[0], /editable\.md:7:7: 'unused' is declared but/);
    assert.match(found[1], /editable\.md:11:7: Type 'string' is not assignable/);
  });
  it("reports a name that two cells define", () => {
    assert.match(
      of("twice").join("\n"),
      /^src\/twice\.md:2:7: Cannot redeclare .*\nsrc\/twice\.md:6:7: Cannot redeclare/
    );
  });
});
