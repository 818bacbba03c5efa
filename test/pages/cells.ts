/** What tests do with editable cells, as a reader would. */
import assert from "node:assert/strict";
import type {Browser, BrowserContext, Locator, Page} from "playwright-core";
import {contextOf, openSiteAndBrowser, watch} from "./site.js";
import type {Site, View} from "./site.js";

/** A page that is open, with its editable cells, and all that has gone wrong in it. */
export interface CellPage {
  page: Page;
  faults: Set<string>;
  cell(name: string): Locator;
  source(name: string): Promise<string>; // its own code, also while it is edited
  /** Clicks the code of a cell and waits for its editor. */
  open(name: string): Promise<Locator>;
  /** Puts a text in the place of the cell's, by the keyboard. */
  write(name: string, text: string): Promise<void>;
  /** Writes, and runs by Shift+Enter; waits until the run has come to an end or `done` says so. */
  run(name: string, text?: string): Promise<void>;
  /** Runs a cell's own code with one piece of it replaced. */
  change(name: string, from: string, to: string): Promise<void>;
  press(name: string, button: string): Promise<void>;
  alert(name: string): Promise<string | null>; // the error that is shown
  output(name: string): Promise<string>; // what the cell shows
  text(): Promise<string>; // of the page's paragraphs
  close(): Promise<void>;
}

/** Opens a page in a new browser context, or in one that is given, so that what it has kept is there. */
export async function openCells(browser: Browser | BrowserContext, url: string, view?: View): Promise<CellPage> {
  const context = "newContext" in browser ? await browser.newContext(view && contextOf(view)) : browser;
  const page = await context.newPage();
  await page.addInitScript("globalThis.__name = (f) => f");
  const faults = watch(page, new URL(url).origin);
  await page.goto(url);
  await page.waitForFunction(() => !document.querySelector("live-cell:not(:defined), observablehq-loading"));
  const cell = (name: string) => page.locator(`live-cell[name="${name}"]`);
  const self: CellPage = {
    page,
    faults,
    cell,
    source: async (name) => (await cell(name).locator("pre").first().innerText()).trimEnd(),
    async open(name) {
      const box = cell(name).getByRole("textbox");
      if ((await box.count()) === 0) await cell(name).locator("pre").first().click();
      await box.waitFor();
      return box;
    },
    async write(name, text) {
      await (await self.open(name)).focus();
      await page.keyboard.press("ControlOrMeta+a");
      if (text) await page.keyboard.insertText(text);
      else await page.keyboard.press("Delete"); // an empty text would leave the old one
    },
    async run(name, text) {
      if (text === undefined) await (await self.open(name)).focus();
      else await self.write(name, text);
      const status = cell(name).locator(".live-cell-status");
      await status.evaluate((node) => (node.textContent = ""));
      await page.keyboard.press("Shift+Enter");
      await page.waitForFunction(
        (host) => {
          const alert = host?.querySelector<HTMLElement>("[role=alert]");
          return (
            /^(Ran in|Stopped)/.test(host?.querySelector(".live-cell-status")?.textContent ?? "") || !alert?.hidden
          );
        },
        await cell(name).elementHandle(),
        {timeout: 20_000}
      );
      await settle(page);
    },
    async change(name, from, to) {
      const text = await self.source(name);
      assert.ok(text.includes(from), `${name} has ${from}`);
      await self.run(name, text.replace(from, to));
    },
    async press(name, button) {
      await cell(name).getByRole("button", {name: button, exact: true}).click();
      await settle(page);
    },
    async alert(name) {
      const alert = cell(name).getByRole("alert");
      return (await alert.isVisible()) ? alert.textContent() : null;
    },
    output: (name) =>
      cell(name).evaluate(
        (host) =>
          (host as HTMLElement).querySelector<HTMLElement>(".observablehq--block:not([hidden])")?.innerText ?? ""
      ),
    text: () =>
      page.evaluate(() => {
        const copies = [...document.querySelectorAll("main > p")].map((p) => p.cloneNode(true) as HTMLElement);
        for (const copy of copies) for (const still of copy.querySelectorAll("noscript")) still.remove();
        return copies.map((copy) => copy.textContent!.trim()).join("\n");
      }),
    close: () => ("newContext" in browser ? context.close() : page.close())
  };
  return self;
}

/** Waits until the page has taken over what has changed. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let i = 0; i < 4; ++i) await new Promise((resolve) => requestAnimationFrame(resolve));
  });
}

/** Asserts that nothing went wrong but what the test itself has provoked. */
export function assertSound({faults}: CellPage, allowed = /^$/): void {
  assert.deepEqual(
    [...faults].filter((fault) => !allowed.test(fault)),
    []
  );
}

/** The page that shows each form of a cell, for the tests of a file. */
export interface Teach {
  site: Site;
  browser: Browser;
  url: string;
  /** Opens the page, lets a test use it, and sees that nothing went wrong but what `allowed` matches. */
  teach(use: (cells: CellPage) => Promise<void>, allowed?: RegExp): Promise<void>;
}

/** Opens the page's site, for the tests of a file. */
export async function openTeach(): Promise<Teach> {
  const {site, browser} = await openSiteAndBrowser();
  const url = `${site.url}teach.html`;
  const teach: Teach["teach"] = async (use, allowed) => {
    const cells = await openCells(browser, url);
    try {
      await use(cells);
      assertSound(cells, allowed);
    } finally {
      await cells.close();
    }
  };
  return {site, browser, url, teach};
}
