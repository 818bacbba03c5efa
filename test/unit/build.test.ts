import assert from "node:assert/strict";
import {existsSync} from "node:fs";
import {after, before, describe, it} from "node:test";
import {buildSmallSite, removeSmallSites} from "../small-site.js";
import type {Built, Files} from "../small-site.js";

after(removeSmallSites);

/** A page with one fault, and the one problem that its building must report. */
interface Fault {
  what: string;
  lines: string[]; // of a page whose title has line 1, so that these begin with line 3
  problem: RegExp; // without "src/page.md:" at its start
  files?: Files; // what else the site has
}

const faults: Record<string, Fault> = {
  "cell-syntax": {
    what: "a syntax error in a cell",
    lines: ["```js", "let a;", "1 +", "```"],
    problem: /^6: SyntaxError: Unexpected token$/ // where the cell ends
  },
  "type-syntax": {
    what: "a syntax error in TypeScript",
    lines: ["```ts", "let a = 1;", "let b: = 2;", "```"],
    problem: /^5: SyntaxError: Unexpected "="$/
  },
  "inline-syntax": {
    what: "a syntax error in ${…}",
    lines: ["Text and", "more ${1 +}."],
    problem: /^4: SyntaxError: invalid expression$/
  },
  "html-inline-syntax": {
    what: "a syntax error in ${…} inside HTML",
    lines: ["Text.", "", "<div>", "${1 +}</div>"],
    problem: /^6: SyntaxError: invalid expression$/
  },
  "defined-twice": {
    what: "a name that two cells define",
    lines: ["```ts", "const a = 1;", "```", "", "```ts", "const b = 2;", "const a = 2;", "```"],
    problem: /^9: a is defined by an earlier cell of this page/
  },
  "implicit-library": {
    what: "a library that is not imported",
    lines: ["```ts", "const x = 1;", "d3.scaleLinear();", "```"],
    problem: /^5: d3 is not imported, so "npm:d3" would be fetched/
  },
  "implicit-inline": {
    what: "a library that is not imported, in ${…}",
    lines: ["Text", "", "a ${Plot.plot()}"],
    problem: /^5: Plot is not imported/
  },
  "html-fence": {
    what: "HTML that Framework would run",
    lines: ["```html", "<p>", "```"],
    problem: /^4: html is not imported.*run=false/
  },
  "file-method": {
    what: "a file method that fetches its parser",
    lines: ["```ts", 'FileAttachment("a.csv").csv();', "```"],
    problem: /^4: \.csv\(\) would fetch "npm:d3-dsv"/,
    files: {"a.csv": "a\n1\n"}
  },
  "npm-import": {
    what: "an npm: import",
    lines: ["```ts", 'import * as x from "npm:d3-array@3";', "```"],
    problem: /^4: "npm:d3-array@3" would be fetched.* write "d3-array"$/
  },
  "cdn-import": {
    what: "an import from a CDN",
    lines: ["```ts", 'import "https://cdn.example/x.js";', "```"],
    problem: /^4: "https:\/\/cdn\.example\/x\.js" would be fetched/
  },
  "missing-package": {
    what: "a package that is not installed",
    lines: ["```ts", 'import "not-there";', "```"],
    problem: /^4: "not-there" cannot be resolved/
  },
  "missing-module": {
    what: "a module that does not exist",
    lines: ["```ts", 'import "./none.js";', "```"],
    problem: /^4: "\.\/none\.js" does not exist/
  },
  "ts-specifier": {
    what: "a specifier that ends with .ts",
    lines: ["```ts", 'import "./a.ts";', "```"],
    problem: /^4: "\.\/a\.ts" would not be emitted: write "\.\/a\.js"$/,
    files: {"a.ts": "export {};\n"}
  },
  "outside-import": {
    what: "an import from outside of the sources",
    lines: ["```ts", 'import "../a.js";', "```"],
    problem: /^4: SyntaxError: non-local import/
  },
  "missing-page": {
    what: "a link to a page that does not exist",
    lines: ["See", "[there](/none)."],
    problem: /^4: link "\/none" is broken: there is no none\.html/
  },
  "missing-anchor": {
    what: "a link to an anchor that does not exist",
    lines: ["See [there](#none)."],
    problem: /^3: link "#none" is broken/
  },
  "missing-far-anchor": {
    what: "a link to an anchor that another page does not have",
    lines: ["See [there](/good#updat)."],
    problem: /^3: link "\/good#updat" is broken: good\.html has no anchor "updat"; is it "update"\?$/,
    files: {"good.md": "# Good\n\n## The update {#update}\n"}
  },
  "same-id": {
    what: "an id that is there twice",
    lines: ['<p id="twice">x</p>', "", '<p id="twice">y</p>'],
    problem: /^3: two elements have the id "twice"/
  },
  "foreign-image": {
    what: "an image from another host",
    lines: ['<img src="https://a.example/b.png" alt="">'],
    problem: /^3: img src loads "https:\/\/a\.example\/b\.png" from another host/
  },
  "foreign-fetch": {
    what: "a cell that fetches from another host",
    lines: ["```ts", 'await fetch("https://a.example/b.json");', "```"],
    problem: /^4: script loads "https:\/\/a\.example\/b\.json"/
  },
  "bad-tex": {
    what: "bad TeX",
    lines: ["Text $a$", "and $\\fraq{1}{2}$."],
    problem: /^4: bad TeX: Undefined control sequence: \\fraq/
  },
  "bad-block": {
    what: "bad TeX in a block, in a list",
    lines: ["- a", "", "  $$", "  {", "  $$"],
    problem: /^5: bad TeX: Expected '}'/
  },
  "open-formula": {
    what: "a formula that does not end",
    lines: ["$$", "a", "", "Text."],
    problem: /^3: \$\$ opens a formula that no \$\$ closes$/
  },
  "lone-dollar": {
    what: "a lone dollar sign",
    lines: ["It costs $5."],
    problem: /^3: a \$ that does not open a formula: write \\\$/
  },
  "table-bar": {
    what: "a formula that a table's bar cuts in two",
    lines: ["a | b", "--|--", "1 | 2", "$|a$ | 3"],
    problem: /^6: a \$ that does not open a formula/
  },
  "raw-formula": {
    what: "a formula inside HTML that is not read as Markdown",
    lines: ["<p>", "$x$", "</p>"],
    problem: /^4: \$x\$ was not set/
  },
  "own-numbers": {
    what: "an environment that numbers by itself",
    lines: ["$$", "\\begin{align}a\\end{align}", "$$"],
    problem: /^3: \\begin\{align\} numbers its lines by itself: use \\begin\{aligned\}/
  },
  "missing-equation": {
    what: "a reference to no formula",
    lines: ["See", "@eq-none."],
    problem: /^4: @eq-none refers to no formula/
  },
  ddpm: {
    what: "a label that another page has already",
    lines: ["$$", "a \\label{taken}", "$$"],
    problem: /^3: \\label\{taken\} is already the label of src\/ddim\.md:3/,
    files: {"ddim.md": "# DDIM\n\n$$\nb \\label{taken}\n$$\n"}
  },
  "no-number": {
    what: "a label on a page without a number",
    lines: ["$$", "a \\label{unnumbered}", "$$"],
    problem: /^3: this page has no number/
  }
};

