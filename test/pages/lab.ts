/** A page of the tests' own that runs a module of functions, bundled with the library, to be asked in a browser. */
import assert from "node:assert/strict";
import {fileURLToPath} from "node:url";
import {build} from "esbuild";
import type {Browser, Page} from "playwright-core";
import {bundleTfjs} from "../../tools/bundle-tfjs.js";
import type {Folder} from "./site.js";
import {openFolder} from "./site.js";

export interface Lab<F extends Record<keyof F, (...input: never[]) => unknown>> {
  page: Page;
  /** Calls one of the module's functions; fails on an error or a warning in the page's console. */
  ask<K extends keyof F & string>(name: K, ...input: Parameters<F[K]>): Promise<Awaited<ReturnType<F[K]>>>;
}

/**
 * Bundles a module, and what else is to lie beside it by its name there, and serves both on a page, where `globalThis.lab`
 * is the module. Its folder is removed after the file's tests.
 */
export async function openBundle(name: string, html = "", others: Record<string, string> = {}): Promise<Folder> {
  await bundleTfjs();
  const folder = await openFolder();
  const paths = Object.entries({page: name, ...others}).map(
    ([as, path]) => [as, fileURLToPath(new URL(path, import.meta.url))] as const
  );
  const options = {bundle: true, splitting: true, format: "esm", target: "es2022"} as const;
  await build({entryPoints: Object.fromEntries(paths), outdir: folder.path, ...options});
  const head = `<!doctype html><html lang=en><meta charset=utf-8><title>Lab</title><link rel=icon href="data:,">`;
  const script = `<script type=module>globalThis.lab = await import("./page.js")</script>`;
  folder.write("index.html", head + html + script);
  return folder;
}

/** Opens such a page; complaints in its console that `allowed` matches are not counted. */
export async function openLab<F extends Record<keyof F, (...input: never[]) => unknown>>(
  browser: Browser,
  url: string,
  allowed?: RegExp
): Promise<Lab<F>> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (/error|warning/.test(message.type()) && !allowed?.test(message.text())) complaints.push(message.text());
  });
  await page.goto(url);
  await page.waitForFunction("globalThis.lab");
  async function ask<K extends keyof F & string>(
    name: K,
    ...input: Parameters<F[K]>
  ): Promise<Awaited<ReturnType<F[K]>>> {
    const result = await page.evaluate(`lab.${name}(...${JSON.stringify(input)})`);
    assert.deepEqual(complaints, []);
    return result as Awaited<ReturnType<F[K]>>;
  }
  return {page, ask};
}
