import {describe, it} from "node:test";
import {findFirefox} from "../../tools/firefox.js";
import {pagesWork} from "./every-browser.js";
import {nothingIsSentOut} from "./every-browser-security.js";
import {openFirefox} from "./firefox-page.js";

const missing = await findFirefox().then(
  () => undefined,
  (error: Error) => error.message
);
// A machine that has nothing but Node can test the rest; CI must have it, and whoever names one means it.
if (missing === undefined || process.env.CI || process.env.FIREFOX_PATH) await tests();
else describe("in Firefox", () => void it(`nothing is tried here: ${missing}`, () => {}));

async function tests(): Promise<void> {
  await pagesWork("Firefox", openFirefox, {
    half: 0,
    axe: ["index.html", "ddim.html", "mnist.html", "playground.html", "teach.html"]
  });
  nothingIsSentOut("Firefox", openFirefox, {
    ways: ["fetchLater", "account at another site", "prefetch", "worklet of CSS", "frame that refreshes"],
    departures: []
  });
}
