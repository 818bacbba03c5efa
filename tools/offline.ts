import {createHash} from "node:crypto";
import {readFileSync, readdirSync, statSync, writeFileSync} from "node:fs";
import {join, posix} from "node:path";
import {fileURLToPath} from "node:url";
import {buildSync} from "esbuild";
import type {FileList} from "./in-page/offline-messages.js";

// The offline reader, for a course that asks for it: a service worker (in-page/offline-worker.ts), the list of what each
// page can ask for, and a script in each page that has it kept.

/** Adds the offline reader to a built site. */
export function addOffline(folder: string): void {
  const names = readdirSync(folder, {recursive: true, encoding: "utf8"}).map((name) => name.replaceAll("\\", "/"));
  const contents = new Map(
    names
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => [name, readFileSync(join(folder, name))])
  );
  const pages = [...contents.keys()].filter((name) => /^[^_].*\.html$/.test(name)).sort();
  const script = inPage("offline-page", "esm");
  const scriptFile = `offline-page.${hashOf(script).slice(0, 8)}.js`;
  contents.set(scriptFile, Buffer.from(script));
  const list = JSON.stringify(listFiles(contents, pages, scriptFile));
  // A page's own text is a part of what makes a version.
  const version = hashOf([list, ...pages.map((page) => hashOf(contents.get(page)!))].join("\n")).slice(0, 8);
  const listFile = `offline-files.${version}.json`;
  for (const page of pages) {
    const up = "../".repeat(page.split("/").length - 1) || "./";
    const line = `<script type="module" src="${up}${scriptFile}" data-up="${up}" data-offline="${up}${listFile}"></script>\n`;
    const html = contents.get(page)!.toString();
    if (!html.includes("</head>")) throw new Error(`${page} has no head to put the offline reader in`);
    writeFileSync(
      join(folder, page),
      html.replace("</head>", () => `${line}</head>`)
    );
  }
  writeFileSync(join(folder, scriptFile), script);
  writeFileSync(join(folder, listFile), list);
  writeFileSync(join(folder, "offline.js"), inPage("offline-worker", "iife"));
}

function listFiles(contents: Map<string, Buffer>, pages: string[], scriptFile: string): FileList {
  const files = [...contents.keys()].filter((name) => !/\.html$|^\./.test(name)).sort();
  const places = new Map(files.map((name, i) => [name, i]));
  const named = new Map<string, string[]>();
  const namedBy = (file: string): string[] => {
    const found = named.get(file) ?? namesIn(file, contents.get(file)!).filter((name) => places.has(name));
    named.set(file, found);
    return found;
  };
  const reached = (page: string): number[] => {
    const found = new Set([scriptFile, ...namedBy(page)]);
    for (const file of found) for (const other of namedBy(file)) found.add(other);
    return [...found].map((name) => places.get(name)!).sort((a, b) => a - b);
  };
  return {
    files: files.map((name) => [name, hashOf(contents.get(name)!)]),
    pages: Object.fromEntries(pages.map((page) => [page.replace(/\.html$/, "").replace(/^index$/, ""), reached(page)]))
  };
}

/** The files of the site that a text names by relative paths: imports, workers, data, fonts. A few too many do no harm. */
export function namesIn(file: string, content: Buffer): string[] {
  if (!/\.(html|js|css)$/.test(file)) return [];
  const paths = content.toString().match(/[\w@~./-]*[\w-]\.\w+/g) ?? [];
  return [...new Set(paths.map((path) => posix.join(posix.dirname(file), path)))];
}

function hashOf(content: Buffer | string): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 16);
}

function inPage(name: string, format: "esm" | "iife"): string {
  const entry = fileURLToPath(new URL(`in-page/${name}.ts`, import.meta.url));
  const options = {bundle: true, write: false, target: "es2022", minify: true, legalComments: "none"} as const;
  const {outputFiles} = buildSync({...options, entryPoints: [entry], format});
  return outputFiles[0].text;
}
