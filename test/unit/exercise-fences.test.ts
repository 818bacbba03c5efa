import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {mkdir, mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {after, describe, it} from "node:test";
import {normalizeConfig} from "@observablehq/framework/dist/config.js";
import {exercisesIn} from "../../tools/exercise-fences.js";
import type {PageExercises} from "../../tools/exercise-fences.js";
import {exerciseCode} from "../../tools/fences.js";
import {readPage} from "../../tools/page-source.js";
import {siteConfig} from "../../tools/site.js";
import {buildSmallSite, removeSmallSites} from "../small-site.js";

const fence = (info: string, code: string): string => `\`\`\`${info}\n${code}\n\`\`\`\n`;
const details = (kind: string): string => `<details class="${kind}"><summary>More</summary>\n\nText.\n\n</details>\n`;

const heading = "### 1. Half of it {#exercise-half}\n";
const start = fence("ts exercise=half", "const half = (x: number) => x;");
const solution = fence("ts run=false solution=half", "const half = (x: number) => x / 2;");
const wrong = fence("ts run=false wrong=half", "// says: too small\nconst half = (x: number) => x / 4217;");
const hints = details("hint") + details("hint");
const explanation = details("explanation");
const parts = {heading, start, solution, wrong, hints, explanation};
const checks = "export const checks = {half: ({half}) => (half(4) === 2 ? undefined : `half(4) is ${half(4)}.`)};\n";

const page = (own: Partial<typeof parts> = {}): string => `# A page\n\n${Object.values({...parts, ...own}).join("\n")}`;

const folders: string[] = [];
after(async () => {
  await removeSmallSites();
  await Promise.all(folders.map((folder) => rm(folder, {recursive: true})));
});

async function site(files: Record<string, string>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "exercises-test-"));
  folders.push(root);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), {recursive: true});
    await writeFile(join(root, name), text);
  }
  return root;
}

async function read(files: Record<string, string>, path = "/page"): Promise<PageExercises> {
  const root = await site(files);
  const {md} = normalizeConfig(siteConfig({root, report: () => {}}));
  return exercisesIn(md.parse(readPage(root, path).body, {path, code: []}), root, path);
}

/** The problems of a page, as "line: message". */
async function problems(text: string, more: Record<string, string> = {}): Promise<string[]> {
  const found = await read({"page.md": text, "lib/exercises/page.ts": checks, ...more});
  return found.problems.map(({line, message}) => `${line}: ${message}`);
}

