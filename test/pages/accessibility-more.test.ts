import {after} from "node:test";
import type {Browser} from "playwright-core";
import {launchBrowser} from "../../tools/browser.js";
import {openSite} from "./site.js";
import type {Site} from "./site.js";
import {chapterPages, soundPage} from "./soundness.js";

const browser: Browser = await launchBrowser();
const site: Site = await openSite();

after(async () => {
  await browser.close();
  await site.close();
});

// The half of the pages that accessibility.test.ts leaves.
for (const [i, name] of chapterPages(site).entries()) if (i % 2 === 1) soundPage(browser, site, name);
