/**
 * `npm run grade -- FILE… [--csv OUT]`: runs the checks again on the code in files that learners have handed in, and writes
 * a table. The code runs apart from this machine; CONTRIBUTING.md says how far that goes.
 */
import {writeFile} from "node:fs/promises";
import {parseArgs} from "node:util";
import {makeBundles} from "./bundles.js";
import {exerciseSite, isGraded, siteExercises} from "./exercises.js";
import {bundleSandbox} from "./grading/bundle-sandbox.js";
import {gradeFiles, usualLimits} from "./grading/grade-files.js";
import {gradeTable} from "./grading/grade-table.js";
import {noNetwork} from "./grading/start-process.js";

const usage = `npm run grade -- FILE… [--csv OUT] [--seconds ${usualLimits.seconds}] [--megabytes ${usualLimits.megabytes}]`;

try {
  await grade();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function grade(): Promise<void> {
  const text = {type: "string"} as const;
  const {values, positionals: files} = parseArgs({
    allowPositionals: true,
    options: {csv: text, seconds: text, megabytes: text}
  });
  if (!files.length) throw new Error(`Which files? ${usage}`);
  const limits = {
    seconds: positive("seconds", values.seconds, usualLimits.seconds),
    megabytes: positive("megabytes", values.megabytes, usualLimits.megabytes)
  };
  const began = performance.now();
  await makeBundles(); // the compiler, and what lib/tf.ts imports
  const exercises = siteExercises().filter(isGraded);
  const bundle = await bundleSandbox();
  try {
    if (!noNetwork().length) console.error(withNetwork);
    let done = 0;
    const progress = (): void => console.error(`${++done} of ${files.length}`);
    const {site} = exerciseSite();
    const graded = await gradeFiles(files, {exercises, site, bundle, limits, done: progress});
    const names = exercises.map(({name}) => name);
    const table = gradeTable(graded, names);
    if (values.csv === undefined) process.stdout.write(table);
    else await writeFile(values.csv, `\ufeff${table}`); // the mark tells spreadsheets that it is UTF-8
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.error(`Graded ${files.length} files in ${seconds} s${values.csv === undefined ? "" : `: ${values.csv}`}.`);
  } finally {
    await bundle.remove();
  }
}

function positive(name: string, text: string | undefined, usual: number): number {
  const value = text === undefined ? usual : Number(text);
  if (!(value > 0)) throw new Error(`--${name} takes a number above 0. ${usage}`);
  return value;
}

const withNetwork =
  "Note: this system has no way to take the network away from a process (unshare, on Linux). " +
  "The answers still run where no function that could use it can be reached.";
