import {existsSync, readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {join} from "node:path";
import {escapeHtml} from "./html.js";

/** A work that the course cites. */
export interface Reference {
  key: string; // as in BibTeX and in `@cite-key`
  label: string; // such as "Song et al. 2021"
  html: string; // the full reference, in APA style
  text: string; // the same without tags
  address: string; // where it can be read
}

/** The BibTeX behind the course, in the source folder. */
export const referencesFile = "references.bib";

interface Name {
  family?: string;
  literal?: string;
}

interface Item {
  id: string;
  title?: string;
  author?: Name[];
  issued?: {"date-parts"?: number[][]};
  URL?: string;
  DOI?: string;
}

interface CitationJs {
  Cite: new (bibtex: string) => {
    data: Item[];
    format(
      kind: "bibliography",
      options: {template: string; format: "html" | "text"; asEntryArray: true}
    ): [string, string][];
  };
}

const read = new Map<string, {source: string; references: Map<string, Reference>}>();

/** Reads the references of a site, in alphabetical order, by key; a site without the file has none. Throws for bad BibTeX. */
export function readReferences(root: string): Map<string, Reference> {
  const file = join(root, referencesFile);
  if (!existsSync(file)) return new Map();
  const source = readFileSync(file, "utf8");
  const known = read.get(file);
  if (known?.source === source) return known.references;
  const references = parse(source, file);
  read.set(file, {source, references});
  return references;
}

function parse(source: string, file: string): Map<string, Reference> {
  const {Cite} = citationJs();
  let cite: InstanceType<CitationJs["Cite"]>;
  try {
    cite = new Cite(source);
  } catch (error) {
    throw new Error(`${file} is not BibTeX: ${error instanceof Error ? error.message : String(error)}`);
  }
  const entries = (format: "html" | "text") =>
    new Map(cite.format("bibliography", {template: "apa", format, asEntryArray: true}));
  const [html, text] = [entries("html"), entries("text")];
  const items = new Map(cite.data.map((item) => [item.id, item]));
  return new Map(
    [...html.keys()].map((key) => {
      const item = items.get(key)!;
      const reference: Reference = {
        key,
        label: labelOf(item, file),
        html: html.get(key)!.replace(/^\s*<div[^>]*>|<\/div>\s*$/g, ""),
        text: text.get(key)!.trim(),
        address: item.URL ?? (item.DOI ? `https://doi.org/${item.DOI}` : "")
      };
      return [key, reference];
    })
  );
}

// Loaded when it is needed: it takes a second or two.
function citationJs(): CitationJs {
  const require = createRequire(import.meta.url);
  for (const plugin of ["bibtex", "csl"]) require(`@citation-js/plugin-${plugin}`);
  return require("@citation-js/core") as CitationJs;
}

function labelOf({id, author = [], issued}: Item, file: string): string {
  const names = author.map(({family, literal}) => family ?? literal ?? "");
  const year = issued?.["date-parts"]?.[0]?.[0];
  if (!names[0] || !year) throw new Error(`${file}: ${id} needs an author and a year`);
  const who = names.length > 2 ? `${names[0]} et al.` : names.join(" and ");
  return `${who} ${year}`;
}

/** A citation in the text: a link to the reference; src/components/citation-card.ts shows it whole on hover and focus. */
export function citationHtml({key, label, text}: Reference): string {
  const address = `/references#${key}`;
  return `<a class="citation" href="${address}" data-reference="${escapeHtml(text)}">${escapeHtml(label)}</a>`;
}

/** The list of all references, for the page /references. */
export function referenceListHtml(references: Map<string, Reference>): string {
  const items = [...references.values()].map(({key, html, address}) => {
    const linked = address
      ? html.replace(escapeHtml(address), `<a href="${escapeHtml(address)}">${escapeHtml(address)}</a>`)
      : html;
    return `<li id="${escapeHtml(key)}">${linked}</li>`;
  });
  return `<ul class="references">\n${items.join("\n")}\n</ul>\n`;
}
