import assert from "node:assert/strict";
import {spawn, spawnSync} from "node:child_process";
import type {ChildProcess} from "node:child_process";
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join, resolve} from "node:path";
import {after, describe, it} from "node:test";
import {pathToFileURL} from "node:url";
import type {BrowserContext, FrameLocator, Page, Route} from "playwright-core";
import {launchBrowser} from "../../tools/browser.js";
import {packFiles} from "../../tools/pack.js";
import {serve} from "../../tools/serve.js";
import type {ServeOptions} from "../../tools/serve.js";
import {openSite, watch} from "./site.js";

// Hosts as they are. Other tests have the site under a sub-path on the plainest one (site.ts).

const browser = await launchBrowser();
const site = await openSite(); // builds what is to be served
const folder = mkdtempSync(join(tmpdir(), "ddim-notebook-hosts-"));
const ends: (() => unknown)[] = [() => browser.close(), () => site.close(), () => rmSync(folder, {recursive: true})];

after(async () => {
  for (const end of ends.reverse()) await end();
});

/** Serves the built site in a host's manner. */
async function host(manners: Omit<ServeOptions, "folder"> = {}): Promise<string> {
  const {url, close} = await serve({folder: "dist", ...manners});
  ends.push(close);
  return url;
}

async function inContext(use: (context: BrowserContext, page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({viewport: {width: 390, height: 800}});
  try {
    await use(context, await context.newPage());
  } finally {
    await context.close();
  }
}

/** Takes the paths with a network of the site, whose weights are a file, and waits until that has answered. */
async function drawWithWeights(page: Page | FrameLocator): Promise<void> {
  const figure = page.locator("figure").first();
  await figure.getByText("exact: the denoiser is").waitFor();
  await figure.getByLabel("denoiser").selectOption("pretrained");
  await figure.locator(".badge", {hasText: /^pretrained/}).waitFor();
  assert.equal(await page.locator("#start-notice").count(), 0, "a page that runs says that it does not");
}

describe("the site works", () => {
  it("from the root of a host with clean addresses that compresses and knows few types of files", () =>
    inContext(async (_, page) => {
      const url = await host({
        cleanUrls: true,
        compress: true,
        types: {".bin": "text/html", ".json": "text/html", ".woff2": "text/plain"}
      });
      const faults = watch(page, url);
      await page.goto(`${url}embed/paths.html`);
      assert.equal(page.url(), `${url}embed/paths`, "the host did not send the page's address on");
      await drawWithWeights(page);
      await page.getByRole("link", {name: /The claims, measured/}).click();
      await page.getByRole("heading", {level: 1, name: "The claims, measured"}).waitFor();
      assert.match(page.url(), new RegExp(`^${url}compare#`));
      assert.deepEqual([...faults], []);
    }));

  it("from the zip's own server, in a frame of another site that is refused any storage", () =>
    inFrame(process.execPath, "serve.mjs"));

  it("from the zip's server in Python, in such a frame as well, where the machine has Python", async (t) => {
    if (spawnSync("python3", ["--version"]).error) return t.diagnostic("serve.py was not tested: there is no python3");
    await inFrame("python3", "serve.py");
  });
});

/** Serves what is in the zip with one of its servers, and reads a page of it in a frame of another site. */
function inFrame(command: string, server: string): Promise<void> {
  return inContext(async (context, page) => {
    const url = await zipServer(command, server);
    const outer = join(folder, "outer");
    mkdirSync(outer, {recursive: true});
    writeFileSync(join(outer, "index.html"), frame(`src="${url}embed/paths.html"`));
    const other = await serve({folder: outer});
    ends.push(other.close);
    await context.addInitScript(refuseStorage);
    const faults = new Set<string>();
    page.on("pageerror", (error) => faults.add(error.message));
    await page.goto(other.url.replace("127.0.0.1", "localhost")); // another site, not only another port
    const inner = page.frameLocator("iframe");
    await drawWithWeights(inner);
    await inner.getByRole("link", {name: /The claims, measured/}).click();
    await inner.getByRole("heading", {level: 1, name: "The claims, measured"}).waitFor();
    assert.deepEqual([...faults], []);
  });
}

describe("a page on a host that cannot run it keeps its text, and says", () => {
  const cases: [name: string, expected: RegExp, open: (page: Page, context: BrowserContext) => Promise<string>][] = [
    [
      "which type the host must send for modules",
      /figures did not start. The host sends [\w.-]+\.js as text\/plain. It must send files that end in \.js as text\/javascript\.$/,
      () => host({path: "/a/deep/sub-path/", types: {".js": "text/plain"}})
    ],
    [
      "which file the host does not have",
      /A part of this page did not load. The host does not have noising-figure\.\w+\.js \(404\). It needs all files/,
      async (page) => {
        const url = await host();
        await page.route(/noising-figure/, elsewhere);
        return url;
      }
    ],
    [
      "that the host sends a page in the place of what it lacks",
      /In the place of [\w.-]+\.js the host sends a web page/,
      async (page) => {
        const url = await host({fallback: true});
        await page.route(/client\./, elsewhere);
        return url;
      }
    ],
    [
      "that a file did not come",
      /A part of this page did not load. noising-figure\.\w+\.js could not be loaded: is there a connection\?/,
      async (page) => {
        await page.route(/noising-figure/, (route) => route.abort("internetdisconnected"));
        return site.url;
      }
    ],
    [
      "that it was opened as a file, and where the way out is written",
      /opened as a file, .* START\.txt/,
      () => Promise.resolve(`${pathToFileURL(resolve("dist")).href}/`)
    ],
    [
      "that the browser is too old",
      /did not start. This browser is too old for them: take one of 2023 or newer\.$/,
      async (page) => {
        const body = "export class Future { newer than this browser";
        await page.route(/client\./, (route) => route.fulfill({contentType: "text/javascript", body}));
        return site.url;
      }
    ]
  ];
  for (const [name, expected, open] of cases)
    it(name, () =>
      inContext(async (context, page) => {
        await page.goto(`${await open(page, context)}embed/noising.html`);
        await says(page, expected);
      })
    );

  it("that the frame around it is sandboxed", () =>
    inContext(async (_, page) => {
      await page.setContent(frame(`sandbox="allow-scripts" src="${site.url}embed/noising.html"`));
      await says(page.frameLocator("iframe"), /did not start. The frame around it is sandboxed.*allow-same-origin/);
    }));
});

async function says(page: Page | FrameLocator, expected: RegExp): Promise<void> {
  await page.locator("#start-notice", {hasText: expected}).waitFor();
  assert.equal(await page.getByRole("alert").first().getAttribute("id"), "start-notice");
  assert.equal(await page.getByRole("heading", {level: 1}).innerText(), "Adding noise");
}

// To an address that the host does not have.
function elsewhere(route: Route): Promise<void> {
  return route.continue({url: new URL("/none.js", route.request().url()).href});
}

function frame(attributes: string): string {
  return `<!doctype html><html lang="en"><title>Elsewhere</title><iframe width="380" height="700" title="A figure" ${attributes}></iframe></html>`;
}

// As browsers do it that are told to block what other sites keep.
const refuseStorage = `if (top !== self) for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"])
  Object.defineProperty(window, name, {get() { throw new DOMException("Access is denied for this document.", "SecurityError"); }});`;

async function zipServer(command: string, server: string): Promise<string> {
  const unpacked = join(folder, "unpacked");
  for (const [name, bytes] of packFiles("dist")) {
    mkdirSync(dirname(join(unpacked, name)), {recursive: true});
    writeFileSync(join(unpacked, name), bytes);
  }
  const child = spawn(command, [join(unpacked, server), "0"], {stdio: ["ignore", "pipe", "ignore"]}); // Python's tells of each request
  ends.push(() => child.kill());
  return addressOf(child);
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    child.stdout!.on("data", (text: Buffer) => {
      const match = /http:\/\/127\.0\.0\.1:\d+\//.exec(text.toString());
      if (match) found(match[0]);
    });
    child.on("exit", (code) => failed(new Error(`the server left with ${code}`)));
  });
}