describe("buildSite, with a fault on each page", () => {
  let built: Built;
  before(async () => {
    const files: Files = {};
    for (const [name, fault] of Object.entries(faults)) {
      Object.assign(files, {[`${name}.md`]: `# Title\n\n${fault.lines.join("\n")}\n`}, fault.files);
    }
    built = await buildSmallSite(files);
  });

  for (const [name, {what, problem}] of Object.entries(faults)) {
    it(`refuses ${what}, and says where and why`, () => {
      const own = built.problems.filter((text) => text.startsWith(`src/${name}.md:`));
      assert.equal(own.length, 1, built.problems.join("\n"));
      assert.match(own[0].slice(`src/${name}.md:`.length), problem);
    });
  }

  it("finds nothing else", () => assert.equal(built.problems.length, Object.keys(faults).length));
  it("publishes nothing", () => assert.ok(!existsSync(built.output)));
});

/** A site with these files has this one problem. */
function refuses(what: string, files: Files, problem: RegExp): void {
  it(`refuses ${what}`, async () => {
    const {output, problems} = await buildSmallSite(files);
    assert.equal(problems.length, 1, problems.join("\n"));
    assert.match(problems[0], problem);
    assert.ok(!existsSync(output), "nothing may be published");
  });
}

describe("buildSite, with a fault that stops Framework or has no page", () => {
  const data = {"index.md": '# Home\n\n```ts\nconst a = await FileAttachment("data/a.json").json();\n```\n'};
  refuses(
    "a data loader that throws",
    {...data, "data/a.json.ts": "process.exit(3);\n"},
    /^src\/data\/a\.json\.ts: the data loader of \/data\/a\.json failed \(loader exited with code 3\)/
  );
  refuses("a file that does not exist", data, /^src\/index\.md:4: \/data\/a\.json does not exist in src$/);
  refuses(
    "a module that imports what is not there, however far from the page",
    {
      "index.md": '# Home\n\n```ts\nimport "./lib/a.js";\n```\n',
      "lib/a.ts": 'import "./sub/b.js";\n',
      "lib/sub/b.ts": 'export {};\nexport * from "../c.js";\n'
    },
    /^src\/lib\/sub\/b\.ts:2: "\.\.\/c\.js" does not exist: there is no src\/lib\/c\.js or \.ts$/
  );
  refuses(
    "front matter that cannot be read",
    {"index.md": "---\ntitle: [a\n---\n\n# Home\n"},
    /^Framework warns: Invalid front matter/
  );
  refuses(
    "a style sheet that loads from another host",
    {"style.css": '@font-face {font-family: a; src: url("https://a.example/a.woff2");}'},
    /style\.\w+\.css loads "https:\/\/a\.example\/a\.woff2" from another host/
  );
});
