/** What the code of a cell can send out in a browser, whichever it is. Each test has a run without the policy beside it. */
import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {setTimeout as pause} from "node:timers/promises";
import {after, before, describe, it} from "node:test";
import type {DrivenBrowser} from "./driven-page.js";
import {unguarded, warningsOf, watched} from "./driven-page.js";
import {edit} from "./every-browser.js";
import type {OtherHost} from "./other-host.js";
import {openOtherHost} from "./other-host.js";
import {cellOf, departures, leaks, modulesOf, namesIn, refused, ways} from "./sending-out.js";
import type {Site} from "./site.js";
import {openSite} from "./site.js";

/** What a browser does not know, by the names in sending-out.ts: there, nothing is proved by a page that is silent. */
export interface Unknown {
  ways: readonly string[];
  departures: readonly string[] | "all"; // "all" where no script can hold a page on the site
  leaks?: readonly string[];
}

/** Tests of what a cell can send out. */
export function nothingIsSentOut(name: string, open: () => Promise<DrivenBrowser>, unknown: Unknown): void {
  describe(`in ${name}, the code of a cell`, () => {
    let site: Site;
    let free: Site; // the same without the policy
    let other: OtherHost;
    let browser: DrivenBrowser;

    before(async () => {
      [site, free, other, browser] = await Promise.all([
        openSite({alter: watched}),
        openSite({alter: unguarded}),
        openOtherHost(),
        open()
      ]);
    });

    after(async () => {
      await browser?.close();
      await Promise.all([site?.close(), free?.close(), other?.close()]);
    });

    const cell = (tried: Record<string, string>, folder: string, {url} = site) =>
      cellOf(tried, {to: `${other.url}${folder}/`, site: url, stun: other.stun, modules: modulesOf(url)});

    /** Runs a cell with this text, as a reader would. */
    async function run(text: string, {url} = site): Promise<void> {
      const {page} = browser;
      await page.renew();
      await page.go(`${url}licences.txt`);
      await page.run("localStorage.clear()"); // what another test has left
      await page.go(`${url}teach.html`);
      await edit(page, "expression", `${text}\ndocument.documentElement.dataset.tried = "all";`);
      await page.press("Shift+Enter");
      // A page that is led away cannot say so.
      if (!text.includes("location.href")) await page.until("document.documentElement.dataset.tried === 'all'");
    }

    const known = without(ways, unknown.ways);
    it(`reaches no other host by ${Object.keys(known).length} ways, each of which leads there without the policy`, async () => {
      await run(cell({...ways, ...refused}, "held"));
      await run(cell(ways, "free", free), free); // what the first page sends would be there before all of this
      await other.wait("free", namesIn(known));
      assert.deepEqual(other.seen("held"), []);
    });

    const left = without(departures, unknown.departures === "all" ? Object.keys(departures) : unknown.departures);
    if (unknown.departures !== "all")
      it(`cannot lead its page out, by ${Object.keys(left).length} ways that lead out without the first script`, async () => {
        const {page} = browser;
        const text = `${free.url}licences.txt`;
        for (const [way, code] of Object.entries(left)) {
          await page.renew();
          await page.go(text);
          const script = cell({[way]: code}, "left-free", free);
          await page.run(`setTimeout(async () => {${script}}); return 0`);
          const names = namesIn({[way]: code});
          const gone = async () =>
            names.some((n) => other.seen("left-free").includes(n)) || (await page.url()) !== text;
          for (const end = Date.now() + 10_000; !(await gone()); await pause(20))
            assert.ok(Date.now() < end, `without the first script, this leads nowhere: ${way}`);
        }
        await run(cell(left, "left"));
        const all = [...namesIn(left).map((n) => `/${n}?secret`), "/elsewhere?secret", "blob:"];
        const missing = async () => {
          const warnings = await warningsOf(page);
          return all.filter((part) => !warnings.some((said) => /^not opened/.test(said) && said.includes(part)));
        };
        for (const end = Date.now() + 20_000; (await missing()).length && Date.now() < end;) await pause(50);
        assert.deepEqual(await missing(), []);
        assert.deepEqual(other.seen("left"), []);
        assert.equal(await page.url(), `${site.url}teach.html`);
      });

    const out = unknown.departures === "all" ? leading : without(leaks, unknown.leaks ?? []);
    it("can send out what SECURITY.md says that it can, and that is said there", async () => {
      const said = readFileSync("SECURITY.md", "utf8");
      for (const leak of Object.keys(out)) assert.ok(said.includes(leak), `SECURITY.md does not speak of ${leak}`);
      await run(cell(out, "free"));
      await other.wait("free", [...namesIn(out), ...("WebRTC" in out ? ["WebRTC"] : [])]);
    });
  });
}

// Where there is no Navigation API.
const leading = {"lead the page to another address": departures.location};

function without(tried: Record<string, string>, names: readonly string[]): Record<string, string> {
  for (const name of names) if (!(name in tried)) throw new RangeError(`no way is called ${name}`);
  return Object.fromEntries(Object.entries(tried).filter(([name]) => !names.includes(name)));
}
