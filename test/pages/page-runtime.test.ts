import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {openTeach} from "./cells.js";
import type * as Module from "../../src/components/live-cell/page-runtime.js";

// What src/components/live-cell/page-runtime.ts takes from the insides of Framework and of its runtime. If one of these
// tests fails after an update, that file has to follow.

const {teach} = await openTeach();

/** Runs in the page: the module, as the page itself has loaded it. */
const load = `(async () => {
  const {name} = performance.getEntriesByType("resource").find(({name}) => /live-cell\\/page-runtime\\.[0-9a-f]+\\.js/.test(name));
  return import(name);
})()`;

/** Calls a function in the page with the module and the joined page. */
async function inPage<A>(use: (runtime: Module.PageRuntime, module: typeof Module) => A | Promise<A>): Promise<A> {
  let result!: A;
  await teach(async ({page, open}) => {
    await open("circle");
    result = (await page.evaluate(
      `${load}.then(async (module) => (${use.toString()})(await module.pageRuntime(), module))`
    )) as A;
  });
  return result;
}

describe("the page's runtime", () => {
  it("is joined through define and its probe, and tells the names that cells define", async () => {
    const names = await inPage((runtime) => runtime.names());
    for (const name of ["radius", "area", "point", "ticks", "checkMean"]) assert.ok(names.includes(name), name);
    assert.deepEqual(
      names.filter((name) => /^cell |display|invalidation/.test(name)),
      []
    );
  });

  it("tells what Framework has from what a cell defines and from what is only used", async () => {
    const found = await inPage((runtime) => [
      runtime.isBuiltin("width"),
      runtime.isBuiltin("radius"),
      runtime.find("radius") !== undefined,
      runtime.find("nothing") !== undefined,
      runtime.find("radius")!._value
    ]);
    assert.deepEqual(found, [true, false, true, false, 2]);
  });

  it("finds a cell by the block of its root, with its outputs, and without any", async () => {
    const found = await inPage((runtime) => {
      const outputs = (cell: string) => {
        const block = document.querySelector(`live-cell[name=${cell}] > .observablehq--block`)!;
        const native = runtime.nativeCell(block);
        return native && [...native.outputs.keys()];
      };
      return [outputs("circle"), outputs("expression")];
    });
    assert.deepEqual(found, [["radius", "area"], []]);
  });

  it("suspends a cell and brings it back, with what it shows and the inputs that are its own", async () => {
    const found = await inPage(async (runtime) => {
      const until = async (value: number) => {
        for (let i = 0; i < 100 && runtime.find("noise")!._value !== value; ++i)
          await new Promise((resolve) => setTimeout(resolve, 50));
        return runtime.find("noise")!._value;
      };
      const host = document.querySelector("live-cell[name=input]")!;
      const block = host.querySelector<HTMLElement>(":scope > .observablehq--block")!;
      const native = runtime.nativeCell(block)!;
      for (const [name, variable] of native.outputs) variable.define(name, [], () => 77);
      native.suspend();
      const between = await until(77);
      native.restore();
      const after = await until(0.3);
      return [between, after, block.querySelectorAll("input[type=range]").length];
    });
    assert.deepEqual(found, [77, 0.3, 1]);
  });

  it("resolves a cell's invalidation on demand, and knows what is computed from what", async () => {
    const found = await inPage((runtime, {dependsOn}) => {
      const [radius, area] = ["radius", "area"].map((name) => runtime.find(name)!);
      const made = runtime.variable(true).define("made", ["area"], (value: number) => value);
      const result = [dependsOn(made, area), dependsOn(area, made), dependsOn(radius, area)];
      made.delete();
      return [...result, runtime.find("made") === undefined];
    });
    assert.deepEqual(found, [true, false, false, true]);
  });

  it("shows values as Framework does", async () => {
    const found = await inPage((_, {inspect}) => [inspect([1, 2]).textContent, inspect("a").className]);
    assert.match(found[0]!, /Array\(2\) \[1, 2\]/);
    assert.match(found[1]!, /observablehq/);
  });
});
