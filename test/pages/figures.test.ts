/** What all figures of all pages share: a badge, a caption, a live text, and downloads that can be read. */
import assert from "node:assert/strict";
import {readFile} from "node:fs/promises";
import {describe, it} from "node:test";
import type {Page} from "playwright-core";
import {readCsv} from "../unit/read-csv.js";
import {desktop, openPage, openSiteAndBrowser} from "./site.js";

const {site, browser} = await openSiteAndBrowser();
const patience = 20_000; // until a figure that computes has something to save

/** A figure as the page has it. */
interface Seen {
  id: string;
  live: number; // frames of live()
  badge: string;
  caption: string;
  status: string;
  columns: number; // of its table; 0 where there is none
  rows: number;
}

describe("each figure has a badge, a caption, a live text and downloads", {concurrency: 2}, () => {
  // A page takes the better part of a minute: by default one of each kind. FIGURES=all looks at every page of the site.
  const some = ["index.html", "forward.html", "ddim.html", "latent.html"];
  for (const name of process.env.FIGURES === "all" ? site.pages : some) {
    it(`in ${name}`, async () => {
      const faults = await openPage(browser, site.url + name, {...desktop, height: 2000}, lookAtFigures);
      assert.deepEqual(faults, []);
    });
  }
});

describe("a download menu", () => {
  it("opens with the keyboard, closes with Escape, and loads what it needs at the first use", async () => {
    const use = async (page: Page) => {
      const loaded = () => page.evaluate(() => performance.getEntriesByType("resource").map(({name}) => name));
      const menu = page.locator("#fig-two-samplers .live-download");
      await page.locator("#fig-two-samplers .badge").waitFor();
      await menu.locator("summary").focus();
      await page.keyboard.press("Enter");
      await menu.getByRole("button", {name: "SVG"}).waitFor();
      await page.keyboard.press("Tab");
      await page.keyboard.press("Escape");
      assert.equal(await menu.getByRole("button", {name: "SVG"}).isVisible(), false);
      assert.ok(await menu.locator("summary").evaluate((node) => node === document.activeElement), "the focus is back");
      assert.deepEqual(
        (await loaded()).filter((url) => /figure-picture/.test(url)),
        [],
        "nothing is loaded before"
      );
      await save(page, "fig-two-samplers", "CSV");
      assert.ok(
        (await loaded()).some((url) => /figure-picture/.test(url)),
        "what makes pictures is a file of its own"
      );
    };
    assert.deepEqual(await openPage(browser, `${site.url}index.html`, desktop, use), []);
  });
});

async function lookAtFigures(page: Page): Promise<string[]> {
  await page.waitForFunction(() => !document.querySelector("observablehq-loading"), undefined, {timeout: patience});
  const ids = await page.locator("figure").evaluateAll((all) => all.map(({id}) => id));
  const faults: string[] = [];
  for (const id of ids) {
    if (!id) faults.push('a figure has no id: write <figure id="fig-…">, which names its downloads');
    else faults.push(...(await figureFaults(page, id)).map((fault) => `#${id}: ${fault}`));
  }
  return faults;
}

async function figureFaults(page: Page, id: string): Promise<string[]> {
  await page.locator(`#${id}`).evaluate((node) => node.scrollIntoView({behavior: "instant", block: "center"}));
  const seen = await settled(page, id);
  if (seen.live !== 1) {
    return [`it has ${seen.live} frames: make its root with live(name, …) of src/components/live.ts, one a figure`];
  }
  const faults: string[] = [];
  if (!seen.badge) faults.push("it has no badge: call root.badge(kind, detail)");
  if (!seen.caption) faults.push("it has no caption: add a <figcaption>");
  if (!seen.status) faults.push("it has no live text: call root.say(text) with what there is to see");
  if (!seen.columns) faults.push("it has no numbers: call root.table(() => ({columns, rows}))");
  else if (!seen.rows) faults.push(`its table has had no row for ${patience / 1000} s, so its CSV would be empty`);
  else faults.push(...csvFaults(await save(page, id, "CSV"), seen));
  const svg = await save(page, id, "SVG");
  faults.push(...(await svgFaults(page, svg.toString("utf8"), seen)));
  faults.push(...pngFaults(await save(page, id, "PNG"), svg.toString("utf8")));
  return faults;
}

