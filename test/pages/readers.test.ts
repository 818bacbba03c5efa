/** Readers with a narrow phone, or text at four times its size, and readers who force their own colours. */
import assert from "node:assert/strict";
import {after, describe, it} from "node:test";
import type {Browser, Page} from "playwright-core";
import {launchBrowser} from "../../tools/browser.js";
import {openSite, visit} from "./site.js";

const browser: Browser = await launchBrowser();
const site = await openSite();

after(async () => {
  await browser.close();
  await site.close();
});

describe("320 pixels wide, by touch, which is also a window of 1280 at 400 %", () => {
  for (const name of ["index.html", "ddim.html", "mnist.html", "playground.html", "teach.html"]) {
    it(`${name} is sound`, async () => {
      const view = {width: 320, height: 568, colorScheme: "light", phone: true} as const;
      assert.deepEqual(await visit(browser, site.url + name, view), []);
    });
  }
});

describe("with forced colours", () => {
  it("each letter of a formula is there, also under an accent", async () => {
    const [own, forced] = [await inkOfAlphaBar("none"), await inkOfAlphaBar("active")];
    assert.ok(own > 20, `${own} pixels of ink in the page's own colours`);
    assert.ok(Math.abs(forced / own - 1) < 0.25, `${forced} pixels of ink with forced colours, ${own} without`);
  });
});

/** How many pixels of the first alpha with a bar on /ddim differ clearly from its ground. */
async function inkOfAlphaBar(forcedColors: "none" | "active"): Promise<number> {
  const context = await browser.newContext({forcedColors, colorScheme: "dark", javaScriptEnabled: false});
  try {
    const page = await context.newPage();
    await page.goto(`${site.url}ddim.html`);
    await page.evaluate(() => document.fonts.ready);
    const letter = page.locator("main p .katex-html .accent").first();
    await letter.scrollIntoViewIfNeeded();
    return await ink(page, (await letter.screenshot({scale: "css"})).toString("base64"));
  } finally {
    await context.close();
  }
}

function ink(page: Page, png: string): Promise<number> {
  return page.evaluate(async (png) => {
    const image = new Image();
    image.src = `data:image/png;base64,${png}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
    const drawing = canvas.getContext("2d")!;
    drawing.drawImage(image, 0, 0);
    const {data} = drawing.getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 1; i < data.length; i += 4) if (Math.abs(data[i] - data[1]) > 90) ++count; // by their green
    return count;
  }, png);
}
