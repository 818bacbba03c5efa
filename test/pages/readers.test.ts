/** Readers with a narrow phone, or text at four times its size, and readers who force their own colours. */
import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {Page} from "playwright-core";
import {openSiteAndBrowser, visit} from "./site.js";

const {site, browser} = await openSiteAndBrowser();

// Without touch all pages are looked at that wide, see soundness.ts.
describe("320 pixels wide, by touch, which is also a window of 1280 at 400 %", () => {
  for (const name of ["index.html", "mnist.html"]) {
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

describe("with forced colours, whatever theme was chosen before", () => {
  for (const [scheme, theme] of [
    ["dark", "light"],
    ["light", "dark"]
  ] as const) {
    it(`plots keep their colours apart on a ${scheme} ground, and are seen on it`, async () => {
      const found = await underForcedColors("index.html", {scheme, theme}, (page) =>
        page.locator("#fig-two-samplers .plane canvas").evaluateAll(inksOf)
      );
      assert.equal(found.length, 2);
      for (const {light, marks} of found) {
        assert.equal(light, scheme === "light", `the ground is ${light ? "light" : "dark"}`);
        assert.ok(marks > 500, `${marks} pixels stand out from the ground`);
      }
      const [ddpm, ddim] = found.map(({redder}) => redder);
      assert.ok(ddpm > 0.5 && ddim < 0.1, `${ddpm} of DDPM's pixels are orange, ${ddim} of DDIM's`);
    });
  }

  it("a box that is ticked looks different, and a field and a button have an edge", async () => {
    await underForcedColors("few-steps.html", {scheme: "dark", theme: "light"}, async (page) => {
      const figure = page.locator("#fig-solver-order");
      await figure.scrollIntoViewIfNeeded();
      const box = figure.locator("input[type=checkbox]").first();
      const looks = async () => ink(page, (await box.screenshot({scale: "css"})).toString("base64"));
      const before = await looks();
      await box.press("Space");
      const after = await looks();
      assert.ok(Math.abs(after - before) > 10, `${before} pixels of ink when it is not ticked, ${after} when it is`);
      const bare = await page
        .locator("main .live :is(button, select, input[type=number])") // also those of a menu that is shut
        .evaluateAll((nodes) =>
          nodes
            .filter((node) => {
              const {borderTopColor, borderTopStyle, backgroundColor} = getComputedStyle(node);
              return borderTopStyle === "none" || borderTopColor === backgroundColor;
            })
            .map((node) => node.outerHTML.slice(0, 80))
        );
      assert.deepEqual(bare, []);
    });
  });
});

/** Opens a page with forced colours after the reader had chosen a theme, and looks at it once its figures are drawn. */
async function underForcedColors<T>(
  name: string,
  {scheme, theme}: Record<"scheme" | "theme", "light" | "dark">,
  use: (page: Page) => Promise<T>
): Promise<T> {
  const context = await browser.newContext({forcedColors: "active", colorScheme: scheme});
  try {
    const page = await context.newPage();
    await page.addInitScript("globalThis.__name = (f) => f");
    await page.addInitScript((choice) => localStorage.setItem("theme", choice), theme);
    await page.goto(site.url + name);
    await page.waitForFunction(
      () =>
        document.querySelector("figure canvas, figure svg") &&
        !document.querySelector('canvas[aria-label^="Not drawn"], observablehq-loading')
    );
    return await use(page);
  } finally {
    await context.close();
  }
}

/** Runs in the page: the ground of each canvas, the pixels that stand out from it, and how many of them are reddish. */
function inksOf(canvases: Element[]) {
  return (canvases as HTMLCanvasElement[]).map((canvas) => {
    const swatch = new OffscreenCanvas(1, 1).getContext("2d")!;
    swatch.fillStyle = getComputedStyle(canvas).backgroundColor;
    swatch.fillRect(0, 0, 1, 1);
    const ground = swatch.getImageData(0, 0, 1, 1).data[1];
    const {data} = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
    let [marks, red] = [0, 0];
    for (let i = 0; i < data.length; i += 4) {
      const green = ground + (data[i + 3] / 255) * (data[i + 1] - ground);
      if (Math.abs(green - ground) < 60) continue;
      ++marks;
      if (data[i] > data[i + 2] + 40) ++red;
    }
    return {light: ground > 128, marks, redder: red / marks};
  });
}

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
