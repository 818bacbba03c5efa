import {mkdir, readFile, readdir, rm} from "node:fs/promises";
import {join} from "node:path";
import {isOfflinePack} from "../data/digit-pack.js";

// The libraries that Framework lists for pages that name them without importing them. Even a site that uses none of
// them asks the registry for their newest version, unless a version is in the cache. No such version exists, so that
// a page that uses one cannot load it unnoticed.
const listed = [
  "@observablehq/plot",
  "@observablehq/sample-datasets",
  "apache-arrow",
  "arquero",
  "d3",
  "d3-dsv",
  "echarts",
  "htl",
  "leaflet",
  "lodash",
  "mapbox-gl",
  "parquet-wasm",
  "react",
  "react-dom",
  "topojson-client"
];

/** Returns the folder in which Framework keeps what it made, for the source folder `root`. */
export function cacheFolder(root: string): string {
  return join(root, ".observablehq", "cache");
}

/**
 * Readies Framework's cache for a build without a network: marks the libraries that it would look up as known. With
 * `fresh`, also removes what data loaders wrote, since Framework never runs a loader again while its output is cached;
 * without it, only digits that are not those of MNIST, which may be had by now.
 */
export async function prepareCache(root: string, {fresh = false}: {fresh?: boolean} = {}): Promise<void> {
  const folder = cacheFolder(root);
  if (fresh) {
    const names = await readdir(folder).catch(() => []);
    const made = names.filter((name) => !name.startsWith("_"));
    await Promise.all(made.map((name) => rm(join(folder, name), {recursive: true, force: true})));
  } else {
    const digits = join(folder, "data", "digits.bin");
    const bytes = await readFile(digits).catch(() => undefined);
    if (bytes && isOfflinePack(bytes)) await rm(digits, {force: true});
  }
  await markKnown(join(folder, "_npm"));
}

// Only what does not belong is removed, since another build or a preview may be reading the folder.
async function markKnown(folder: string): Promise<void> {
  const versions = listed.map((name) => `${name}@0.0.0`);
  await Promise.all(versions.map((version) => mkdir(join(folder, version), {recursive: true})));
  for (const name of await readdir(folder)) {
    const found = name.startsWith("@") ? (await readdir(join(folder, name))).map((own) => `${name}/${own}`) : [name];
    const others = found.filter((version) => !versions.includes(version));
    await Promise.all(others.map((version) => rm(join(folder, version), {recursive: true, force: true})));
  }
}
