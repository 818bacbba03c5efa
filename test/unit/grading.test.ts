import assert from "node:assert/strict";
import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {createServer} from "node:net";
import type {AddressInfo} from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {writeHandIn} from "../../lib/exercises/hand-in.js";
import type {SandboxBundle} from "../../tools/grading/bundle-sandbox.js";
import {bundleSandbox} from "../../tools/grading/bundle-sandbox.js";
import {isGraded, siteExercises} from "../../tools/exercises.js";
import type {Graded} from "../../tools/grading/grade-file.js";
import {gradeAnswers} from "../../tools/grading/grade-file.js";
import {gradeFiles} from "../../tools/grading/grade-files.js";
import {gradeTable} from "../../tools/grading/grade-table.js";
import {noNetwork, startProcess} from "../../tools/grading/start-process.js";
import {fileOf, solvedWith} from "./sample-answer.js";

const exercises = siteExercises().filter(isGraded);
const right = "function ratio(a: number): number { return Math.sqrt(a / (1 - a)); }"; // of the exercise two-errors
const wrong = "function ratio(a: number): number { return a / (1 - a); }";
const limits = {seconds: 20, megabytes: 512}; // a machine that does much else is slow

let bundle: SandboxBundle;
let folder: string;
before(async () => {
  bundle = await bundleSandbox();
  folder = await mkdtemp(join(tmpdir(), "grading-test-"));
});
after(async () => {
  await bundle.remove();
  await rm(folder, {recursive: true, force: true});
});

/** Grades code as answers to one exercise, in one process as far as it lives. */
function grade(codes: string[], own: Partial<typeof limits> = {}): Promise<Graded[]> {
  const answers = codes.map((code) => ({name: "two-errors", chapter: "mnist", code}));
  return gradeAnswers(answers, bundle, {...limits, ...own});
}

