import assert from "node:assert/strict";
import {existsSync, readFileSync} from "node:fs";
import {describe, it} from "node:test";
import {shipped} from "../../src/components/live-cell/shipped.js";
import {libraryFiles} from "../../tools/library-modules.js";

describe("shipped", () => {
  const names = Object.keys(shipped);
  const components = ["chart", "cloud-pair", "controls", "element", "format", "plane", "player", "points"];

  it("holds each module of lib", () => {
    const modules = libraryFiles().map((file) => file.replace(/\.ts$/, ".js"));
    assert.deepEqual(names.filter((name) => name.startsWith("lib/")).sort(), modules);
  });

  it("holds the components that an edit may draw with", () => {
    const held = names.filter((name) => name.startsWith("components/"));
    assert.deepEqual(
      held.sort(),
      components.map((name) => `components/${name}.js`)
    );
    for (const name of held) assert.ok(existsSync(`src/${name.replace(/\.js$/, ".ts")}`), `there is no ${name} in src`);
  });

  it("loads what its name says, and only when asked: each import is dynamic and of a literal", async () => {
    const source = readFileSync("src/components/live-cell/shipped.ts", "utf8");
    assert.doesNotMatch(source, /^import\s+(?!type\b)/m);
    for (const name of names.filter((name) => name.startsWith("lib/") || name.startsWith("components/"))) {
      const path = name.replace(/^lib\//, "../../lib/").replace(/^components\//, "../");
      assert.ok(source.includes(`"${name}": () => import("${path}")`), `${name} is not import("${path}")`);
    }
    assert.equal(typeof (await shipped["lib/random.js"]()).seededRandom, "function");
    assert.equal(typeof (await shipped["lib/points/index.js"]()).pointSet, "function");
  });
});
