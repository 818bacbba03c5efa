/**
 * `npm run audit`: asks the registry for known faults of the installed packages. Leaves with 1 when one of them is in a
 * package of which something is in the built site. Where the registry cannot be asked, it says so, and that is all.
 */
import {execFile} from "node:child_process";
import {existsSync} from "node:fs";
import {isMain} from "./bundle.js";
import {shippedPackages} from "./licences.js";

/** What `npm audit --json` writes, as far as it is read here. */
export interface AuditReport {
  vulnerabilities?: Record<string, {name: string; severity: string; via: (string | {title: string; url: string})[]}>;
  error?: unknown;
  message?: string;
}

/** What the registry said: of packages that are in the site, and of those that only build or test it. */
export interface AuditResult {
  shipped: string[]; // a line a package
  others: string[];
  unasked?: string; // why there was no answer
}

/** Sorts a report by whether a package is in the site. */
export function readAudit(report: AuditReport, inSite: ReadonlySet<string>): AuditResult {
  if (!report.vulnerabilities)
    return {
      shipped: [],
      others: [],
      unasked: (report.message ?? "it gave no report").replace(/ *-? *(GET|POST)? https?:\S+/, "")
    };
  const lines = Object.values(report.vulnerabilities).map(({name, severity, via}) => {
    const faults = via.map((fault) =>
      typeof fault === "string" ? `through ${fault}` : `${fault.title} (${fault.url})`
    );
    return {name, line: `${name}: ${severity}; ${faults.join("; ")}`};
  });
  const of = (wanted: boolean): string[] => lines.filter(({name}) => inSite.has(name) === wanted).map(({line}) => line);
  return {shipped: of(true), others: of(false)};
}

/** Asks the registry, writes what it says, and returns whether what is in the site is free of known faults. */
export async function audit(site = "dist"): Promise<boolean> {
  if (!existsSync(site)) throw new Error(`${site} holds no site: run npm run build first, then npm run audit.`);
  const names = new Set((await shippedPackages(site)).map(({name}) => name));
  const {shipped, others, unasked} = readAudit(await askRegistry(), names);
  if (unasked) console.log(`The registry was not asked for known faults of packages: ${unasked}`);
  for (const line of others) console.log(`Not in the site: ${line}`);
  for (const line of shipped) console.log(`In the site: ${line}`);
  return shipped.length === 0;
}

function askRegistry(): Promise<AuditReport> {
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ["npm"];
  const [command, ...options] = [...npm, "audit", "--json", "--fetch-retries=0", "--fetch-timeout=20000"];
  return new Promise((done) =>
    execFile(command, options, {maxBuffer: 1 << 26}, (error, stdout) => {
      try {
        done(JSON.parse(stdout) as AuditReport);
      } catch {
        done({message: error?.message.split("\n")[0] ?? "npm wrote no report"});
      }
    })
  );
}

if (isMain(import.meta.url)) process.exitCode = (await audit()) ? 0 : 1;
