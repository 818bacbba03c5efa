import {execFile} from "node:child_process";
import {mkdir, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {promisify} from "node:util";

// Inside the repository, where tfjs is found; with a package.json of its own, which does not say that files are modules.
const folder = join(".cache", `scripts-${process.pid}`);
let files = 0;

/** Runs a TypeScript file as a reader would, and returns what it printed; rejects unless it leaves with 0. */
export async function run(code: string): Promise<string> {
  await mkdir(folder, {recursive: true});
  await writeFile(join(folder, "package.json"), "{}");
  const file = join(folder, `${++files}.ts`);
  await writeFile(file, code);
  const {stdout} = await promisify(execFile)(process.execPath, ["--import", "tsx", file], {timeout: 100_000});
  return stdout;
}

/** Removes the files of this process. */
export function removeScripts(): Promise<void> {
  return rm(folder, {recursive: true, force: true});
}
