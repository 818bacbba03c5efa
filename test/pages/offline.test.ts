import assert from "node:assert/strict";
import {cpSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join, resolve} from "node:path";
import {after, before, describe, it} from "node:test";
import type {Page} from "playwright-core";
import {launchBrowser} from "../../tools/browser.js";
import {addOffline} from "../../tools/offline.js";
import {serve} from "../../tools/serve.js";
import type {Served} from "../../tools/serve.js";
import {openSite} from "./site.js";

// One reader, who comes back again and again: the tests follow each other.

const browser = await launchBrowser();
await (await openSite()).close(); // builds the site
const folder = mkdtempSync(join(tmpdir(), "ddim-notebook-offline-"));
const current = join(folder, "current"); // what the host serves: a link to one of the builds
const context = await browser.newContext({viewport: {width: 390, height: 800}});
let page: Page;
let host: Served | undefined;
let url = "";

before(async () => {
  copyOfSite("first");
  addOffline(join(folder, "first"));
  copyOfSite("second");
  changeSite(join(folder, "second"));
  addOffline(join(folder, "second"));
  page = await context.newPage();
  await online("first");
  await page.goto(`${url}references.html`);
  await page.evaluate(async () => (await caches.open("another project")).put("/other", new Response("theirs")));
  await kept();
});
after(async () => {
  await browser.close();
  await host?.close();
  rmSync(folder, {recursive: true});
});

function copyOfSite(name: string): void {
  cpSync("dist", join(folder, name), {recursive: true});
}

/** A build in which the first page and a module of all pages are others. */
function changeSite(built: string): void {
  const components = join(built, "_import/components");
  const module = readdirSync(components).find((name) => name.startsWith("theme-switch."))!;
  renameSync(join(components, module), join(components, "theme-switch.00000002.js"));
  const text = readFileSync(join(components, "theme-switch.00000002.js"), "utf8");
  writeFileSync(
    join(components, "theme-switch.00000002.js"),
    `${text};document.documentElement.dataset.build = "second";`
  );
  for (const name of readdirSync(built, {recursive: true, encoding: "utf8"}).filter((name) => name.endsWith(".html"))) {
    const html = readFileSync(join(built, name), "utf8").replaceAll(module, "theme-switch.00000002.js");
    writeFileSync(join(built, name), html.replace("</h1>", " (second)</h1>"));
  }
}

/** Serves a build, at the address of before. */
async function online(build: string): Promise<void> {
  await offline();
  rmSync(current, {force: true});
  symlinkSync(build === "without" ? resolve("dist") : join(folder, build), current);
  const port = url ? Number(new URL(url).port) : undefined;
  host = await serve({folder: current, path: "/some/course/", port, compress: true});
  url = host.url;
}

async function offline(): Promise<void> {
  await host?.close();
  host = undefined;
}

const kept = () => page.locator("#offline-status", {hasText: "This page can be read offline."}).waitFor();
const heading = () => page.getByRole("heading", {level: 1}).innerText();
const build = () => page.evaluate(() => document.documentElement.dataset.build ?? "first");

/** The paths of the site's files that are kept. */
function keptFiles(): Promise<string[]> {
  return page.evaluate(async () => {
    const name = (await caches.keys()).find((name) => / files /.test(name))!;
    return (await (await caches.open(name)).keys()).map(({url}) => new URL(url).pathname);
  });
}

async function drawPaths(): Promise<void> {
  const figure = page.locator("figure").first();
  await figure.getByText("exact: the denoiser is").waitFor();
  await figure.getByLabel("denoiser").selectOption("pretrained");
  await figure.locator(".badge", {hasText: /^pretrained/}).waitFor();
}

