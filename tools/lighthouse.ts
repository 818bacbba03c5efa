/**
 * npm run lighthouse [-- --only PAGE,PAGE --json FILE]: Lighthouse's mobile preset on the built site, served with gzip as
 * hosts do; prints each page's scores and what they are made of. Lighthouse is no dependency: npx fetches the pinned
 * version at the first run. Leaves with 1 when accessibility, best practices or SEO of a page is below 100.
 */
import {execFile} from "node:child_process";
import {mkdtemp, readFile, readdir, rm, writeFile} from "node:fs/promises";
import {createServer} from "node:net";
import type {AddressInfo} from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {parseArgs, promisify} from "node:util";
import {launchBrowser} from "./browser.js";
import {serve} from "./serve.js";

const lighthouse = "lighthouse@12.8.2";
const categories = ["performance", "accessibility", "best-practices", "seo"] as const;
const measures = {
  "first-contentful-paint": "first paint, ms",
  "largest-contentful-paint": "largest paint, ms",
  "total-blocking-time": "blocked, ms",
  "cumulative-layout-shift": "shift"
};

interface Report {
  categories: Record<string, {score: number}>;
  audits: Record<string, {numericValue?: number; score: number | null; title: string}>;
  environment: {benchmarkIndex: number};
}

const {values: options} = parseArgs({options: {only: {type: "string"}, json: {type: "string"}}});
const only = options.only?.split(",");
const pages = (await readdir("dist")).filter((name) => name.endsWith(".html") && (only?.includes(name) ?? true));
if (!pages.length) throw new Error("no such page is in dist: build the site first, and name files such as ddim.html");
const reports: Record<string, Report> = {};
for (const page of pages) {
  const report = await look(page);
  reports[page] = report;
  const scores = categories.map((name) => `${name} ${Math.round(100 * report.categories[name].score)}`);
  const parts = Object.entries(measures).map(([id, name]) => `${name} ${round(report.audits[id].numericValue)}`);
  console.log(`${page}: ${scores.join(", ")} (${parts.join(", ")}; machine ${report.environment.benchmarkIndex})`);
  for (const name of categories.slice(1)) if (report.categories[name].score < 1) process.exitCode = 1;
}
if (options.json) await writeFile(options.json, `${JSON.stringify(reports, null, 2)}\n`);

/** One run, in a browser of its own. */
async function look(page: string): Promise<Report> {
  const site = await serve({folder: "dist", compress: true});
  const port = await freePort();
  const browser = await launchBrowser({args: [`--remote-debugging-port=${port}`]});
  const folder = await mkdtemp(join(tmpdir(), "lighthouse-"));
  try {
    const file = join(folder, "report.json");
    const args = [
      "--yes",
      lighthouse,
      site.url + page,
      `--port=${port}`,
      "--output=json",
      `--output-path=${file}`,
      "--quiet"
    ];
    await promisify(execFile)("npx", args, {maxBuffer: 1 << 26});
    return JSON.parse(await readFile(file, "utf8")) as Report;
  } finally {
    await browser.close();
    await site.close();
    await rm(folder, {recursive: true, force: true});
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject).listen(0, "127.0.0.1", () => {
      const {port} = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function round(value: number | undefined): string {
  return value === undefined ? "–" : String(Number(value.toPrecision(3)));
}
