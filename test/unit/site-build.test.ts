import assert from "node:assert/strict";
import {existsSync} from "node:fs";
import {readFile, readdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {buildSmallSite, rebuild, removeSmallSites} from "../small-site.js";
import {katexFolder, katexStyle} from "../../tools/katex-assets.js";
import type {Built, Files} from "../small-site.js";

after(removeSmallSites);

describe("buildSite, for a site in order", () => {
  let built: Built;
  const read = (name: string) => readFile(join(built.output, name), "utf8");
  const loader = (value: number) => `process.stdout.write("${value}");\n`;
  const files: Files = {
    "index.md": [
      "# Home",
      "",
      "See @eq-sum, [the update](/ddim#the-update) and [elsewhere](https://a.example/). A price of \\$5.",
      "",
      "```ts",
      'import {greet} from "./lib/greet.js";',
      'import {range} from "d3-array";',
      "",
      'const value = await FileAttachment("data/value.json").json();',
      "```",
      "",
      "${greet(range(3).length)}–${value}, and `$` in code.",
      ""
    ].join("\n"),
    "ddim.md": "# DDIM\n\n$$\na + b\n\\label{sum}\n$$\n\nSee @eq-sum.\n\n## The update {#the-update}\n",
    "embed/small.md": "# Small\n\nSee @eq-sum and $x$.\n",
    "lib/greet.ts": "export const greet = (n: number): string => `${n}`;\n",
    "data/value.json.ts": loader(1)
  };
  before(async () => void (built = await buildSmallSite(files)));

  it("has no problem", () => assert.deepEqual(built.problems, []));

  it("numbers a formula by its chapter, and links to it from any page by a relative address", async () => {
    const link = '<a class="equation-number" href="#eq-sum" aria-label="Equation (6.1)">(6.1)</a>';
    assert.match(await read("ddim.html"), /<div class="equation" id="eq-sum"><span class="katex-display">/);
    assert.ok((await read("ddim.html")).includes(link));
    assert.ok((await read("ddim.html")).includes('<a class="equation-reference" href="#eq-sum">Eq.&nbsp;6.1</a>'));
    assert.match(await read("index.html"), /href="\.\/ddim\.html#eq-sum" title="In “DDIM”">Eq\.&nbsp;6\.1<\/a>/);
    assert.match(await read("embed/small.html"), /href="\.\.\/ddim\.html#eq-sum"/);
  });

  it("sets formulas with MathML, and brings KaTeX's style sheet and fonts by relative addresses", async () => {
    const page = await read("embed/small.html");
    assert.match(page, /<annotation encoding="application\/x-tex">x<\/annotation>/);
    assert.match(page, /<link rel="stylesheet" href="\.\.\/katex-[\d.]+\/katex\.min\.css">/);
    const style = await read(katexStyle);
    const fonts = Array.from(style.matchAll(/url\(([^)]*)\)/g), ([, url]) => url);
    assert.equal(fonts.length, 20);
    for (const font of fonts) assert.ok(existsSync(join(built.output, katexFolder, font)), font);
  });

  it("loads nothing of another host, and leaves links of readers alone", async () => {
    const page = await read("index.html");
    const foreign = page.match(/<[^>]*(src|href)="(https?:)?\/\/[^>]*>/g)!;
    assert.deepEqual(
      foreign.filter((tag) => !tag.startsWith("<a ")),
      [],
      "only a link, which the reader follows, may lead elsewhere"
    );
    assert.ok(page.includes('<a href="https://a.example/"'), "the page's own link is still there");
  });

  it("tells GitHub Pages to serve the folders that begin with _ too", () =>
    assert.ok(existsSync(join(built.output, ".nojekyll")), "Jekyll would leave them out"));

  it("runs data loaders again at the next build", async () => {
    await writeFile(join(built.root, "data/value.json.ts"), loader(2));
    const {problems} = await rebuild(built);
    assert.deepEqual(problems, []);
    const [name] = await readdir(join(built.output, "_file/data"));
    assert.equal(await read(join("_file/data", name)), "2");
  });

  it("keeps the last good site when a build fails", async () => {
    await writeFile(join(built.root, "embed/small.md"), "# Small\n\n$\\none$\n");
    const {problems} = await rebuild(built);
    assert.equal(problems.length, 1);
    assert.match(await read("embed/small.html"), /eq-sum/);
  });
});
