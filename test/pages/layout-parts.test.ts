/** What is laid out when a page is opened: little of a long page, soon all of it, and at once where a place is to be shown. */
import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {Page} from "playwright-core";
import {desktop, openPage, openSiteAndBrowser} from "./site.js";

const {site, browser} = await openSiteAndBrowser();
const url = `${site.url}objective.html`;

/** Opens the page anew, with its idle time held back until `release` is called. */
async function busy(page: Page): Promise<() => Promise<void>> {
  await page.addInitScript(() => {
    const page = globalThis as unknown as {release: () => void};
    const real = requestIdleCallback;
    const waiting: Parameters<typeof real>[] = [];
    globalThis.requestIdleCallback = (...call) => waiting.push(call);
    page.release = () => {
      globalThis.requestIdleCallback = real;
      for (const call of waiting) real(...call);
    };
  });
  await page.goto(url.replace("objective", "references"));
  await page.goto(url);
  await page.waitForFunction(() => "started" in document.documentElement.dataset);
  return () => page.evaluate(() => (globalThis as unknown as {release: () => void}).release());
}

/** How many blocks of the text may be left out of the layout, and how many are. */
const leftOut = (page: Page) =>
  page.evaluate(() => {
    const all = Array.from(document.querySelectorAll("#observablehq-main > :is(p, .equation)"));
    const may = all.filter((block) => getComputedStyle(block).contentVisibility === "auto");
    const are = may.filter(
      (block) => block.firstElementChild?.checkVisibility({contentVisibilityAuto: true}) === false
    );
    return [may.length, are.length];
  });

const none = [0, 0];

/** How many paragraphs and formulas a screen reader is told of. */
async function spoken(page: Page): Promise<{paragraphs: number; formulas: number}> {
  const session = await page.context().newCDPSession(page);
  const {nodes} = await session.send("Accessibility.getFullAXTree");
  const count = (name: string) => nodes.filter(({role, ignored}) => !ignored && role?.value === name).length;
  return {paragraphs: count("paragraph"), formulas: count("MathMLMath")};
}

/** How far from its place a target of a link stands, in pixels. */
const offTarget = (page: Page, id: string) =>
  page.evaluate(async (id) => {
    const target = document.getElementById(id)!;
    const top = () => target.getBoundingClientRect().top;
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let i = 0; i < 6; ++i) await frame(); // what comes near is laid out, and moves what is below it
    const before = top();
    target.scrollIntoView({behavior: "instant"});
    return Math.abs(top() - before);
  }, id);

describe("a long page", () => {
  it("is laid out where it is looked at, and the rest soon, also for a screen reader", async () => {
    const use = async (page: Page) => {
      const release = await busy(page);
      const [may, are] = await leftOut(page);
      assert.ok(may > 40, `${may} blocks may be left out`);
      assert.ok(are > may / 2, `${are} of ${may} blocks are left out`);
      await release();
      await page.waitForFunction(() => !("parts" in document.documentElement.dataset));
      assert.deepEqual(await leftOut(page), none);
      const told = await spoken(page);
      const formulas = await page.evaluate(
        () => Array.from(document.querySelectorAll("main math")).filter((node) => node.checkVisibility()).length
      );
      assert.ok(formulas > 200 && told.formulas === formulas, `${told.formulas} of ${formulas} formulas are told of`);
      await page.reload(); // all is laid out at once
      assert.deepEqual(told, await spoken(page));
    };
    assert.deepEqual(await openPage(browser, url, desktop, use), []);
  });

  it("keeps what is read in its place while what is above it gets its height", async () => {
    const use = async (page: Page) => {
      await busy(page);
      await page.evaluate(() => scrollTo({top: 0.9 * document.documentElement.scrollHeight, behavior: "instant"}));
      const moved: number[] = [];
      for (let i = 0; i < 8; ++i) {
        await page.waitForTimeout(150);
        const place = await page.evaluateHandle(() => {
          const all = Array.from(document.querySelectorAll("#observablehq-main > p"));
          const block = all.findLast((own) => own.getBoundingClientRect().top < 400)!;
          return {block, top: block.getBoundingClientRect().top};
        });
        await page.evaluate(() => scrollBy({top: -500, behavior: "instant"}));
        await page.waitForTimeout(150);
        moved.push(await place.evaluate(({block, top}) => block.getBoundingClientRect().top - top - 500));
      }
      moved.sort((a, b) => Math.abs(a) - Math.abs(b));
      // A figure that starts just then may move the text by its own height, once.
      assert.ok(Math.abs(moved.at(-2)!) < 3, `it was moved by ${moved.map(Math.round).join(", ")} pixels`);
    };
    assert.deepEqual(await openPage(browser, url, desktop, use), []);
  });

  it("is laid out whole for a link to a place in it, which is met to the pixel", async () => {
    const use = async (page: Page) => {
      await busy(page);
      const ids = await page
        .locator("#observablehq-main > h2, #observablehq-main > .equation")
        .evaluateAll((all) => all.map(({id}) => id));
      const id = ids[Math.floor(0.6 * ids.length)];
      await page.evaluate((id) => void (location.hash = id), id);
      const off = await offTarget(page, id);
      assert.ok(off < 3, `#${id} is ${off} pixels from its place`);
      assert.deepEqual(await leftOut(page), none);
    };
    assert.deepEqual(await openPage(browser, url, desktop, use), []);
  });

  it("is laid out whole where the reader comes back to a place, and where a link brings code", async () => {
    const use = async (page: Page) => {
      await busy(page);
      assert.notDeepEqual(await leftOut(page), none);
      await page.reload();
      assert.deepEqual(await leftOut(page), none);
      await page.goto(`${site.url}references.html`);
      await page.goto(`${url}#live=1.x`);
      assert.deepEqual(await leftOut(page), none);
    };
    assert.deepEqual(await openPage(browser, url, desktop, use), []);
  });

  it("is laid out whole without JavaScript", async () => {
    const context = await browser.newContext({javaScriptEnabled: false});
    try {
      const page = await context.newPage();
      await page.goto(url);
      assert.deepEqual(await leftOut(page), none);
    } finally {
      await context.close();
    }
  });
});
