import assert from "node:assert/strict";
import {after, describe, it} from "node:test";
import {pageNotebook} from "../../src/components/live-cell/page-notebook.js";
import {findPage, pageScript} from "../../src/components/live-cell/page-script.js";
import {pageCells, readCell} from "../../tools/page-cells.js";
import {removeScripts, run} from "./run-script.js";

const {pages: all, library, versions} = pageCells();
// The pages of single figures have no editable cell, and so no download.
const pages = all.filter(({path}) => !path.startsWith("/embed/"));
// Each run takes seconds: as notebooks those that have the most kinds of cells.
const notebooks = new Set(["/index", "/forward", "/train", "/ddim", "/teach"]);
const none = new Map<string, string>();
const options = {library, versions, analyse: () => assert.fail("a default is analysed when the site is built")};

interface Notebook {
  cells: {cell_type: string; source: string[]}[];
}

/** How many values a module exports, the one that the site itself uses. */
async function exportsOf(name: string): Promise<number> {
  const path = name.replace("./components/", "./src/components/").replace("./", "../../");
  return Object.keys((await import(path)) as object).length;
}

after(removeScripts);

describe("the pages", () => {
  const printed: Record<string, RegExp> = {"/forward": /^1, 0\.9999, 0\.0000403/m, "/train": /^37762$/m};

  it("are all there", () => {
    for (const path of ["/index", "/forward", "/train", "/ddim"])
      assert.ok(
        pages.some((page) => page.path === path),
        `${path} is missing`
      );
  });

  for (const page of pages) {
    it(`${page.path} runs as a script`, async () => {
      assert.match(await run(pageScript(page, none, options)), printed[page.path] ?? /^/);
    });

    if (!notebooks.has(page.path)) continue;
    it(`${page.path} runs as a notebook`, async () => {
      const code = (JSON.parse(pageNotebook(page, none, options)) as Notebook).cells.filter(
        ({cell_type}) => cell_type === "code"
      );
      const text = code.map(({source}) => source.join("")).join("\n\n");
      // Deno asks npm itself; and it lets a cell wait, as a file that is no module cannot.
      const local = text.replaceAll(/"npm:([^"]+)@[\d.]+"/g, '"$1"');
      const [imports, rest] = [local.match(/^import .*$/gm) ?? [], local.replace(/^import .*$/gm, "")];
      const whole = `${imports.join("\n")}\nvoid cells();\nasync function cells() {\n${rest}\n}\n`;
      assert.match(await run(whole), printed[page.path] ?? /^/);
    });
  }

  it("would find each module of the library", async () => {
    const names = Object.keys(library);
    const source = `${names.map((name, i) => `import * as m${i} from ${JSON.stringify(name)};`).join("\n")}
display([${names.map((_, i) => `Object.keys(m${i}).length`).join(", ")}].join(" "));`;
    const page = {path: "/all", title: "All", cells: [readCell({info: "ts", content: source}, "")]};
    const sizes = (await run(pageScript(page, none, options))).trim().split(" ").map(Number);
    const expected = await Promise.all(names.map((name) => exportsOf(name)));
    const tensors = names.indexOf("./lib/tf.js");
    assert.ok(
      sizes[tensors] >= expected[tensors],
      `tfjs exports ${sizes[tensors]} names, its core ${expected[tensors]}`
    );
    assert.deepEqual(sizes.toSpliced(tensors, 1), expected.toSpliced(tensors, 1));
  });
});

describe("findPage", () => {
  const find = (path: string): string => findPage(pages, path).path;
  it("knows a page under any path, with or without its ending", () => {
    assert.deepEqual(["/ddim.html", "/a/b/ddim", "/", "/course/", "/course/index.html"].map(find), [
      "/ddim",
      "/ddim",
      "/index",
      "/index",
      "/index"
    ]);
    assert.throws(() => find("/nothing.html"), /no cells to download/);
  });
});
