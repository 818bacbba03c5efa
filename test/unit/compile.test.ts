import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import type {Compiled} from "../../src/components/live-cell/compile.js";
import {CellError, compile} from "../../src/components/live-cell/compile.js";
import {generatedPrograms} from "../pages/live-cell-corpus/generated.js";
import {oracle, validPrograms} from "../pages/live-cell-corpus.js";

const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => (...values: unknown[]) => Promise<unknown>;

/** What a run would be told, and the least that it must do for the code to run in Node. */
function trivialLive() {
  const calls = {tick: 0, paused: 0, resumed: 0, left: 0, entered: 0};
  const shown: string[] = [];
  const live = {
    tick: () => void ++calls.tick,
    enter: () => void ++calls.entered,
    leave: () => void ++calls.left,
    paused: <A>(value: A) => (++calls.paused, value),
    resumed: <A>(value: A) => (++calls.resumed, value),
    own: <A>(target: A) => target,
    chained: (target: unknown) => (target == null ? undefined : {self: target}),
    show: (value: unknown) => void shown.push(String(value)),
    module: (path: string) => import(`../../${path.replace(/^\.\//, "").replace(/js$/, "ts")}`) as Promise<unknown>
  };
  return {live, calls, shown};
}

/** Runs what `compile` has made. */
async function run(compiled: Compiled, values: Record<string, unknown> = {}) {
  const {live, calls, shown} = trivialLive();
  const given: Record<string, unknown> = {
    display: (value: unknown) => void shown.push(String(value)),
    requestAnimationFrame: (act: (time: number) => void) => setTimeout(act, 1, 1),
    ...values
  };
  const names = [...compiled.given, ...compiled.inputs.map(({name}) => name)];
  const body = compiled.body.replaceAll("document.createTextNode", "String");
  const all = names.map((name) => given[name] ?? (globalThis as Record<string, unknown>)[name]);
  const exports = await new AsyncFunction("__live", ...names, body)(live, ...all);
  return {exports: exports as Record<string, unknown>, calls, shown: shown.join("")};
}

const lineOf = (source: string): number | undefined => {
  try {
    compile(source);
  } catch (error) {
    assert.ok(error instanceof CellError, String(error));
    return error.line;
  }
  throw new Error(`this was accepted: ${source}`);
};

const names = (places: {name: string}[]) => places.map(({name}) => name).sort();

describe("compile", () => {
  it("takes free names as inputs, each once, at the line where it is first", () => {
    const {inputs} = compile("const a = b + Math.PI;\nconst f = (c) => c + d + b;\nd.e = window.g;");
    assert.deepEqual(inputs, [
      {name: "b", line: 1},
      {name: "d", line: 2}
    ]);
  });

  it("gives what is declared at the top as outputs, imports among them, and nothing from inside", () => {
    const {outputs} = compile(
      "import q, * as r from 'd3';\nimport {s as t} from './lib/x.js';\nconst {a, b: [c, ...d]} = {} as any; var e;\nfunction f(x) { const y = 1 }\nclass G {}\n{ let h }\nif (1) { var i }"
    );
    assert.deepEqual(names(outputs), ["G", "a", "c", "d", "e", "f", "q", "r", "t"]);
  });

  it("hands the run's own names and the browser's timers to the code, unless it has its own", () => {
    const {given, inputs} = compile("display(setTimeout); const f = (fetch) => fetch(1); view(invalidation);");
    assert.deepEqual([...given].sort(), ["display", "invalidation", "setTimeout", "view"]);
    assert.deepEqual(inputs, []);
  });

  it("knows an expression from statements", () => {
    for (const source of ["1", "{a: 1}", "() => 1", "class {}", "await x // y", "(1, 2)"])
      assert.equal(compile(source).expression, true, source);
    for (const source of ["1;", "", "{let a}", "function f() {}", "class A {}", "const a = 1", "// nothing"])
      assert.equal(compile(source).expression, false, source);
  });

  it("shows an expression, but not one that displays by itself", async () => {
    assert.equal((await run(compile("(1, 2)"))).shown, "2");
    assert.equal((await run(compile("display(3)"))).shown, "3");
    assert.equal((await run(compile("4;"))).shown, "");
  });

  it("gives back the values of the outputs", async () => {
    const {exports} = await run(compile("let a = 1, {b} = {b: x}; a++; function f() { return a }"), {x: 5});
    assert.equal(exports.a, 2);
    assert.equal(exports.b, 5);
    assert.equal((exports.f as () => number)(), 2);
  });

  it("asks for each module once for every way in which its names are taken", async () => {
    const source = 'import none, * as all from "./lib/random.js";\nimport {seededRandom as s} from "./lib/random.js";';
    const {exports} = await run(compile(source));
    assert.equal(exports.none, undefined);
    assert.equal((exports.all as {seededRandom: unknown}).seededRandom, exports.s);
    assert.deepEqual(compile(source).imports, [
      {name: "./lib/random.js", line: 1},
      {name: "./lib/random.js", line: 2}
    ]);
  });

  it("refuses a text that is too long", () => {
    assert.throws(() => compile("1".repeat(100_001)), /100001 characters/);
  });

  it("gives the line of an error in syntax", () => {
    for (const [line, source] of [
      [2, "const a = 1;\nconst = 2;"],
      [1, 'const a = "open;\nconst b = 1;\nb"'],
      [1, 'f([1, " (2)]);\nlet a = 1;\nf("b");'],
      [3, "let a;\n\nlet a;"],
      [2, "f(\n- class 1);"],
      [2, "1;\nenum A {}"],
      [2, "class A {\n  constructor(readonly x: number) {}\n}"],
      [3, "interface A {\n}\nexport const a = 1;"],
      [2, "1;\n__live = 2;"],
      [2, "1;\nconst Math = 2;"],
      [2, "1;\nother = 2;"]
    ] as const)
      assert.equal(lineOf(source), line, source);
  });

  it("keeps every statement in its line, whatever types stand above it", async () => {
    const pieces = [
      "interface A {\n  x: number;\n\n}",
      "type T<X> =\n  | X\n  | string;",
      "declare function g(\n  x: number\n): void;",
      "import type {\n  Random\n} from './lib/random.js';",
      "/* a\n comment */",
      "const f = async <X,>(\n  x: X\n): Promise<X> =>\n  x;",
      "abstract class C {\n  abstract m(): void;\n  declare y: number;\n  z = 1;\n}",
      "function o(x: string): string;\nfunction o(x: any) {\n  return x;\n}",
      "const s = `\n${1 as number}\n`;",
      "for (const x of [1])\n  for await (const y of [2])\n    await (x satisfies number);"
    ];
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(pieces), async (above) => {
        const source = [...above, "throw new Error('here');"].join("\n");
        const lines = compile(source).body.split("\n");
        const at = lines.findIndex((line) => line.includes("throw new Error('here')"));
        assert.equal(at + 1, source.split("\n").length, source);
      })
    );
  });
});

