import {existsSync, readFileSync, readdirSync} from "node:fs";
import {writeFile} from "node:fs/promises";
import {join, relative} from "node:path";
import {fileURLToPath} from "node:url";
import {build} from "esbuild";
import {packageFolders} from "./bundle.js";
import {bundleFolders} from "./bundles.js";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The list's path in the site. */
export const licencesFile = "licences.txt";

/** A package of which something is in the site. */
export interface ShippedPackage {
  name: string;
  version: string;
  licence: string; // as its package.json names it
  text: string; // of the licence
}

/** Writes the list of all packages of which something is in a built site, with the texts of their licences. */
export async function writeLicences(site: string): Promise<void> {
  await writeFile(join(site, licencesFile), licencesText(await shippedPackages(site)));
}

/** The packages of which something is in a built site, by name. Throws an Error where one has no licence to be found. */
export async function shippedPackages(site: string): Promise<ShippedPackage[]> {
  const framework = await frameworkPackages(site);
  const folders = new Set([...framework, ...bundledPackages(site), "node_modules/katex"]);
  const packages = [...folders].map(readPackage);
  const apache = packages.map(({text}) => text).filter((text) => text.includes("END OF TERMS AND CONDITIONS"));
  const shortest = apache.sort((a, b) => a.length - b.length)[0];
  for (const own of packages) {
    // TensorFlow.js leaves out the text, which is the same for all who have this licence.
    if (!own.text && own.licence === apacheName) own.text = shortest ?? "";
    if (!own.text)
      throw new Error(`${own.name} is in the site, and no text of its licence (${own.licence}) in the package.`);
  }
  const key = ({name, version}: ShippedPackage): string => `${name} ${version}`;
  return [...new Map(packages.map((own) => [key(own), own])).values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

const apacheName = "Apache-2.0";

const client = "@observablehq/framework/dist/client";

// Framework's own modules, the packages that it serves, and what it has bundled into either: bundled here once more, to
// see what is in them.
async function frameworkPackages(site: string): Promise<string[]> {
  const modules = filesBelow(join(site, "_observablehq")).map((name) => name.replace(/\.[0-9a-f]{8}\.js$/, ".js"));
  const sources = modules.filter((name) => existsSync(join(root, "node_modules", client, name)));
  const served = filesBelow(join(site, "_node")).map((name) => /^(?:@[^/]+\/)?[^@/]+/.exec(name)![0]);
  const runtime = ["@observablehq/runtime", "@observablehq/inspector"]; // in a module without a source
  const entries = new Set([...sources.map((name) => `./node_modules/${client}/${name}`), ...served, ...runtime]);
  const {metafile} = await build({
    absWorkingDir: root,
    preserveSymlinks: true,
    stdin: {
      contents: [...entries].map((entry, i) => `export * as p${i} from "${entry}";`).join("\n"),
      resolveDir: root
    },
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    mainFields: ["module", "main"],
    external: ["npm:*", "observablehq:*"],
    logLevel: "error"
  });
  return packageFolders(metafile).flatMap(withInlined);
}

// Some packages come as one file with others in it. Those that only a command of the package needs are not.
function withInlined(folder: string): string[] {
  const {dependencies = {}} = manifest(folder);
  if (folder.endsWith("/framework")) return [folder]; // its own dependencies build the site
  const commands = filesBelow(join(root, folder, "bin")).map((name) =>
    readFileSync(join(root, folder, "bin", name), "utf8")
  );
  const names = Object.keys(dependencies).filter((name) => !commands.some((text) => text.includes(`"${name}"`)));
  return [folder, ...names.flatMap((name) => withInlined(`node_modules/${name}`))];
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, {recursive: true, encoding: "utf8"}).map((name) => name.replaceAll("\\", "/"));
  return names.filter((name) => name.endsWith(".js"));
}

// What tools/bundle.ts noted of those that are in the site.
function bundledPackages(site: string): string[] {
  const isThere = (folder: string): boolean =>
    existsSync(join(site, "_import", relative(root, folder).replace(/^src[/\\]/, "")));
  const notes = bundleFolders.filter(isThere).map((folder) => readFileSync(join(folder, "packages.json"), "utf8"));
  return notes.flatMap((text) => JSON.parse(text) as string[]);
}

interface Manifest {
  name: string;
  version: string;
  license?: string;
  dependencies?: Record<string, string>;
}

function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Manifest;
}

function readPackage(folder: string): ShippedPackage {
  const {name, version, license} = manifest(folder);
  if (!license) throw new Error(`${name} is in the site, and its package.json names no licence.`);
  const files = readdirSync(join(root, folder)).sort();
  const read = (file: string): string => plain(readFileSync(join(root, folder, file), "utf8"));
  const texts = files.filter((file) => /^(licen[cs]e|copying|notice)(\.(md|txt))?$/i.test(file)).map(read);
  const readme = files.find((file) => /^readme(\.md)?$/i.test(file));
  const told = readme && /^#*[ \t]*licen[cs]e\b[^]*permission[^]*$/im.exec(read(readme))?.[0];
  return {name, version, licence: license, text: texts.length ? texts.join("\n\n") : (told ?? "")};
}

function plain(text: string): string {
  return text
    .replace(/^\ufeff/, "")
    .replace(/\r\n?/g, "\n")
    .replace(/[ \t]+$/gm, "")
    .trim();
}

/** The list as a text: what is in the site, then each licence once. The mark at its start tells browsers that it is UTF-8. */
export function licencesText(packages: readonly ShippedPackage[]): string {
  const title = ({name, version}: ShippedPackage): string => `${name} ${version}`;
  const longest = Math.max(...packages.map((own) => title(own).length));
  const list = packages.map((own) => `${title(own).padEnd(longest)}  ${own.licence}`);
  const texts = new Map<string, string[]>();
  for (const own of packages) texts.set(own.text, [...(texts.get(own.text) ?? []), title(own)]);
  const rule = "-".repeat(80);
  const parts = [...texts].map(([text, of]) => `${rule}\n${of.join("\n")}\n${rule}\n\n${text}\n`);
  return `\ufeff${about}\n${list.join("\n")}\n\n${parts.join("\n")}`;
}

const about = `Licences

This site by the ddim-notebook contributors: text and pictures CC BY 4.0
(https://creativecommons.org/licenses/by/4.0/), code MIT, below. Where its digits are those of MNIST, they are by
Y. LeCun, C. Cortes and C. J. C. Burges, CC BY-SA 3.0 (https://creativecommons.org/licenses/by-sa/3.0/).

${plain(readFileSync(join(root, "LICENSE"), "utf8"))}

Of these packages something is in the site, whole or in part. The texts of their licences follow.
`;
