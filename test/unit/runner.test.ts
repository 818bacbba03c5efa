import assert from "node:assert/strict";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {basename, join} from "node:path";
import {after, describe, it} from "node:test";
import {closingLine, exitCode, joinOutcomes, runFiles} from "../../tools/runner.js";
import type {Outcome} from "../../tools/tally.js";

const folder = mkdtempSync(join(tmpdir(), "ddim-notebook-runner-"));
after(() => rmSync(folder, {recursive: true}));

const head = `import {before, describe, it} from "node:test"; import assert from "node:assert/strict";\n`;

interface Run extends Outcome {
  lines: string[];
  names: string[]; // of the failures
}

async function run(files: Record<string, string>, {concurrency = 1, seconds = 60} = {}): Promise<Run> {
  const paths = Object.entries(files).map(([name, text]) => {
    const path = join(folder, name);
    writeFileSync(path, head + text);
    return path;
  });
  const lines: string[] = [];
  const outcome = await runFiles(paths, {concurrency, seconds, write: (line) => lines.push(line)});
  return {...outcome, lines, names: outcome.failures.map(({name}) => name)};
}

describe("runFiles counts", () => {
  it("only the innermost tests, not the suites and tests that hold them", async () => {
    const text = `
      describe("outer", () => { describe("inner", () => { it("a", () => {}); }); it("b", () => {}); });
      it("holds two", async (t) => { await t.test("c", () => {}); await t.test("d", () => {}); });
      describe("empty", () => {});`;
    const {passed, names, lines} = await run({"count.mjs": text});
    assert.deepEqual({passed, names}, {passed: 4, names: []});
    assert.deepEqual(
      lines.slice(1).map((line) => line.replace(/\d+ ms/, "0 ms")),
      ["  outer", "    inner", "      ✔ a (0 ms)", "    ✔ b (0 ms)", "  holds two", "    ✔ c (0 ms)", "    ✔ d (0 ms)"]
    );
  });
  it("a failure once, under its full name, with what was expected", async () => {
    const {passed, failures} = await run({
      "fail.mjs": `describe("s", () => it("adds", () => assert.equal(1 + 1, 3)));`
    });
    assert.equal(passed, 0);
    assert.equal(failures.length, 1);
    assert.equal(failures[0].name, "s › adds");
    assert.match(failures[0].error, /2 !== 3/);
  });
  it("a test that fails after the tests within it passed, and a hook that fails", async () => {
    const {passed, names} = await run({
      "own.mjs": `it("own", async (t) => { await t.test("within", () => {}); throw new Error("x"); });
        describe("hooked", () => { before(() => { throw new Error("x"); }); it("never", () => {}); });`
    });
    assert.deepEqual({passed, names}, {passed: 1, names: ["own", "hooked › never", "hooked"]});
  });
  it("a skipped test and one that is to do as failures", async () => {
    const text = `it("a", {skip: "no GPU"}, () => {}); it.todo("b"); describe.skip("c", () => it("d", () => {}));`;
    const {passed, failures} = await run({"skip.mjs": text});
    assert.equal(passed, 0);
    assert.deepEqual(
      failures.map(({name}) => name),
      ["a", "b", "c"]
    );
    assert.match(failures[0].error, /did not run \(skipped: no GPU\)/);
  });
});

describe("runFiles fails a file", () => {
  it("that cannot be loaded, and shows why", async () => {
    const {failures} = await run({"load.mjs": `import "./none.js"; it("a", () => {});`});
    assert.equal(failures[0].name, "the process failed (exit code 1)");
    assert.match(failures[0].error, /Cannot find module .*none\.js/);
  });
  it("that holds no test", async () => {
    assert.deepEqual((await run({"none.mjs": ""})).names, ["holds no test, or ended before it had one"]);
    assert.deepEqual((await run({"empty.mjs": `describe("empty", () => {});`})).names, ["holds no test"]);
  });
  it("that leaves with code 0 before its tests have run", async () => {
    const text = `it("a", () => {}); it("b", () => new Promise(() => setTimeout(process.exit, 200, 0))); it("c", () => {});`;
    const {names, failures} = await run({"exit.mjs": text});
    assert.deepEqual(names, ["ended before its tests had"]);
    assert.match(failures[0].error, /begun: "b"/);
    const atOnce = await run({"exit-at-once.mjs": `it("a", () => process.exit(0));`});
    assert.deepEqual(atOnce.names, ["holds no test, or ended before it had one"]);
  });
  it("that throws after its tests have passed", async () => {
    const {names} = await run({"late.mjs": `it("a", () => {}); process.on("exit", () => { process.exitCode = 7; });`});
    assert.deepEqual(names, ["the process failed (exit code 7)"]);
  });
  it("that waits for ever or loops for ever, within the time limit", async () => {
    const files = {
      "wait.mjs": `it("waits", () => new Promise((done) => setTimeout(done, 1e6)));`,
      "loop.mjs": `it("loops", () => { for (;;); });`
    };
    const began = Date.now();
    const {names, failures} = await run(files, {concurrency: 2, seconds: 6});
    assert.deepEqual(names, ["did not end within 6 s", "did not end within 6 s"]);
    assert.ok(failures.some(({error}) => error.includes(`begun: "waits"`)));
    assert.ok(Date.now() - began < 20_000);
  });
});