describe("the offline reader", () => {
  it("keeps the pages that are visited, with what their figures may ask for later", async () => {
    for (const name of ["index.html", "embed/paths.html?a=1#b"]) {
      await page.goto(url + name);
      await kept();
    }
    await offline();
    await page.reload();
    await kept();
    await drawPaths(); // never asked for while there was a connection
    await page.goto(url);
    assert.equal(await heading(), "One noise, two samplers");
    await page.locator("figure canvas, figure svg").first().waitFor();
    assert.equal(await page.locator("#start-notice").count(), 0);
  });

  it("says of a page that was not visited that it is not there, and lists those that are", async () => {
    await page.goto(`${url}forward.html`);
    await page.getByText("There is no connection, and this page was not kept on your device").waitFor();
    const links = await page.getByRole("listitem").getByRole("link").all();
    const titles = (await Promise.all(links.map((link) => link.innerText()))).sort();
    assert.equal(titles.length, 3, titles.join());
    await page.getByRole("link", {name: /^One noise/}).click();
    assert.equal(await heading(), "One noise, two samplers");
    const other = await context.newPage();
    await assert.rejects(other.goto(`${url}what/others/have.html`), /ERR_/); // below, and not of the course
    await other.close();
  });

  it("takes a new build page by page, and never mixes two", async () => {
    await online("second");
    await page.goto(url);
    await kept();
    assert.deepEqual([await heading(), await build()], ["One noise, two samplers (second)", "second"]);
    const old = (files: string[]) => files.filter((file) => /theme-switch\.(?!00000002)/.test(file)).length;
    assert.equal(old(await keptFiles()), 1, "a page of the first build is kept, and needs its own module");
    await offline();
    await page.reload();
    assert.deepEqual([await heading(), await build()], ["One noise, two samplers (second)", "second"]);
    await page.goto(`${url}embed/paths.html`);
    await kept();
    assert.equal(await build(), "first");
    assert.doesNotMatch(await heading(), /second/);
    await online("second");
    for (const name of ["embed/paths.html", "references.html"]) {
      await page.goto(url + name);
      await kept();
      assert.equal(await build(), "second");
    }
    assert.equal(old(await keptFiles()), 0, "what no page needs is still kept");
  });

  it("keeps nothing that is not as it was built, and the page goes on", async () => {
    await online("second");
    const data = join(folder, "second/_observablehq");
    const index = join(
      data,
      readdirSync(data).find((name) => name.startsWith("minisearch"))!
    );
    const good = readFileSync(index);
    rmSync(index);
    writeFileSync(index, good.subarray(0, 100));
    await page.evaluate(async () => {
      for (const name of (await caches.keys()).filter((name) => name.startsWith("ddim-notebook")))
        await caches.delete(name);
    });
    await page.goto(`${url}notation.html`);
    await page.locator("script[data-kept=false]").waitFor({state: "attached"});
    assert.equal(await page.locator("#offline-status").count(), 0);
    assert.equal(await heading(), "Notation (second)");
    writeFileSync(index, good);
    await page.goto(url);
    await kept();
    const pages = await page.evaluate(async () => {
      const name = (await caches.keys()).find((name) => / pages /.test(name))!;
      return (await (await caches.open(name)).keys()).map(({url}) => new URL(url).pathname);
    });
    assert.deepEqual(pages, ["/some/course/"]);
  });

  it("says that the browser has no room, leaves nothing of what it could not keep, and breaks nothing that it has", async () => {
    const before = (await keptFiles()).sort();
    const session = await context.newCDPSession(page);
    const {origin} = new URL(url);
    const {usage} = await session.send("Storage.getUsageAndQuota", {origin});
    await session.send("Storage.overrideQuotaForOrigin", {origin, quotaSize: usage + 200_000}); // for some of the files
    await page.goto(`${url}ddim.html`);
    const status = page.locator("#offline-status");
    await status.getByText("the browser has no room for it. What was kept before stays.").waitFor();
    assert.match(await heading(), / \(second\)$/);
    assert.deepEqual((await keptFiles()).sort(), before);
    await offline();
    await page.goto(url);
    assert.equal(await heading(), "One noise, two samplers (second)");
    await page.locator("figure canvas, figure svg").first().waitFor();
    await online("second");
    await session.send("Storage.overrideQuotaForOrigin", {origin}); // as it was
    await page.goto(`${url}ddim.html`);
    await kept();
  });

  it("says that the browser refuses its worker, and the page works on", async () => {
    const refusing = await browser.newContext();
    await refusing.addInitScript(() => {
      ServiceWorkerContainer.prototype.register = () =>
        Promise.reject(new DOMException("The operation is insecure.", "SecurityError"));
    });
    const page = await refusing.newPage();
    const faults: string[] = [];
    page.on("pageerror", ({message}) => faults.push(message));
    await page.goto(url);
    await page.locator("#offline-status", {hasText: "the browser refuses it, as in a private window"}).waitFor();
    await page.locator("figure canvas").first().waitFor();
    assert.deepEqual(faults, []);
    await refusing.close();
  });

  it("goes away with all that it has kept when the site has none any more, and leaves what is not its own", async () => {
    assert.deepEqual(
      readdirSync("dist").filter((name) => /offline/.test(name)),
      [],
      "the site has it without being asked to"
    );
    await online("without");
    await page.goto(url);
    await page.waitForFunction(async () => (await navigator.serviceWorker.getRegistrations()).length === 0);
    assert.deepEqual(await page.evaluate(() => caches.keys()), ["another project"]);
    assert.equal(await heading(), "One noise, two samplers");
  });
});
