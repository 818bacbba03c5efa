import {openSiteAndBrowser} from "./site.js";
import {chapterPages, soundPage} from "./soundness.js";

const {site, browser} = await openSiteAndBrowser();

// The half of the pages that accessibility.test.ts leaves.
for (const [i, name] of chapterPages(site).entries()) if (i % 2 === 1) soundPage(browser, site, name);
