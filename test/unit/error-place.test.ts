import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {isFrom, placeError} from "../../src/components/live-cell/error-place.js";
import {CellError} from "../../src/components/live-cell/compile.js";

const file = "live-cell/some.ts";
const AsyncFunction = (async () => {}).constructor as new (...parts: string[]) => () => Promise<void>;

/** What code throws, as a cell runs it. */
async function thrownBy(code: string): Promise<{error: unknown}> {
  try {
    await new AsyncFunction("a", `${code}\n//# sourceURL=${file}`)();
  } catch (error) {
    return {error}; // bare it would be asked for its then
  }
  throw new Error(`nothing was thrown by ${code}`);
}

const said = async (code: string) => placeError((await thrownBy(code)).error, file, code.split("\n").length);

describe("an error in words", () => {
  it("has the line of the reader's text", async () => {
    assert.deepEqual(await said("let x;\n\nx.y;"), {
      line: 3,
      text: "Line 3: TypeError: Cannot read properties of undefined (reading 'y')"
    });
    assert.deepEqual(await placeError(new CellError("No.", 2), file, 5), {line: 2, text: "Line 2: No."});
  });

  it("has none where it comes from elsewhere", async () => {
    const error = new Error("elsewhere");
    assert.deepEqual(await placeError(error, file, 5), {line: null, text: "Error: elsewhere"});
    assert.equal(isFrom(error, file), false);
    assert.equal(isFrom((await thrownBy("throw new Error()")).error, file), true);
  });

  it("does not take a line from the message", async () => {
    assert.equal((await said(`\nthrow new Error("${file}:1:1");`)).line, 2);
    assert.equal((await placeError(new Error(`${file}:1:1`), file, 5)).line, null);
  });

  it("says what was thrown when it is no error", async () => {
    for (const [code, text] of [
      ["5", "5"],
      ["'a'", "a"],
      ["null", "null"],
      ["{a: 1}", '{"a":1}'],
      ["Symbol('s')", "Symbol(s)"],
      ["() => 1", "a function"],
      ["{toJSON() {}}", "an object"],
      ["{toJSON() { throw 1 }}", "a value that cannot be shown"]
    ])
      assert.equal((await said(`throw ${code};`)).text, `The code threw ${text}.`);
  });

  it("comes of whatever is thrown, be it hostile", async () => {
    for (const code of [
      "throw new Proxy({}, {get() { throw 1 }, getPrototypeOf() { throw 2 }});",
      "throw new (class extends Error { get message() { throw 1 } })();",
      "throw Object.assign(new Error('m'), {stack: 5, name: Symbol('n')});",
      "throw Object.assign(new Error('m'), {name: {toString() { throw 1 }}});"
    ])
      assert.match((await said(code)).text, /./);
  });

  it("is cut where it would fill the page", async () => {
    const {text} = await said("throw new Error('x'.repeat(1e6));");
    assert.ok(text.length < 2100, `${text.length} characters`);
  });
});
