import {createHash} from "node:crypto";
import {mkdir, readFile, readdir, rename, rm, stat, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";
import {gzipSync} from "node:zlib";
import type {Metafile, Plugin} from "esbuild";
import {build} from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A module to bundle: its source, and what its `.d.ts` says. */
export interface Entry {
  source: string;
  types: string;
}

/** Packages bundled beforehand, because Framework would bundle each apart. */
export interface BundleOptions {
  directory: string; // where to; made, not committed
  entries: Record<string, Entry>; // by the name of the file
  packages: string[]; // whose versions the result depends on, and of which something is in it
  recipe: string; // the file that calls, which it depends on too
  sources?: string[]; // more files that it depends on
  banner: string; // names and licences
  plugins?: Plugin[];
  force?: boolean; // bundle even if nothing has changed; defaults to false
}

/** What a call did: whether it built anything, and the bytes of each file it left. */
export interface BundleResult {
  built: boolean;
  files: {name: string; bytes: number; gzip: number}[];
}

/**
 * Writes a module for each entry, the chunks they share, a `.d.ts` beside each, and `packages.json`, the folders of all packages of
 * which something is in them. Does nothing when the folder already
 * holds the result of the same package versions and the same recipe.
 */
export async function bundle(options: BundleOptions): Promise<BundleResult> {
  const {directory, force = false} = options;
  const stamp = await makeStamp(options);
  const built = force || (await readFile(join(directory, "stamp.txt"), "utf8").catch(() => "")) !== stamp;
  if (built) await write(options, stamp);
  return {built, files: await listFiles(directory)};
}

// Written beside and then moved, so that a test or a preview that runs meanwhile never sees half a bundle.
async function write(
  {directory, entries, packages, banner, plugins = []}: BundleOptions,
  stamp: string
): Promise<void> {
  const temporary = `${directory}-${process.pid}`;
  await rm(temporary, {recursive: true, force: true});
  await mkdir(temporary, {recursive: true});
  try {
    const {metafile} = await build({
      absWorkingDir: root, // the names of chunks depend on where the sources lie from here
      preserveSymlinks: true, // as they do where node_modules is a link
      entryPoints: Object.fromEntries(Object.keys(entries).map((name) => [name, `entry:${name}`])),
      outdir: temporary,
      bundle: true,
      splitting: true,
      format: "esm",
      target: "es2022",
      platform: "browser",
      mainFields: ["module", "main"],
      minify: true,
      legalComments: "none",
      banner: {js: banner},
      logLevel: "warning",
      metafile: true,
      plugins: [entryPlugin(entries), ...plugins]
    });
    for (const [name, {types}] of Object.entries(entries)) {
      await writeFile(join(temporary, `${name}.d.ts`), `${types}\n`);
    }
    const folders = new Set([...packages.map((name) => `node_modules/${name}`), ...packageFolders(metafile)]);
    await writeFile(join(temporary, "packages.json"), `${JSON.stringify([...folders].sort(), null, 2)}\n`);
    await writeFile(join(temporary, "stamp.txt"), stamp);
    await rm(directory, {recursive: true, force: true});
    await rename(temporary, directory);
  } finally {
    await rm(temporary, {recursive: true, force: true});
  }
}

/** The packages of which something is in what esbuild has made, as folders below the root, "node_modules/acorn". */
export function packageFolders({outputs}: Metafile): string[] {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  return inputs.flatMap(([path, {bytesInOutput}]) => {
    const folder = bytesInOutput > 0 && /node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
    return folder ? [folder] : [];
  });
}

async function makeStamp({packages, recipe, sources = []}: BundleOptions): Promise<string> {
  const hash = createHash("sha256");
  for (const file of [fileURLToPath(import.meta.url), recipe, ...sources]) hash.update(await readFile(file));
  for (const name of [...packages, "esbuild"]) {
    const manifest = join(root, "node_modules", name, "package.json");
    const {version} = JSON.parse(await readFile(manifest, "utf8")) as {version: string};
    hash.update(`\n${name}@${version}`);
  }
  return hash.digest("hex");
}

function entryPlugin(entries: Record<string, Entry>): Plugin {
  return {
    name: "entry",
    setup(build) {
      build.onResolve({filter: /^entry:/}, ({path}) => ({path: path.slice("entry:".length), namespace: "entry"}));
      build.onLoad({filter: /.*/, namespace: "entry"}, ({path}) => ({
        contents: entries[path].source,
        resolveDir: root
      }));
    }
  };
}

async function listFiles(directory: string): Promise<BundleResult["files"]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(".js")).sort();
  return Promise.all(
    names.map(async (name) => {
      const path = join(directory, name);
      return {name, bytes: (await stat(path)).size, gzip: gzipSync(await readFile(path)).length};
    })
  );
}

/** Whether the module at this address is the program that was started. */
export function isMain(url: string): boolean {
  return process.argv[1] !== undefined && url === pathToFileURL(process.argv[1]).href;
}

/** Writes the sizes to the console. */
export function printBundle(folder: string, {built, files}: BundleResult): void {
  console.log(built ? `${folder} written:` : `${folder} is up to date:`);
  for (const {name, bytes, gzip} of files) {
    const size = `${String(Math.round(bytes / 1000)).padStart(5)} kB, gzip ${Math.round(gzip / 1000)} kB`;
    console.log(`  ${name.padEnd(24)} ${size}`);
  }
}