describe("gradeAnswers", () => {
  it("finds the solutions right, and says of each named wrong answer what the page says", async () => {
    const cases = exercises.flatMap(({name, chapter, solution, wrong}) => [
      {name, chapter, code: solution, says: null},
      ...wrong.map(({code, says}) => ({name, chapter, code, says}))
    ]);
    const graded = await gradeAnswers(cases, bundle, limits);
    for (const [i, {name, says}] of cases.entries()) {
      const {message, trouble} = graded[i];
      assert.equal(trouble, undefined, name);
      if (says === null) assert.equal(message, null, `the solution of ${name}`);
      else assert.ok(message?.includes(says), `${name}: “${message}” does not say “${says}”`);
    }
  });

  it("finds no way out of the context, and none to change the check", async () => {
    const attempts: Record<string, string> = {
      "leaves the process": `process.exit(0); ${right}`,
      "asks the global object for it": `globalThis.process.exit(0); ${right}`,
      "imports from Node": `import fs from "node:fs"; ${right}`,
      "imports from Node later": `const fs = await import("node:fs"); ${right}`,
      "makes a function from text": `const ratio = () => [].constructor.constructor("return process")().exit();`,
      "makes an async one": `const ratio = () => (async () => {}).constructor("return import('node:fs')")();`,
      "makes one from an error": `const deep = () => deep(); const ratio = () => { try { deep(); } catch (e) { return e.constructor.constructor("return 1")(); } };`,
      evaluates: `const ratio = () => eval("1");`,
      "asks the network": `await fetch("http://127.0.0.1:9/"); ${right}`,
      "compiles WebAssembly": `new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])); ${right}`,
      "takes the stack": `Error.prepareStackTrace = (_, frames) => frames; ${right}`,
      "changes a root": `Math.sqrt = () => 0; ${right}`,
      "changes what is finite": `const ratio = () => { Number.isFinite = () => true; return NaN; };`,
      "changes all objects": `Object.prototype.message = 1; ${right}`,
      "changes lists": `Array.prototype.find = () => undefined; ${wrong}`,
      "changes promises": `Promise.prototype.then = function () {}; ${wrong}`,
      "replaces a built-in object": `globalThis.Math = {sqrt: () => 1}; ${right}`,
      "changes what its calls go through": `(globalThis as any).__live.tick = () => {}; ${right}`
    };
    const graded = await grade([...Object.values(attempts), right]);
    for (const [i, what] of Object.keys(attempts).entries()) {
      assert.equal(graded[i].right, false, what);
      assert.match(graded[i].message ?? "", /^your code (stopped|cannot be read)/, what);
    }
    assert.deepEqual(graded.at(-1), {right: true, message: null}, "the answer after all of them, in the same process");
  });

  it("lets an answer do what is harmless", async () => {
    const harmless = [
      `import {makeSchedule} from "./lib/schedule.js"; makeSchedule("linear"); ${right}`,
      `console.log(1); display(2); performance.now(); ${right}`,
      `await new Promise((done) => setTimeout(done, 60_000)); ${right}`, // nobody waits for it
      `for (let i = 0; i < 20; ++i) await new Promise((done) => setTimeout(done, 1000)); ${right}`,
      `const error = new Error(); error.name = "Mine"; const o: any = {}; o.toString = () => "o"; ${right}`,
      `class Mine extends Error { override name = "Mine"; } const list = [3, 1, 2].sort(); ${right}`
    ];
    assert.deepEqual(
      await grade(harmless),
      harmless.map(() => ({right: true, message: null}))
    );
  });

  it("has another library for the answer than for the check", async () => {
    const code = `import {pointSets} from "./lib/points/index.js"; (pointSets as any).length = 0; ${right}`;
    const [first, second] = await grade([
      code,
      `import {pointSets} from "./lib/points/index.js"; if (!pointSets.length) throw new Error("gone"); ${right}`
    ]);
    assert.deepEqual([first.right, second.right], [true, true]);
  });

  it("ends what has no end, and goes on with the next answer", async () => {
    const endless = [
      "while (true) {}",
      "const ratio = () => { for (;;); };",
      "const f = (): any => Promise.resolve().then(f); await f();"
    ];
    const graded = await grade([...endless, `await new Promise(() => {}); ${right}`, right]);
    for (const {message, trouble} of graded.slice(0, 3)) {
      // A chain of promises holds all that have been: on a fast machine its memory is full before its time is up.
      assert.match(message ?? trouble ?? "", /without a pause, so it was stopped|^memory$/);
    }
    assert.match(graded[3].message!, /waits for something that never comes/);
    assert.equal(graded[4].right, true);
  });

  it("kills a call that cannot be ended from inside, after its time", async () => {
    const call = `const ratio = () => /^(a+)+$/.test("a".repeat(60) + "b");`;
    const graded = await grade([right, call, right], {seconds: 6});
    assert.deepEqual(graded[1], {right: false, message: null, trouble: "time"});
    assert.deepEqual([graded[0].right, graded[2].right], [true, true]);
  });

  it("bounds the memory, on the heap and beside it", async () => {
    const heap = `const ratio = () => "abc".repeat(2 ** 26).split("");`;
    const beside = `const ratio = () => new Float64Array(5e8).fill(1);`;
    const graded = await grade([heap, right, ...(process.platform === "linux" ? [beside, right] : [])], {
      megabytes: 160,
      seconds: 60
    });
    assert.equal(graded[0].trouble, "memory");
    assert.equal(graded[1].right, true);
    if (graded.length > 2) assert.deepEqual([graded[2].trouble, graded[3].right], ["memory", true]);
  });
});

