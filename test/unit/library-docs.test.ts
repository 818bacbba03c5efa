import assert from "node:assert/strict";
import {mkdir, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {gzipSync} from "node:zlib";
import type {LibraryDoc} from "../../tools/library-docs.js";
import {isPart, libraryDocs} from "../../tools/library-docs.js";
import {libraryFiles} from "../../tools/library-modules.js";

describe("libraryDocs", () => {
  const docs = libraryDocs();

  it("holds each value that a module of lib exports, at run time", async () => {
    for (const file of libraryFiles()) {
      if (file === "lib/tf.ts") continue; // all of tfjs
      if (isPart(file)) continue;
      const module = `./${file.replace(/\.ts$/, ".js")}`;
      const exported = Object.keys((await import(`../../${module.slice(2)}`)) as object);
      const values = docs.filter((doc) => doc.module === module && !["interface", "type"].includes(doc.kind));
      assert.deepEqual(values.map(({name}) => name).sort(), exported.sort(), module);
    }
  });

  it("holds nothing of what fused kernels are made of", () => {
    assert.ok(libraryFiles().some(isPart), "there are no such files");
    assert.deepEqual(
      docs.filter(({module}) => isPart(module.replace(/^\.\//, "").replace(/\.js$/, ".ts"))),
      []
    );
  });

  it("holds what lib/tf.ts adds to tfjs, and nothing of tfjs", () => {
    const own = docs.filter(({module}) => module === "./lib/tf.js").map(({name}) => name);
    assert.deepEqual(own, ["BackendName", "backendNames", "useBackend"]);
  });

  it("says something of each function and class", () => {
    const silent = docs.filter(({kind, doc}) => (kind === "function" || kind === "class") && doc.length < 10);
    assert.deepEqual(
      silent.map(({module, name}) => `${module} ${name}`),
      []
    );
  });

  it("says it in one line of plain text", () => {
    for (const {name, signature, doc} of docs) {
      assert.ok(signature.length <= 160 && signature.length >= name.length, `the signature of ${name}: ${signature}`);
      assert.ok(signature.includes(name), `the signature of ${name} does not name it: ${signature}`);
      assert.doesNotMatch(signature, /\n|\bexport\b|\/\//);
      assert.doesNotMatch(doc, /\n|`|\*\/|\s\*\s(?=\w+\s[a-z]+ing\b)/, name);
    }
  });

  it("is below 44 kB on the wire", () => {
    const bytes = gzipSync(JSON.stringify(docs), {level: 9}).length;
    assert.ok(bytes < 44_000, `${bytes} bytes`);
  });
});

describe("the form", () => {
  const root = join(".cache", `library-docs-${process.pid}`);
  let docs: LibraryDoc[];
  before(async () => {
    await mkdir(join(root, "lib/deep"), {recursive: true});
    await writeFile(
      join(root, "lib/a.ts"),
      [
        "/** Of the file. */",
        'import {b} from "./deep/b.js";',
        "",
        "/** The `first` paragraph,",
        " *  in two lines.",
        " *",
        " * The second.",
        " */",
        "export async function f<A>(",
        "  x: A, // a comment",
        "  {y = 1}: {y?: number}",
        "): Promise<A[]> {",
        "  return b(x);",
        "}",
        "/** Doubles. */",
        "export const g = (x: number): number => 2 * x;",
        "/** Many. */",
        "export const many: readonly string[] = [];",
        `/** Long. */\nexport type T = ${Array.from({length: 40}, (_, i) => `"${i}"`).join(" | ")};`,
        "/** A shape. */",
        "export interface Shape extends Object {",
        "  sides: number; // at least 3",
        "  name?: string;",
        "}",
        "/** Wrong. */",
        'export class Wrong extends Error {\n  override name = "Wrong";\n}',
        "function hidden() {}",
        "export {hidden as shown};",
        'export * from "./deep/b.js";'
      ].join("\n")
    );
    await writeFile(join(root, "lib/deep/b.ts"), "/** B. */\nexport function* b(x: unknown): Generator<unknown> {}\n");
    docs = libraryDocs(root);
  });
  after(() => rm(root, {recursive: true, force: true}));

  it("is the source's, on one line and without the body", () => {
    const signatures = Object.fromEntries(docs.map(({name, signature}) => [name, signature]));
    const {T, ...others} = signatures;
    assert.deepEqual(others, {
      f: "async f<A>(x: A, {y = 1}: {y?: number}): Promise<A[]>",
      g: "g(x: number): number",
      many: "const many: readonly string[]",
      Shape: "interface Shape extends Object {sides: number; name?: string}",
      Wrong: "class Wrong extends Error",
      shown: "hidden()",
      b: "*b(x: unknown): Generator<unknown>"
    });
    assert.equal(T.length, 160);
    assert.match(T, /^type T = "0" \| "1".*…$/);
  });

  it("takes the first paragraph of the comment", () => {
    assert.equal(docs[0].doc, "The first paragraph, in two lines.");
    assert.equal(docs.find(({name}) => name === "shown")!.doc, "");
  });

  it("gives a re-export the module that it is imported from", () => {
    const modules = docs.filter(({name}) => name === "b").map(({module}) => module);
    assert.deepEqual(modules, ["./lib/a.js", "./lib/deep/b.js"]);
  });
});
