import {constants} from "node:fs";
import {open} from "node:fs/promises";
import {availableParallelism} from "node:os";
import {basename} from "node:path";
import type {HandIn} from "../../lib/exercises/hand-in.js";
import {longestHandIn, plainText, readHandIn} from "../../lib/exercises/hand-in.js";
import type {SandboxBundle} from "./bundle-sandbox.js";
import type {Graded, Limits} from "./grade-file.js";
import {gradeAnswers} from "./grade-file.js";
import type {GradedFile} from "./grade-table.js";

/** What files are graded against. */
export interface GradeOptions {
  exercises: readonly {name: string; chapter: string}[]; // those of this site
  site: string; // the stamp of this site's exercises
  bundle: SandboxBundle;
  limits?: Partial<Limits>;
  done?: (file: GradedFile) => void; // called as each is done, in any order
}

/** For one answer, and for the process in which those of a file are graded. */
export const usualLimits: Limits = {seconds: 10, megabytes: 512};

/** Grades files side by side, as many at once as the machine has cores; the results are in the order of the files. */
export async function gradeFiles(files: readonly string[], options: GradeOptions): Promise<GradedFile[]> {
  const results: GradedFile[] = [];
  const left = [...files.entries()];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [index, file] = next;
      results[index] = await gradeOne(file, options);
      options.done?.(results[index]);
    }
  };
  await Promise.all(Array.from({length: Math.min(files.length, availableParallelism())}, work));
  return results;
}

async function gradeOne(file: string, options: GradeOptions): Promise<GradedFile> {
  const nothing = {file: plainText(basename(file)), name: "", results: new Map<string, boolean>()};
  let handIn: HandIn;
  try {
    handIn = readHandIn(await readText(file));
  } catch (error) {
    return {...nothing, remarks: [error instanceof Error ? error.message : String(error)]};
  }
  try {
    return {...nothing, name: handIn.name, ...(await gradeHandIn(handIn, options))};
  } catch (error) {
    return {...nothing, name: handIn.name, remarks: [`It could not be graded: ${String(error)}`]};
  }
}

async function gradeHandIn(
  {answers, site: theirs}: HandIn,
  {exercises, site, bundle, limits}: GradeOptions
): Promise<Pick<GradedFile, "results" | "remarks">> {
  const chapterOf = new Map(exercises.map(({name, chapter}) => [name, chapter]));
  const known = answers.filter(({exercise}) => chapterOf.has(exercise));
  const jobs = known.map(({exercise, code}) => ({name: exercise, chapter: chapterOf.get(exercise)!, code}));
  const graded = await gradeAnswers(jobs, bundle, {...usualLimits, ...limits});
  const unknown = answers.filter(({exercise}) => !chapterOf.has(exercise)).map(({exercise}) => exercise);
  const those = (test: (graded: Graded, i: number) => boolean): string[] =>
    known.filter((_, i) => test(graded[i], i)).map(({exercise}) => exercise);
  const claimed = those(({right, trouble}, i) => known[i].right && !right && !trouble);
  const remarks = [
    remark(
      "too slow, stopped",
      those(({trouble}) => trouble === "time")
    ),
    remark(
      "too much memory, stopped",
      those(({trouble}) => trouble === "memory")
    ),
    remark(
      "ended the process",
      those(({trouble}) => trouble === "ended")
    ),
    remark(
      "not run, since the others took all the time of a file",
      those(({trouble}) => trouble === "late")
    ),
    remark("called right in the file, but is not", claimed),
    remark("no exercise of this site", unknown),
    theirs === site ? "" : "made with another version of the exercises"
  ];
  return {
    results: new Map(known.map(({exercise}, i) => [exercise, graded[i].right])),
    remarks: remarks.filter((text) => text !== "")
  };
}

function remark(what: string, exercises: string[]): string {
  const most = 5;
  const more = exercises.length > most ? ` and ${exercises.length - most} more` : "";
  return exercises.length ? `${what}: ${exercises.slice(0, most).join(", ")}${more}` : "";
}

// A file that is too large is not read to its end; what is no plain file (a pipe, a folder, a link, which can lead to a
// file of somebody else) is not read at all.
async function readText(file: string): Promise<string> {
  const {O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0} = constants; // a pipe that nobody writes to is not waited for
  const handle = await open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(({code}: NodeJS.ErrnoException) => {
    if (code === "ELOOP") throw new Error("This is a link to a file, not the file itself.");
    throw new Error(`The file cannot be read: ${code}.`);
  });
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new Error("This is no file.");
    if (stat.size > 4 * longestHandIn) throw new Error(`The file is too large: ${stat.size} bytes.`);
    return (await handle.readFile("utf8")).replace(/^\ufeff/, "");
  } finally {
    await handle.close();
  }
}
