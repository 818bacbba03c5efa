import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {moduleFunction} from "../../tools/library-modules.js";

describe("moduleFunction", () => {
  const code = (source: string): string => moduleFunction("lib/points/a.ts", source).code;

  it("makes exports a returned object, and imports calls of library", () => {
    const source = [
      'import {seededRandom} from "../random.js";',
      'import type {Random} from "../random.js";',
      'export {b as c} from "./b.js";',
      'export * from "./d.js";',
      "",
      "/** Doc. */",
      "export async function* f(): AsyncGenerator<number> {}",
      "export const g = 1;",
      "export interface H {}"
    ];
    const expected = [
      'const {seededRandom} = library("./lib/random.js");',
      "",
      "/** Doc. */",
      "async function* f(): AsyncGenerator<number> {}",
      "const g = 1;",
      "interface H {}",
      "",
      'return {c: library("./lib/points/b.js").b, ...library("./lib/points/d.js"), f, g};'
    ];
    assert.equal(code(source.join("\n")), expected.join("\n"));
  });

  it("says what the module needs, and which lines lie in a template", () => {
    const source =
      'import * as tf from "../vendor/tf.js";\nconst load = () => import("./b.js");\nconst text = `\n  a\n`;\n';
    const {code, needs, fixed} = moduleFunction("lib/points/a.ts", source);
    assert.match(code, /const load = \(\) => Promise\.resolve\(library\("\.\/lib\/points\/b\.js"\)\);/);
    assert.deepEqual(needs, ["@tensorflow/tfjs", "./lib/points/b.js"]);
    assert.deepEqual(fixed, [3, 4]);
  });
});
