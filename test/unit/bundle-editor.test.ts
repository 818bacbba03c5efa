import assert from "node:assert/strict";
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {before, describe, it} from "node:test";
import {bundleEditor, editorDirectory} from "../../tools/bundle-editor.js";

describe("bundleEditor", () => {
  before(() => bundleEditor());

  it("does nothing when the bundles are up to date", async () => {
    const {built, files} = await bundleEditor();
    assert.equal(built, false);
    for (const name of ["editor", "compiler", "diff", "d3"])
      assert.ok(
        files.some((file) => file.name === `${name}.js`),
        name
      );
  });

  it("keeps compiler and editor under 235 kB gzipped, so that 25 kB are left for what uses them", async () => {
    const {files} = await bundleEditor();
    const size = files.filter(({name}) => !/^(diff|d3)\./.test(name)).reduce((sum, {gzip}) => sum + gzip, 0);
    assert.ok(size > 150_000 && size < 235_000, `it is ${size} bytes`);
  });

  it("leaves no import for a browser to look up", async () => {
    for (const {name} of (await bundleEditor()).files) {
      const text = await readFile(join(editorDirectory, name), "utf8");
      for (const [, specifier] of text.matchAll(/(?:}from|;import|\bimport\()\s*["']([^"'\s]+)["']/g))
        assert.match(specifier, /^\.\//, name);
    }
  });

  it("compiles as Framework’s own files do", async () => {
    const {compile} = await import("../../src/components/live-cell/compile.js");
    const {inputs, outputs} = compile("const {a, b: [c = d]} = e;\nfunction f() { return f(a) + g; }");
    assert.deepEqual(
      inputs.map(({name}) => name),
      ["d", "e", "g"]
    );
    assert.deepEqual(
      outputs.map(({name}) => name),
      ["a", "c", "f"]
    );
  });
});
