import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {after, describe, it} from "node:test";
import {deflateRawSync} from "node:zlib";
import type {BrowserContextOptions, Page} from "playwright-core";
import {findBrowser, isWindowless} from "../../tools/browser.js";
import {hostHeaders} from "../../tools/host-headers.js";
import {serve} from "../../tools/serve.js";
import {openOtherHost} from "./other-host.js";
import {cellOf, departures, leaks, modulesOf, namesIn, refused, ways} from "./sending-out.js";
import {openSiteAndBrowser} from "./site.js";

const [{site, browser}, other] = await Promise.all([openSiteAndBrowser(), openOtherHost()]);
after(() => other.close());

const modules = modulesOf(site.url);
const cell = (tried: Record<string, string>, folder: string): string =>
  cellOf(tried, {to: `${other.url}${folder}/`, site: site.url, stun: other.stun, modules});

/** Opens the page that shows each form of a cell, runs one with this text as a reader would, and lets `use` look. */
async function inCell(
  text: string,
  use: (page: Page, held: string[]) => Promise<void>,
  options: BrowserContextOptions = {}
): Promise<void> {
  const context = await browser.newContext(options);
  try {
    const page = await context.newPage();
    const held: string[] = []; // where the page was not let go
    page.on("console", (message) => {
      const [, url] = /^not opened, since it is not of this site: (\S+)$/.exec(message.text()) ?? [];
      if (url) held.push(url);
    });
    await page.goto(`${other.url}before`);
    await page.goto(`${site.url}teach.html`);
    const host = page.locator('live-cell[name="expression"]');
    await host.locator("pre").first().click();
    await host.getByRole("textbox").focus();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.insertText(text);
    const tried = page.waitForEvent("console", (message) => message.text() === "tried");
    await page.keyboard.press("Shift+Enter");
    await tried; // not what the page shows: a window before it stops that
    await use(page, held);
  } finally {
    await context.close();
  }
}

describe("the code of a cell", () => {
  const count = Object.keys(ways).length;
  it(`reaches no other host by ${count} ways, each of which leads there without the policy`, async () => {
    // A browser without windows shows no icon, and so asks for none: that one leads there is seen in Firefox.
    const {icon, ...others} = ways;
    const asked = isWindowless((await findBrowser()).path) ? others : {icon, ...others};
    await inCell(cell({...ways, ...refused}, "held"), async () => {
      // What the first page sends would be there before all of this.
      await inCell(cell(asked, "free"), () => other.wait("free", namesIn(asked)), {bypassCSP: true});
      assert.deepEqual(other.seen("held"), []);
    });
  });

  it(`cannot lead its page out of the site, by ${Object.keys(departures).length} ways, nor load from the rest of its host`, () =>
    inCell(cell(departures, "left"), async (page, held) => {
      const all = [...namesIn(departures).map((name) => `/${name}?secret`), "/elsewhere?secret", "blob:"];
      const missing = () => all.filter((part) => !held.some((url) => url.includes(part)));
      for (const end = Date.now() + 20_000; missing().length && Date.now() < end;) await page.waitForTimeout(50);
      assert.deepEqual(missing(), []);
      assert.deepEqual(other.seen("left"), []);
      assert.equal(page.url(), `${site.url}teach.html`);
      const fetched = (path: string) =>
        page.evaluate((url) => fetch(url).then(({status}) => status, String), new URL(path, site.url).href);
      assert.equal(await fetched("/elsewhere"), "TypeError: Failed to fetch");
      assert.equal(await fetched("index.html"), 200);
      // The reader still goes back to where they came from.
      await page.goBack();
      assert.equal(page.url(), `${other.url}before`);
    }));

  it("can send out what SECURITY.md says that it can, and that is said there", async () => {
    const said = readFileSync("SECURITY.md", "utf8");
    for (const leak of Object.keys(leaks)) assert.ok(said.includes(leak), `SECURITY.md does not speak of ${leak}`);
    await inCell(cell(leaks, "free"), () => other.wait("free", [...namesIn(leaks), "WebRTC"]));
  });
});

const markup = "<img src=x onerror=globalThis.harmed=true>";

