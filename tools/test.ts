/**
 * `npm test`: prepares what the tests need, runs them, those in a real browser included, and counts them. Files or
 * folders given as arguments restrict the run. Leaves with 1 when a test failed, did not run, or none was found.
 */
import {execFile} from "node:child_process";
import {readdirSync, statSync} from "node:fs";
import {basename, join, relative, resolve} from "node:path";
import {fileURLToPath} from "node:url";
import {findBrowser} from "./browser.js";
import {isBuilt} from "./build-stamp.js";
import {closingLine, exitCode, joinOutcomes, lineQueue, runFiles} from "./runner.js";
import type {TestFiles} from "./runner.js";
import type {Outcome} from "./tally.js";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A part of the run. */
interface Phase {
  name: "unit" | "pages" | "alone";
  seconds: number; // the time limit of one file
  prepare(): Promise<void>; // what must be ready before its files
}

// What is alone trains, or plays in real time: beside it only unit tests run, no other browser.
const phases: Record<Phase["name"], Phase> = {
  unit: {name: "unit", seconds: 900, prepare: makeBundles},
  alone: {name: "alone", seconds: 600, prepare: readyPages},
  pages: {name: "pages", seconds: 1200, prepare: readyPages}
};

// When CI's time is up, what was counted is still reported. A second signal ends at once.
const stop = new AbortController();
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop.abort());

const write = (line: string) => console.log(line);
const reports = lineQueue(write);
let bundles: Promise<void> | undefined;
let ready: Promise<void> | undefined;

// The files that take a minute and more, the longest first.
const longest = [
  "golden",
  "pages/digit-train-backends-webgpu",
  "pages/live-cell-default",
  "pages/training",
  "pages/accessibility",
  "pages/accessibility-more",
  "pages/live-cell-keep",
  "pages/digit-train-backends",
  "pages/live-cell-corpus",
  "pages/firefox",
  "pages/figures",
  "pages/webkit",
  "pages/live-cell-run",
  "pages/webgpu-points",
  "pages/speed",
  "pages/texel-digits-webgl",
  "pages/texel-digits-webgpu",
  "pages/texel-points"
].map((name) => join(root, "test", `${name}.test.ts`));

process.exitCode = exitCode(await main(process.argv.slice(2)));

async function main(args: string[]): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  const began = Date.now();
  let files: string[] = [];
  try {
    files = testFiles(args.length ? args : ["test"]);
    if (!files.length) throw new Error(`No test file (*.test.ts) is in ${args.join(", ") || "test"}.`);
  } catch (error) {
    outcomes.push(failure("npm test", "finding the tests", error));
  }
  const of = (name: Phase["name"]) => slowFirst(files.filter((file) => phaseOf(file) === name));
  const [unit, alone, pages] = [of("unit"), of("alone"), of("pages")];
  const queue = grouped(unit); // whoever is free takes from it
  const other = runPhase("alone", alone, 1).then(async (own) =>
    joinOutcomes([own, await runPhase("unit", unit, 1, queue)])
  );
  outcomes.push(...(await Promise.all([runPhase("unit", unit, 1, queue), other])));
  outcomes.push(await runPhase("pages", pages, 2));
  const outcome = joinOutcomes(outcomes);
  for (const {file, name, error} of outcome.failures) console.log(`\n✖ ${file} › ${name}\n${indented(error)}`);
  console.log(`\n${Math.round((Date.now() - began) / 1000)} s`);
  console.log(closingLine(outcome));
  return outcome;
}

async function runPhase(
  name: Phase["name"],
  files: string[],
  concurrency: number,
  queue?: TestFiles[]
): Promise<Outcome> {
  if (!files.length) return {passed: 0, failures: []};
  const {seconds, prepare} = phases[name];
  try {
    if (!stop.signal.aborted) await prepare();
  } catch (error) {
    console.log(`✖ making ready for the ${name} tests`);
    return failure(`test/${name}`, `making ready for ${files.length} test files, which did not run`, error);
  }
  return runFiles(files, {concurrency, seconds, signal: stop.signal, write, reports, queue});
}

/** The test files that the arguments name, folders searched; throws for an argument that is not there. */
function testFiles(args: string[]): string[] {
  const found = args.flatMap((arg) => {
    const path = resolve(arg);
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path, {recursive: true, encoding: "utf8"}).filter((name) => name.endsWith(".test.ts"));
    return names.sort().map((name) => join(path, name));
  });
  return [...new Set(found)];
}

function phaseOf(file: string): Phase["name"] {
  const path = relative(root, file).replaceAll("\\", "/");
  if (/^test\/pages\/((cells-|digit-)?train(?!-backends)|forward|mnist|soak)/.test(path)) return "alone";
  return path.startsWith("test/pages/") ? "pages" : "unit";
}

// They begin first, so that two at a time end together.
function slowFirst(files: string[]): string[] {
  const slow = longest.filter((file) => files.includes(file));
  return [...slow, ...files.filter((file) => !slow.includes(file))];
}

// A process takes a second to start, which is longer than most files take. Those that start processes, change the
// environment or put a document into the global scope, or take long have one of their own.
function grouped(files: string[]): TestFiles[] {
  const apart =
    /golden|cells|download|errata|grading|kernels|page-script|preview|runner|pack|build|browser|bundle|eslint|compile|watchdog|format|exported|scroll-focus|theme-switch|progress|event-loop|hostile-input|digit-service/;
  const own = files.filter((file) => apart.test(basename(file)));
  const rest = files.filter((file) => !apart.test(basename(file)));
  const groups = Math.ceil(rest.length / 20);
  // Neighbours in the alphabet are of a kind: dealt out, so that groups take about as long.
  return [...own, ...Array.from({length: groups}, (_, i) => rest.filter((_, j) => j % groups === i))];
}

// Made, not committed: lib and components import them.
function makeBundles(): Promise<void> {
  bundles ??= import("./bundles.js").then((module) => module.makeBundles());
  return bundles;
}

function readyPages(): Promise<void> {
  ready ??= makePages();
  return ready;
}

async function makePages(): Promise<void> {
  await makeBundles();
  const {path, source} = await findBrowser();
  console.log(`Browser: ${path} (${source})`);
  process.env.CHROME_PATH = path; // the test files need not look again
  const began = Date.now();
  if (await isBuilt()) console.log("Site: dist is the build of these sources");
  else {
    await build();
    console.log(`Site: built in ${Math.round((Date.now() - began) / 1000)} s`);
  }
  process.env.SITE_BUILT = "1"; // and need not build again
}

function build(): Promise<void> {
  const args = ["--import", "tsx", join(root, "tools/build.ts")];
  const options = {cwd: root, timeout: 300_000, maxBuffer: 1 << 26};
  return new Promise((done, reject) => {
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      if (!error) return done();
      reject(new Error(`The site could not be built.\n${`${stdout}\n${stderr}`.trim().slice(-4000)}`));
    });
  });
}

function failure(file: string, name: string, error: unknown): Outcome {
  return {passed: 0, failures: [{file, name, error: error instanceof Error ? error.message : String(error)}]};
}

function indented(text: string): string {
  return text.replace(/^/gm, "  ");
}
