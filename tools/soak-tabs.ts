/** What a soak does in its tabs, as a reader would. */
import type {BrowserContext, Page} from "playwright-core";
import type {Random} from "../lib/random.js";
import {countContexts} from "./soak-measures.js";

/** A tab, and what is done in it; each ends with nothing under way. */
export interface Tab {
  name: string;
  page: Page;
  acts: Record<string, () => Promise<void>>;
}

/** How a mark begins while a page is being loaded, which is before it can be used. */
export const loading = "the load of";

const patience = {timeout: 240_000}; // a busy machine compiles shaders slowly

/** Opens the tabs: one that trains, one that samples, one that goes through the chapters. */
export async function openTabs(context: BrowserContext, url: string, random: Random): Promise<Tab[]> {
  await context.addInitScript(countContexts);
  await context.addInitScript("globalThis.__name = (f) => f"); // tsx wraps the functions that are sent there
  return Promise.all([trainTab, sampleTab, walkTab].map((make) => make(context, url, random)));
}

async function trainTab(context: BrowserContext, url: string, random: Random): Promise<Tab> {
  const page = await open(context, `${url}train.html`);
  const root = page.locator("#fig-train");
  const press = (name: string) => root.getByRole("button", {name, exact: true}).click();
  const says = (pattern: RegExp) => root.locator("[role=status]").filter({hasText: pattern}).waitFor(patience);
  async function train(backend: string, steps: number): Promise<void> {
    await root.scrollIntoViewIfNeeded();
    await root.getByRole("combobox", {name: "backend", exact: true}).selectOption(backend);
    const field = root.getByRole("spinbutton", {name: "training steps, as a number", exact: true});
    await field.fill(String(steps));
    await field.press("Tab");
    await press("Train");
    await says(/^Done/);
    await press("Reset");
    await says(/from the first weights/);
  }
  return {
    name: "train",
    page,
    acts: {
      "train on the kernels": () => train("kernels", 20 + random.integer(60)),
      "train on tfjs": () => train("wasm", 5),
      edit: () => edit(page, "frequencies", "const frequencies = Array.from({length: 16}, (_, k) => 20 ** (k / 15));"),
      resize: () => resize(page, random),
      hide: () => hide(page)
    }
  };
}

async function sampleTab(context: BrowserContext, url: string, random: Random): Promise<Tab> {
  const page = await open(context, `${url}ddim.html`);
  const root = page.locator("#fig-sampler");
  async function sample(): Promise<void> {
    await root.scrollIntoViewIfNeeded();
    const steps = 5 + random.integer(30);
    await root.getByRole("slider", {name: "steps", exact: true}).evaluate((input: HTMLInputElement, next) => {
      input.value = String(next);
      for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind, {bubbles: true}));
    }, steps);
    await root
      .getByRole("status")
      .filter({hasText: new RegExp(`^Step ${steps} of ${steps}`)})
      .first()
      .waitFor(patience);
  }
  return {
    name: "sample",
    page,
    acts: {
      sample,
      "sample again": sample,
      edit: () => edit(page, "step-list", "const stepList = (steps: number) => [999, 500, 1].slice(0, steps);"),
      resize: () => resize(page, random),
      hide: () => hide(page)
    }
  };
}

const chapters = "forward ddpm objective few-steps compare notation exercises".split(" ");

async function walkTab(context: BrowserContext, url: string, random: Random): Promise<Tab> {
  const page = await open(context, `${url}references.html`);
  const mark = (text: string) => page.evaluate((name) => void performance.mark(name), `soak: walk: ${text}`);
  const follow = async (name: string) => {
    await mark(`${loading} ${name}`); // the next page is in the same thread
    await page.locator(`nav a[href$="/${name}"], nav a[href$="/${name}.html"]`).first().click();
    await page.waitForURL(new RegExp(`/${name}(\\.html)?$`));
    await ready(page);
    await mark(name);
  };
  return {
    name: "walk",
    page,
    acts: {
      async "change chapters"() {
        for (const name of random.shuffle([...chapters]).slice(0, 2)) {
          await follow(name);
          await scroll(page);
        }
        await follow("references"); // it is always the same page that is measured
      }
    }
  };
}

async function open(context: BrowserContext, address: string): Promise<Page> {
  const page = await context.newPage();
  await page.setViewportSize({width: 1280, height: 900});
  await page.goto(address);
  await ready(page);
  return page;
}

async function ready(page: Page): Promise<void> {
  await page.waitForFunction(() => "started" in document.documentElement.dataset, undefined, patience);
}

async function scroll(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let before = -1; scrollY > before;) {
      before = scrollY;
      scrollBy({top: innerHeight * 0.8, behavior: "instant"});
      for (let i = 0; i < 3; ++i) await frame();
    }
  });
}

async function edit(page: Page, name: string, code: string): Promise<void> {
  const cell = page.locator(`live-cell[name="${name}"]`);
  const box = cell.getByRole("textbox");
  if ((await box.count()) === 0) await cell.locator("pre").first().click();
  await box.focus();
  await page.keyboard.press("ControlOrMeta+a");
  await box.evaluate(paste, code);
  await page.keyboard.press("Shift+Enter");
  await cell.locator(".live-cell-status").filter({hasText: /^Ran in/}).waitFor(patience); // prettier-ignore
  await cell.getByRole("button", {name: "Reset", exact: true}).click();
}

// Typed text would grow the browser's own list of what can be undone, by up to a thousand steps; a paste is the editor's.
function paste(box: Element, text: string): void {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  box.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
}

async function resize(page: Page, random: Random): Promise<void> {
  for (const width of [360 + random.integer(400), 1280]) {
    await page.setViewportSize({width, height: 900});
    await frames(page);
  }
}

// Playwright keeps each tab as if it were in front, so that this is told to the page instead.
async function hide(page: Page): Promise<void> {
  const show = (state: DocumentVisibilityState) =>
    page.evaluate((visibilityState) => {
      const hidden = visibilityState === "hidden";
      Object.defineProperties(document, {
        visibilityState: {value: visibilityState, configurable: true},
        hidden: {value: hidden, configurable: true}
      });
      document.dispatchEvent(new Event("visibilitychange"));
    }, state);
  await show("hidden");
  await frames(page);
  await show("visible");
}

async function frames(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let i = 0; i < 5; ++i) await new Promise((resolve) => requestAnimationFrame(resolve));
  });
}
