import {createHash} from "node:crypto";
import {existsSync} from "node:fs";
import {mkdir, readFile, readdir, stat, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {mnistAtHand} from "../data/mnist.js";

// All that a page of the site can depend on.
const inputs = ["src", "lib", "data", "tools", "observablehq.config.ts", "course.config.ts", "package-lock.json"];
const stampFile = join(".cache", "built.txt");

/** Notes that `dist` is the build of the sources as they were when `sourceStamp` gave this stamp. */
export async function markBuilt(stamp: string): Promise<void> {
  await mkdir(".cache", {recursive: true});
  await writeFile(stampFile, withDigits(stamp));
}

/** Returns whether `dist` is the build of the sources as they are, and of the digits that can be had now. */
export async function isBuilt(): Promise<boolean> {
  const known = await readFile(stampFile, "utf8").catch(() => undefined);
  return known !== undefined && existsSync("dist/index.html") && known === withDigits(await sourceStamp());
}

// Noted after the build, which may have downloaded MNIST.
function withDigits(stamp: string): string {
  return `${stamp} ${mnistAtHand() ? "MNIST" : "no MNIST"} at hand`;
}

/** Returns a hash of the names and contents of all sources. */
export async function sourceStamp(): Promise<string> {
  const hash = createHash("sha256");
  for (const input of inputs) await addTo(hash, input);
  return hash.digest("hex");
}

async function addTo(hash: ReturnType<typeof createHash>, path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found || path === join("src", "lib")) return; // a link to lib
  if (found.isFile())
    return void hash
      .update(path)
      .update("\0")
      .update(await readFile(path))
      .update("\0");
  const names = (await readdir(path)).filter((name) => !name.startsWith(".")).sort();
  for (const name of names) await addTo(hash, join(path, name));
}
