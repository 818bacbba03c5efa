import {mkdir, readFile, readdir, writeFile} from "node:fs/promises";
import {createRequire} from "node:module";
import {dirname, join} from "node:path";

// Framework would give the style sheet a new name in a new folder, away from the fonts that it names by relative
// paths. So both are put at fixed paths: written by the build, served by the preview.

const require = createRequire(import.meta.url);
const {version} = require("katex/package.json") as {version: string};

/** The folder of KaTeX's files in the site; of each version its own, since a browser may have kept those of the last. */
export const katexFolder = `katex-${version}`;

/** The style sheet's path in the site. */
export const katexStyle = `${katexFolder}/katex.min.css`;

/** The fonts that almost every formula needs, to be fetched before the style sheet has asked for them. */
export const katexPreloads = ["KaTeX_Main-Regular", "KaTeX_Math-Italic"].map(
  (name) => `${katexFolder}/fonts/${name}.woff2`
);

const source = join(dirname(require.resolve("katex/package.json")), "dist");

/** Returns the file of KaTeX at a path of the site, or undefined if there is none. */
export async function katexAsset(path: string): Promise<{type: string; contents: Buffer | string} | undefined> {
  if (path === katexStyle) return {type: "text/css; charset=utf-8", contents: await readStyle()};
  const [folder, font = ""] = path.split(/\/(.*)/);
  if (folder !== katexFolder || !/^fonts\/[\w-]+\.woff2$/.test(font)) return undefined;
  const contents = await readFile(join(source, font)).catch(() => undefined);
  return contents && {type: "font/woff2", contents};
}

/** Writes KaTeX's style sheet and fonts into a built site. */
export async function writeKatexAssets(output: string): Promise<void> {
  await mkdir(join(output, katexFolder, "fonts"), {recursive: true});
  const fonts = (await readdir(join(source, "fonts"))).filter((name) => name.endsWith(".woff2"));
  for (const path of [katexStyle, ...fonts.map((name) => `${katexFolder}/fonts/${name}`)]) {
    await writeFile(join(output, path), (await katexAsset(path))!.contents);
  }
}

// Every browser that runs the pages reads woff2, so the older formats are left out.
async function readStyle(): Promise<string> {
  const style = await readFile(join(source, "katex.min.css"), "utf8");
  return style.replace(/,url\([^)]*\.(?:woff|ttf)\) format\("(?:woff|truetype)"\)/g, "");
}