/** The figure once it has badge, text and numbers, or when patience is at its end. */
async function settled(page: Page, id: string): Promise<Seen> {
  const end = Date.now() + patience;
  for (;;) {
    const seen = await page.locator(`#${id}`).evaluate((figure): Seen => {
      const frames = figure.querySelectorAll<HTMLElement & {numbers?(): {columns: unknown[]; rows: unknown[]} | null}>(
        ".live"
      );
      const text = (selector: string) => figure.querySelector(selector)?.textContent?.trim() ?? "";
      const table = frames[0]?.numbers?.();
      return {
        id: figure.id,
        live: frames.length,
        badge: text(".badge:not([hidden])"),
        caption: text("figcaption"),
        status: text("[role=status]"),
        columns: table?.columns.length ?? 0,
        rows: table?.rows.length ?? 0
      };
    });
    const whole = seen.badge && seen.status && (seen.rows || !seen.columns);
    if (whole || Date.now() > end) return seen;
    await page.waitForTimeout(100);
  }
}

/** Presses an entry of a figure's download menu and returns the file. */
async function save(page: Page, id: string, format: "PNG" | "SVG" | "CSV"): Promise<Buffer> {
  const menu = page.locator(`#${id} .live-download`);
  await menu.evaluate((details: HTMLDetailsElement) => (details.open = true));
  const coming = page.waitForEvent("download", {timeout: patience});
  await menu.getByRole("button", {name: format, exact: true}).click();
  const download = await coming.catch(async () => {
    const alert = await page.locator(`#${id} [role=alert]`).first().textContent();
    throw new Error(`#${id}: no ${format} came. The figure says: ${alert || "nothing"}`);
  });
  assert.equal(download.suggestedFilename(), `${id}.${format.toLowerCase()}`);
  return readFile(await download.path());
}

function csvFaults(file: Buffer, {columns}: Seen): string[] {
  const [head = [], ...rows] = readCsv(file.toString("utf8"));
  const faults: string[] = [];
  if (head.length !== columns) faults.push(`its CSV has ${head.length} columns, its table ${columns}`);
  if (head.some((name) => !name || name.startsWith("#"))) faults.push(`a column of its CSV has no plain name: ${head}`);
  if (new Set(head).size < head.length) faults.push(`two columns of its CSV have one name: ${head.join(", ")}`);
  if (!rows.length) faults.push("its CSV has no row");
  const odd = rows.findIndex((row) => row.length !== columns);
  if (odd >= 0) faults.push(`row ${odd} of its CSV has ${rows[odd].length} values for ${columns} columns`);
  const empty = rows.every((row) => row.every((value) => !value));
  if (rows.length && empty) faults.push("its CSV holds no value");
  return faults;
}

/** Reads the SVG with the browser's XML parser. */
async function svgFaults(page: Page, text: string, {badge, caption}: Seen): Promise<string[]> {
  const read = await page.evaluate((source) => {
    const {documentElement: svg} = new DOMParser().parseFromString(source, "image/svg+xml");
    const all = [...svg.querySelectorAll("*")];
    const shapes = all.filter(({localName}) => /^(path|circle|line|rect|image|text)$/.test(localName));
    return {
      error: svg.querySelector("parsererror")?.textContent ?? (svg.localName === "svg" ? "" : `<${svg.localName}>`),
      title: svg.querySelector("title")?.textContent ?? "",
      description: svg.querySelector("desc")?.textContent ?? "",
      shapes: shapes.length,
      fonts: all.filter((node) => node.localName === "text" && !/\bfont/.test(node.outerHTML.split(">")[0])).length
    };
  }, text);
  const faults: string[] = [];
  if (read.error) return [`its SVG cannot be read: ${read.error.slice(0, 200)}`];
  if (read.shapes < 4) faults.push(`its SVG holds ${read.shapes} shapes: is its drawing hidden?`);
  if (read.fonts) faults.push(`${read.fonts} texts of its SVG name no font`);
  if (!read.title) faults.push("its SVG has no title");
  if (!read.description.includes(badge)) faults.push("the description in its SVG does not say what the badge says");
  if (!read.description.includes(caption.split(/\s+/)[0])) faults.push("the description in its SVG lacks the caption");
  if (!/https?:.*\.html#fig-/.test(read.description)) faults.push("its SVG does not name the page's address");
  const unresolved = /var\(--|light-dark\(|currentcolor|\sclass=/i.exec(text);
  if (unresolved) faults.push(`its SVG holds ${unresolved[0].trim()}, which means nothing without the page`);
  if (/href="(?!data:)/.test(text)) faults.push("its SVG refers to another file");
  return faults;
}

function pngFaults(file: Buffer, svg: string): string[] {
  if (file.toString("latin1", 0, 8) !== "\x89PNG\r\n\x1a\n") return ["its PNG is none"];
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  const [, w, h] = /<svg [^>]*width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
  if (width !== 2 * Number(w) || height !== 2 * Number(h))
    return [`its PNG is ${width} × ${height}, its SVG ${w} × ${h}`];
  return file.length < 1000 ? [`its PNG has only ${file.length} bytes: is it blank?`] : [];
}
