/** The figure that trains digits on a page of its own, built and served, and what a reader does with it. */
import assert from "node:assert/strict";
import {readFile} from "node:fs/promises";
import {gzipSync} from "node:zlib";
import type {BrowserContext, Page} from "playwright-core";
import {classifierParameters} from "../../lib/digits/classifier-network.js";
import type {DigitArray} from "../../lib/digits/digit-set.js";
import {packDigits} from "../../lib/digits/digit-set.js";
import {digitParameters, initialWeights} from "../../lib/digits/digit-shape.js";
import {digitPixels} from "../../lib/digits/digit.js";
import {encodeWeights} from "../../lib/digits/weights-file.js";
import {seededRandom} from "../../lib/random.js";
import {openCells} from "./cells.js";
import {openBundle} from "./lab.js";
import {openBrowser} from "./site.js";
import {trainingFigure} from "./train-page.js";

export const patience = 900_000; // a busy machine without a graphics card takes seconds for a step on WebGL or WebGPU

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
  const figure = trainingFigure(page.locator("figure"), patience);
  const {root} = figure;
  const alert = root.locator(".live-alert[role=alert]").filter({visible: true});
  const choose = (value: string) => figure.choose("backend", value);
  const badge = () => root.locator(".badge").textContent();
  const grid = root.locator("canvas[role=img]");
  return {...figure, alert, choose, badge, grid};
}

export type Figure = ReturnType<typeof trainFigure>;

/** A figure on its page, and a browser. */
export interface DigitTrainSite {
  /** Opens the page in a context that is the caller's. */
  open(context: BrowserContext): Promise<{page: Page; figure: Figure; faults: Set<string>}>;
  newContext(): Promise<BrowserContext>;
  /** Opens the figure in a fresh profile, does something with it, and fails on whatever went wrong in it. */
  visit(use: (figure: Figure, page: Page) => Promise<void>, expected?: (fault: string) => boolean): Promise<void>;
}

/** Builds the page, serves it and starts a browser, for the tests of a file. */
export async function openDigitTrainSite(): Promise<DigitTrainSite> {
  const style = await readFile(new URL("../../src/styles/live.css", import.meta.url), "utf8");
  const html = `<style>${style}</style><figure></figure><div style="height: 200vh"></div>`;
  const [{url, write}, browser] = await Promise.all([
    openBundle("digit-train-page.ts", html, {
      "digit-worker": "../../src/components/digit-worker.ts",
      "digit-gradient-worker": "../../src/components/digit-gradient-worker.ts"
    }),
    openBrowser()
  ]);
  const network = initialWeights(digitParameters(), 1);
  const classifier = initialWeights(classifierParameters(), 1);
  const set = {source: "mnist", train: bars(600, 1), test: bars(20, 2)} as const;
  write("digits.bin", gzipSync(packDigits(set)));
  write("digit-network.bin", encodeWeights(network, {kind: "digit-network", steps: 5}));
  write("digit-classifier.bin", encodeWeights(classifier, {kind: "digit-classifier", steps: 5}));
  return {open, newContext: () => browser.newContext(), visit};

  async function open(context: BrowserContext) {
    const {page, faults} = await openCells(context, url);
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
