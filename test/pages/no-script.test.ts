/** What a reader gets without JavaScript: all of the text, its values, and a picture in place of each figure. */
import assert from "node:assert/strict";
import {existsSync} from "node:fs";
import {readFile} from "node:fs/promises";
import {describe, it} from "node:test";
import {valuesOf} from "../../tools/still-values.js";
import {readStills} from "../../tools/with-stills.js";
import {desktop, openPage, openSiteAndBrowser} from "./site.js";

const {site, browser} = await openSiteAndBrowser();

describe("without JavaScript", () => {
  it("no page has an empty place in its text, or a figure without a picture", async () => {
    const lacking: string[] = [];
    for (const name of site.pages) {
      const html = await readFile(`dist/${name}`, "utf8");
      const places = html.match(/(?<!<\/noscript>)<observablehq-loading>/g)?.length ?? 0;
      const inText = name === "teach.html" ? 3 : 0; // what the editable cells there show; each says so
      if (places > inText) lacking.push(`${name}: ${places} values`);
      for (const [, id] of html.matchAll(/<figure id="(fig-[\w-]+)"/g)) {
        const picture = new RegExp(`<figure id="${id}"[^>]*>\\s*<noscript><img [^>]*src="([^"]+)"`).exec(html)?.[1];
        if (!picture) lacking.push(`${name}: #${id}`);
        else if (!existsSync(`dist/${picture.replace(/^(\.\.?\/)+/, "")}`))
          lacking.push(`${name}: ${picture} is no file`);
      }
    }
    assert.deepEqual(lacking, [], "record them: npm run build, npm run stills, and build again");
  });

  it("a chapter shows its text, formulas, code, values and pictures, and says what they are", async () => {
    const context = await browser.newContext({viewport: desktop, javaScriptEnabled: false});
    try {
      const page = await context.newPage();
      await page.goto(`${site.url}ddpm.html`);
      assert.match(await page.locator(".no-script").innerText(), /in place of the figures there are recorded pictures/);
      const picture = page.locator("#fig-ancestral img.still");
      await picture.scrollIntoViewIfNeeded();
      await page.waitForFunction(
        () => document.querySelector<HTMLImageElement>("#fig-ancestral img.still")!.naturalWidth > 0
      );
      assert.ok(await page.locator(".katex").first().isVisible(), "a formula");
      assert.ok(await page.locator("live-cell pre").first().isVisible(), "the code of a cell");
      assert.match((await page.locator("main table").first().innerText()).replaceAll(/\s+/g, " "), /±/);
    } finally {
      await context.close();
    }
  });
});

describe("what was recorded", () => {
  it("is what the chapter shows now", async () => {
    const {values} = await readStills();
    const faults = await openPage(browser, `${site.url}ddpm.html`, desktop, async (page) => {
      await page.waitForFunction(() => !document.querySelector("observablehq-loading"));
      assert.deepEqual(await valuesOf(page), values["ddpm.html"], "record them anew: npm run stills");
    });
    assert.deepEqual(faults, []);
  });
});
