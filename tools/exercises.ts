import {createHash} from "node:crypto";
import {readFileSync, readdirSync} from "node:fs";
import {normalizeConfig} from "@observablehq/framework/dist/config.js";
import type {ExerciseSite} from "../src/components/exercise-list.js";
import {chapterFile, chapters} from "./chapters.js";
import type {Exercise} from "./exercise-fences.js";
import {exercisesIn} from "./exercise-fences.js";
import {pagePaths, readPage} from "./page-source.js";
import {siteConfig} from "./site.js";

const ordered = chapters.map((chapter) => ({...chapter, name: chapterFile(chapter).replace(/\.md$/, "")}));

/** Reads the exercises of all pages below `root`: those of the chapters in reading order, then those of other pages. */
export function siteExercises(root = "src"): Exercise[] {
  const {md} = normalizeConfig(siteConfig({root, report: () => {}}));
  const place = (path: string): number =>
    (ordered.findIndex(({name}) => `/${name}` === path) + 1 || ordered.length + 1) - 1;
  const paths = pagePaths(root).sort((a, b) => place(a) - place(b));
  return paths.flatMap(
    (path) => exercisesIn(md.parse(readPage(root, path).body, {path, code: []}), root, path).exercises
  );
}

/** The exercises of the chapters as the page /exercises lists them, and what a file that is handed in says of the site. */
export function exerciseSite(): ExerciseSite {
  const exercises = siteExercises().filter(isGraded);
  const {version} = JSON.parse(readFileSync("package.json", "utf8")) as {version: string};
  const parts = ordered.map(({name, title, number}) => ({
    chapter: name,
    title: `${number} ${title}`,
    exercises: exercises.filter(({chapter}) => chapter === name).map(({name, title, anchor}) => ({name, title, anchor}))
  }));
  return {
    course: version,
    site: stampOf(exercises),
    chapters: parts.filter(({exercises}) => exercises.length > 0)
  };
}

/** Whether an exercise counts: one that only shows teachers how exercises are written does not. */
export function isGraded({chapter}: Pick<Exercise, "chapter">): boolean {
  return chapter !== "teach" && ordered.some(({name}) => name === chapter);
}

/** A short text that changes when an exercise or a check does. */
function stampOf(exercises: Exercise[]): string {
  const hash = createHash("sha256");
  for (const {name, start} of exercises) hash.update(`${name}\n${start}\n`);
  for (const name of readdirSync("lib/exercises").sort()) hash.update(readFileSync(`lib/exercises/${name}`));
  return hash.digest("hex").slice(0, 12);
}
