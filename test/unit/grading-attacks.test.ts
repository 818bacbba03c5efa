import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {mkdtemp, rm, symlink, truncate, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {writeHandIn} from "../../lib/exercises/hand-in.js";
import type {SandboxBundle} from "../../tools/grading/bundle-sandbox.js";
import {bundleSandbox} from "../../tools/grading/bundle-sandbox.js";
import type {Graded} from "../../tools/grading/grade-file.js";
import {gradeAnswers} from "../../tools/grading/grade-file.js";
import {gradeFiles} from "../../tools/grading/grade-files.js";
import {gradeTable} from "../../tools/grading/grade-table.js";
import {startProcess} from "../../tools/grading/start-process.js";
import {attacks, nodesOwn} from "./grading-attacks.js";
import {fileOf, solvedWith} from "./sample-answer.js";

const exercise = {name: "two-errors", chapter: "mnist"};
const right = "function ratio(a: number): number { return Math.sqrt(a / (1 - a)); }";
const wrong = "const ratio = () => 1;";
const limits = {seconds: 20, megabytes: 512};

let bundle: SandboxBundle;
let folder: string;
before(async () => {
  bundle = await bundleSandbox();
  folder = await mkdtemp(join(tmpdir(), "grading-attacks-"));
});
after(async () => {
  await bundle.remove();
  await rm(folder, {recursive: true, force: true});
});

function grade(codes: string[], own: Partial<typeof limits> = {}, from = bundle): Promise<Graded[]> {
  return gradeAnswers(
    codes.map((code) => ({...exercise, code})),
    from,
    {...limits, ...own}
  );
}

describe("a hostile answer", () => {
  it("is not taken for a right one, and leaves the answers after it alone", async () => {
    const names = Object.keys(attacks);
    const graded = await grade([...names.flatMap((name) => [attacks[name], right]), wrong]);
    for (const [i, name] of names.entries()) {
      assert.equal(graded[2 * i].right, false, name);
      assert.ok((graded[2 * i].message ?? "").length <= 1000, `${name}: a message without end`);
      assert.deepEqual(graded[2 * i + 1], {right: true, message: null}, `the right answer after: ${name}`);
    }
    assert.equal(graded.at(-1)!.right, false, "the wrong answer after all of them");
  });

  it("gets no object of Node’s from a stack without room, a promise, a finalizer or the compiler of WebAssembly", async () => {
    const names = Object.keys(nodesOwn);
    const graded = await grade(names.map((name) => nodesOwn[name]));
    for (const [i, name] of names.entries()) {
      assert.equal(graded[i].message, "your code stopped with an error: nothing of Node’s", name);
    }
  });

  it("that leaves a promise rejected is judged by what it defines, as in a page", async () => {
    const graded = await grade([`Promise.reject(new Error("left alone")); ${right}`]);
    assert.deepEqual(graded, [{right: true, message: null}]);
  });

  it("cannot eat the error that ends it", async () => {
    const [{message}] = await grade(["while (true) try { while (true); } catch {} finally { while (true); }"]);
    assert.match(message ?? "", /without a pause, so it was stopped/);
  });

  it("ends with its process where it blocks the thread or fills memory beside the heap", async () => {
    const codes = [
      "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);",
      "const memory = new WebAssembly.Memory({initial: 8192}); new Uint8Array(memory.buffer).fill(1);"
    ];
    const graded = await grade([...codes, right], {seconds: 4, megabytes: 256});
    const memory = process.platform === "linux" ? "memory" : undefined;
    assert.deepEqual(
      graded.map(({trouble}) => trouble),
      ["time", memory, undefined]
    );
    assert.equal(graded[2].right, true);
  });

  it("is not run where the others of its file took all the time", async () => {
    const graded = await grade([...Array<string>(20).fill("while (true);"), right], {
      seconds: 0.2
    });
    const troubles = graded.map(({trouble}) => trouble);
    assert.ok(troubles.lastIndexOf("time") < 15, `it had ${troubles.lastIndexOf("time") + 1} turns`);
    assert.deepEqual([troubles.at(-1), graded.length], ["late", 21]);
  });
});

describe("the walls behind the context", () => {
  it("are frozen: Node’s own objects in that process cannot be changed by who got hold of one", async () => {
    // In place of realm.ts, with what that takes away left in place: the way out that answers had.
    const realm = join(bundle.folder, "open-realm.js");
    await writeFile(
      realm,
      `(function () {
        let found;
        const look = (e) => { if (e && !(e instanceof Error)) found ??= e; };
        const deep = () => { try { new Error("x").stack; } catch (e) { look(e); } try { deep(); } catch (e) { look(e); } };
        return () => {
          for (let i = 0; i < 5; ++i) deep();
          if (!found) return JSON.stringify({message: "no way out: this test looks at nothing"});
          const [, , root] = [found, 0, Object.getPrototypeOf(Object.getPrototypeOf(Object.getPrototypeOf(found)))];
          const act = (change) => { try { change(); return "done"; } catch (error) { return "refused"; } };
          const {constructor: make} = found.constructor;
          const said = [
            Object.isFrozen(root),
            act(() => Object.defineProperty(root, "toJSON", {value: () => null})),
            act(() => Object.defineProperty(make.prototype, "call", {value: () => null})),
            act(() => make("return process")())
          ];
          return JSON.stringify({message: said.join(" ")});
        };
      })()`
    );
    const [{message}] = await grade([wrong], {}, {...bundle, realm});
    assert.equal(message, "true refused refused refused");
  });

  it("take no verdict from who does not know the key of the process", async () => {
    const program = join(bundle.folder, "forger.cjs");
    const source = `const {key} = JSON.parse(require("node:fs").readFileSync(0, "utf8")); console.log(key + " -1 null\\n");`;
    await writeFile(program, source.replace("\\n", `\\n${"0".repeat(32)} 0 null`));
    assert.deepEqual(await grade([wrong], {}, {...bundle, program}), [{right: false, message: null, trouble: "ended"}]);
  });

  it("end the process by the system’s own limit, when there is nobody left to do so", async () => {
    if (process.platform === "win32") return;
    const program = join(folder, "endless.cjs");
    await writeFile(program, "for (;;);");
    const child = startProcess({program, folder}, {megabytes: 256, cpuSeconds: 1});
    const timer = setTimeout(() => child.kill("SIGTERM"), 30_000);
    const signal = await new Promise((done) => child.once("close", (_, signal) => done(signal)));
    clearTimeout(timer);
    assert.match(String(signal), /^SIG(XCPU|KILL)$/);
  });
});

describe("a hostile file", () => {
  const rest = fileOf;
  const answer = solvedWith(right);
  const good = writeHandIn({...rest, answers: [answer]});
  const gradeThem = (files: string[]) => gradeFiles(files, {exercises: [exercise], site: "here", bundle, limits});

  it("that is a link, a pipe, a device or huge is not read, and nobody waits for it", async () => {
    const names = ["target", "link", "pipe", "sparse"].map((name) => join(folder, `${name}.json`));
    const [target, link, pipe, sparse] = names;
    await writeFile(target, good);
    await symlink(target, link);
    execFileSync("mkfifo", [pipe]);
    await writeFile(sparse, "");
    await truncate(sparse, 2 ** 40);
    const graded = await gradeThem([...names, "/dev/zero"]);
    assert.deepEqual(
      graded.map(({results}) => results.size),
      [1, 0, 0, 0, 0]
    );
    const remarks = graded.slice(1).map(({remarks}) => remarks.join());
    for (const [i, expected] of [/a link to a file/, /no file/, /too large/, /no file/].entries())
      assert.match(remarks[i], expected, `${i}`);
  });

  it("that is nested deeply, full of keys, or of letters that are none, is a line of the table", async () => {
    const texts = [
      "[".repeat(4_000_000),
      `{"format":"ddim-notebook hand-in","version":1,"answers":[${"[".repeat(100_000)}${"]".repeat(100_000)}]}`,
      `{"a":${'{"__proto__":'.repeat(50_000)}1${"}".repeat(50_000)}}`,
      good.replace('"Ada"', '"\\ud800\\u202e\\u0000\\u001b[2J=1+1"'),
      good.replace('"two-errors"', '"__proto__"'),
      good.replace('"two-errors"', '"../../etc/passwd"'),
      good.replace('"mnist"', '"../../../etc/passwd"'),
      `\ufffe${good}`
    ];
    const files = texts.map((_, i) => join(folder, `odd-${i}.json`));
    await Promise.all(texts.map((text, i) => writeFile(files[i], text)));
    const graded = await gradeThem(files);
    assert.deepEqual(
      graded.map(({results}) => [...results].join()),
      ["", "", "", "two-errors,true", "", "", "two-errors,true", ""]
    );
    for (const {remarks, results} of graded) assert.ok(remarks.length > 0 || results.size > 0, "a line says why");
    assert.doesNotMatch(gradeTable(graded, ["two-errors"]), /[\0\x1b\u202e]/);
  });

  it("whose name is a path, a formula, a command to the terminal or two lines is one plain line", async () => {
    const names = ["a\u001b[2Jb.json", "two\nlines.json", "=cmd|'C calc'!A0.json", "\u202egnp.json", "-n.json"];
    const files = names.map((name) => join(folder, name));
    for (const file of files) await writeFile(file, good);
    const graded = await gradeThem([...files, `${folder}/../../../../../etc/passwd`]);
    const table = gradeTable(graded, ["two-errors"]);
    assert.equal(table.split("\r\n").length, names.length + 3);
    assert.doesNotMatch(table, /[\0-\x09\x0b\x0c\x0e-\x1f\u202e]|[^\r]\n/);
    assert.deepEqual(
      table
        .split("\r\n")
        .slice(1, -1)
        .map((line) => line.split(",")[1]),
      ["a [2Jb.json", "two lines.json", "'=cmd|'C calc'!A0.json", "gnp.json", "'-n.json", "passwd"]
    );
  });
});
