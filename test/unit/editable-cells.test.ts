import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {join} from "node:path";
import {after, describe, it} from "node:test";
import {buildSmallSite, removeSmallSites} from "../small-site.js";

after(removeSmallSites);

/** Builds a page and returns its problems, without "src/page.md:" at their start. */
async function problems(...lines: string[]): Promise<string[]> {
  const built = await buildSmallSite({"page.md": `# A page\n\n${lines.join("\n")}\n`});
  return built.problems.map((problem) => problem.replace(/^src\/page\.md:/, ""));
}

const fence = (info: string, code = "const a = 1;") => ["```" + info, code, "```"];

describe("a fence with editable=name", () => {
  it("becomes an element that holds the code and what Framework runs", async () => {
    const {output, problems} = await buildSmallSite({
      "page.md": `# A page\n\n${fence("ts editable=first-one rows=4 collapsed", "const a: number = 1 < 2 ? 1 : 0;").join("\n")}\n\nIt is \${a}.\n`
    });
    assert.deepEqual(problems, []);
    const html = readFileSync(join(output, "page.html"), "utf8");
    const [cell] = /<live-cell[^]*<\/live-cell>/.exec(html) ?? [""];
    assert.match(cell, /^<live-cell name="first-one" rows="4" collapsed/);
    assert.match(cell.replace(/<[^>]*>/g, ""), /const a: number = 1 &lt; 2 \? 1 : 0;/, "the source, searchable");
    assert.match(cell, /hljs-keyword/, "highlighted");
    const [, id] = /<!--:([0-9a-f]{8}):-->/.exec(cell) ?? [];
    assert.match(html, new RegExp(`\\w\\(\\{id: ?"${id}", ?outputs: ?\\["a"\\]`), "Framework has compiled it");
  });

  it("shows the value of a lone expression, as an edited one does, and not that of a statement", async () => {
    const built = await buildSmallSite({
      "page.md": `# A page\n\n${[...fence("ts editable=a", "1 + 2 // three"), "", ...fence("ts editable=b", "const b = 3;")].join("\n")}\n`
    });
    assert.deepEqual(built.problems, []);
    const html = readFileSync(join(built.output, "page.html"), "utf8");
    assert.match(html, /\w\(await[ (]*(3|1 ?\+ ?2)/);
    assert.equal(html.match(/inputs: ?\["display"\]/g)?.length, 1);
    assert.match(html.replace(/<[^>]*>/g, ""), /1 \+ 2 \/\/ three/, "the reader sees the code as it was written");
  });

  it("asks for its script once a page, and a page without cells does not", async () => {
    const cells = [...fence("ts editable=a"), "", ...fence("ts editable=b", "const b = 2;")].join("\n");
    const {output} = await buildSmallSite({
      "page.md": `# A page\n\n${cells}\n`,
      "plain.md": `# Plain\n\n${fence("ts echo").join("\n")}\n`
    });
    const scripts = (page: string) =>
      readFileSync(join(output, page), "utf8").match(/<script[^>]*components\/live-cell/g) ?? [];
    assert.equal(scripts("page.html").length, 1);
    assert.equal(scripts("plain.html").length, 0);
  });

  const faults: [what: string, lines: string[], problem: RegExp][] = [
    ["no name", fence("ts editable"), /^3: editable=…: give a name/],
    ["a name that is no name", fence("ts editable=Step_1"), /^3: editable=Step_1: give a name of small letters/],
    [
      "a name that another cell has",
      [...fence("ts editable=a"), "", ...fence("ts editable=a", "const b = 1;")],
      /^7: editable=a: another cell/
    ],
    [
      "an unknown option",
      fence("ts editable=a row=3"),
      /^3: row is no option of an editable cell: there are rows, collapsed, solution, check/
    ],
    ["echo, which it has anyway", fence("ts editable=a echo"), /^3: echo is no option/],
    [
      "rows that are no number",
      fence("ts editable=a rows=many"),
      /^3: rows=many: choose a whole number of lines from 1 to 60/
    ],
    ["no rows", fence("ts editable=a rows=0"), /^3: rows=0/],
    ["a value for collapsed", fence("ts editable=a collapsed=no"), /^3: collapsed=no: it takes no value/],
    ["another language", fence("js editable=a"), /^3: an editable cell is TypeScript/],
    [
      "a check that is not there",
      fence("ts editable=a check=checkA"),
      /^3: check=checkA: no cell of this page defines a function checkA/
    ],
    ["a solution that is not there", fence("ts editable=a solution=s"), /^3: solution=s: this page has no fence/],
    [
      "a solution that would run",
      [...fence("ts editable=a solution=s"), "", ...fence("ts solution=s", "const b = 1;")],
      /^7: a solution must not run/
    ],
    [
      "a solution that nobody asks for",
      [...fence("ts editable=a"), "", ...fence("ts run=false solution=s")],
      /no cell asks for the solution "s"/
    ]
  ];
  for (const [what, lines, problem] of faults) {
    it(`fails the build on ${what}, with the line`, async () => {
      const found = await problems(...lines);
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0], problem);
    });
  }

  it("still has its syntax errors reported at their line", async () => {
    assert.match((await problems(...fence("ts editable=a", "const a = 1;\nconst b = ;"))).join(), /^5: SyntaxError/);
  });

  it("keeps its solution out of the text and inside the element", async () => {
    const page = [
      "# A page",
      "",
      ...fence("ts editable=a solution=s"),
      "",
      ...fence("ts run=false solution=s", "const a = 4217;")
    ];
    const {output, problems} = await buildSmallSite({"page.md": `${page.join("\n")}\n`});
    assert.deepEqual(problems, []);
    const html = readFileSync(join(output, "page.html"), "utf8");
    const [solution] = /<details class="live-cell-solution">[^]*?<\/details>/.exec(html) ?? [""];
    assert.match(solution.replace(/<[^>]*>/g, ""), /const a = 4217;/);
    assert.equal(html.split("4217").length, 2, "it stands once");
  });
});
