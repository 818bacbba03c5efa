import assert from "node:assert/strict";
import {readFileSync, readdirSync} from "node:fs";
import {join} from "node:path";
import {describe, it} from "node:test";
import {fileURLToPath} from "node:url";

const components = fileURLToPath(new URL("../../src/components", import.meta.url));

describe("what depends on the insides of Framework and its runtime", () => {
  it("is in one file of at most 140 lines", () => {
    const lines = readFileSync(join(components, "live-cell", "page-runtime.ts"), "utf8")
      .trimEnd()
      .split("\n");
    assert.ok(lines.length <= 140, `it has ${lines.length} lines`);
  });

  it("is in no other file: nobody else joins the runtime", () => {
    const files = readdirSync(components, {recursive: true, encoding: "utf8"}).filter((name) =>
      /(?<!\.d)\.ts$/.test(name)
    );
    const joining = files.filter((name) =>
      /from "observablehq:(client|runtime)"|\._(scope|runtime|definition|observer|shadow|invalidate|value|name|inputs|outputs|type)\b/.test(
        readFileSync(join(components, name), "utf8")
      )
    );
    assert.deepEqual(joining, [join("live-cell", "page-runtime.ts")]);
  });
});
