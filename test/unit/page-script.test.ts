import assert from "node:assert/strict";
import {after, describe, it} from "node:test";
import {findDeclarations} from "@observablehq/framework/dist/javascript/declarations.js";
import {parseProgram} from "@observablehq/framework/dist/javascript/parse.js";
import {findReferences} from "@observablehq/framework/dist/javascript/references.js";
import ts from "typescript";
import type {Analysis, PageData} from "../../src/components/live-cell/page-data.js";
import {importStatements} from "../../src/components/live-cell/page-data.js";
import {pageNotebook} from "../../src/components/live-cell/page-notebook.js";
import {pageScript} from "../../src/components/live-cell/page-script.js";
import {moduleFunction} from "../../tools/library-modules.js";
import {pageCells, readCell} from "../../tools/page-cells.js";
import {removeScripts, run} from "./run-script.js";

const {library, versions} = pageCells();
const options = {library, versions, analyse};
const none = new Map<string, string>();

after(removeScripts);

/** What the editor's compiler finds in an edit, with the functions of Framework that it is made of. */
function analyse(source: string): Analysis {
  const {outputText, diagnostics} = ts.transpileModule(source, {
    compilerOptions: {target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022, verbatimModuleSyntax: true},
    reportDiagnostics: true
  });
  if (diagnostics?.length) throw new Error(ts.flattenDiagnosticMessageText(diagnostics[0].messageText, "\n"));
  const body = parseProgram(outputText);
  const names = (nodes: {name: string}[]): string[] => [...new Set(nodes.map(({name}) => name))];
  const expression = /^[\w. ()+*]+$/.test(source.trim());
  return {declarations: names(findDeclarations(body, outputText)), references: names(findReferences(body)), expression};
}

/** A page of these cells; a name before ":" makes one editable. */
function smallPage(...sources: string[]): PageData {
  const cells = sources.map((source) => {
    const [, name, content] = /^(?:([\w-]+)::)?([^]*)$/.exec(source)!;
    return readCell({info: name ? `ts editable=${name}` : "ts", content}, "## Part");
  });
  return {path: "/small", title: "Small", cells};
}

function script(page: PageData, edits: Record<string, string> = {}): string {
  return pageScript(page, new Map(Object.entries(edits)), options);
}

/** The cells of a script, without what stands above and below. */
function cellsOf(text: string): string {
  return text.slice(text.indexOf("// ## Part") + 12, text.indexOf("// The cells end here.")).trim();
}

interface Notebook {
  nbformat: number;
  nbformat_minor: number;
  metadata: {kernelspec: {name: string; language: string}};
  cells: {id: string; cell_type: string; metadata: {jupyter?: {source_hidden: boolean}}; source: string[]}[];
}

function notebook(page: PageData, edits = none): Notebook {
  return JSON.parse(pageNotebook(page, edits, options)) as Notebook;
}

