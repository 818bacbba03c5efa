import assert from "node:assert/strict";
import {existsSync} from "node:fs";
import {mkdir, mkdtemp, readdir, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, it} from "node:test";
import {gzipSync} from "node:zlib";
import {packDigits} from "../../lib/digits/digit-set.js";
import {cacheFolder, prepareCache} from "../../tools/cache.js";

describe("prepareCache", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "cache-"));
    for (const folder of ["data", "_node", "_npm/d3@7.9.0"])
      await mkdir(join(cacheFolder(root), folder), {recursive: true});
    await writeFile(join(cacheFolder(root), "data/a.json"), "1");
  });
  afterEach(() => rm(root, {recursive: true, force: true}));

  it("marks the libraries that Framework lists as known, in versions that do not exist", async () => {
    await prepareCache(root);
    const names = await readdir(join(cacheFolder(root), "_npm"));
    assert.ok(names.includes("d3@0.0.0") && names.includes("@observablehq") && !names.includes("d3@7.9.0"));
  });

  it("forgets offline digits before a preview, since MNIST may be had by now, but not those of MNIST", async () => {
    const file = join(cacheFolder(root), "data/digits.bin");
    const none = {count: 0, pixels: new Uint8Array(0), labels: new Uint8Array(0)};
    for (const [source, kept] of [
      ["mnist", true],
      ["offline", false]
    ] as const) {
      await writeFile(file, gzipSync(packDigits({source, train: none, test: none})));
      await prepareCache(root);
      assert.equal(existsSync(file), kept, source);
    }
  });

  it("forgets what data loaders wrote only for a fresh build, and never the bundled packages", async () => {
    await prepareCache(root);
    assert.ok(existsSync(join(cacheFolder(root), "data/a.json")));
    await prepareCache(root, {fresh: true});
    assert.ok(!existsSync(join(cacheFolder(root), "data")));
    assert.ok(existsSync(join(cacheFolder(root), "_node")));
  });
});
