import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {soak} from "../../tools/soak-rounds.js";
import {openSiteAndBrowser} from "./site.js";

const {site, browser} = await openSiteAndBrowser();

// A minute of it, where the machine is not busy; npm run soak does the same for as long as it is told to.
describe("training, sampling, editing, changing chapters, resizing and hiding, over and over", () => {
  const longest = 400; // ms of a task, twice what npm run soak allows: other tests take their share of the cores

  it("leaves memory, tensors, workers, listeners and WebGL contexts flat, and never holds a page for long", async (t) => {
    const say = (line: string) => t.diagnostic(line);
    const once = async () => {
      const report = await soak({browser, url: site.url, seconds: 20, longest, say});
      for (const {line} of report.verdicts) say(line);
      assert.deepEqual(
        report.verdicts.filter(({flat}) => !flat),
        []
      );
      assert.deepEqual(report.faults, []);
      return report.longTasks;
    };
    let found = await once();
    // A core that two share is slower too. What is long by itself is so again.
    if (found.length) found = await once();
    assert.deepEqual(found, []);
  });
});