describe("pageScript", () => {
  it("puts a cell after those whose names it uses, and leaves the others as on the page", async () => {
    const text = script(
      smallPage("display(b + 1);", "const x = 5;", "const b = 2 * a;", "const a = 20;", "display(x);")
    );
    assert.equal(cellsOf(text), "const x = 5;\n\nconst a = 20;\n\nconst b = 2 * a;\n\ndisplay(b + 1);\n\ndisplay(x);");
    assert.equal(await run(text), "41\n5\n");
  });

  it("ends when cells wait for each other", () => {
    assert.equal(
      cellsOf(script(smallPage("const a = () => b;", "const b = a;"))),
      "const a = () => b;\n\nconst b = a;"
    );
  });

  it("prints the value of a cell that is an expression, a promise's when it is there", async () => {
    const page = smallPage("const a = [1, 2];", "a.length // two", "Promise.resolve(3)", "`${a}`");
    assert.equal(await run(script(page)), "2\n1,2\n3\n");
  });

  it("gives the modules of the library by what is imported from them, under whatever name", async () => {
    const page = smallPage(
      'import {seededRandom as dice} from "./lib/random.js";\nimport type {Random} from "./lib/random.js"; // gone\n' +
        'import * as points from "./lib/points/index.js";\nconst random: Random = dice(1);',
      "display([typeof random.uniform(), points.pointSet('moons').name].join());",
      'const {fixed} = await import("./components/format.js");\ndisplay(fixed(-0.5, 1));'
    );
    const text = script(page);
    assert.match(text, /const \{seededRandom: dice\} = library\(".\/lib\/random.js"\);/);
    assert.match(text, /const points = library\(".\/lib\/points\/index.js"\);/);
    assert.doesNotMatch(text, /import type|^import /m);
    assert.equal(await run(text), "number,moons\n−0.5\n");
  });

  it("keeps as a comment, with the reason, what only the page has, and all that uses it", async () => {
    const page = smallPage(
      'import {chart} from "./components/chart.js";\n\nconst a = 1; // kept\ndisplay(chart({a}));',
      "const t = view(chart({}));\n\nconst u = t + 1;",
      "display(document.title);",
      "display(u); display(a);",
      "const w = wideness;"
    );
    const text = script(page);
    const expected = [
      "// Left out, since ./components/chart.js belongs to the page:",
      '// import {chart} from "./components/chart.js";',
      "",
      "const a = 1; // kept",
      "// Left out, since it uses chart:",
      "// display(chart({a}));",
      "",
      "// Left out, since it uses view and chart:",
      "// const t = view(chart({}));",
      "//",
      "// const u = t + 1;",
      "",
      "// Left out, since it uses document:",
      "// display(document.title);",
      "",
      "// Left out, since it uses u:",
      "// display(u);",
      " display(a);",
      "",
      "// Left out, since no cell defines wideness:",
      "// const w = wideness;"
    ];
    assert.equal(cellsOf(text), expected.join("\n"));
    assert.equal(await run(text), "1\n");
  });

  it("follows what is left out through cells in any order", async () => {
    const text = script(smallPage("display(c);", "const c = b;", "const b = a;", "const a = view(1);", "display(2);"));
    assert.equal(text.match(/Left out/g)?.length, 4);
    assert.equal(await run(text), "2\n");
  });

  it("changes no text of the library by indenting it", async () => {
    const {code, needs, fixed} = moduleFunction("lib/a.ts", "export const text = `a\n  b\nc`;\n");
    const page = smallPage('import {text} from "./lib/a.js";\ndisplay(JSON.stringify(text));');
    const own = {...options, library: {"./lib/a.js": {code, needs, fixed}}};
    assert.equal(await run(pageScript(page, none, own)), '"a\\n  b\\nc"\n');
  });

  it("needs no module around it: what waits stands in a function", async () => {
    const text = script(smallPage("const a = await Promise.resolve(4);", "display(a);"));
    assert.equal(await run(text), "4\n");
    assert.doesNotMatch(script(smallPage("const f = async () => await 1;")), /function cells/);
  });

  it("names the package with its version, and imports it once, where the cells need tensors", async () => {
    const text = script(smallPage('import * as tf from "./lib/tf.js";', "display(tf.tensor1d([1, 2]).sum());"));
    assert.match(
      text,
      new RegExp(`^// +npm i @tensorflow/tfjs@${versions["@tensorflow/tfjs"].replaceAll(".", "\\.")}$`, "m")
    );
    assert.deepEqual(text.match(/^import .*/gm), ['import * as tfjs from "@tensorflow/tfjs";']);
    assert.match(await run(text), /Tensor\s+3\n/);
    assert.doesNotMatch(script(smallPage("display(1);")), /tensorflow|library\(/);
  });
});

describe("an edit", () => {
  const page = smallPage("step::const step = (x: number) => x + 1;", "display(step(1));");

  it("stands in the place of the default, and says so", async () => {
    const text = script(page, {step: "const step = (x: number) => 10 * x;"});
    assert.equal(cellsOf(text), "// Your own step:\nconst step = (x: number) => 10 * x;\n\ndisplay(step(1));");
    assert.equal(await run(text), "10\n");
    assert.equal(script(page, {step: `${page.cells[0].source}\n`}), script(page), "the default is no edit");
  });

  it("may import, wait and use other cells", async () => {
    const more = smallPage("step::const step = (x: number) => x + 1;", "display(step(1));", "const by = await 5;");
    const edit =
      '/** Mine. */\nimport {alphaBarAt, makeSchedule} from "./lib/schedule.js"; // the levels\n' +
      'import type {Schedule} from "./lib/schedule.js";\n' +
      'const linear: Schedule = makeSchedule("linear");\nconst step = (x: number) => by * x + alphaBarAt(linear, -1);';
    const text = script(more, {step: edit});
    assert.match(
      text,
      /\/\*\* Mine\. \*\/\nconst \{alphaBarAt, makeSchedule\} = library\("\.\/lib\/schedule\.js"\); \/\/ the levels\n/
    );
    assert.equal(await run(text), "6\n");
  });

  it("that cannot be read is a comment with what is wrong, and so are the cells that use it", async () => {
    const text = script(page, {step: "const step = (x => x;"});
    const expected = [
      "// Your own step:",
      "// Left out, since it cannot be read. ')' expected.",
      "// const step = (x => x;",
      "",
      "// Left out, since it uses step:",
      "// display(step(1));"
    ];
    assert.equal(cellsOf(text), expected.join("\n"));
    assert.equal(await run(text), "");
  });

  it("that draws, uses the page, or a module that is not there, is a comment", () => {
    const reason = (edit: string): string => /Left out, since .*/.exec(script(page, {step: edit}))?.[0] ?? "";
    assert.equal(reason("const step = () => document.title;"), "Left out, since it uses document:");
    assert.equal(reason("const step = () => [...width];"), "Left out, since it uses width:");
    assert.equal(
      reason('import {chart} from "./components/chart.js";\nconst step = chart;'),
      "Left out, since ./components/chart.js belongs to the page:"
    );
    assert.match(
      cellsOf(script(page, {step: 'import {a} from "./lib/none.js";\nconst step = a;'})),
      /there is no .\/lib\/none/
    );
    assert.equal(reason("const step = () => ({document: 'document'}).document; // window"), "");
  });

  it("may use tf and d3 by their names, as on the page", async () => {
    const text = script(page, {step: "const step = (x: number) => tf.scalar(x).dataSync()[0] + d3.max([4, 5]);"});
    assert.match(text, /npm i @tensorflow\/tfjs@[\d.]+ d3@[\d.]+$/m);
    assert.equal(await run(text), "6\n");
    const own = script(smallPage("const d3 = 2;", "a::1;", "display(3);"), {a: "display(d3);"});
    assert.doesNotMatch(own, /import/, "a name of the page is the page's");
  });

  it("that takes another cell's name is a comment", () => {
    assert.match(
      script(smallPage("a::1 + 1;", "const b = 2;"), {a: "const b = 3;"}),
      /since b is defined by another cell/
    );
  });
});

describe("pageNotebook", () => {
  const page = smallPage('import * as tf from "./lib/tf.js";', "display(1 + 1);", "const t = view(input);");
  const {cells, ...rest} = notebook(page);

  it("is a notebook for Deno's kernel, whose cells have ids of their own", () => {
    assert.deepEqual([rest.nbformat, rest.nbformat_minor], [4, 5]);
    assert.equal(rest.metadata.kernelspec.name, "deno");
    assert.equal(rest.metadata.kernelspec.language, "typescript");
    assert.equal(new Set(cells.map(({id}) => id)).size, cells.length);
  });

  it("begins with the title and the library, which is folded, and takes tfjs from npm", () => {
    assert.match(cells[0].source[0], /^# Small\n/);
    assert.deepEqual(cells[1].metadata, {jupyter: {source_hidden: true}});
    assert.match(cells[1].source.join(""), /^import \* as tfjs from "npm:@tensorflow\/tfjs@\d+\.\d+\.\d+";$/m);
    assert.equal(cells[2].source.join(""), "## Part");
  });

  it("shows what is printed once, and what needs the page as text", () => {
    const [printed, left] = cells.slice(-2).map(({source}) => source.join(""));
    assert.equal(printed, "void display(1 + 1);");
    assert.equal(left, "Left out, since it uses view:\n\n```ts\nconst t = view(input);\n```");
    assert.equal(cells.at(-1)!.cell_type, "markdown");
  });
});

describe("importStatements", () => {
  it("finds names, namespaces and defaults, and leaves out types", () => {
    const read = (source: string): unknown =>
      importStatements(source).map(({names, typeOnly}) => (typeOnly ? "type" : names));
    assert.deepEqual(read('import {a, b as c, type D} from "x";'), [
      [
        {imported: "a", local: "a"},
        {imported: "b", local: "c"}
      ]
    ]);
    assert.deepEqual(read('import d, * as e from "x";'), [
      [
        {imported: "default", local: "d"},
        {imported: "*", local: "e"}
      ]
    ]);
    assert.deepEqual(read('import "x";\nimport type {A} from "y"'), [[], "type"]);
    assert.deepEqual(read("const important = 'import';"), []);
  });
});
