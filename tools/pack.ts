/** `npm run pack`: the built site as one zip, with a small server to run it from a folder and a manifest for an LMS. */
import {existsSync, readFileSync, readdirSync, statSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import type {Zippable} from "fflate";
import {zipSync} from "fflate";
import course from "../course.config.js";
import {isMain} from "./bundle.js";
import {chapterFile, parts} from "./chapters.js";
import {escapeHtml} from "./html.js";

const root = fileURLToPath(new URL("..", import.meta.url));

// Beside the pages, at the top: a reader who has unpacked the zip sees them first.
const beside = ["tools/pack/START.txt", "tools/pack/serve.mjs", "tools/pack/serve.py", "LICENSE", "LICENSE-CONTENT"];

/** What a pack holds: the files by their names in it, in a stable order. Throws when the site is not built. */
export function packFiles(site: string): Map<string, Uint8Array> {
  if (!existsSync(join(site, "index.html")))
    throw new Error(`${site} holds no site: run npm run build first, then npm run pack.`);
  const all = readdirSync(site, {recursive: true, encoding: "utf8"}).map((name) => name.replaceAll("\\", "/"));
  const names = all.filter((name) => !name.startsWith(".")); // those mean something to one host only
  const files = new Map<string, Uint8Array>();
  for (const name of names.sort())
    if (statSync(join(site, name)).isFile()) files.set(name, readFileSync(join(site, name)));
  for (const path of beside) files.set(path.split("/").at(-1)!, readFileSync(join(root, path)));
  files.set("imsmanifest.xml", new TextEncoder().encode(manifest([...files.keys()])));
  return files;
}

/** The zip of the files; the same files give the same bytes. */
export function packZip(files: Map<string, Uint8Array>): Uint8Array {
  const entries: Zippable = {};
  const mtime = new Date(1980, 0, 2); // the zip's first day, so that two packs of one site are equal
  for (const [name, bytes] of files)
    entries[name] = [bytes, {mtime, level: /\.(woff2|png|wasm|bin)$/.test(name) ? 0 : 6}];
  return zipSync(entries);
}

/** An `imsmanifest.xml` of SCORM 1.2: one item a chapter, in the order of the course, and all files. */
export function manifest(files: readonly string[]): string {
  const shown = parts
    .map(({name, chapters}) => ({
      name,
      chapters: chapters
        .map((chapter) => ({...chapter, file: chapterFile(chapter).replace(/\.md$/, ".html")}))
        .filter(({file}) => files.includes(file))
    }))
    .filter(({chapters}) => chapters.length > 0);
  const items = shown.map(({name, chapters}, p) => {
    const inner = chapters.map(
      ({title, number, file}) =>
        `        <item identifier="item-${id(file)}" identifierref="page-${id(file)}"><title>${escapeHtml(`${number} ${title}`)}</title></item>`
    );
    return `      <item identifier="part-${p + 1}"><title>${escapeHtml(name)}</title>\n${inner.join("\n")}\n      </item>`;
  });
  const pages = shown.flatMap(({chapters}) => chapters.map(({file}) => file));
  const resources = pages.map(
    (file) =>
      `    <resource identifier="page-${id(file)}" type="webcontent" adlcp:scormtype="asset" href="${escapeHtml(file)}">` +
      `<file href="${escapeHtml(file)}"/><dependency identifierref="shared"/></resource>`
  );
  const others = files.filter((file) => !pages.includes(file));
  const shared = others.map((file) => `      <file href="${escapeHtml(encodeURI(file))}"/>`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="ddim-notebook" version="1.2"
  xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
  xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata>
    <schema>ADL SCORM</schema>
    <schemaversion>1.2</schemaversion>
  </metadata>
  <organizations default="course">
    <organization identifier="course">
      <title>${escapeHtml(course.title)}</title>
${items.join("\n")}
    </organization>
  </organizations>
  <resources>
${resources.join("\n")}
    <resource identifier="shared" type="webcontent" adlcp:scormtype="asset">
${shared.join("\n")}
    </resource>
  </resources>
</manifest>
`;
}

function id(file: string): string {
  return file.replace(/\.html$/, "").replace(/[^\w-]/g, "-");
}

if (isMain(import.meta.url)) {
  try {
    const [site = "dist", output = "ddim-notebook.zip"] = process.argv.slice(2);
    const files = packFiles(site);
    const zip = packZip(files);
    writeFileSync(output, zip);
    console.log(
      `${output}: ${files.size} files, ${(zip.length / 1e6).toFixed(1)} MB. START.txt in it says how to run it.`
    );
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
