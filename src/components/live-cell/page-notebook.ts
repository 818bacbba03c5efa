import {atVersion, cellCode, displayCode, importLines, isLive, libraryCode, needs, tfjs} from "./cell-code.js";
import type {PageData} from "./page-data.js";
import {planPage, whyLeftOut} from "./page-plan.js";
import type {ScriptOptions} from "./page-script.js";

/** Returns a page's cells as a Jupyter notebook (nbformat 4.5) for Deno's kernel; the library is its first code cell. */
export function pageNotebook(page: PageData, edits: ReadonlyMap<string, string>, options: ScriptOptions): string {
  const {library, versions, address} = options;
  const plan = planPage(page, edits, options);
  const {packages, modules} = needs(plan, library);
  const cells = [
    markdownCell([`# ${page.title}`, ...(address ? [`The cells of <${address}>.`] : []), notebookNote].join("\n\n")),
    codeCell(
      [
        "// What the cells below are made with: run this one first.",
        ...(packages.includes(tfjs) ? [`import * as tfjs from "npm:${atVersion(tfjs, versions)}";`] : []),
        displayCode(packages),
        ...(modules.length ? [libraryCode(modules, library)] : [])
      ].join("\n\n"),
      {jupyter: {source_hidden: true}}
    )
  ];
  let heading = `# ${page.title}`;
  for (const cell of plan) {
    if (cell.heading && cell.heading !== heading) cells.push(markdownCell(cell.heading));
    heading = cell.heading || heading;
    const imports = importLines([cell], "npm:", versions);
    const code = [...imports, cellCode(cell)].filter(Boolean).join("\n");
    if (!code) continue;
    // A notebook shows the value of a cell's last statement: what is printed would stand there twice.
    if (isLive(cell)) cells.push(codeCell(code.replace(/^display\(/gm, "void display(")));
    else cells.push(markdownCell(`${whyLeftOut(cell.parts)}\n\n\`\`\`ts\n${cell.source.trim()}\n\`\`\``));
  }
  const notebook = {
    cells: cells.map((cell, i) => ({id: `cell-${i}`, ...cell})),
    metadata,
    nbformat: 4,
    nbformat_minor: 5
  };
  return `${JSON.stringify(notebook, null, 1)}\n`;
}

const notebookNote =
  "It needs a TypeScript kernel: [Deno](https://docs.deno.com/runtime/reference/cli/jupyter/) has one " +
  "(`deno jupyter --install`). The cells stand in the order in which they run.";

const metadata = {
  kernelspec: {display_name: "Deno", language: "typescript", name: "deno"},
  language_info: {
    codemirror_mode: "typescript",
    file_extension: ".ts",
    mimetype: "text/x.typescript",
    name: "typescript",
    nbconvert_exporter: "script",
    pygments_lexer: "typescript"
  }
};

function markdownCell(text: string) {
  return {cell_type: "markdown", metadata: {}, source: textLines(text)};
}

function codeCell(text: string, cellMetadata: object = {}) {
  return {cell_type: "code", execution_count: null, metadata: cellMetadata, outputs: [], source: textLines(text)};
}

// Each line with its end, as notebooks have them.
function textLines(text: string): string[] {
  return text.split(/(?<=\n)/);
}
