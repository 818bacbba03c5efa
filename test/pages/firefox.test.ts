import {pagesWork} from "./every-browser.js";
import {nothingIsSentOut} from "./every-browser-security.js";
import {openFirefox} from "./firefox-page.js";

await pagesWork("Firefox", openFirefox, {
  half: 0,
  axe: ["index.html", "ddim.html", "mnist.html", "playground.html", "teach.html"]
});
nothingIsSentOut("Firefox", openFirefox, {
  ways: ["fetchLater", "account at another site", "prefetch", "worklet of CSS", "frame that refreshes"],
  departures: []
});
