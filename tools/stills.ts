/**
 * npm run stills [-- PAGE…]: opens each page of the built site, and records what a reader without JavaScript, or with one
 * that does not start, gets in place of what runs: the values in the text, and a picture of each figure with its live text.
 * Writes data/stills; the build puts them into the pages, see tools/with-stills.ts. Run it after a page has changed.
 */
import {mkdir, readdir, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import type {Locator, Page} from "playwright-core";
import {apart} from "../src/components/figure-parts.js";
import {launchBrowser} from "./browser.js";
import {serve} from "./serve.js";
import {valuesOf} from "./still-values.js";
import type {FigureStill, Stills} from "./with-stills.js";
import {readStills, stillsFolder} from "./with-stills.js";

const scale = 1.5; // pixels of a picture for one of the page
const patience = 60_000; // ms, until a figure stays as it is

const chosen = process.argv.slice(2);
const kept: Stills = await readStills();
const all = (await readdir("dist", {recursive: true})).filter((name) => /^[^_].*\.html$/.test(name)).sort();
const pages = chosen.length ? all.filter((name) => chosen.includes(name)) : all;
if (!pages.length) throw new Error("no such page is in dist: build the site first, and name files such as ddim.html");
const stills: Stills = chosen.length ? kept : {values: {}, figures: {}};
await mkdir(stillsFolder, {recursive: true});
const site = await serve({folder: "dist"});
const browser = await launchBrowser();
try {
  for (const name of pages) {
    const context = await browser.newContext({
      viewport: {width: 1100, height: 1400},
      deviceScaleFactor: scale,
      colorScheme: "light",
      reducedMotion: "reduce"
    });
    const page = await context.newPage();
    await page.addInitScript("globalThis.__name = (f) => f");
    await page.goto(site.url + name);
    await record(page, name);
    await context.close();
  }
} finally {
  await browser.close();
  await site.close();
}
await writeFile(join(stillsFolder, "stills.json"), `${JSON.stringify(sorted(stills), null, 1)}\n`);
const used = new Set(Object.keys(stills.figures).map((id) => `${id}.webp`));
for (const name of await readdir(stillsFolder)) {
  if (name.endsWith(".webp") && !used.has(name)) await rm(join(stillsFolder, name));
}

async function record(page: Page, name: string): Promise<void> {
  await page.waitForFunction(() => !document.querySelector("observablehq-loading"), undefined, {timeout: patience});
  const figures = await page.locator("main figure[id]").all();
  for (const figure of figures) await figure.scrollIntoViewIfNeeded(); // they start when they are seen
  stills.values[name] = await valuesOf(page);
  console.log(`${name}: ${Object.keys(stills.values[name]).length} values, ${figures.length} figures`);
  await page.addStyleTag({content: `${apart} {display: none !important}`});
  for (const figure of figures) {
    const id = (await figure.getAttribute("id"))!;
    const still = await picture(figure, join(stillsFolder, `${id}.webp`));
    if (still) stills.figures[id] = still;
  }
}

/** Takes a picture of a figure's frame once it stays as it is; undefined where there is none. */
async function picture(figure: Locator, file: string): Promise<FigureStill | undefined> {
  const frame = figure.locator(".live, svg, canvas, img, table").first();
  if (!(await frame.count())) return undefined;
  await frame.scrollIntoViewIfNeeded();
  const end = Date.now() + patience;
  let bytes = "";
  for (let before = "x"; before !== bytes && Date.now() < end;) {
    before = bytes;
    await figure.page().waitForTimeout(1500);
    bytes = (await frame.screenshot({animations: "disabled"})).toString("base64");
  }
  const box = await frame.boundingBox();
  if (!box) return undefined;
  await writeFile(file, Buffer.from(await asWebp(figure.page(), bytes), "base64"));
  const texts = await figure.locator(".badge, .live-status").allTextContents();
  const text = texts.filter(Boolean).join(". ");
  return {width: Math.round(box.width), height: Math.round(box.height), text};
}

/** A PNG, in base64, as WebP, which is a third of it; the browser has the encoder. */
function asWebp(page: Page, png: string): Promise<string> {
  return page.evaluate(async (png) => {
    const image = new Image();
    image.src = `data:image/png;base64,${png}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    canvas.getContext("2d")!.drawImage(image, 0, 0);
    return canvas.toDataURL("image/webp", 0.8).split(",")[1];
  }, png);
}

function sorted({values, figures}: Stills): Stills {
  const byName = <A>(record: Record<string, A>) =>
    Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
  return {values: byName(values), figures: byName(figures)};
}
