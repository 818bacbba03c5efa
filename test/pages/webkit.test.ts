import {describe, it} from "node:test";
import {findWebKit, launchWebKit} from "../../tools/webkit.js";
import type {WebKitPrograms} from "../../tools/webkit.js";
import {pagesWork} from "./every-browser.js";
import {nothingIsSentOut} from "./every-browser-security.js";

const found = await findWebKit();
if (typeof found === "string") describe("in WebKit", () => void it(`nothing is tried here: ${found}`, () => {}));
else await tests(found);

async function tests(programs: WebKitPrograms): Promise<void> {
  const open = async () => {
    const {session, close} = await launchWebKit(programs);
    return {page: session, close};
  };
  await pagesWork("WebKit", open, {half: 1});
  nothingIsSentOut("WebKit", open, {
    // It opens no window here, and a form needs one.
    ways: ["fetchLater", "account at another site", "icon", "prefetch", "worklet of CSS", "form"],
    departures: "all"
  });
}
