import assert from "node:assert/strict";
import {existsSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {describe, it} from "node:test";
import {fileURLToPath} from "node:url";
import {allParts} from "../../tools/chapters.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (name: string) => readFileSync(join(root, name), "utf8");

interface Package {
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}
const {scripts, dependencies, devDependencies} = JSON.parse(read("package.json")) as Package;

describe("CONTRIBUTING.md", () => {
  const text = read("CONTRIBUTING.md");
  it("gives a reason for each dependency and for nothing else", () => {
    const table = text.slice(text.indexOf("## Dependencies"));
    const rows = [...table.matchAll(/^\| `([^`]+)` +\| (.+?) +\|$/gm)];
    const all = [...Object.keys(dependencies), ...Object.keys(devDependencies)];
    assert.deepEqual(rows.map(([, name]) => name).sort(), all.sort());
    for (const [, name, reason] of rows) assert.ok(reason.length > 3, name);
  });
  it("names only files and folders that exist", () => {
    const made = new Set(["dist/", "lib/vendor/", "src/components/vendor/"]); // by a build
    const named = [...text.matchAll(/`((?:lib|src|test|tools|\.ci)\/[\w./-]*)`/g)].map(([, path]) => path);
    assert.ok(named.length > 10);
    assert.deepEqual(
      named.filter((path) => !made.has(path) && !existsSync(join(root, path))),
      []
    );
  });
});

describe("README.md", () => {
  const text = read("README.md");
  it("has a row for each chapter that exists, under its title, and for no other", () => {
    const rows = [...text.matchAll(/^\| `(\/[\w-]*)` (.+?) +\|/gm)].map(([, path, title]) => ({path, title}));
    const chapters = allParts.flatMap((part) => part.chapters);
    const written = chapters.filter(({path}) =>
      existsSync(join(root, "src", `${path === "/" ? "index" : path.slice(1)}.md`))
    );
    assert.deepEqual(
      rows,
      written.map(({path, title}) => ({path, title}))
    );
  });
});

describe("the papers", () => {
  for (const name of ["README.md", "CONTRIBUTING.md"]) {
    const text = read(name);
    it(`${name} links only to what is there`, () => {
      const links = [...text.matchAll(/\]\(([^)#]+)(#[^)]*)?\)/g)].map(([, link]) => link);
      const local = links.filter((link) => !/^https:/.test(link));
      assert.ok(local.length > 0);
      assert.deepEqual(
        local.filter((link) => !existsSync(join(root, link))),
        []
      );
    });
    it(`${name} names only commands that package.json has`, () => {
      const named = [...text.matchAll(/npm (?:run (\w+)|(test))/g)].map(([, script, test]) => script ?? test);
      assert.ok(named.length > 3);
      assert.deepEqual(
        named.filter((script) => !(script in scripts)),
        []
      );
    });
  }
});
