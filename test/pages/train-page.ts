/** The page /train as a reader uses it, for its tests. */
import assert from "node:assert/strict";
import type {Locator, Page} from "playwright-core";
import {figureOf} from "./chapter.js";
import type {Site} from "./site.js";
import {desktop, openPage, openSiteAndBrowser} from "./site.js";

/** Whether a file is tfjs, which the page loads only where it is needed. */
export const isTfjs = (url: string) => /\/vendor\/tf/.test(url);
/** How long the page may take, in ms. */
export const patience = 120_000; // a busy machine without a graphics card compiles shaders slowly

/** A figure that trains, and what a reader does with it; `patience` is how long it may take to say something, in ms. */
export function trainingFigure(root: Locator, patience: number) {
  const figure = figureOf(root);
  const says = (text: string | RegExp, timeout = patience) => figure.says(text, timeout);
  /** The first and the last value of the smoothed loss, from the curve's text. */
  async function losses(): Promise<[number, number]> {
    const text = (await root.locator("svg.chart").getAttribute("aria-label"))!;
    const [, first, last] = /goes from (\S+) at \S+ to (\S+) at/.exec(text) ?? [];
    return [Number(first), Number(last)];
  }
  const step = async () => Number(/step (\d+)/.exec(await figure.said())?.[1]);
  return {...figure, says, losses, step};
}

/** The figure of /train. */
export function trainFigure(page: Page) {
  return trainingFigure(page.locator("#fig-train"), patience);
}

/** Opens the page in a fresh profile, does something with it, and fails on whatever went wrong in it. */
export type VisitTrain = (
  use: (figure: ReturnType<typeof trainFigure>, page: Page, site: Site) => Promise<void>,
  script?: string
) => Promise<void>;

/** Serves the site for the tests of a file. */
export async function trainPage(): Promise<VisitTrain> {
  const {site, browser} = await openSiteAndBrowser();
  return async (use, script) => {
    const read = async (page: Page) => {
      const figure = trainFigure(page);
      await figure.status.waitFor();
      await figure.root.scrollIntoViewIfNeeded();
      await use(figure, page, site);
    };
    const faults = await openPage(browser, `${site.url}train.html`, {...desktop, height: 1000}, read, script);
    assert.deepEqual(faults, []);
  };
}
