import {existsSync} from "node:fs";
import {join} from "node:path";
import course from "../course.config.js";
import {courseChapters, courseParts} from "./course.js";

/** A page of the course, in reading order. */
export interface Chapter {
  path: string; // as in a link: "/" or "/forward"
  title: string; // as in the sidebar
  number: string; // "1", "2", …; the appendices are "A", "B", …
}

/** A part of the sidebar. */
export interface Part {
  name: string;
  chapters: Chapter[];
}

/** All that the project has, in reading order; a chapter shows up in the sidebar as soon as its page exists. */
export const allParts: Part[] = [
  {
    name: "Diffusion",
    chapters: [
      {path: "/", title: "One noise, two samplers", number: "1"},
      {path: "/forward", title: "Adding noise", number: "2"},
      {path: "/objective", title: "What to learn", number: "3"},
      {path: "/train", title: "A denoiser for points", number: "4"}
    ]
  },
  {
    name: "Sampling",
    chapters: [
      {path: "/ddpm", title: "DDPM: ancestral sampling", number: "5"},
      {path: "/ddim", title: "DDIM", number: "6"},
      {path: "/compare", title: "The claims, measured", number: "7"},
      {path: "/few-steps", title: "Which steps", number: "8"},
      {path: "/latent", title: "The noise as a code", number: "9"}
    ]
  },
  {
    name: "Practice",
    chapters: [
      {path: "/mnist", title: "Digits", number: "10"},
      {path: "/errata", title: "Spot the bug", number: "11"},
      {path: "/playground", title: "Playground", number: "12"}
    ]
  },
  {
    name: "Appendices",
    chapters: [
      {path: "/exercises", title: "Exercises", number: "A"},
      {path: "/notation", title: "Notation", number: "B"},
      {path: "/references", title: "References", number: "C"},
      {path: "/teach", title: "Teaching with these pages", number: "D"},
      {path: "/speed", title: "Speed", number: "E"}
    ]
  }
];

/** What the sidebar shows, as course.config.ts wants it. */
export const parts: Part[] = courseParts(course, allParts);

/** All chapters, in the reading order of course.config.ts; those that it leaves out come last. */
export const chapters: Chapter[] = courseChapters(course, allParts);

/** Returns the page's source file relative to the source root, e.g. `index.md` for `/`. */
export function chapterFile({path}: Pick<Chapter, "path">): string {
  return `${path === "/" ? "index" : path.slice(1)}.md`;
}

/** Returns the parts without the chapters whose page is not in the folder `root`, and without empty parts. */
export function existingParts(root: string): Part[] {
  return parts
    .map(({name, chapters}) => ({name, chapters: chapters.filter((c) => existsSync(join(root, chapterFile(c))))}))
    .filter(({chapters}) => chapters.length > 0);
}

/** Returns the chapter of a page path as Framework gives it (`/index`, `/forward`), if it is one. */
export function findChapter(pagePath: string): Chapter | undefined {
  const path = pagePath === "/index" ? "/" : pagePath;
  return chapters.find((chapter) => chapter.path === path);
}
