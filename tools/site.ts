import type {ConfigSpec, Page, Section} from "@observablehq/framework/dist/types.js";
import course from "../course.config.js";
import {pointSets} from "../lib/points/index.js";
import {allParts, existingParts} from "./chapters.js";
import {courseProblems} from "./course.js";
import {licencesFile} from "./licences.js";
import {markdownRules} from "./markdown.js";
import {formatProblem} from "./problems.js";
import type {Report} from "./problems.js";

/** Where a site is read from and written to. */
export interface SiteOptions {
  root?: string; // the source folder; defaults to "src"
  output?: string; // defaults to "dist"
  report?: Report; // called for what is wrong in a page; defaults to a line on the console
  slots?: boolean; // as in MarkdownOptions
}

/** Returns Framework's configuration. */
export function siteConfig({root = "src", output = "dist", report = warn, slots}: SiteOptions = {}): ConfigSpec {
  const paths = allParts.flatMap(({chapters}) => chapters.map(({path}) => path));
  for (const message of courseProblems(
    course,
    paths,
    pointSets.map(({name}) => name)
  ))
    report({message});
  return {
    root,
    output,
    title: course.title,
    pages: sidebar(root),
    style: "style.css",
    head: modules.map((name) => `<script type="module" src="/components/${name}.js"></script>`).join("\n"),
    footer:
      "By the ddim-notebook contributors. Text and pictures: " +
      '<a rel="license" href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>; code: MIT. ' +
      `<a href="/${licencesFile}">All licences</a>`,
    toc: true,
    pager: true,
    search: true,
    globalStylesheets: [],
    preserveExtension: true,
    preserveIndex: true,
    interpreters: {".ts": [process.execPath, "--import", "tsx"]},
    markdownIt: (md) => markdownRules(md, {root, report, slots})
  };
}

// What every page runs, in src/components.
const modules = ["theme-switch", "scroll-focus", "citation-card", "sidebar"];

function sidebar(root: string): (Page | Section)[] {
  const sections = existingParts(root).map(({name, chapters}) => ({
    name,
    pages: chapters.map(({path, title, number}) => ({name: `${number} ${title}`, path}))
  }));
  if (course.links.length === 0) return sections;
  return [...sections, {name: "Links", pages: course.links.map(({name, href}) => ({name, path: href}))}];
}

const warn: Report = (problem) => console.warn(formatProblem(problem));
