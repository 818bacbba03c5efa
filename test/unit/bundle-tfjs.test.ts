import assert from "node:assert/strict";
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {before, describe, it} from "node:test";
import * as tf from "../../lib/tf.js";
import {bundleTfjs, vendorDirectory} from "../../tools/bundle-tfjs.js";

describe("bundleTfjs", () => {
  before(() => bundleTfjs());

  it("does nothing when the bundles are up to date", async () => {
    const start = performance.now();
    const {built, files} = await bundleTfjs();
    assert.equal(built, false);
    assert.ok(performance.now() - start < 2000);
    for (const name of ["tf", "tf-cpu", "tf-webgl", "tf-webgpu", "tf-wasm"]) {
      assert.ok(
        files.some((file) => file.name === `${name}.js` && file.bytes > 10_000),
        `${name}.js is missing`
      );
      assert.match(await readFile(join(vendorDirectory, `${name}.d.ts`), "utf8"), /@tensorflow\/tfjs-/);
    }
  });

  it("keeps what a page loads first under 110 kB gzipped", async () => {
    const core = await readFile(join(vendorDirectory, "tf.js"), "utf8");
    const {files} = await bundleTfjs();
    const loaded = files.filter(({name}) => name === "tf.js" || core.includes(`./${name}`));
    const size = loaded.reduce((sum, {gzip}) => sum + gzip, 0);
    assert.ok(size > 50_000 && size < 110_000, `it is ${size} bytes`);
  });

  it("leaves no import for a browser to look up, and no address to fetch from", async () => {
    for (const {name} of (await bundleTfjs()).files) {
      const text = await readFile(join(vendorDirectory, name), "utf8");
      for (const [, specifier] of text.matchAll(/(?:\bfrom|\bimport\(?)\s*["']([^"']+)["']/g))
        assert.match(specifier, /^\.\//, name);
      assert.ok(!/\.wasm["'`]\s*,\s*["'`]?https?:|cdn\.jsdelivr|unpkg\.com/.test(text), name);
    }
  });

  it("has one core for all backends, with all gradients and chained operations", async () => {
    const results: number[] = [];
    for (const name of ["cpu", "wasm"] as const) {
      await tf.useBackend(name);
      assert.equal(tf.getBackend(), name);
      const gradient = tf.tidy(() =>
        tf.grad((x) =>
          x
            .square()
            .sin()
            .sum()
            .mul(tf.randomNormal([], 2, 0))
        )(tf.tensor1d([0.5]))
      );
      results.push((await gradient.data())[0]);
      gradient.dispose();
    }
    for (const value of results) assert.ok(Math.abs(value - 2 * Math.cos(0.25)) < 1e-5, `${value}`);
  });
});
