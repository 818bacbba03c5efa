import assert from "node:assert/strict";
import {readFileSync, readdirSync} from "node:fs";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {bundleFolders} from "../../tools/bundles.js";
import {htmlParts} from "../../tools/html.js";
import {licencesFile} from "../../tools/licences.js";
import {openSite} from "./site.js";
import type {Site} from "./site.js";

// What the site is made of, read off the site itself.
let site: Site;
let list: string;
let listed: Map<string, {version: string; licence: string}>;
before(async () => {
  site = await openSite();
  list = readFileSync(join("dist", licencesFile), "utf8");
  const rows = list.matchAll(/^((?:@[\w.-]+\/)?[a-z][\w.-]*) (\d+\.\d+\.\d+) +(\S.*)$/gm);
  listed = new Map(Array.from(rows, ([, name, version, licence]) => [name, {version, licence}]));
});
after(() => site.close());

describe("the list of licences", () => {
  it("has every package that the site serves as such, in its version", () => {
    const top = readdirSync("dist/_node").flatMap((name) =>
      name.startsWith("@") ? readdirSync(`dist/_node/${name}`).map((own) => `${name}/${own}`) : [name]
    );
    assert.ok(top.length > 20, `only ${top.length} packages`);
    for (const name of top) {
      const [, own, version] = /^(.+)@([^@]+)$/.exec(name)!;
      assert.equal(listed.get(own)?.version, version, name);
    }
  });

  it("has every package of which something is in the bundles", () => {
    const folders = bundleFolders.flatMap(
      (folder) => JSON.parse(readFileSync(join(folder, "packages.json"), "utf8")) as string[]
    );
    for (const folder of folders) {
      const {name, version} = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, string>;
      assert.equal(listed.get(name)?.version, version, folder);
    }
    for (const name of [
      "acorn",
      "sucrase",
      "@codemirror/view",
      "@tensorflow/tfjs-core",
      "seedrandom",
      "assemblyscript"
    ])
      assert.ok(listed.has(name), name);
  });

  it("has what Framework and prebuilt packages bring with them, by what the site’s scripts hold", () => {
    const marks: Record<string, RegExp> = {
      "@observablehq/runtime": /\bRuntime\b/,
      minisearch: /MiniSearch/,
      katex: /KaTeX_Main/,
      delaunator: /delaunator|_hullPrev|hullPrev/i,
      "robust-predicates": /11102230246251565e-32/,
      internmap: /InternMap/
    };
    const names = readdirSync("dist", {recursive: true, encoding: "utf8"}).filter((name) => /\.(js|css)$/.test(name));
    const text = names.map((name) => readFileSync(join("dist", name), "utf8")).join("\n");
    for (const [name, mark] of Object.entries(marks)) {
      assert.match(text.match(mark)?.[0] ?? "", /./, `nothing in the site looks like ${name}: find another mark`);
      assert.ok(listed.has(name), `${name} is in the site, and not in the list`);
    }
  });

  it("gives the text of each licence, and only licences that let the site be passed on", () => {
    const free = /^(MIT|ISC|Apache-2\.0|BSD-[23]-Clause|Unlicense|0BSD|MIT-0|BlueOak-1\.0\.0)$/;
    for (const [name, {version, licence}] of listed) {
      assert.match(licence, free, name);
      const under = new RegExp(
        `^-{80}\\n(?:[^-].*\\n|@.*\\n)*${name} ${version}\\n(?:.*\\n)*?-{80}\\n\\n[^]{400}`,
        "m"
      );
      assert.match(list, under, `${name} has no text`);
    }
  });

  it("is linked from the foot of every page that has one", () => {
    const footed = site.pages.filter((page) => !page.startsWith("embed/"));
    assert.ok(footed.length > 15, `only ${footed.length} pages`);
    for (const page of footed) {
      const links = [...htmlParts(readFileSync(join("dist", page), "utf8"))].filter(
        (part) => part.type === "open" && part.name === "a" && part.attributes.href === `./${licencesFile}`
      );
      assert.equal(links.length, 1, page);
    }
  });
});
