import {mkdir, rm, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {formatProblem} from "../tools/problems.js";
import {buildSite} from "../tools/site-build.js";

/** A site's files by their paths in its source folder. */
export type Files = Record<string, string>;

/** A built site: its folders, and its problems as they are printed, with the source folder as "src". */
export interface Built {
  root: string;
  output: string;
  problems: string[];
}

// Inside the repository, since Framework looks up packages from there.
const folder = join(".cache", `small-sites-${process.pid}`);
let sites = 0;

// What the configuration asks of every site.
const needed: Files = {
  "index.md": "# Home\n",
  "style.css": "",
  "components/theme-switch.js": "export {};\n",
  "components/scroll-focus.js": "export {};\n",
  "components/citation-card.js": "export {};\n",
  "components/sidebar.js": "export {};\n",
  "components/live-cell.js": "export {};\n"
};

/** Builds a site from these files, and from a home page, a style sheet and the modules of all pages if they lack them. */
export async function buildSmallSite(files: Files): Promise<Built> {
  const site = join(folder, String(++sites));
  const root = join(site, "src");
  for (const [name, text] of Object.entries({...needed, ...files})) {
    await mkdir(dirname(join(root, name)), {recursive: true});
    await writeFile(join(root, name), text);
  }
  return rebuild({root, output: join(site, "dist")});
}

/** Builds a small site again, after a change of its files. */
export async function rebuild({root, output}: Pick<Built, "root" | "output">): Promise<Built> {
  const {problems} = await buildSite({root, output});
  return {root, output, problems: problems.map((problem) => formatProblem(problem).replaceAll(root, "src"))};
}

/** Removes all small sites of this process. */
export function removeSmallSites(): Promise<void> {
  return rm(folder, {recursive: true, force: true});
}
