/**
 * `npm run check`: types, of the pages' cells too; lint; format; the build with its checks, unless `dist` is the
 * build of these very sources; and that another build of them, elsewhere, is the same bytes. Leaves with 1 if anything is wrong.
 */
import {spawn} from "node:child_process";
import {createRequire} from "node:module";
import {dirname, join} from "node:path";
import {audit} from "./audit.js";
import {isBuilt} from "./build-stamp.js";
import {makeBundles} from "./bundles.js";
import {formatProblem} from "./problems.js";
import type {Problem} from "./problems.js";
import {differences, secondBuild} from "./second-build.js";
import {checkPages, checkProject, readProject} from "./typecheck.js";

/** A part of the check; `run` returns whether all is well. */
interface Part {
  name: string;
  run(): Promise<boolean>;
}

const project = readProject();
// Two lines at a time, each in order; the first is in a process of its own while this one looks at the types.
const lines: Part[][] = [
  [
    {name: "lint", run: () => command("eslint", "bin/eslint.js", "--max-warnings=0", ".")},
    {name: "format", run: () => command("prettier", "bin/prettier.cjs", "--check", "--log-level=warn", ".")}
  ],
  [
    {name: "types", run: () => say(checkProject(project))},
    {name: "types in pages", run: () => say(checkPages(project))},
    {name: "build", run: async () => (await isBuilt()) || command("tsx", "dist/cli.mjs", "tools/build.ts")},
    {name: "the same bytes from a second build", run: sameBytes},
    {name: "no known fault in what is in the site", run: () => audit()}
  ]
];

await makeBundles(); // lib/tf.ts imports it
const failed: string[] = [];
await Promise.all(lines.map(inOrder));
console.log(failed.length ? `\nNot in order: ${failed.join(", ")}.` : "\nAll in order.");
process.exitCode = failed.length ? 1 : 0;

async function inOrder(parts: Part[]): Promise<void> {
  for (const {name, run} of parts) {
    const began = performance.now();
    const good = await run();
    if (!good) failed.push(name);
    console.log(`${good ? "✔" : "✖"} ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  }
}

async function say(problems: Problem[]): Promise<boolean> {
  for (const problem of problems) console.log(formatProblem(problem));
  return problems.length === 0;
}

async function sameBytes(): Promise<boolean> {
  const second = await secondBuild();
  try {
    const found = differences("dist", second.site);
    for (const line of found.slice(0, 20)) console.log(line);
    return found.length === 0;
  } finally {
    await second.remove();
  }
}

function command(name: string, file: string, ...args: string[]): Promise<boolean> {
  const program = join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), file);
  return new Promise((done, reject) => {
    const child = spawn(process.execPath, [program, ...args], {stdio: "inherit"});
    child.on("error", reject);
    child.on("exit", (code) => done(code === 0));
  });
}
