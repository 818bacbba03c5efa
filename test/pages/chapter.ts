/** A chapter that is open for the tests of a file, its figures, and what a reader does with them. */
import type {Browser, Locator, Page} from "playwright-core";
import type {CellPage} from "./cells.js";
import {openCells} from "./cells.js";
import type {Site, View} from "./site.js";
import {openSiteAndBrowser} from "./site.js";

/** A chapter in a wide window. */
export interface Chapter {
  site: Site;
  browser: Browser;
  page: Page;
  cells: CellPage; // the same page, with its cells, and what has gone wrong in it
  figure(name: string): Figure; // by its id, without `fig-`
}

const wide: View = {width: 1280, height: 900, colorScheme: "light"};

/**
 * Serves the site, starts a browser and opens a chapter, such as `ddim.html`; all is closed after the file's tests.
 * `patience` is how long anything in the page may take, in milliseconds.
 */
export async function openChapter(address: string, patience = 30_000): Promise<Chapter> {
  const {site, browser} = await openSiteAndBrowser();
  const cells = await openCells(browser, site.url + address, wide);
  const {page} = cells;
  page.setDefaultTimeout(patience);
  return {site, browser, page, cells, figure: (name) => figureOf(page.locator(`#fig-${name}`))};
}

export type Figure = ReturnType<typeof figureOf>;

/** A figure, and what a reader does with it; controls go by their names. */
export function figureOf(root: Locator) {
  const status = root.locator("p.live-status[role=status]"); // not by its role: the value of every slider has it too
  const alert = root.getByRole("alert");
  const slider = (name: string) => root.getByRole("slider", {name, exact: true});
  const list = (name: string) => root.getByRole("combobox", {name, exact: true});
  const field = (name: string) => root.getByRole("spinbutton", {name: `${name}, as a number`, exact: true});
  const button = (name: string) => root.getByRole("button", {name, exact: true});

  const said = async () => (await status.textContent())!;
  /** Waits until the status has a text, and returns all of it. */
  async function says(text: string | RegExp, timeout?: number): Promise<string> {
    await status.filter({hasText: text}).waitFor({timeout});
    return said();
  }
  /** Moves a slider without letting go of it. */
  const drag = (name: string, value: number) => send(slider(name), value, ["input"]);
  /** Moves a slider and lets go of it. */
  const slide = (name: string, value: number) => send(slider(name), value, ["input", "change"]);
  const choose = (name: string, value: string) => list(name).selectOption(value);
  const press = (name: string) => button(name).click();
  async function enter(name: string, value: number): Promise<void> {
    await field(name).fill(String(value));
    await field(name).press("Tab");
  }

  const readings = async () => (await root.locator(".reading-value").allTextContents()).map(parseFloat);
  const reading = async (label: string | RegExp) =>
    (await root.locator(".reading", {hasText: label}).locator(".reading-value").first().textContent())!;
  /** What the canvases show, once the frame that draws them is over. */
  const pictures = () =>
    root.evaluate(async (figure) => {
      for (let k = 0; k < 2; ++k) await new Promise((resolve) => requestAnimationFrame(resolve));
      return [...figure.querySelectorAll("canvas")].map((canvas) => canvas.toDataURL());
    });
  /** What the canvases tell. */
  const labels = () => root.locator("canvas").evaluateAll((all) => all.map((canvas) => canvas.ariaLabel));

  return {
    ...{root, status, alert, slider, list, field, button},
    ...{said, says, drag, slide, choose, press, enter, readings, reading, pictures, labels}
  };
}

function send(slider: Locator, value: number, events: string[]): Promise<void> {
  return slider.evaluate(
    (input: HTMLInputElement, [value, events]) => {
      input.value = value;
      for (const kind of events) input.dispatchEvent(new Event(kind, {bubbles: true}));
    },
    [String(value), events] as const
  );
}