describe("runFiles with files that share a process", () => {
  const share = async (files: Record<string, string>, seconds = 60): Promise<Run> => {
    const paths = Object.entries(files).map(([name, text]) => {
      const path = join(folder, name);
      writeFileSync(path, head + text);
      return path;
    });
    const lines: string[] = [];
    const outcome = await runFiles([paths], {seconds, write: (line) => lines.push(line)});
    return {...outcome, lines, names: outcome.failures.map(({file, name}) => `${basename(file)}: ${name}`)};
  };

  it("counts each file's tests under its own name", async () => {
    const {passed, names, lines} = await share({
      "one.mjs": `it("a", () => {});`,
      "two.mjs": `describe("s", () => { it("b", () => {}); it("c", () => assert.equal(1, 2)); });`
    });
    assert.deepEqual({passed, names}, {passed: 2, names: ["two.mjs: s › c"]});
    const plain = lines.map((line) => basename(line.replace(/ \(\d+ ms\)/, "")));
    assert.deepEqual(plain, ["one.mjs", "  ✔ a", "two.mjs", "  s", "    ✔ b", "    ✖ c"]);
  });
  it("fails the one that cannot be loaded and the one without a test, and runs the others", async () => {
    const {passed, names, failures} = await share({
      "unloaded.mjs": `import "./none.js";`,
      "bare.mjs": "",
      "sound.mjs": `it("a", () => {});`
    });
    assert.deepEqual(
      {passed, names},
      {passed: 1, names: ["unloaded.mjs: could not be loaded", "bare.mjs: holds no test"]}
    );
    assert.match(failures[0].error, /Cannot find module .*none\.js/);
  });
  it("fails the one that ends the process or takes too long, and those that had to follow", async () => {
    const after = {"after.mjs": `it("b", () => {});`};
    const exit = `it("ends", () => new Promise(() => setTimeout(process.exit, 200, 0)));`;
    const ended = await share({"before.mjs": `it("a", () => {});`, "exit-shared.mjs": exit, ...after});
    assert.equal(ended.passed, 1);
    assert.deepEqual(ended.names, ["exit-shared.mjs: ended before its tests had", "after.mjs: was not run"]);
    const late = await share({"loops.mjs": `it("loops", () => { for (;;); });`, ...after}, 4);
    assert.deepEqual(late.names, ["loops.mjs: did not end within 4 s", "after.mjs: was not run"]);
  });
});

describe("runFiles with a signal that aborts", () => {
  it("stops what runs, keeps what was counted, and fails what did not run", async () => {
    const paths = ["first.mjs", "second.mjs"].map((name) => join(folder, name));
    writeFileSync(
      paths[0],
      `${head}it("a", () => {}); it("waits", () => new Promise((done) => setTimeout(done, 1e6)));`
    );
    writeFileSync(paths[1], `${head}it("b", () => {});`);
    const stop = new AbortController();
    const write = (line: string) => line.includes("✔ a") && stop.abort();
    const {passed, failures} = await runFiles(paths, {seconds: 60, signal: stop.signal, write});
    assert.equal(passed, 1);
    assert.deepEqual(
      failures.map(({file, name}) => `${basename(file)} ${name}`),
      ["first.mjs was stopped with the run", "second.mjs was not run"]
    );
  });
});

describe("runFiles reports", () => {
  it("the lines of a file together, also when two run at a time", async () => {
    const slow = `it("slow", () => new Promise((done) => setTimeout(done, 1500)));`;
    const {lines} = await run(
      {"slow.mjs": slow, "quick.mjs": `it("quick", () => console.log("said"));`},
      {concurrency: 2}
    );
    const plain = lines.map((line) => basename(line.replace(/ \(\d+ ms\)/, "")));
    assert.deepEqual(plain, ["slow.mjs", "  ✔ slow", "quick.mjs", "  | said", "  ✔ quick"]);
  });
});

describe("the end of a run", () => {
  const failed: Outcome = {passed: 2, failures: [{file: "f", name: "n", error: "e"}]};
  it("is the line with both counts", () => {
    assert.equal(closingLine(joinOutcomes([failed, {passed: 3, failures: []}])), "5 passed, 1 failed");
  });
  it("is exit code 0 only when something passed and nothing failed", () => {
    assert.equal(exitCode({passed: 1, failures: []}), 0);
    assert.equal(exitCode({passed: 0, failures: []}), 1);
    assert.equal(exitCode(failed), 1);
  });
});
