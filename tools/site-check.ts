import {readFileSync} from "node:fs";
import {join} from "node:path";
import {findLine, readSite} from "./built-site.js";
import type {BuiltPage, BuiltSite} from "./built-site.js";
import {checkHosts} from "./host-check.js";
import {checkLinks} from "./link-check.js";
import type {CheckOptions} from "./link-check.js";
import {checkSpecifiers} from "./specifier-check.js";

/** Reports what readers of a built site would meet as a fault; `folder` holds the site. */
export function checkSite(folder: string, options: CheckOptions): BuiltSite {
  const site = readSite(folder, options.root);
  checkLinks(site, options);
  checkHosts(site, options);
  for (const page of site.pages) checkProse(page, options);
  checkPaths(site, options);
  return site;
}

/**
 * A second net, for faults that are told better by the checks of the sources, if those find them: imports that lead
 * nowhere, and pages that show an error.
 */
export async function checkRest(site: BuiltSite, options: CheckOptions): Promise<void> {
  await checkSpecifiers(site, options);
  for (const page of site.pages) {
    const html = readFileSync(join(site.folder, page.output), "utf8");
    const shows = /class="[^"]*\bobservablehq--error\b/.test(html);
    if (shows) options.report({file: page.file ?? page.output, message: "the page shows an error"});
  }
}

// Markdown inside an HTML block is not read as Markdown unless a blank line stands before it.
function checkProse(page: BuiltPage, {root, report}: CheckOptions): void {
  for (const text of page.prose) {
    const raw = /\$[^$\n]+\$|\$\$/.exec(text)?.[0] ?? /@eq-[\w-]+/.exec(text)?.[0];
    if (!raw) continue;
    const line = findLine(root, page, (source) => source.includes(raw.split("\n")[0]));
    report({
      file: page.file,
      line,
      message: `${raw} was not set: inside HTML, leave a blank line before and after the text`
    });
  }
}

function checkPaths({folder, files}: BuiltSite, {report}: CheckOptions): void {
  const machine = process.cwd();
  for (const file of files) {
    if (!/\.(html|js|css|json|map|txt|csv|xml|svg)$/.test(file)) continue;
    if (readFileSync(join(folder, file), "utf8").includes(machine)) {
      report({message: `${file} holds a path of this machine, which tells readers nothing: find what wrote it`});
    }
  }
}
