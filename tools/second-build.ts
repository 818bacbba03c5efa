import {execFile} from "node:child_process";
import {createHash} from "node:crypto";
import {readFileSync, readdirSync, statSync} from "node:fs";
import {cp, mkdtemp, realpath, rm, symlink} from "node:fs/promises";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import {dirname, join, relative, resolve} from "node:path";
import {fileURLToPath} from "node:url";
import {promisify} from "node:util";
import {bundleFolders} from "./bundles.js";
import {cacheFolder} from "./cache.js";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A site that was built elsewhere. */
export interface SecondBuild {
  site: string; // its folder
  remove(): Promise<void>;
}

/**
 * Builds the site once more from a copy of these sources: in a folder of another name and depth, with files of another
 * date, in another time zone, with another language, and with nothing that an earlier build has left. Throws an Error with
 * what the build said when it fails.
 */
export async function secondBuild(): Promise<SecondBuild> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), "second build é "));
  const remove = (): Promise<void> => rm(folder, {recursive: true, force: true});
  try {
    const copy = join(folder, "one", "more", "level");
    await cp(root, copy, {recursive: true, verbatimSymlinks: true, filter: isSource});
    await symlink(await realpath(join(root, "node_modules")), join(copy, "node_modules"), "junction");
    const {MNIST_CACHE = join(".cache", "mnist"), MNIST_DIR, ...rest} = process.env;
    const env = {
      ...rest,
      TZ: "Pacific/Kiritimati",
      LC_ALL: "tr_TR.UTF-8",
      MNIST_CACHE: resolve(root, MNIST_CACHE),
      ...(MNIST_DIR === undefined ? {} : {MNIST_DIR: MNIST_DIR && resolve(root, MNIST_DIR)})
    };
    const tsx = join(dirname(createRequire(import.meta.url).resolve("tsx/package.json")), "dist", "cli.mjs");
    await promisify(execFile)(process.execPath, [tsx, "tools/build.ts"], {cwd: copy, env});
    return {site: join(copy, "dist"), remove};
  } catch (error) {
    await remove();
    const {stdout = "", stderr = ""} = error as {stdout?: string; stderr?: string};
    throw new Error(`The second build failed. ${String(error)}\n${stdout}${stderr}`);
  }
}

// What a checkout has.
function isSource(path: string): boolean {
  const name = relative(root, path).replaceAll("\\", "/");
  const made = [
    "node_modules",
    "dist",
    ".cache",
    ".git",
    cacheFolder("src"),
    ...bundleFolders.map((own) => relative(root, own))
  ];
  return !made.some((own) => name === own.replaceAll("\\", "/"));
}

/** What is not the same in two folders, a line a file; none: they hold the same bytes under the same names. */
export function differences(one: string, other: string): string[] {
  const [a, b] = [hashes(one), hashes(other)];
  const only = (from: Map<string, string>, to: Map<string, string>, where: string): string[] =>
    [...from.keys()].filter((name) => !to.has(name)).map((name) => `${name} is only in ${where}`);
  const changed = [...a.keys()].filter((name) => b.has(name) && a.get(name) !== b.get(name));
  return [...changed.map((name) => `${name} has other bytes`), ...only(a, b, "the first"), ...only(b, a, "the second")];
}

function hashes(folder: string): Map<string, string> {
  const names = readdirSync(folder, {recursive: true, encoding: "utf8"}).sort();
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  const hash = (name: string): string =>
    createHash("sha256")
      .update(readFileSync(join(folder, name)))
      .digest("hex");
  return new Map(files.map((name) => [name.replaceAll("\\", "/"), hash(name)]));
}
