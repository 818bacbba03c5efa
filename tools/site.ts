import type {ConfigSpec, Page, Section} from "@observablehq/framework/dist/types.js";
import {existingParts} from "./chapters.js";
import {markdownRules} from "./markdown.js";
import {formatProblem} from "./problems.js";
import type {Report} from "./problems.js";

/** Where a site is read from and written to. */
export interface SiteOptions {
  root?: string; // the source folder; defaults to "src"
  output?: string; // defaults to "dist"
  report?: Report; // called for what is wrong in a page; defaults to a line on the console
}

/** Returns Framework's configuration. */
export function siteConfig({root = "src", output = "dist", report = warn}: SiteOptions = {}): ConfigSpec {
  return {
    root,
    output,
    title: "DDIM Notebook",
    pages: sidebar(root),
    style: "style.css",
    head: '<script type="module" src="/components/theme-switch.js"></script>',
    footer: "Code MIT, text CC BY 4.0.",
    toc: true,
    pager: true,
    search: true,
    globalStylesheets: [],
    preserveExtension: true,
    preserveIndex: true,
    interpreters: {".ts": [process.execPath, "--import", "tsx"]},
    markdownIt: (md) => markdownRules(md, {root, report})
  };
}

function sidebar(root: string): (Page | Section)[] {
  return existingParts(root).map(({name, chapters}) => ({
    name,
    pages: chapters
      .filter(({path}) => path !== "/")
      .map(({path, title, number}) => ({name: `${number} ${title}`, path}))
  })).filter(({pages}) => pages.length > 0);
}

const warn: Report = (problem) => console.warn(formatProblem(problem));
