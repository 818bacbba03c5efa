import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {gzipSync} from "node:zlib";
import type {Browser, BrowserContext, Page} from "playwright-core";
import type {BenchRow} from "../lib/bench-row.js";
import {htmlParts} from "./html.js";
import {serve} from "./serve.js";

/**
 * The script of a page in bytes, each file gzipped by itself as a static host sends it: modules, those of workers too,
 * WebAssembly, and what stands in the HTML. Not data, such as the weights of a network.
 */
export interface PageWeight {
  page: string; // its file, such as "ddim.html"
  opened: number; // until nothing more is asked for, with nothing done but opening the page
  scrolled: number; // and after it was read to its end, with every figure once in view
  files: {name: string; gzip: number; when: "opened" | "scrolled"}[]; // the heaviest first; "" is what stands in the HTML
}

/** What a page may weigh before the reader starts anything, read to its end: the first page, and any other. */
export const pageLimits = {home: 90_000, chapter: 220_000} as const;

const together = 3;

/** Opens each page in a fresh profile, reads it to its end, presses nothing, and adds up the script it has asked for. */
export async function weighPages(browser: Browser, folder: string, pages: readonly string[]): Promise<PageWeight[]> {
  const site = await serve({folder});
  try {
    // Most of the time is waiting for what a page may still ask for, so several are weighed together.
    const weights = new Array<PageWeight>(pages.length);
    const waiting = [...pages.entries()];
    const weighNext = async () => {
      for (let next; (next = waiting.shift());) {
        const [at, page] = next;
        weights[at] = await weigh(browser, folder, site.url, page);
      }
    };
    await Promise.all(Array.from({length: together}, weighNext));
    return weights;
  } finally {
    await site.close();
  }
}

async function weigh(browser: Browser, folder: string, url: string, page: string): Promise<PageWeight> {
  const context = await browser.newContext({viewport: {width: 1280, height: 800}});
  const scale = pageScale(context, url);
  try {
    const tab = await context.newPage();
    await tab.goto(url + page);
    await scale.opened(tab);
    await readToEnd(tab);
    await quiet(tab, scale.asked);
  } finally {
    await context.close();
  }
  return scale.weight(folder, page);
}

/** Notes the script that a page asks for; made before the page is opened in its context, with the folder's address. */
export function pageScale(context: BrowserContext, url: string) {
  const asked = new Map<string, "opened" | "scrolled">();
  let when: "opened" | "scrolled" = "opened";
  context.on("request", (request) => {
    if (!request.url().startsWith(url)) return;
    const name = decodeURIComponent(new URL(request.url()).pathname.slice(new URL(url).pathname.length));
    if (/\.(js|mjs|wasm)$/.test(name) && !asked.has(name)) asked.set(name, when);
  });
  return {
    asked,
    /** Waits until the page has asked for all that it wants when it is opened; what it asks for later counts as scrolled. */
    async opened(tab: Page): Promise<void> {
      await quiet(tab, asked);
      when = "scrolled";
    },
    /** What was asked for until now, as it lies in the folder. */
    async weight(folder: string, page: string): Promise<PageWeight> {
      const files = await Promise.all(
        Array.from(asked, async ([name, when]) => ({name, gzip: gzipped(await readFile(join(folder, name))), when}))
      );
      files.push({name: "", gzip: gzipped(inlineScript(await readFile(join(folder, page), "utf8"))), when: "opened"});
      files.sort((a, b) => b.gzip - a.gzip);
      const total = (chosen: typeof files) => chosen.reduce((sum, {gzip}) => sum + gzip, 0);
      return {page, opened: total(files.filter(({when}) => when === "opened")), scrolled: total(files), files};
    }
  };
}

/** Returns when nothing has been asked for during a second: what comes may ask for more once it has run. */
async function quiet(tab: Page, asked: ReadonlyMap<string, unknown>): Promise<void> {
  for (let count = -1; count !== asked.size;) {
    count = asked.size;
    await tab.waitForTimeout(1000);
  }
}

// As text, since tsx would put calls of its own into a function. A figure sees that it is in view within some frames.
function readToEnd(tab: Page): Promise<unknown> {
  return tab.evaluate(`(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let before = -1; scrollY > before;) {
      before = scrollY;
      for (let i = 0; i < 4; ++i) await frame();
      scrollBy({top: innerHeight * 0.7, behavior: "instant"});
    }
  })()`);
}

function inlineScript(html: string): string {
  return Array.from(htmlParts(html), (part) => (part.type === "text" && part.raw === "script" ? part.text : "")).join(
    ""
  );
}

const gzipped = (content: string | Uint8Array) => gzipSync(content).length;

/** The rows of the bench: the first page, and the heaviest of the others; opened only, and read to the end. */
export function weightRows(weights: readonly PageWeight[], device: string): BenchRow[] {
  const heaviest = (of: "opened" | "scrolled", home: boolean) =>
    Math.max(...weights.filter(({page}) => (page === "index.html") === home).map((weight) => weight[of]));
  const row = (id: string, value: number): BenchRow => ({id, value, unit: "bytes", spread: 0, samples: 1, device});
  return [
    row("page.home.script_gzip", heaviest("opened", true)),
    row("page.home.script_gzip.scrolled", heaviest("scrolled", true)),
    row("page.chapter.script_gzip", heaviest("opened", false)),
    row("page.chapter.script_gzip.scrolled", heaviest("scrolled", false))
  ];
}