describe("the process in which answers run", () => {
  it("has no files, no processes, no workers, no environment and, where the system can, no network", async () => {
    const server = createServer((socket) => socket.end("reached")).listen(0, "127.0.0.1");
    await new Promise((done) => server.once("listening", done));
    const {port} = server.address() as AddressInfo;
    process.env.GRADING_SECRET = "secret";
    const program = join(folder, "probe.cjs");
    await writeFile(program, probe.replace("PORT", String(port)).replace("FILE", JSON.stringify(import.meta.filename)));
    const child = startProcess({program, folder}, {megabytes: 256, cpuSeconds: 60});
    child.stdin.end();
    let text = "";
    for await (const part of child.stdout) text += String(part);
    server.close();
    delete process.env.GRADING_SECRET;
    const found = JSON.parse(text) as Record<string, string>;
    for (const name of ["read", "write", "spawn", "worker"]) assert.equal(found[name], "ERR_ACCESS_DENIED", name);
    assert.equal(found.code, "EvalError");
    assert.equal(found.secret, "none");
    if (noNetwork().length) assert.notEqual(found.network, "reached");
  });
});

const probe = `
const fs = require("node:fs");
const attempt = (act) => { try { act(); return "done"; } catch (error) { return error.code ?? error.name; } };
const found = {
  read: attempt(() => fs.readFileSync(FILE)),
  write: attempt(() => fs.writeFileSync(__dirname + "/written.txt", "x")),
  spawn: attempt(() => require("node:child_process").execFileSync(process.execPath, ["--version"])),
  worker: attempt(() => new (require("node:worker_threads").Worker)("1", {eval: true})),
  code: attempt(() => new Function("return 1")()),
  secret: process.env.GRADING_SECRET ?? "none"
};
const end = (network) => { fs.writeSync(1, JSON.stringify({...found, network})); process.exit(); };
const socket = require("node:net").connect(PORT, "127.0.0.1");
socket.on("data", () => end("reached"));
socket.on("error", (error) => end(error.code));
`;

describe("gradeFiles", () => {
  const rest = fileOf;
  const answer = solvedWith(right);
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const options = () => ({exercises, site: "here", bundle, limits});

  it("makes a row of every file, whatever it holds", async () => {
    const files = [
      await file("good.json", writeHandIn({...rest, answers: [answer]})),
      await file("forged.json", writeHandIn({...rest, name: "=cmd()", answers: [{...answer, code: wrong}]})),
      await file("damaged.json", writeHandIn({...rest, answers: [answer]}).slice(0, 100)),
      await file("foreign.json", '{"format": "something else"}'),
      await file("other.json", writeHandIn({...rest, site: "there", answers: [{...answer, exercise: "unheard-of"}]})),
      await file(
        "polluting.json",
        `{"__proto__": {"x": 1}, "format": "ddim-notebook hand-in", "version": 1, "answers": []}`
      ),
      join(folder, "missing.json"),
      folder
    ];
    const graded = await gradeFiles(files, options());
    assert.deepEqual(
      graded.map(({results}) => [...results]),
      [[["two-errors", true]], [["two-errors", false]], [], [], [], [], [], []]
    );
    const remarks = graded.map(({remarks}) => remarks.join("; "));
    const expected = [
      /^$/,
      /called right in the file, but is not: two-errors/,
      /not JSON/,
      /no hand-in file/,
      /no exercise of this site: unheard-of; made with another version/,
      /made with another version/,
      /cannot be read: ENOENT/,
      /This is no file/
    ];
    for (const [i, pattern] of expected.entries()) assert.match(remarks[i], pattern, files[i]);
    const table = gradeTable(graded, ["two-errors"]);
    assert.equal(table.split("\r\n").length, files.length + 2);
    assert.match(table, /^'=cmd\(\),forged\.json,0,0,/m);
  });

  it("grades a class of 200 files side by side, each that has answers in a process of its own", async () => {
    const codes = [right, wrong];
    // Most are empty here, since a process takes a third of a second of a core.
    const answers = (i: number) => (i % 10 < 2 ? [{...answer, code: codes[i % 2]}] : []);
    const files = await Promise.all(
      Array.from({length: 200}, (_, i) =>
        file(`class-${i}.json`, writeHandIn({...rest, name: `Learner ${i}`, answers: answers(i)}))
      )
    );
    const graded = await gradeFiles(files, options());
    assert.deepEqual(
      graded.map(({name, results}) => [name, results.get("two-errors")]),
      files.map((_, i) => [`Learner ${i}`, [true, false][i % 10]])
    );
  });
});
