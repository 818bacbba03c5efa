import {existsSync, readFileSync, readdirSync, statSync} from "node:fs";
import {join, posix} from "node:path";
import {htmlParts} from "./html.js";
import {pageFile, readPage} from "./page-source.js";

/** An address that a page names. */
export interface Reference {
  url: string;
  kind: "link" | "load"; // followed by the reader, or fetched by the page itself
  from: string; // the element and attribute, e.g. "img src"
}

/** What the checks need to know of a built page. */
export interface BuiltPage {
  output: string; // its file in the site, e.g. "ddim.html"
  path: string; // as Framework names it, e.g. "/ddim"
  file?: string; // its source, if it has one
  ids: string[];
  references: Reference[];
  modules: string[]; // the texts of its inline modules
  styles: string[]; // the texts of its style elements and attributes
  prose: string[]; // the texts that a reader reads, without code
}

/** A built site. */
export interface BuiltSite {
  folder: string;
  files: Set<string>; // relative to the folder, with forward slashes
  pages: BuiltPage[];
}

/** Reads a built site; `root` is the folder of its sources. */
export function readSite(folder: string, root: string): BuiltSite {
  const names = readdirSync(folder, {recursive: true, encoding: "utf8"}).map((name) => name.replaceAll("\\", "/"));
  const files = names.filter((name) => statSync(join(folder, name)).isFile()).sort();
  const outputs = files.filter((name) => name.endsWith(".html") && !name.startsWith("_"));
  const pages = outputs.map((output) => readBuiltPage(output, readFileSync(join(folder, output), "utf8"), root));
  return {folder, files: new Set(files), pages};
}

/** Reads one page of a built site. */
export function readBuiltPage(output: string, html: string, root: string): BuiltPage {
  const path = `/${output.slice(0, -".html".length)}`;
  const file = pageFile(root, path);
  const page: BuiltPage = {output, path, ids: [], references: [], modules: [], styles: [], prose: []};
  if (existsSync(file)) page.file = file;
  let module = false;
  let code = 0; // the depth inside code, or what is left out of a formula
  for (const part of htmlParts(html)) {
    if (part.type === "open") {
      const {name, attributes} = part;
      if (attributes.id) page.ids.push(attributes.id);
      if (attributes.style) page.styles.push(attributes.style);
      page.references.push(...referencesOf(name, attributes));
      module = name === "script" && !attributes.src && attributes.type === "module";
      if (!part.void && (code > 0 || isCode(name, attributes))) ++code;
    } else if (part.type === "close") code = Math.max(0, code - 1);
    else if (part.raw === "script") page.modules.push(...(module ? [part.text] : []));
    else if (part.raw === "style") page.styles.push(part.text);
    else if (code === 0 && part.text.trim()) page.prose.push(part.text);
  }
  return page;
}

function isCode(name: string, {class: classes = ""}: Record<string, string>): boolean {
  const isLeftOut = /(^|\s)(katex|observablehq--error)(\s|$)/.test(classes);
  return isLeftOut || ["code", "pre", "textarea", "title", "script", "style"].includes(name);
}

const loading = /^(audio|embed|iframe|img|input|script|source|track|video|image|use|feimage)$/;
const loadingLinks =
  /\b(stylesheet|icon|apple-touch-icon|manifest|mask-icon|preload|modulepreload|prefetch|preconnect|dns-prefetch)\b/;

function referencesOf(name: string, attributes: Record<string, string>): Reference[] {
  const {href, src, srcset, poster, data, rel = "", action} = attributes;
  const found: [url: string | undefined, kind: Reference["kind"], attribute: string][] = [];
  if (name === "a" || name === "area") found.push([href, "link", "href"]);
  else if (name === "link") found.push([href, loadingLinks.test(rel) ? "load" : "link", "href"]);
  else if (loading.test(name)) {
    found.push([src, "load", "src"], [href ?? attributes["xlink:href"], "load", "href"], [poster, "load", "poster"]);
    for (const url of srcset?.split(/,\s+/) ?? []) found.push([url.trim().split(/\s+/)[0], "load", "srcset"]);
  } else if (name === "object") found.push([data, "load", "data"]);
  else if (name === "form") found.push([action, "load", "action"]);
  return found.flatMap(([url, kind, attribute]) =>
    url === undefined ? [] : [{url: url.trim(), kind, from: `${name} ${attribute}`}]
  );
}

/** An address taken apart: of another host, of a file of the site, or of nothing that could be checked (`data:`). */
export type Target = {host: string} | {file: string; hash: string} | {outside: true} | undefined;

/** Returns what an address in the site's file `from` means. */
export function targetOf(from: string, url: string): Target {
  const host = /^(?:(?:https?|wss?|ftp):)?\/\/([^/?#]*)/i.exec(url)?.[1];
  if (host !== undefined) return {host};
  if (/^[a-z][a-z\d+.-]*:/i.test(url)) return undefined;
  const [, path, hash] = /^([^?#]*)(?:\?[^#]*)?(?:#(.*))?$/s.exec(url)!;
  if (!path) return {file: from, hash: hash ?? ""};
  const file = posix.join(path.startsWith("/") ? "." : posix.dirname(from), decodePath(path));
  if (path.startsWith("/") || file.startsWith("..")) return {outside: true};
  return {file: file === "." || file.endsWith("/") ? posix.join(file, "index.html") : file, hash: hash ?? ""};
}

/** Decodes a percent-encoded path or hash; leaves it as it is when it cannot be decoded. */
export function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Returns the line, from 1, of a page's source that passes the test, if there is one. */
export function findLine(root: string, {path, file}: BuiltPage, test: (line: string) => boolean): number | undefined {
  if (file === undefined) return undefined;
  const index = readPage(root, path).text.split("\n").findIndex(test);
  return index < 0 ? undefined : index + 1;
}
