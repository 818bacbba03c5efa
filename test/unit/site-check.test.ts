import assert from "node:assert/strict";
import {mkdtemp, mkdir, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {after, describe, it} from "node:test";
import {targetOf} from "../../tools/built-site.js";
import {fetchedUrls, styleUrls} from "../../tools/host-check.js";
import {formatProblem, ProblemList} from "../../tools/problems.js";
import {checkRest, checkSite} from "../../tools/site-check.js";

const folders: string[] = [];
after(() => Promise.all(folders.map((folder) => rm(folder, {recursive: true, force: true}))));

/** The problems of a built site with these files, and a home page if there is none. */
async function problemsOf(files: Record<string, string>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "site-check-"));
  folders.push(folder);
  for (const [name, text] of Object.entries({"index.html": "<p>Home</p>", ...files})) {
    await mkdir(dirname(join(folder, name)), {recursive: true});
    await writeFile(join(folder, name), text);
  }
  const problems = new ProblemList();
  const options = {root: join(folder, "no-sources"), report: problems.report};
  await checkRest(checkSite(folder, options), options);
  return problems.list().map(formatProblem);
}

/** The one problem of a site whose home page holds this HTML, and which has these files beside it. */
async function problemIn(html: string, files: Record<string, string> = {}): Promise<string> {
  const problems = await problemsOf({"index.html": html, ...files});
  assert.equal(problems.length, 1, problems.join("\n") || "no problem was found");
  return problems[0];
}

const script = (code: string): string => `<script type="module">${code}</script>`;

describe("checkSite", () => {
  it("finds nothing wrong with a site in order", async () => {
    const page = [
      '<link rel="canonical" href="https://a.example/"><link rel="icon" href="data:,">',
      '<a href="https://a.example/">x</a> <a href="mailto:a@b.example">x</a> <a href="#top">x</a>',
      '<a href="./a/b.html?c=1#d">x</a> <a href="a/">x</a> <img src="a/p%20q.png" alt="" srcset="a/p%20q.png 2x">',
      "<code>$x$ @eq-none</code>",
      script('import "./m.js"; import("./m.js"); fetch("./d.json"); console.log("https://a.example/");')
    ];
    const files = {
      "a/b.html": '<p id="d">x</p>',
      "a/index.html": "",
      "a/p q.png": "",
      "m.js": "export {}",
      "d.json": "1"
    };
    assert.deepEqual(await problemsOf({"index.html": page.join("\n"), ...files}), []);
  });

  it("reports addresses that leave the site's folder", async () => {
    assert.match(await problemIn('<a href="/ddim.html">x</a>', {"ddim.html": ""}), /link "\/ddim\.html" leaves/);
    assert.match(await problemIn('<a href="../ddim.html">x</a>', {"ddim.html": ""}), /leaves the site's folder/);
  });

  it("reports files that are not there, whatever asks for them", async () => {
    for (const html of [
      '<img src="x.png">',
      '<video poster="x.png">',
      '<img srcset="x.png 2x">',
      '<object data="x.png">'
    ]) {
      assert.match(await problemIn(html), /"x\.png" is broken: there is no x\.png/, html);
    }
    assert.match(await problemIn("", {"s.css": 'a {background: url("x.png")}'}), /^s\.css loads "x\.png"/);
  });

  it("reports what a page would load from another host", async () => {
    const from = "//a.example/x";
    for (const html of [
      `<script src="${from}"></script>`,
      `<iframe src="https:${from}">`,
      `<svg><use href="${from}"/></svg>`
    ]) {
      assert.match(await problemIn(html), /from another host/, html);
    }
    for (const rel of ["stylesheet", "preconnect", "modulepreload", "icon"]) {
      assert.match(await problemIn(`<link rel="${rel}" href="${from}">`), /from another host/, rel);
    }
    assert.match(await problemIn(`<p style="background: url(${from})">x</p>`), /from another host/);
    assert.match(await problemIn(`<style>@import "https:${from}";</style>`), /from another host/);
    assert.match(await problemIn("", {"m.js": `new WebSocket("wss:${from}")`}), /^m\.js loads/);
  });

  it("reports Markdown that stayed as it was written", async () => {
    assert.match(await problemIn("<figcaption>At $t = 0$.</figcaption>"), /\$t = 0\$ was not set/);
    assert.match(await problemIn("<p>See @eq-sum.</p>"), /@eq-sum was not set/);
  });

  it("reports a path of the machine that built the site", async () => {
    assert.match(await problemIn("", {"m.js": `// ${process.cwd()}/lib/a.ts`}), /^m\.js holds a path of this machine/);
  });
});

describe("checkRest", () => {
  it("reports imports that lead nowhere, in pages and modules", async () => {
    assert.match(await problemIn(script('import("htl")')), /import "htl" was not resolved/);
    assert.match(
      await problemIn("", {"a/m.js": 'export * from "../n.js"'}),
      /a\/m\.js: import "\.\.\/n\.js" would be n\.js, which was not/
    );
    assert.match(await problemIn("", {"m.js": 'import "npm:d3"'}), /import "npm:d3" means nothing/);
    assert.match(
      await problemIn("", {"m.js": 'new Worker(import.meta.resolve("./w.js"))'}),
      /"\.\/w\.js" would be w\.js/
    );
  });

  it("does not take the text of a script for an import", async () => {
    assert.deepEqual(await problemsOf({"m.js": 'console.log(`import "x"`); // import "y"\nexport {}'}), []);
  });

  it("reports a page that shows an error", async () => {
    assert.match(
      await problemIn('<div class="observablehq--inspect observablehq--error">x</div>'),
      /the page shows an error/
    );
  });
});

describe("targetOf", () => {
  it("tells hosts, files of the site, and what is neither", () => {
    assert.deepEqual(targetOf("a/b.html", "HTTPS://x.example/y"), {host: "x.example"});
    assert.deepEqual(targetOf("a/b.html", "//x.example"), {host: "x.example"});
    assert.deepEqual(targetOf("a/b.html", "../c.html?d#e"), {file: "c.html", hash: "e"});
    assert.deepEqual(targetOf("a/b.html", "./"), {file: "a/index.html", hash: ""});
    assert.deepEqual(targetOf("a/b.html", "../"), {file: "index.html", hash: ""});
    assert.deepEqual(targetOf("a/b.html", "#e"), {file: "a/b.html", hash: "e"});
    assert.deepEqual(targetOf("a/b.html", "../../c.html"), {outside: true});
    assert.equal(targetOf("a/b.html", "data:,x"), undefined);
  });
});

describe("styleUrls and fetchedUrls", () => {
  it("find the addresses in style sheets, but not those in comments", () => {
    const style = `@import "a.css"; /* url(no.png) */ b {c: url( 'd e.png' ) url(f.png) url("g.png")}`;
    assert.deepEqual(styleUrls(style), ["a.css", "d e.png", "f.png", "g.png"]);
  });

  it("find what a script loads, but not what it only says", () => {
    const code =
      'fetch("https://a/b"); x.src="//c/d"; new Worker(new URL(`https://e/f`)); a.textContent = "https://g/h"';
    assert.deepEqual(fetchedUrls(code), ["https://a/b", "//c/d", "https://e/f"]);
  });
});
