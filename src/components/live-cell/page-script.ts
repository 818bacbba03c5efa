import {atVersion, cellCode, displayCode, importLines, libraryCode, needs, tfjs} from "./cell-code.js";
import type {PageCells, PageData} from "./page-data.js";
import type {PlannedCell, PlanOptions} from "./page-plan.js";
import {planPage} from "./page-plan.js";

/** Options of `pageScript` and `pageNotebook`. */
export interface ScriptOptions extends PlanOptions, Pick<PageCells, "versions"> {
  address?: string; // of the page, for the first lines
}

/**
 * Returns a page's cells as one TypeScript file that runs by itself: the cells in an order in which each name is defined
 * before it is used, and below them the modules of the library that they import. What needs the page is a comment.
 */
export function pageScript(page: PageData, edits: ReadonlyMap<string, string>, options: ScriptOptions): string {
  const cells = planPage(page, edits, options);
  const {packages, modules} = needs(cells, options.library);
  const body = cellBlocks(cells, page).join("\n\n");
  const waits = cells.some(({parts}) => parts.some(({async, trouble}) => async && !trouble));
  const imports = [...importLines(cells, ""), ...(packages.includes(tfjs) ? [`import * as tfjs from "${tfjs}";`] : [])];
  const blocks = [
    scriptHead(page, packages, options),
    ...(imports.length ? [imports.join("\n")] : []),
    // A file that is no module, as tsx sees one without a package.json, must not wait outside of a function.
    waits ? `cells();\n\nasync function cells() {\n${body}\n}` : body,
    "// The cells end here. Below is what they are made with.",
    displayCode(packages),
    ...(modules.length ? [libraryCode(modules, options.library)] : [])
  ];
  return `${blocks.join("\n\n")}\n`;
}

/** The page of an address, e.g. `/course/ddim.html`: the site may lie under any path, and an index may go unnamed. */
export function findPage(pages: PageData[], pathname: string): PageData {
  const path = decodeURI(pathname)
    .replace(/\/$/, "/index")
    .replace(/\.html$/, "");
  const found = pages.filter((page) => path.endsWith(page.path)).sort((a, b) => b.path.length - a.path.length)[0];
  if (!found) throw new Error("This page has no cells to download.");
  return found;
}

/** The name under which a page's file is saved, without its ending: "ddim". */
export function fileName({path}: PageData): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function scriptHead(page: PageData, packages: string[], {versions, address}: ScriptOptions): string {
  const needed = packages.map((name) => atVersion(name, versions)).join(" ");
  return [
    `// ${page.title}: the cells of a page of the DDIM notebook, in the order in which they run.`,
    ...(address ? [`// ${address}`] : []),
    "//",
    ...(needed ? [`//     npm i ${needed}`] : []),
    `//     npx tsx ${fileName(page)}.ts   (or: deno run ${fileName(page)}.ts)`,
    "//",
    "// The types of the library are not in this file, so an editor would mark every use of them:",
    "// @ts-nocheck"
  ].join("\n");
}

/** The cells as text, each under its heading if that is another than before. */
function cellBlocks(cells: PlannedCell[], {title}: PageData): string[] {
  let heading = `# ${title}`; // stands above all
  return cells.flatMap((cell) => {
    const code = cellCode(cell);
    if (!code) return [];
    const head = cell.heading && cell.heading !== heading ? `// ${cell.heading}\n\n` : "";
    heading = cell.heading || heading;
    const note = cell.edited ? `// Your own ${cell.name}:\n` : "";
    return [head + note + code];
  });
}
