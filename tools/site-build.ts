import {existsSync} from "node:fs";
import {mkdir, readFile, readdir, rename, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {build as frameworkBuild, FileBuildEffects} from "@observablehq/framework/dist/build.js";
import {normalizeConfig, setCurrentDate} from "@observablehq/framework/dist/config.js";
import course from "../course.config.js";
import {cacheFolder, prepareCache} from "./cache.js";
import {withoutFileTimes} from "./file-times.js";
import {fillSlots} from "./formula.js";
import {writeHeaderFiles} from "./host-headers.js";
import {writeKatexAssets} from "./katex-assets.js";
import {writeLicences} from "./licences.js";
import {minifyModules} from "./minify.js";
import {addOffline} from "./offline.js";
import {framePage} from "./page-frame.js";
import {ProblemList} from "./problems.js";
import type {Problem} from "./problems.js";
import {writeStartFault} from "./page-start.js";
import {pageFile, pagePaths, readPage} from "./page-source.js";
import {siteConfig} from "./site.js";
import {checkRest, checkSite} from "./site-check.js";
import {copyStills, readStills, withStills} from "./with-stills.js";

/** Options of `buildSite`. */
export interface BuildOptions {
  root?: string; // the source folder, relative to the working directory; defaults to "src"
  output?: string; // the folder to write, relative to the working directory; defaults to "dist"
  write?: (text: string) => void; // where Framework's own lines go; defaults to nowhere
}

/** What a build came to. */
export interface BuildResult {
  problems: Problem[]; // none: the site is in the output folder
  pages: number;
}

let builds = 0;

/**
 * Builds the site and checks it. Only a site without a problem takes the place of the output folder; else that is left
 * as it was. The folder is exchanged at the end, so that whoever serves it never sees half a site.
 */
export async function buildSite({root = "src", output = "dist", write}: BuildOptions = {}): Promise<BuildResult> {
  process.env.OBSERVABLE_TELEMETRY_DISABLE = "true";
  const problems = new ProblemList();
  const fresh = join(".cache", `site-${process.pid}-${++builds}`);
  try {
    await prepareCache(root, {fresh: true});
    const built = await runFramework({root, output: fresh, write}, problems);
    if (!built) return {problems: problems.list(), pages: 0};
    await finish(fresh);
    const site = checkSite(fresh, {root, report: problems.report});
    if (!problems.size) await checkRest(site, {root, report: problems.report});
    if (!problems.size) await exchange(fresh, output);
    return {problems: problems.list(), pages: site.pages.length};
  } finally {
    await rm(fresh, {recursive: true, force: true});
  }
}

/** Runs Framework's build, and returns whether it came to its end. */
async function runFramework(
  options: Required<Pick<BuildOptions, "root" | "output">> & BuildOptions,
  problems: ProblemList
) {
  const {report} = problems;
  const {root, output, write = () => {}} = options;
  let log = "";
  const note = (text: string): void => {
    log += text;
    write(text);
  };
  const line = (...values: unknown[]): void => note(`${values.join(" ")}\n`);
  const effects = {logger: {log: line, warn: line, error: line}, output: {write: note}};
  const restore = watchConsole(line, (message) => report({message: `Framework warns: ${message}`}));
  try {
    // In place of when files were written, from which Framework makes names: two checkouts are to give the same site. It
    // reads a file again where this time is later than before.
    setCurrentDate(new Date(builds));
    const config = normalizeConfig(siteConfig({root, output, report, slots: true}));
    await frameworkBuild({config}, new FileBuildEffects(output, cacheFolder(root), effects));
    return true;
  } catch (error) {
    // A missing module has been reported with the line that imports it.
    if (!problems.size || !/import not found/.test(String(error))) report(explain(error, log, root));
    return false;
  } finally {
    restore();
  }
}

// Some of what Framework has to say it writes to the console, warnings that ought to be errors among them.
function watchConsole(onLine: (...values: unknown[]) => void, onWarning: (message: string) => void): () => void {
  const {log, warn} = console;
  console.log = onLine;
  console.warn = (...values: unknown[]) => {
    const message = withoutColor(values.join(" "));
    if (/^(non-local asset path|Invalid front matter|ignoring duplicate page)/.test(message)) onWarning(message);
    else warn(...values);
  };
  return () => void Object.assign(console, {log, warn});
}

function explain(error: unknown, log: string, root: string): Problem {
  const message = error instanceof Error ? error.message : String(error);
  const lines = withoutColor(log).trimEnd().split("\n");
  if (/^loader (exited|skipped)/.test(message)) {
    const target = lines.map((line) => /\bload (\S+) →/.exec(line)?.[1]).findLast(Boolean) ?? "";
    const file = loaderFile(root, target);
    return {file, message: `the data loader of ${target} failed (${message}); what it said is above`};
  }
  const missing = /^(?:Not found|import not found): (\S+)/.exec(message)?.[1];
  if (missing) return {...whoNames(root, missing), message: `${missing} does not exist in ${root}`};
  const page = lines.map((line) => /^load (\S+)/.exec(line)?.[1]).findLast(Boolean);
  const known = page !== undefined && existsSync(pageFile(root, page));
  return {file: known ? pageFile(root, page) : undefined, message: `Framework's build stopped: ${message}`};
}

function loaderFile(root: string, target: string): string | undefined {
  const file = [".ts", ".js", ".sh", ".py"].map((extension) => join(root, target) + extension).find(existsSync);
  return file?.replaceAll("\\", "/");
}

function whoNames(root: string, path: string): Pick<Problem, "file" | "line"> {
  const name = path.slice(path.lastIndexOf("/") + 1);
  for (const page of pagePaths(root)) {
    const {file, text} = readPage(root, page);
    const line = text.split("\n").findIndex((text) => text.includes(name));
    if (line >= 0) return {file, line: line + 1};
  }
  return {};
}

async function finish(output: string): Promise<void> {
  const names = await readdir(output, {recursive: true});
  const pages = names.map((name) => name.replaceAll("\\", "/")).filter((name) => /^[^_].*\.html$/.test(name));
  const stills = await readStills();
  for (const page of pages) {
    const file = join(output, page);
    const filled = fillSlots(withoutFileTimes(await readFile(file, "utf8")));
    const framed = framePage(filled, {path: `/${page.slice(0, -".html".length)}`, minify: true});
    const up = "../".repeat(page.split("/").length - 1) || "./";
    await writeFile(file, withStills(framed, {name: page, up, stills}));
  }
  await copyStills(output);
  await minifyModules(output);
  await writeKatexAssets(output);
  await writeLicences(output);
  await writeHeaderFiles(output);
  writeStartFault(output);
  if (course.offline) addOffline(output);
  await writeFile(join(output, ".nojekyll"), ""); // GitHub Pages leaves out folders that begin with _ from a branch without it
}

async function exchange(fresh: string, output: string): Promise<void> {
  const old = `${fresh}-old`;
  await mkdir(output, {recursive: true});
  await rename(output, old);
  await rename(fresh, output);
  await rm(old, {recursive: true, force: true});
}

function withoutColor(text: string): string {
  return text.replace(/\u001b\[[\d;]*m/g, "");
}
