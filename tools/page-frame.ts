import {posix} from "node:path";
import course from "../course.config.js";
import {findChapter} from "./chapters.js";
import {withPolicy} from "./content-policy.js";
import type {CourseConfig} from "./course.js";
import {escapeHtml, htmlText} from "./html.js";
import {katexPreloads, katexStyle} from "./katex-assets.js";
import {layoutParts, startMark, startWatch} from "./page-start.js";
import {themeScript} from "./theme-script.js";

// What Framework's page lacks: a language, the freedom to zoom, a way past the sidebar, names for its landmarks, a
// description. Each change looks for exactly what the pinned version writes, and fails loudly if that has changed.

/** Options of `framePage`. */
export interface FrameOptions {
  path: string; // the page as Framework names it, e.g. "/ddim"
  preview?: boolean; // link KaTeX's style sheet even if no formula is there yet, and let the page be told of changes
  minify?: boolean; // the scripts that stand in the page; defaults to false
  course?: CourseConfig; // defaults to course.config.ts
}

/** Returns a page as the reader gets it, from the one that Framework wrote. Throws an Error if it is not as expected. */
export function framePage(html: string, {path, preview = false, minify, ...options}: FrameOptions): string {
  const {term, solutions, figures} = options.course ?? course;
  const up = "../".repeat(path.split("/").length - 2) || "./";
  const styles = preview || html.includes('class="katex"') ? katexLinks(up) : "";
  const defaults = `<script type="application/json" id="figure-defaults">${JSON.stringify(figures)}</script>\n`;
  const termLine = term ? `\n  <p class="course-term">${escapeHtml(term)}</p>` : "";
  const edits: Edit[] = [
    ["<html>", `<html lang="en" data-solutions="${solutions}">`],
    [", maximum-scale=1", ""],
    [
      "</title>\n",
      `</title>\n${descriptions(html, path)}${icon}\n${themeScript}\n${startWatch(up)}\n${layoutParts()}\n${defaults}${styles}`
    ],
    [/(<script type="module">\n\nimport [^]*?)(<\/script>)/, `$1${startMark}\n$2`, "maybe"],
    // The text and its letters come first: it is read before anything is played with.
    [/<link rel="modulepreload" /g, '$&fetchpriority="low" ', "maybe"],
    ["<body>", '<body>\n<a class="skip-link" href="#observablehq-main">Skip to the text</a>'],
    ['<main id="observablehq-main" ', '<main id="observablehq-main" tabindex="-1" '],
    [
      /<nav id="observablehq-sidebar">(\n  <ol>[^]*?<\/ol>)/,
      `<nav id="observablehq-sidebar" aria-label="Chapters">$1${termLine.replaceAll("$", "$$$$")}\n  ${themeButton}`,
      "maybe"
    ],
    [
      '<input type="search" placeholder="Search">',
      '<input type="search" placeholder="Search" aria-label="Search">',
      "maybe"
    ],
    // Framework's key for the search on other systems than Apple's is shown but not heard; and a key without Alt or the
    // like is one that who speaks to a computer types by accident.
    [
      /\b(\w+)\.metaKey ?&& ?!\1\.altKey ?&& ?!\1\.ctrlKey ?\|\| ?\1\.key ?=== ?"\/" ?&&[^{]*?document\.body\)/,
      "($1.metaKey||$1.altKey)&&!$1.ctrlKey)",
      "maybe"
    ],
    [/(<aside id="observablehq-toc"[^>]*>\n<nav)>/, '$1 aria-label="On this page">', "maybe"],
    [/(<footer id="observablehq-footer">\n<nav)>/, '$1 aria-label="Neighbouring chapters">', "maybe"],
    // Framework gives the first page the site's name there.
    [/(<a rel="(?:prev|next)" href="[^"]*(?:\/|index(?:\.html)?)"><span>)[^<]*/, `$1${escapeHtml(homeName)}`, "maybe"],
    [/(observablehq-link-active"><a )/g, '$1aria-current="page" ', "maybe"],
    ['title="Toggle sidebar">', 'title="Toggle sidebar" aria-label="Sidebar">', "maybe"],
    // A list of one link and a label, which a list must not hold.
    [/<ol>(\n    <label id="observablehq-sidebar-close"[^]*?<li )/, '<ol role="none">$1role="none" ', "maybe"]
  ];
  const framed = setContents(edits.reduce((page, edit) => apply(page, edit, path), html));
  return withPolicy(solutions === "hidden" ? withoutSolutions(framed) : framed, up, {minify, preview});
}

const home = findChapter("/index");
const homeName = home ? `${home.number} ${home.title}` : course.title;

const solution = /<details[^>]*>\s*<summary>Solution<\/summary>(?:(?!<details)[^])*?<\/details>/g;

// Also out of the page's source, where a learner would look. What a cell offers that is no exercise stays, such as the
// repair of an exhibit.
function withoutSolutions(html: string): string {
  const parts = html.split(/(<live-cell\b[^]*?<\/live-cell>)/);
  const stays = (part: string) => part.startsWith("<live-cell") && !/^<live-cell[^>]*\sexercise\b/.test(part);
  return parts.map((part) => (stays(part) ? part : part.replace(solution, ""))).join("");
}

// The table of contents holds the texts of the headings, which is too little, or too much, where these have formulas.
function setContents(html: string): string {
  const headings = html.matchAll(/<h[12] id="([^"]+)"[^>]*><a class="observablehq-header-anchor"[^>]*>([^]*?)<\/a>/g);
  const formulas = Array.from(headings, ([, id, content]) => ({id, content})).filter(({content}) =>
    /"katex"/.test(content)
  );
  return formulas.reduce((page, {id, content}) => {
    const link = `<li class="observablehq-secondary-link"><a href="#${id}">`;
    const [before, after] = page.split(link);
    return after === undefined ? page : `${before}${link}${content}${after.slice(after.indexOf("</a>"))}`;
  }, html);
}

const themeButton =
  '<button type="button" id="theme-switch" class="theme-switch" title="Switch to light">Theme: auto</button>';

// The two samplers' colours; in the page, since browsers else ask for /favicon.ico, which lies outside of a sub-path.
const icon = `<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">' +
    '<circle cx="11" cy="16" r="9" fill="#d55e00"/><circle cx="21" cy="16" r="9" fill="#0072b2" fill-opacity=".85"/></svg>'
)}">`;

/** What to look for, what to put in its place, and whether it may be missing. */
type Edit = [found: string | RegExp, replacement: string, maybe?: "maybe"];

function apply(html: string, [found, replacement, maybe]: Edit, path: string): string {
  const edited = typeof found === "string" ? html.replace(found, () => replacement) : html.replace(found, replacement);
  if (edited === html && !maybe) {
    throw new Error(`${path}: the page lacks ${found}; has Framework been updated? Then adapt tools/page-frame.ts.`);
  }
  return edited;
}

function katexLinks(up: string): string {
  const preloads = katexPreloads.map(
    (font) => `<link rel="preload" as="font" type="font/woff2" crossorigin href="${up}${font}">\n`
  );
  return `${preloads.join("")}<link rel="stylesheet" href="${up}${katexStyle}">\n`;
}

function descriptions(html: string, path: string): string {
  const title = findChapter(path)?.title ?? htmlText(/<title>([^<]*)/.exec(html)?.[1] ?? "");
  const text = firstParagraph(html);
  const metas = [
    ...(text ? [`<meta name="description" content="${escapeHtml(text)}">`] : []),
    `<meta property="og:title" content="${escapeHtml(title)}">`,
    ...(text ? [`<meta property="og:description" content="${escapeHtml(text)}">`] : []),
    '<meta property="og:type" content="article">',
    `<meta property="og:site_name" content="${escapeHtml(course.title)}">`,
    '<meta name="twitter:card" content="summary">'
  ];
  return `${metas.join("\n")}\n`;
}

const longest = 300; // characters; search engines and link previews show fewer

function firstParagraph(html: string): string {
  const main = html.slice(html.indexOf('<main id="observablehq-main"'));
  const text = htmlText(/<p(?:\s[^>]*)?>([^]*?)<\/p>/.exec(main)?.[1] ?? "");
  return text.length <= longest ? text : `${text.slice(0, longest).replace(/\s+\S*$/, "")}…`;
}

/** Returns the site's path of a page: `/ddim` is in `ddim.html`. */
export function pageOutput(path: string): string {
  return posix.join(".", `${path}.html`);
}
