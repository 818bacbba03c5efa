import {readFileSync, readdirSync, statSync} from "node:fs";
import {join} from "node:path";

/** A page's Markdown, as it is handed to the parser. */
export interface PageSource {
  file: string; // relative to the repository, e.g. "src/ddim.md"
  path: string; // as Framework names the page, e.g. "/ddim" or "/index"
  text: string; // the whole file
  body: string; // the text without its front matter
  offset: number; // the number of lines of the front matter
}

/** Returns the source file of the page that Framework calls `path`, relative to the repository. */
export function pageFile(root: string, path: string): string {
  return `${join(root, path).replaceAll("\\", "/")}.md`;
}

/** Reads a page's source. Throws when there is no such file. */
export function readPage(root: string, path: string): PageSource {
  const file = pageFile(root, path);
  const text = readFileSync(file, "utf8");
  const front = /^\uFEFF?---[^\S\n]*\r?\n(?:[^]*?\n)?---[^\S\n]*(?:\r?\n|$)/.exec(text)?.[0] ?? "";
  return {file, path, text, body: text.slice(front.length), offset: front.split("\n").length - 1};
}

/** Returns the paths of all pages below `root`, e.g. `/index`, `/embed/ddim`; links to folders are followed. */
export function pagePaths(root: string): string[] {
  const names = readdirSync(root).sort();
  return names.flatMap((name) => {
    if (name.startsWith(".") || name === "node_modules") return [];
    if (name.endsWith(".md")) return [`/${name.slice(0, -".md".length)}`];
    const folder = join(root, name);
    return statSync(folder).isDirectory() ? pagePaths(folder).map((path) => `/${name}${path}`) : [];
  });
}
