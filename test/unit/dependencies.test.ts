import assert from "node:assert/strict";
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, describe, it} from "node:test";
import {fileURLToPath} from "node:url";
import {readAudit} from "../../tools/audit.js";
import {withoutFileTimes} from "../../tools/file-times.js";
import {licencesText} from "../../tools/licences.js";
import {differences} from "../../tools/second-build.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (name: string) => readFileSync(join(root, name), "utf8");

interface Locked {
  version: string;
  integrity?: string;
  hasInstallScript?: boolean;
  inBundle?: boolean;
}
const {dependencies, devDependencies} = JSON.parse(read("package.json")) as Record<string, Record<string, string>>;
const {packages} = JSON.parse(read("package-lock.json")) as {packages: Record<string, Locked>};
const direct = Object.entries({...dependencies, ...devDependencies});

describe("the dependencies", () => {
  it("are pinned to one version each, the one that package-lock.json has", () => {
    for (const [name, version] of direct) {
      assert.match(version, /^\d+\.\d+\.\d+$/, `${name} is "${version}": write one version`);
      assert.equal(packages[`node_modules/${name}`]?.version, version, name);
    }
  });

  it("are all locked by a hash of what they hold", () => {
    const without = Object.entries(packages).filter(([name, {integrity, inBundle}]) => name && !integrity && !inBundle);
    assert.deepEqual(
      without.map(([name]) => name),
      []
    );
  });

  it("need no script at their installation: npm is told to run none, and no other package has one", () => {
    assert.match(read(".npmrc"), /^ignore-scripts=true$/m);
    const scripted = Object.keys(packages).filter((name) => packages[name].hasInstallScript);
    // core-js asks for money there; esbuild, which runs here all the time, looks whether it can run.
    const known = ["@observablehq/framework/node_modules/esbuild", "core-js", "esbuild", "fsevents"];
    const names = scripted.map((name) => name.replace(/^node_modules\//, ""));
    assert.deepEqual(
      names.filter((name) => !known.includes(name)),
      []
    );
  });
});

describe("readAudit", () => {
  const report = {
    vulnerabilities: {
      d3: {name: "d3", severity: "high", via: [{title: "a fault", url: "https://a.example/1"}]},
      semver: {name: "semver", severity: "low", via: ["other"]}
    }
  };
  it("tells faults of what is in the site from faults of what only builds it", () => {
    assert.deepEqual(readAudit(report, new Set(["d3"])), {
      shipped: ["d3: high; a fault (https://a.example/1)"],
      others: ["semver: low; through other"]
    });
    assert.deepEqual(readAudit({vulnerabilities: {}}, new Set(["d3"])), {shipped: [], others: []});
  });

  it("says why there is no report, without the registry’s address", () => {
    const message = "405 Method Not Allowed - POST https://registry.example/-/npm/v1";
    assert.equal(readAudit({message}, new Set()).unasked, "405 Method Not Allowed");
    assert.equal(readAudit({}, new Set()).unasked, "it gave no report");
  });
});

describe("licencesText", () => {
  it("lists each package, and each text once under the names of all who have it", () => {
    const own = (name: string, text: string) => ({name, version: "1.0.0", licence: "MIT", text});
    const text = licencesText([own("a", "one text"), own("bcd", "one text"), own("e", "another")]);
    assert.ok(text.startsWith("\ufeffLicences\n"), "the mark of UTF-8 is not at its start");
    assert.match(
      text,
      /^a 1\.0\.0 {4}MIT\nbcd 1\.0\.0 {2}MIT\ne 1\.0\.0 {4}MIT\n\n-+\na 1\.0\.0\nbcd 1\.0\.0\n-+\n\none text\n/m
    );
    assert.equal(text.split("one text").length, 2);
  });
});

describe("two builds", () => {
  const folder = mkdtempSync(join(tmpdir(), "two-builds-"));
  after(() => rmSync(folder, {recursive: true}));
  const make = (name: string, files: Record<string, string>): string => {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(join(folder, name, file, ".."), {recursive: true});
      writeFileSync(join(folder, name, file), text);
    }
    return join(folder, name);
  };

  it("are compared file by file, by name and by bytes", () => {
    const one = make("one", {"a.html": "a", "b/c.js": "c", "b/d.js": "d"});
    const other = make("other", {"a.html": "a", "b/c.js": "C", "b/e.js": "d"});
    assert.deepEqual(differences(one, other), [
      "b/c.js has other bytes",
      "b/d.js is only in the first",
      "b/e.js is only in the second"
    ]);
    assert.deepEqual(differences(one, one), []);
  });

  it("do not differ by when a file was written", () => {
    const page = (time: string) => `registerFile("./a.json", {"name":"./a.json","lastModified":${time},"size":3});`;
    assert.equal(withoutFileTimes(page("1795953791317")), withoutFileTimes(page("981158400000.25")));
    assert.equal(withoutFileTimes(page("1")), `registerFile("./a.json", {"name":"./a.json","size":3});`);
    assert.equal(withoutFileTimes('a, "lastModified", 3'), 'a, "lastModified", 3');
  });
});
