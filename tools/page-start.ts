import {createHash} from "node:crypto";
import {readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {transformSync} from "esbuild";

// No newer words than those of a browser which the modules are too new for.
function inPage(name: string, define: Record<string, string> = {}): string {
  const source = fileURLToPath(new URL(`in-page/${name}.ts`, import.meta.url));
  const {code} = transformSync(readFileSync(source, "utf8"), {
    loader: "ts",
    format: "iife",
    target: "es2015",
    minify: true,
    define
  });
  return code.trim();
}

const fault = inPage("start-fault");
const faultFile = `start-fault.${createHash("sha256").update(fault).digest("hex").slice(0, 8)}.js`;

/**
 * The line for a page's head that comes before all modules: a page whose code does not start says so and why, and one
 * that is refused storage goes on. `up` leads from the page to the site's folder.
 */
export function startWatch(up: string): string {
  return `<script>${inPage("start-watch", {faultScript: JSON.stringify(`${up}${faultFile}`)})}</script>`;
}

/** The line for a page's head that has a long page laid out part by part. */
export function layoutParts(): string {
  return `<script>${inPage("layout-parts")}</script>`;
}

/** What a page's own module ends with: it has started. */
export const startMark =
  'document.documentElement.dataset.started = "";' +
  'for (const still of document.querySelectorAll("main noscript")) still.remove();'; // so that no text is there twice

/** Writes the script that a page loads which does not start. */
export function writeStartFault(output: string): void {
  writeFileSync(join(output, faultFile), fault);
}
