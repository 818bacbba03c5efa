/** Helpers of the tests that run in a browser: the built site, a visit to a page, and what is wrong with it. */
import {execFile} from "node:child_process";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {readdir} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after} from "node:test";
import {promisify} from "node:util";
import {fileURLToPath} from "node:url";
import type {Browser, BrowserContextOptions, Page} from "playwright-core";
import {launchBrowser} from "../../tools/browser.js";
import {isBuilt} from "../../tools/build-stamp.js";
import {serve} from "../../tools/serve.js";
import type {Served, ServeOptions} from "../../tools/serve.js";
import {pageFaults} from "./faults.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The built site on a server, under a sub-path as a course would have it. */
export interface Site extends Served {
  pages: string[]; // every HTML file, e.g. "ddim.html"
}

/** How a page is looked at. */
export interface View {
  width: number; // CSS pixels
  height: number;
  colorScheme: "light" | "dark";
  phone?: boolean; // with a phone's viewport rules and touch; defaults to false
  patience?: number; // how long figures may take to show something, in milliseconds; defaults to 20000
}

/** A wide window in light, and a narrow phone in dark. */
export const desktop: View = {width: 1280, height: 800, colorScheme: "light"};
export const phone: View = {width: 390, height: 844, colorScheme: "dark", phone: true};

/** Serves the built site. Builds it first unless `npm test` has just done so, or it is the build of these sources. */
export async function openSite(manners: Pick<ServeOptions, "alter"> = {}): Promise<Site> {
  if (!process.env.SITE_BUILT && !(await isBuilt())) {
    await promisify(execFile)(process.execPath, ["--import", "tsx", "tools/build.ts"], {cwd: root, maxBuffer: 1 << 26});
  }
  const folder = `${root}dist`;
  const files = await readdir(folder, {recursive: true});
  const pages = files.map((file) => file.replaceAll("\\", "/")).filter((file) => file.endsWith(".html"));
  return {...(await serve({folder, path: "/some/course/", ...manners})), pages: pages.sort()};
}

/** Starts a browser, and ends it after the file's tests. */
export async function openBrowser(): Promise<Browser> {
  const browser = await launchBrowser();
  after(() => browser.close());
  return browser;
}

/** Serves the built site and starts a browser, and ends both after the file's tests. */
export async function openSiteAndBrowser(): Promise<{site: Site; browser: Browser}> {
  const [browser, site] = await Promise.all([openBrowser(), openSite()]);
  after(() => site.close());
  return {site, browser};
}

/** A folder on a server, for pages that are the tests' own. */
export interface Folder {
  path: string;
  url: string;
  write(name: string, content: string | Uint8Array): void;
}

/** Serves an empty folder, and removes it after the file's tests. */
export async function openFolder(manners: Pick<ServeOptions, "path"> = {}): Promise<Folder> {
  const path = mkdtempSync(join(tmpdir(), "ddim-notebook-"));
  const {url, close} = await serve({folder: path, ...manners});
  after(async () => {
    await close();
    rmSync(path, {recursive: true});
  });
  return {path, url, write: (name, content) => writeFileSync(join(path, name), content)};
}

/** What a browser is told so that pages are looked at this way. */
export function contextOf({width, height, colorScheme, phone = false}: View): BrowserContextOptions {
  return {viewport: {width, height}, colorScheme, isMobile: phone, hasTouch: phone};
}

/** Looks at a page that is open; what it returns is added to the page's faults. */
export type Use = (page: Page) => Promise<string[] | void>;

/**
 * Opens a page, scrolls through it so that every figure starts, and returns all that is wrong, one sentence each.
 * `use` may look further at the page before it is closed.
 */
export function visit(browser: Browser, url: string, view: View, use?: Use): Promise<string[]> {
  return openPage(browser, url, view, async (page) => {
    await scrollThrough(page);
    return [...(await lastingFaults(page, view)), ...((await use?.(page)) ?? [])];
  });
}

/**
 * Opens a page, lets `use` do with it what it wants, and returns what went wrong meanwhile, one sentence each. A script
 * runs before the page's own.
 */
export async function openPage(
  browser: Browser,
  url: string,
  view: View,
  use: Use,
  script?: string | (() => void)
): Promise<string[]> {
  const context = await browser.newContext(contextOf(view));
  try {
    const page = await context.newPage();
    await page.addInitScript("globalThis.__name = (f) => f"); // tsx wraps named functions in it, also those sent here
    if (script) await page.addInitScript(script);
    const faults = watch(page, new URL(url).origin);
    await page.goto(url);
    for (const fault of (await use(page)) ?? []) faults.add(fault);
    return [...faults];
  } finally {
    await context.close();
  }
}

/**
 * Collects what goes wrong while a page is open: other hosts asked (they are not reached: see launchBrowser), errors, failed
 * requests.
 */
export function watch(page: Page, origin: string): Set<string> {
  const faults = new Set<string>();
  const elsewhere = (url: string) => /^(https?|wss?):/.test(url) && new URL(url).host !== new URL(origin).host;
  page.on("request", (request) => {
    if (elsewhere(request.url())) faults.add(`asks another host: ${request.url()}`);
  });
  page.on("websocket", (socket) => {
    if (elsewhere(socket.url())) faults.add(`asks another host: ${socket.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) faults.add(`request failed: ${response.status()} ${response.url()}`);
  });
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText ?? "unknown";
    if (why !== "net::ERR_ABORTED" && !elsewhere(request.url())) faults.add(`request failed: ${why} ${request.url()}`);
  });
  page.on("console", (message) => {
    if (message.type() === "error") faults.add(`console error: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => void faults.add(`page error: ${error.stack ?? error.message}`));
  page.on("crash", () => void faults.add("the page crashed"));
  return faults;
}

/**
 * Scrolls to the end and back, slowly enough that every figure sees that it is in view. Begins when the figures are there:
 * in a high window on a busy machine it would be at the end before the cells have made them.
 */
export async function scrollThrough(page: Page): Promise<void> {
  const made = () => !document.querySelector("observablehq-loading");
  await page.waitForFunction(made, undefined, {timeout: 5000}).catch(() => {}); // a cell may never end: see pageFaults
  await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let before = -1; scrollY > before;) {
      before = scrollY;
      for (let i = 0; i < 4; ++i) await frame(); // a busy page is told late what is in view
      scrollBy({top: innerHeight * 0.7, behavior: "instant"});
    }
  });
  await page.waitForTimeout(300);
  await page.evaluate(() => scrollTo({top: 0, behavior: "instant"}));
}

/** Returns what is wrong with a page that is open; what is wrong only for a while, while a figure computes, is not. */
export async function lastingFaults(page: Page, {width, patience = 20_000}: View): Promise<string[]> {
  const end = Date.now() + patience;
  for (;;) {
    const faults = await pageFaults(page, width);
    if (!faults.length || Date.now() > end) return faults;
    await page.waitForTimeout(200);
  }
}
