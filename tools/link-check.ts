import {decodePath, findLine, targetOf} from "./built-site.js";
import type {BuiltPage, BuiltSite, Reference} from "./built-site.js";
import type {Report} from "./problems.js";

/** Options of the checks of a built site. */
export interface CheckOptions {
  root: string; // the folder of the sources
  report: Report;
}

/** Reports links to pages, anchors and files that do not exist, addresses that break under a sub-path, and equal ids. */
export function checkLinks(site: BuiltSite, {root, report}: CheckOptions): void {
  const ids = new Map(site.pages.map((page) => [page.output, new Set(page.ids)]));
  for (const page of site.pages) {
    for (const id of repeated(page.ids)) {
      const line = findLine(root, page, (text) => text.includes(id));
      report({file: page.file, line, message: `two elements have the id "${id}": give one another {#id}`});
    }
    for (const reference of unique(page.references)) {
      const problem = linkProblem(page, reference, site.files, ids);
      if (!problem) continue;
      const {line, url} = findWritten(root, page, reference.url);
      const what = reference.kind === "link" ? "link" : reference.from;
      report({file: page.file, line, message: `${what} "${url}" ${problem}`});
    }
  }
}

function linkProblem(
  {output}: BuiltPage,
  {url}: Reference,
  files: Set<string>,
  ids: Map<string, Set<string>>
): string | undefined {
  if (output === "404.html" && url.startsWith("/")) return undefined; // it has a base
  const target = targetOf(output, url);
  if (!target || "host" in target) return undefined;
  if ("outside" in target) return "leaves the site's folder, and would break under a sub-path: make it relative";
  const {file, hash} = target;
  if (!files.has(file)) return `is broken: there is no ${file} in the site`;
  const known = ids.get(file);
  if (!hash || hash === "top" || !known || known.has(decodePath(hash))) return undefined;
  const near = nearest(decodePath(hash), known);
  return `is broken: ${file} has no anchor "${hash}"${near ? `; is it "${near}"?` : ""}`;
}

// The id with the most characters in common at its start, if these are some.
function nearest(hash: string, ids: Set<string>): string | undefined {
  const common = (id: string): number => [...hash].findIndex((character, i) => character !== id[i]);
  const shared = (id: string): number => (id.startsWith(hash) ? hash.length : Math.max(0, common(id)));
  const [best] = [...ids].sort((a, b) => shared(b) - shared(a));
  return best !== undefined && shared(best) >= 3 ? best : undefined;
}

// How the source has an address of the page: Framework has made it relative and added ".html".
function findWritten(root: string, page: BuiltPage, url: string): {line?: number; url: string} {
  const wanted = plain(page.output, url);
  const written = (line: string): string | undefined =>
    Array.from(
      line.matchAll(/\]\(\s*<?([^)\s>]+)|(?:href|src|srcset|poster|data)="([^"]+)"|\]:\s*(\S+)/g),
      ([, inline, attribute, definition]) => inline ?? attribute ?? definition
    ).find((candidate) => plain(page.output, candidate) === wanted);
  let found = url;
  const line = findLine(root, page, (text) => {
    const candidate = written(text);
    found = candidate ?? found;
    return candidate !== undefined;
  });
  return {line, url: found};
}

function plain(output: string, url: string): string {
  const target = targetOf(output, url.replace(/^\//, "../".repeat(output.split("/").length - 1) || "./"));
  if (!target || !("file" in target)) return url;
  return `${target.file
    .replace(/\.html$/, "")
    .replace(/\.[0-9a-f]{8}(?=\.\w+$)/, "")
    .replace(/^_file\//, "")}#${target.hash}`;
}

function repeated(ids: string[]): string[] {
  return [...new Set(ids.filter((id, i) => ids.indexOf(id) < i))];
}

function unique(references: Reference[]): Reference[] {
  return [...new Map(references.map((reference) => [`${reference.from} ${reference.url}`, reference])).values()];
}
