/** The page /train as a reader uses it, for its tests. */
import assert from "node:assert/strict";
import {after, before} from "node:test";
import type {Browser, Locator, Page} from "playwright-core";
import {launchBrowser} from "../../tools/browser.js";
import type {Site} from "./site.js";
import {openSite, watch} from "./site.js";

/** Whether a file is tfjs, which the page loads only where it is needed. */
export const isTfjs = (url: string) => /\/vendor\/tf/.test(url);
/** How long the page may take, in ms. */
export const patience = 120_000; // a busy machine without a graphics card compiles shaders slowly

/** The figure of /train, and what a reader does with it. */
export function trainFigure(page: Page) {
  const root: Locator = page.locator("#fig-train");
  const status = root.locator("[role=status]"); // not by its role: the value of every slider has it too
  const alert = root.getByRole("alert");
  const press = (name: string) => root.getByRole("button", {name, exact: true}).click();
  const choose = (name: string, value: string) => root.getByRole("combobox", {name, exact: true}).selectOption(value);
  async function enter(name: string, value: number): Promise<void> {
    const field = root.getByRole("spinbutton", {name: `${name}, as a number`, exact: true});
    await field.fill(String(value));
    await field.press("Tab");
  }
  async function says(pattern: RegExp, timeout = patience): Promise<string> {
    await status.filter({hasText: pattern}).waitFor({timeout});
    return (await status.textContent())!;
  }
  /** The first and the last value of the smoothed loss, from the curve's text. */
  async function losses(): Promise<[number, number]> {
    const text = (await root.locator("svg.chart").getAttribute("aria-label"))!;
    const [, first, last] = /goes from (\S+) at \S+ to (\S+) at/.exec(text) ?? [];
    return [Number(first), Number(last)];
  }
  const step = async () => Number(/step (\d+)/.exec((await status.textContent())!)?.[1]);
  return {root, status, alert, press, choose, enter, says, losses, step};
}

/** Opens the page in a fresh profile, does something with it, and fails on whatever went wrong in it. */
export type VisitTrain = (
  use: (figure: ReturnType<typeof trainFigure>, page: Page, site: Site) => Promise<void>,
  script?: string
) => Promise<void>;

/** Serves the site for the tests of a file; call it within their describe. */
export function trainPage(): VisitTrain {
  let site: Site;
  let browser: Browser;

  before(async () => {
    [site, browser] = await Promise.all([openSite(), launchBrowser()]);
  });

  after(async () => {
    await browser.close();
    await site.close();
  });

  return async (use, script) => {
    const context = await browser.newContext({viewport: {width: 1280, height: 1000}});
    try {
      const page = await context.newPage();
      if (script) await page.addInitScript(script);
      const faults = watch(page, site.url);
      await page.goto(`${site.url}train.html`);
      const figure = trainFigure(page);
      await figure.status.waitFor();
      await figure.root.scrollIntoViewIfNeeded();
      await use(figure, page, site);
      assert.deepEqual([...faults], []);
    } finally {
      await context.close();
    }
  };
}