describe("the calls that watch a run", () => {
  it("change no value: programs give what they give without them", async () => {
    for (const {source, expect} of validPrograms) {
      const value = expect === "oracle" ? await oracle(source) : (expect as {value: string}).value;
      assert.equal((await run(compile(source))).shown, value, source);
    }
  });

  it("change no value of further generated programs either", async () => {
    for (const source of generatedPrograms(250).slice(90)) {
      assert.equal((await run(compile(source))).shown, await oracle(source), source);
    }
  });

  it("come in every iteration of every loop, and in every function", async () => {
    for (const [source, ticks] of [
      ["for (let i = 0; i < 7; i++);", 7],
      ["let i = 0; while (i < 7) i++;", 7],
      ["let i = 0; do i++; while (i < 7)", 7],
      ["for (const k in {a: 1, b: 2}) { }", 2],
      ["for (const k of [1, 2, 3]) if (k) continue; else break;", 3],
      ["const f = () => 1; f(); f();", 2],
      ["class A { constructor() {} get g() { return 1 } static m() {} } new A().g; A.m();", 3],
      ["class A { x = 1 + 1; #y = 2; static z = [3] } new A(); new A();", 5],
      ["[1, 2].map((x) => ({x}));", 2],
      ["({f() {}, get g() { return 1 }}).g;", 1]
    ] as const)
      assert.equal((await run(compile(source))).calls.tick, ticks, source);
  });

  it("say at each pause that the code leaves, and after it that it is back", async () => {
    const {calls} = await run(
      compile(
        "for (let i = 0; i < 5; i++) await i; for await (const x of [1, 2]) {} const f = async () => {}; await f();"
      )
    );
    assert.equal(calls.resumed >= 8, true, `${calls.resumed} resumed`);
    assert.equal(calls.entered, calls.left - 1, "the body itself leaves once more");
  });

  it("leave a field the name of its function", async () => {
    const {exports} = await run(
      compile("class A { f = () => 1; g = function () {}; h = class {} } const {f, g, h} = new A();")
    );
    for (const name of ["f", "g", "h"]) assert.equal((exports[name] as {name: string}).name, name);
  });

  it("leave an optional chain what it is", async () => {
    const {exports} = await run(
      compile(
        "const a = none?.b.c.addEventListener('x', () => {}), b = none?.addEventListener('y'), c = none?.d?.fetch().e;"
      ),
      {none: null}
    );
    assert.deepEqual({...exports}, {a: undefined, b: undefined, c: undefined});
  });
});
