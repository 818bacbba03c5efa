/** The figure that trains digits on a page of its own, built and served, and what a reader does with it. */
import assert from "node:assert/strict";
import {mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {gzipSync} from "node:zlib";
import {build} from "esbuild";
import type {BrowserContext, Locator, Page} from "playwright-core";
import {classifierParameters} from "../../lib/digits/classifier-network.js";
import type {DigitArray} from "../../lib/digits/digit-set.js";
import {packDigits} from "../../lib/digits/digit-set.js";
import {digitParameters, initialWeights} from "../../lib/digits/digit-shape.js";
import {digitPixels} from "../../lib/digits/digit.js";
import {encodeWeights} from "../../lib/digits/weights-file.js";
import {seededRandom} from "../../lib/random.js";
import {launchBrowser} from "../../tools/browser.js";
import {bundleTfjs} from "../../tools/bundle-tfjs.js";
import {serve} from "../../tools/serve.js";
import {watch} from "./site.js";

export const patience = 900_000; // a busy machine without a graphics card takes seconds for a step on WebGL or WebGPU
const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Digits as good as any to see a loss fall: a bar through the middle, whose angle is its label. */
function bars(count: number, seed: number): DigitArray {
  const random = seededRandom(seed);
  const pixels = new Uint8Array(count * digitPixels);
  const labels = Uint8Array.from({length: count}, (_, k) => k % 10);
  labels.forEach((label, k) => {
    const angle = (label * Math.PI) / 10 + 0.05 * random.normal();
    for (let i = 0; i < digitPixels; ++i) {
      const [x, y] = [(i % 28) - 13.5, Math.floor(i / 28) - 13.5];
      const away = Math.abs(x * Math.sin(angle) - y * Math.cos(angle));
      pixels[k * digitPixels + i] = Math.hypot(x, y) < 10 ? 255 * Math.min(1, Math.max(0, 2.5 - away)) : 0;
    }
  });
  return {count, pixels, labels};
}

/** The figure, and what a reader does with it. */
export function trainFigure(page: Page) {
  const root: Locator = page.locator("figure");
  const status = root.locator("p[role=status]");
  const alert = root.locator(".live-alert[role=alert]").filter({visible: true});
  const button = (name: string) => root.getByRole("button", {name, exact: true});
  const press = (name: string) => button(name).click();
  const choose = (value: string) => root.getByRole("combobox", {name: "backend", exact: true}).selectOption(value);
  async function enter(name: string, value: number): Promise<void> {
    const field = root.getByRole("spinbutton", {name: `${name}, as a number`, exact: true});
    await field.fill(String(value));
    await field.press("Tab");
  }
  async function says(pattern: RegExp): Promise<string> {
    await status.filter({hasText: pattern}).waitFor({timeout: patience});
    return (await status.textContent())!;
  }
  /** The first and the last value of the smoothed loss, from the curve's text. */
  async function losses(): Promise<[number, number]> {
    const text = (await root.locator("svg.chart").getAttribute("aria-label"))!;
    const [, first, last] = /goes from (\S+) at \S+ to (\S+) at/.exec(text) ?? [];
    return [Number(first), Number(last)];
  }
  const step = async () => Number(/step (\d+)/.exec((await status.textContent())!)?.[1]);
  const badge = () => root.locator(".badge").textContent();
  const grid = root.locator("canvas[role=img]");
  return {root, status, alert, button, press, choose, enter, says, losses, step, badge, grid};
}

export type Figure = ReturnType<typeof trainFigure>;

/** A figure on its page, and a browser. */
export interface DigitTrainSite {
  /** Opens the page in a context that is the caller's. */
  open(context: BrowserContext): Promise<{page: Page; figure: Figure; faults: Set<string>}>;
  newContext(): Promise<BrowserContext>;
  /** Opens the figure in a fresh profile, does something with it, and fails on whatever went wrong in it. */
  visit(use: (figure: Figure, page: Page) => Promise<void>, expected?: (fault: string) => boolean): Promise<void>;
  close(): Promise<void>;
}

/** Builds the page, serves it and starts a browser. */
export async function openDigitTrainSite(): Promise<DigitTrainSite> {
  await bundleTfjs();
  const folder = await mkdtemp(join(tmpdir(), "digit-train-"));
  const entryPoints = {
    page: file("digit-train-page.ts"),
    "digit-worker": file("../../src/components/digit-worker.ts"),
    "digit-gradient-worker": file("../../src/components/digit-gradient-worker.ts")
  };
  await build({entryPoints, outdir: folder, bundle: true, splitting: true, format: "esm", target: "es2022"});
  const script = `globalThis.lab = (await import("./page.js")).lab`;
  const style = await readFile(file("../../src/styles/live.css"), "utf8");
  const page = `<!doctype html><html lang=en><meta charset=utf-8><title>Digits</title><link rel=icon href="data:,">
    <style>${style}</style><figure></figure><div style="height: 200vh"></div><script type=module>${script}</script>`;
  const write = (name: string, content: string | Uint8Array) => writeFile(join(folder, name), content);
  const network = initialWeights(digitParameters(), 1);
  const classifier = initialWeights(classifierParameters(), 1);
  const set = {source: "mnist", train: bars(600, 1), test: bars(20, 2)} as const;
  await Promise.all([
    write("index.html", page),
    write("digits.bin", gzipSync(packDigits(set))),
    write("digit-network.bin", encodeWeights(network, {kind: "digit-network", steps: 5})),
    write("digit-classifier.bin", encodeWeights(classifier, {kind: "digit-classifier", steps: 5}))
  ]);
  const server = await serve({folder});
  const browser = await launchBrowser();
  return {open, newContext: () => browser.newContext(), visit, close};

  async function close(): Promise<void> {
    await browser.close();
    await server.close();
    await rm(folder, {recursive: true});
  }

  async function open(context: BrowserContext) {
    const page = await context.newPage();
    await page.addInitScript("globalThis.__name = (f) => f");
    const faults = watch(page, server.url);
    await page.goto(server.url);
    const figure = trainFigure(page);
    await figure.status.waitFor();
    return {page, figure, faults};
  }

  async function visit(use: (figure: Figure, page: Page) => Promise<void>, expected = (_: string) => false) {
    const context = await browser.newContext({viewport: {width: 1280, height: 1000}});
    try {
      const {page, figure, faults} = await open(context);
      await use(figure, page);
      assert.deepEqual(
        [...faults].filter((fault) => !expected(fault)),
        []
      );
    } finally {
      await context.close();
    }
  }
}
