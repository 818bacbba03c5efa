import assert from "node:assert/strict";
import {mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, describe, it} from "node:test";
import {normalizeConfig} from "@observablehq/framework/dist/config.js";
import type {Problem} from "../../tools/problems.js";
import {readReferences} from "../../tools/references.js";
import {siteConfig} from "../../tools/site.js";

const root = mkdtempSync(join(tmpdir(), "ddim-notebook-references-"));
after(() => rmSync(root, {recursive: true}));
writeFileSync(
  join(root, "references.bib"),
  `@inproceedings{three2021a, author = {One, Ann and Two, Bob and Three, Cy}, title = {Noise \\& Data}, booktitle = {A Venue}, year = {2021}, url = {https://example.org/a?b=1&c=2}}
   @misc{group2020, author = {{A Group}}, title = {Code}, year = {2020}, url = {https://example.org/code}}
   @article{pair2015, author = {Müller, Zoë and Erd{\\H o}s, P.}, title = {Two}, journal = {J}, year = {2015}, doi = {10.1000/1}}`
);

/** What the Markdown becomes, and what is reported. */
function render(text: string): {html: string; problems: Problem[]} {
  writeFileSync(join(root, "page.md"), text);
  const problems: Problem[] = [];
  const {md} = normalizeConfig(siteConfig({root, report: (problem) => void problems.push(problem)}));
  return {html: md.render(text, {path: "/page", code: []}), problems};
}

describe("references", () => {
  it("are read with a label as in a text: one name, two, or the first and others", () => {
    const labels = [...readReferences(root)].map(([key, {label}]) => `${key}: ${label}`);
    assert.deepEqual(labels.sort(), [
      "group2020: A Group 2020",
      "pair2015: Müller and Erdős 2015",
      "three2021a: One et al. 2021"
    ]);
  });

  it("are none where the site has no file of them", () => assert.equal(readReferences(tmpdir()).size, 0));
});

describe("a citation", () => {
  it("is a link to its reference, which it carries along", () => {
    const {html, problems} = render("As @cite-three2021a say, or (@cite-group2020).");
    assert.deepEqual(problems, []);
    assert.match(
      html,
      /<a class="citation" href="\/references#three2021a" data-reference="One, A\., .*\(2021\)\..*">One et al\. 2021<\/a> say/
    );
    assert.match(html, /\(<a class="citation"[^>]*>A Group 2020<\/a>\)\./);
  });

  it("of a work that is not there is reported with its line", () => {
    const {html, problems} = render("One.\n\nTwo @cite-nobody1999.");
    assert.match(problems[0].message, /@cite-nobody1999 refers to no work: references\.bib has no entry nobody1999/);
    assert.equal(problems[0].line, 3);
    assert.match(html, /error/);
  });

  it("is none in an address or in code", () => {
    const {html} = render("me@cite-group2020 and `@cite-group2020`");
    assert.doesNotMatch(html, /<a class="citation"/);
  });
});

describe("the list of references", () => {
  const {html} = render("@references");
  it("holds each work once, in the order of the names, under its key, with its address as a link", () => {
    assert.deepEqual(
      [...html.matchAll(/<li id="([^"]+)">/g)].map(([, id]) => id),
      ["group2020", "pair2015", "three2021a"]
    );
    assert.match(html, /<a href="https:\/\/example\.org\/a\?b=1&#38;c=2">/);
  });
  it("is no paragraph", () => assert.doesNotMatch(html, /<p>/));
});

describe("the references of the course", () => {
  const pages = readdirSync("src", {recursive: true, encoding: "utf8"}).filter((name) => name.endsWith(".md"));
  const texts = pages.map((name) => [name, readFileSync(join("src", name), "utf8")] as const);

  it("are each cited on some page", () => {
    const cited = new Set(texts.flatMap(([, text]) => [...text.matchAll(/@cite-(\w+)/g)].map(([, key]) => key)));
    assert.deepEqual(
      [...readReferences("src").keys()].filter((key) => !cited.has(key)),
      []
    );
  });

  it("stand in the place of bare links to papers", () => {
    const bare = texts.flatMap(([name, text]) =>
      [...text.matchAll(/\]\(https:\/\/(?:arxiv\.org|doi\.org|openreview\.net)[^)]*\)/g)].map(
        ([link]) => `${name}: ${link}`
      )
    );
    assert.deepEqual(bare, []);
  });
});