/** Opens a page, waits for a text with markup in it, and asserts that it is no more than a text. */
async function assertText(path: string, use: (page: Page) => Promise<void>): Promise<void> {
  const page = await browser.newPage();
  try {
    await page.goto(site.url + path);
    await use(page);
    await page.getByText(markup).first().waitFor();
    assert.equal(await page.locator("img[src=x]").count(), 0, `${path} has made an element of a text`);
    assert.equal(await page.evaluate("globalThis.harmed"), undefined, `${path} has run a text`);
  } finally {
    await page.close();
  }
}

describe("what comes from outside", () => {
  it("is text and never markup: the names, the code and the settings in a link with code", async () => {
    const shared = {cells: {expression: markup, [markup]: "1"}, settings: {[markup]: {[markup]: markup}}};
    const data = deflateRawSync(JSON.stringify(shared)).toString("base64url");
    await assertText(`teach.html#live=1.${data}`, async (page) => {
      const panel = page.getByRole("region", {name: "Shared code"});
      await panel.waitFor();
      assert.equal((await panel.innerText()).split(markup).length - 1, 5);
    });
  });

  it("is text and never markup: the settings in a link to the playground", () =>
    assertText(`playground.html#data=${encodeURIComponent(markup)}`, async () => {}));

  it("is text and never markup: the storage, and a file that was handed in", () =>
    assertText("exercises.html", async (page) => {
      await page.locator("li[data-exercise]").nth(1).waitFor();
      const [exercise, other] = await page
        .locator("li[data-exercise]")
        .evaluateAll((items) => items.map((item) => (item as HTMLElement).dataset.exercise!));
      const answer = {chapter: markup, code: markup, right: false, message: markup, tries: 7, time: markup};
      const stored = JSON.stringify({version: 1, ...answer, exercise, tries: {toString: 1}});
      await page.evaluate(
        ([key, text, name]) => {
          localStorage.setItem(key, text);
          localStorage.setItem("ddim-notebook/hand-in-name", name);
        },
        [`ddim-notebook/exercise/${exercise}`, stored, markup] as const
      );
      await page.reload();
      const file = {format: "ddim-notebook hand-in", version: 1, name: markup, answers: [{...answer, exercise: other}]};
      await page.getByLabel("Load such a file again").setInputFiles({
        name: `${markup.replaceAll("/", "")}.json`,
        mimeType: "application/json",
        buffer: Buffer.from(JSON.stringify(file))
      });
      await page.getByText(`The file of ${markup} has 1 answers; 1 of them are new here.`).waitFor();
      await page.locator(`li[data-exercise="${exercise}"]`).getByText("Not tried yet.").waitFor();
      await page.locator(`li[data-exercise="${other}"]`).getByText("Not solved yet: 7 tries so far.").waitFor();
    }));
});

describe("the site on a host that sends the headers which it brings", () => {
  it("runs an edited cell and a worker, in a frame of another origin", async () => {
    const strict = await serve({folder: "dist", path: "/some/course/", headers: hostHeaders});
    const page = await browser.newPage();
    try {
      const faults: string[] = [];
      page.on("console", (message) => void (message.type() === "error" && faults.push(message.text())));
      await page.goto(`${other.url}frame?${encodeURIComponent(`${strict.url}teach.html`)}`);
      const host = page.frameLocator("iframe").locator('live-cell[name="expression"]');
      await host.locator("pre").first().click();
      await host.getByRole("textbox").focus();
      await page.keyboard.press("ControlOrMeta+a");
      const at = (name: string) => JSON.stringify(modules[name].replace(site.url, strict.url));
      await page.keyboard.insertText(`
const {startWorker} = await (0, eval)("import(" + ${JSON.stringify(at("start-worker"))} + ")");
const worker = startWorker(${at("point-worker")});
worker.postMessage({id: 1, task: "rate", content: {milliseconds: 1}});
display(await new Promise((resolve) => (worker.onmessage = ({data}) => resolve(data.answer > 0 ? "it computes" : data.failure))));
`);
      await page.keyboard.press("Shift+Enter");
      await host.locator(".live-cell-output").getByText("it computes").waitFor();
      assert.deepEqual(faults, []);
    } finally {
      await page.close();
      await strict.close();
    }
  });
});