describe("the exercises of a page", () => {
  it("are read with all that belongs to them", async () => {
    const {exercises, problems} = await read({"page.md": page(), "lib/exercises/page.ts": checks});
    assert.deepEqual(problems, []);
    const [{name, chapter, title, anchor, line, wrong, hints, explained, lines, ...code}] = exercises;
    assert.deepEqual(
      {name, chapter, title, anchor, line, hints, explained, lines},
      {
        name: "half",
        chapter: "page",
        title: "Half of it",
        anchor: "exercise-half",
        line: 5,
        hints: 2,
        explained: true,
        lines: {start: 5, solution: 9}
      }
    );
    assert.equal(code.start, "const half = (x: number) => x;\n");
    assert.equal(code.solution, "const half = (x: number) => x / 2;\n");
    assert.deepEqual(wrong, [
      {says: "too small", code: "// says: too small\nconst half = (x: number) => x / 4217;\n", line: 13}
    ]);
  });

  const faults: [what: string, text: string, problem: RegExp, more?: Record<string, string>][] = [
    ["no solution", page({solution: ""}), /^5: exercise=half: write one fence ```ts run=false solution=half/],
    ["two solutions", page({solution: `${solution}\n${solution}`}), /^5: exercise=half: write one fence/],
    [
      "no wrong answer",
      page({wrong: ""}),
      /^5: exercise=half: write a likely mistake in a fence ```ts run=false wrong=half/
    ],
    [
      "a wrong answer that would run",
      page({wrong: wrong.replace("run=false ", "")}),
      /^13: a wrong answer must not run: add run=false/
    ],
    [
      "a wrong answer to nothing",
      page({wrong: `${wrong}\n${wrong.replace("wrong=half", "wrong=third")}`}),
      /^18: wrong=third: this page has no fence ```ts exercise=third/
    ],
    [
      "a wrong answer without a message",
      page({wrong: wrong.replace("// says: too small\n", "")}),
      /^13: wrong=half: its first line names a part of the message/
    ],
    ["one hint", page({hints: details("hint")}), /^5: exercise=half: give two or three hints.*there are 1/],
    ["four hints", page({hints: hints + hints}), /^5: exercise=half: give two or three hints.*there are 4/],
    ["no explanation", page({explanation: ""}), /^5: exercise=half: give an explanation/],
    ["no heading to link to", page({heading: "### Half of it\n"}), /^5: exercise=half: give it a heading of its own/],
    [
      "an unknown option",
      page({start: start.replace("=half", "=half check=x")}),
      /^5: check is no option of an exercise: there is rows/
    ],
    ["another language", page({start: start.replace("ts ", "js ")}), /^5: an exercise is TypeScript/],
    [
      "a name of an editable cell",
      `${fence("ts editable=half", "const other = 1;")}\n${page()}`,
      /^9: exercise=half: an editable cell of this page has this name/
    ],
    [
      "no check",
      page(),
      /^5: exercise=half: lib\/exercises\/page\.ts has no check of this name/,
      {"lib/exercises/page.ts": "export const checks = {halves: () => undefined};"}
    ],
    [
      "a name that an exercise of another page has",
      page(),
      /^5: exercise=half: an exercise of .*\/other\.md has this name already/,
      {"other.md": page(), "lib/exercises/other.ts": checks}
    ]
  ];
  for (const [what, text, problem, more] of faults) {
    it(`are reported with their line: ${what}`, async () => {
      const found = await problems(text, more);
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0], problem);
    });
  }

  it("are reported where a name is used twice, or is none, or the checks of the page are missing", async () => {
    const twice = `${page()}\n${page().replace("# A page\n", "").replace("{#exercise-half}", "{#exercise-again}")}`;
    assert.match((await problems(twice)).join("\n"), /exercise=half: another exercise of this page has this name/);
    assert.match(
      (await problems(page().replaceAll("=half", "=Half_1"))).join("\n"),
      /exercise=Half_1: give a name of small letters/
    );
    const {problems: found} = await read({"page.md": page()});
    assert.match(found[0].message, /there is no lib\/exercises\/page\.ts/);
  });

  it("may be shown in a fence of four marks without being one", async () => {
    const shown = `\`\`\`\`\n${page()}\n\`\`\`\`\n`;
    assert.deepEqual(await problems(page(), {"a-guide.md": shown}), []);
  });

  it("are checked for their types, each as a module of its own, at the lines of the page", async () => {
    const root = await site({"page.md": `---\ntitle: A\n---\n${page()}`, "lib/exercises/page.ts": checks});
    const {md} = normalizeConfig(siteConfig({root, report: () => {}}));
    const [first, second] = exerciseCode(root, "/page", md);
    assert.equal(first.code.split("\n")[8], "const half = (x: number) => x;");
    assert.equal(second.code.split("\n")[12], "const half = (x: number) => x / 2;");
    assert.ok(first.editable.has(8), "a name that only a check uses is no fault");
  });
});

describe("a page with an exercise, when it is built", () => {
  it("has the start as the cell’s code and the solution in it once, never a wrong answer, and nothing that runs", async () => {
    const second = page().replace("# A page\n", "").replaceAll("half", "third").replaceAll("const third", "const half");
    const both = `${page()}\n${second.replace("1. Half", "2. Third")}`; // both define the same name, as they may
    const {output, problems} = await buildSmallSite({
      "page.md": both,
      "lib/exercises/page.ts": checks.replace("{half:", "{third: () => undefined, half:")
    });
    assert.deepEqual(problems, []);
    const html = readFileSync(join(output, "page.html"), "utf8");
    assert.match(html, /<live-cell name="half" rows="1" exercise="page"/);
    const text = html.replace(/<[^>]*>/g, "");
    assert.ok(text.includes("const half = (x: number) =&gt; x;"), "the start");
    assert.equal(text.split("x / 2").length, 3, "each of the two solutions once");
    assert.doesNotMatch(html, /4217|too small/);
    assert.doesNotMatch(html, /outputs: \["half"\]/);
    assert.equal(html.match(/<script[^>]*components\/live-cell/g)?.length, 1);
  });
});
