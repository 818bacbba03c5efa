import {readFileSync} from "node:fs";
import {join} from "node:path";
import {findLine, targetOf} from "./built-site.js";
import type {BuiltSite} from "./built-site.js";
import type {CheckOptions} from "./link-check.js";

const remedy = "copy what it holds into the site; only a link that the reader follows may lead elsewhere";

/** Reports what a page would fetch from another host by itself: elements, style sheets, and calls in its scripts. */
export function checkHosts(site: BuiltSite, {root, report}: CheckOptions): void {
  for (const page of site.pages) {
    const say = (url: string, from: string): void => {
      const line = findLine(root, page, (text) => text.includes(url));
      report({file: page.file, line, message: `${from} loads "${url}" from another host: ${remedy}`});
    };
    for (const {url, kind, from} of page.references) if (kind === "load" && isForeign(page.output, url)) say(url, from);
    for (const style of page.styles)
      for (const url of styleUrls(style)) if (isForeign(page.output, url)) say(url, "style");
    for (const module of page.modules) for (const url of fetchedUrls(module)) say(url, "script");
  }
  for (const file of site.files) {
    const urls = readUrls(site, file).filter((url) => isForeign(file, url));
    for (const url of urls) report({message: `${file} loads "${url}" from another host: ${remedy}`});
    if (file.endsWith(".css")) checkStyleFiles(site, file, report);
  }
}

function readUrls(site: BuiltSite, file: string): string[] {
  const read = () => readFileSync(join(site.folder, file), "utf8");
  if (file.endsWith(".css")) return styleUrls(read());
  // Framework's own client can load its libraries by relative paths only, and only when a page names them.
  return file.endsWith(".js") && !file.startsWith("_observablehq/") ? fetchedUrls(read()) : [];
}

function checkStyleFiles(site: BuiltSite, file: string, report: CheckOptions["report"]): void {
  for (const url of styleUrls(readFileSync(join(site.folder, file), "utf8"))) {
    const target = targetOf(file, url);
    const missing = target && ("outside" in target || ("file" in target && !site.files.has(target.file)));
    if (missing) report({message: `${file} loads "${url}", which is not in the site`});
  }
}

function isForeign(from: string, url: string): boolean {
  const target = targetOf(from, url);
  return target !== undefined && "host" in target;
}

/** Returns the addresses that a style sheet loads. */
export function styleUrls(style: string): string[] {
  const found = style
    .replace(/\/\*[^]*?\*\//g, "")
    .matchAll(/url\(\s*(?:"([^"]*)"|'([^']*)'|([^)\s]*))\s*\)|@import\s+(?:"([^"]*)"|'([^']*)')/g);
  return Array.from(found, (match) => match.slice(1).find((url) => url !== undefined) ?? "");
}

/** Returns the addresses of other hosts that stand in a script where it loads something. */
export function fetchedUrls(script: string): string[] {
  const opener =
    /(?:\b(?:fetch|importScripts|import|WebSocket|EventSource|Worker|SharedWorker|sendBeacon)\s*\(|\.(?:src|href)\s*=)\s*(?:new\s+URL\s*\(\s*)?(["'`])((?:https?:|wss?:)?\/\/[^"'`]+)\1/g;
  return Array.from(script.matchAll(opener), ([, , url]) => url);
}
