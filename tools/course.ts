import type {Chapter, Part} from "./chapters.js";

/** What course.config.ts says. */
export interface CourseConfig {
  title: string; // of the site
  term: string; // stands under the title; empty: nothing
  links: {name: string; href: string}[]; // at the end of the sidebar; https addresses, or paths of this site
  /**
   * The paths of the chapters that are shown, in their order; the numbered ones are numbered anew. The others are built
   * all the same, so that links to them work, and are not in the sidebar.
   */
  chapters: "all" | string[];
  solutions: "shown" | "hidden"; // of exercises
  offline?: boolean; // keeps the pages that a reader has visited in the browser, for reading offline; defaults to false
  figures: FigureDefaults;
}

/** What figures begin with, where they have such a control. */
export interface FigureDefaults {
  points: string; // the name of a data set in lib/points
  schedule: "linear" | "cosine";
  steps: number; // S, 1 to 1000
  seed: number; // a whole number from 0
}

/** What is wrong with a course, one sentence each; `paths` are those of all chapters, `pointSets` the names of the data sets. */
export function courseProblems(course: CourseConfig, paths: readonly string[], pointSets: readonly string[]): string[] {
  const {title, links, chapters, solutions, figures} = course;
  const problems: string[] = [];
  if (!title.trim()) problems.push("title is empty: the browser’s tab and the sidebar need one");
  for (const {name, href} of links) {
    if (!/^(https:\/\/|\/)/.test(href))
      problems.push(`the link “${name}” goes to ${href}: write an address with https:// or a path with /`);
  }
  if (chapters !== "all") {
    for (const [i, path] of chapters.entries()) {
      if (!paths.includes(path)) problems.push(`chapters has ${path}: there are ${paths.join(", ")}`);
      else if (chapters.indexOf(path) < i) problems.push(`chapters has ${path} twice`);
    }
    if (!chapters.includes("/")) problems.push("chapters lacks /, the first page of the site");
  }
  if (!["shown", "hidden"].includes(solutions)) problems.push(`solutions is ${solutions}: choose "shown" or "hidden"`);
  if (![true, false, undefined].includes(course.offline))
    problems.push(`offline is ${String(course.offline)}: choose true or false`);
  if (!pointSets.includes(figures.points))
    problems.push(`figures.points is ${figures.points}: there are ${pointSets.join(", ")}`);
  if (!["linear", "cosine"].includes(figures.schedule))
    problems.push(`figures.schedule is ${figures.schedule}: choose "linear" or "cosine"`);
  if (!Number.isInteger(figures.steps) || figures.steps < 1 || figures.steps > 1000)
    problems.push(`figures.steps is ${figures.steps}: choose a whole number from 1 to 1000`);
  if (!Number.isInteger(figures.seed) || figures.seed < 0)
    problems.push(`figures.seed is ${figures.seed}: choose a whole number from 0`);
  return problems.map((problem) => `course.config.ts: ${problem}`);
}

/** The parts as a course shows them: its chapters in its order, numbered anew, parts in the order of their first chapter. */
export function courseParts({chapters}: Pick<CourseConfig, "chapters">, all: readonly Part[]): Part[] {
  if (chapters === "all") return [...all];
  const shown: Part[] = [];
  let number = 0;
  for (const path of chapters) {
    const part = all.find((own) => own.chapters.some((chapter) => chapter.path === path));
    const chapter = part?.chapters.find((own) => own.path === path);
    if (!part || !chapter) continue;
    let place = shown.find(({name}) => name === part.name);
    if (!place) shown.push((place = {name: part.name, chapters: []}));
    place.chapters.push(isNumbered(chapter) ? {...chapter, number: String(++number)} : chapter);
  }
  return shown;
}

/** All chapters with their numbers in a course: those that it does not show follow those that it does. */
export function courseChapters(course: Pick<CourseConfig, "chapters">, all: readonly Part[]): Chapter[] {
  const shown = courseParts(course, all).flatMap((part) => part.chapters);
  let number = shown.filter(isNumbered).length;
  const rest = all
    .flatMap((part) => part.chapters)
    .filter(({path}) => !shown.some((chapter) => chapter.path === path))
    .map((chapter) => (isNumbered(chapter) ? {...chapter, number: String(++number)} : chapter));
  return [...shown, ...rest];
}

function isNumbered({number}: Chapter): boolean {
  return /^\d/.test(number);
}
