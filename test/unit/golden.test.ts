import assert from "node:assert/strict";
import {execFile} from "node:child_process";
import {cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, describe, it} from "node:test";
import {fileURLToPath} from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const work = mkdtempSync(join(tmpdir(), "golden-"));
after(() => rmSync(work, {recursive: true, force: true}));

/** The exit code and output of test/golden.test.ts on a folder. */
function runGolden(folder: string, cwd = root): Promise<{code: number; output: string}> {
  const {NODE_TEST_CONTEXT: _, ...env} = process.env; // else it would report to this test
  const args = [
    "--import",
    import.meta.resolve("tsx"),
    "--test",
    "--test-reporter=tap",
    join(root, "test/golden.test.ts")
  ];
  return new Promise((done) => {
    execFile(process.execPath, args, {cwd, env: {...env, GOLDEN_DIR: folder}}, (error, stdout, stderr) => {
      done({code: error ? Number(error.code) : 0, output: stdout + stderr});
    });
  });
}

function goldenFile(name: string): string {
  return join(root, "test/golden", name);
}

describe("npm run golden on another folder", () => {
  it("compares files by the beginning of their name, also in folders within, relative to the working directory", async () => {
    const folder = join(work, "good");
    mkdirSync(join(folder, "more"), {recursive: true});
    cpSync(goldenFile("timesteps.json"), join(folder, "timesteps_of_others.json"));
    cpSync(goldenFile("schedules.json"), join(folder, "more", "schedules.json"));
    const {code, output} = await runGolden("good", work);
    assert.match(output, /timesteps_of_others\.json: 64 cases, worst 0/);
    assert.match(output, /more.schedules\.json: 56 cases, worst \d\.\d+e-1\d\n/);
    assert.equal(code, 0, output);
  });

  it("fails on a file that it does not know, cannot read or finds empty, and still compares the others", async () => {
    const folder = join(work, "bad");
    mkdirSync(folder);
    cpSync(goldenFile("timesteps.json"), join(folder, "timesteps.json"));
    cpSync(goldenFile("timesteps.json"), join(folder, "time.json"));
    writeFileSync(join(folder, "schedules_cut.json"), '{"schedules": [');
    writeFileSync(join(folder, "ddpm_steps_none.json"), '{"cases": []}');
    const {code, output} = await runGolden(folder);
    assert.match(output, /time\.json is not known/);
    assert.match(output, /not ok \d+ - matches schedules_cut\.json/);
    assert.match(output, /ddpm_steps_none\.json has no case to compare/);
    assert.match(output, /^ +ok \d+ - matches timesteps\.json/m);
    assert.equal(output.match(/^ +not ok/gm)?.length, 3);
    assert.equal(code, 1);
  });

  it("fails on a folder that is missing or empty", async () => {
    mkdirSync(join(work, "empty"));
    for (const folder of ["empty", "missing"]) {
      const {code, output} = await runGolden(join(work, folder));
      assert.match(output, /no JSON file is in it/);
      assert.equal(code, 1);
    }
  });
});
