import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {after, before, beforeEach, describe, it} from "node:test";
import {fileURLToPath} from "node:url";
import {gzipSync} from "node:zlib";
import {build} from "esbuild";
import type {Browser, Page} from "playwright-core";
import {digitPixels} from "../../lib/digits/digit.js";
import {packDigits} from "../../lib/digits/digit-set.js";
import type {DigitArray} from "../../lib/digits/digit-set.js";
import {seededRandom} from "../../lib/random.js";
import {launchBrowser} from "../../tools/browser.js";
import {eventsOf, isTask, traceCategories} from "../../tools/soak-measures.js";
import {mirror} from "../unit/small-mnist.js";
import type {Answer, Mirror} from "../unit/small-mnist.js";

// As large as the file of MNIST, packed and unpacked.
function digits(count: number): DigitArray {
  const random = seededRandom(count);
  const pixels = new Uint8Array(count * digitPixels);
  for (let i = 0; i < pixels.length; i += 5) pixels[i] = random.integer(256);
  return {count, pixels, labels: Uint8Array.from({length: count}, (_, i) => i % 10)};
}
const pack = gzipSync(packDigits({source: "offline", train: digits(10_000), test: digits(2_000)}));

const styles = ["src/style.css", "src/styles/live.css"].map((file) =>
  readFileSync(file, "utf8").replace(/^@import.*/gm, "")
);
const script = `
  import {digitsLoading} from "./digits-loading.ts";
  import {sourceBadge} from "./digits-name.ts";
  import {live} from "./live.ts";
  const life = new AbortController();
  const loading = digitsLoading({url: "digits.bin", signal: life.signal, onSet: (set) => (window.sets = (window.sets ?? 0) + 1)});
  const root = live("digits", loading);
  document.querySelector("main").append(root);
  window.start = () => {
    loading.start().then((set) => {
      window.set = set ?? "none";
      if (set) root.badge(...sourceBadge(set));
    });
  };
  window.stop = () => life.abort();`;

declare global {
  interface Window {
    start(): void;
    stop(): void;
    set?: {source: string; train: {count: number; pixels: Uint8Array}} | "none";
    sets?: number;
  }
}

/**
 * The milliseconds that each task of the load held the page's thread: those of the processor, not those in which others had
 * it, and not those that the tracing takes at its start and end.
 */
function taskTimes(trace: Buffer): number[] {
  const traceEvents = eventsOf(trace);
  const [begin, end] = ["load begins", "load is over"].map((mark) => traceEvents.find(({name}) => name === mark));
  assert.ok(begin && end, "the trace does not say when the load begins and ends");
  const own = traceEvents.filter((event) => isTask(event) && event.pid === begin.pid && event.tid === begin.tid);
  return own.filter(({ts}) => ts > begin.ts && ts < end.ts).map(({tdur = 0}) => tdur / 1000);
}

describe("digitsLoading", () => {
  let browser: Browser;
  let server: Mirror;
  let page: Page;
  let answer: Answer;
  const good: Answer = (_, response) => void response.end(pack);
  const halfway: Answer = (_, response) => {
    response.writeHead(200, {"content-length": pack.length});
    response.write(pack.subarray(0, pack.length / 2));
  };
  const damaged: Answer = (_, response) => void response.end(pack.subarray(0, pack.length / 2));

  before(async () => {
    const resolveDir = fileURLToPath(new URL("../../src/components", import.meta.url));
    const {outputFiles} = await build({
      stdin: {contents: script, resolveDir, loader: "ts"},
      bundle: true,
      write: false,
      format: "esm",
      target: "es2022"
    });
    const files: Record<string, [type: string, text: string]> = {
      "/": [
        "text/html",
        `<!doctype html><html lang="en"><title>Digits</title><style>${styles.join("\n")}</style><main></main><script type="module" src="/script.js"></script>`
      ],
      "/script.js": ["text/javascript", outputFiles[0].text]
    };
    server = await mirror((request, response) => {
      if (request.url === "/digits.bin") return answer(request, response);
      const [type, text] = files[request.url!] ?? ["text/plain", ""];
      response.writeHead(200, {"content-type": `${type}; charset=utf-8`}).end(text);
    });
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
    await server.close();
  });
  beforeEach(async () => {
    await page?.close();
    page = await browser.newPage({viewport: {width: 390, height: 300}});
    await page.goto(server.url);
    await page.waitForFunction(() => "start" in window);
  });

  const bar = () => page.getByRole("progressbar", {name: "Loading the digits"});

  it("asks for nothing and shows nothing before it is started", async () => {
    answer = good;
    server.asked.length = 0;
    await page.waitForTimeout(200);
    assert.ok(!server.asked.includes("digits.bin"), "it has asked for the digits");
    assert.equal(await bar().isVisible(), false);
  });

  it("shows how far the load is, in the bar and to those who listen", async () => {
    answer = halfway;
    await page.evaluate(() => window.start());
    await page.waitForFunction(() => Number(document.querySelector("[role=progressbar]")?.ariaValueNow) > 20);
    // All at one moment: the load goes on.
    const {now, least, most, text, share} = await bar().evaluate((bar) => ({
      now: Number(bar.ariaValueNow),
      least: bar.ariaValueMin,
      most: bar.ariaValueMax,
      text: bar.previousElementSibling?.textContent,
      share: bar.firstElementChild!.clientWidth / bar.clientWidth
    }));
    assert.ok(now < 80, `half of the file is there, and the bar says ${now}%`);
    assert.deepEqual([least, most, text], ["0", "100", `Loading the digits: ${now}%`]);
    assert.ok(Math.abs(share - now / 100) < 0.02, `a share of ${share} is filled at ${now}%`);
    assert.ok(await page.getByText("Loading the digits:").isVisible(), "the share is not written");
  });

  it("hands over the digits once and goes away, and never holds the page", async () => {
    answer = good;
    // At once, as a cache may hand it over: pieces that come from a network would let the page work by themselves.
    await page.evaluate(async () => {
      const bytes = await (await fetch("digits.bin")).arrayBuffer();
      window.fetch = () => Promise.resolve(new Response(bytes));
    });
    await page.waitForTimeout(300);
    await browser.startTracing(page, {categories: traceCategories});
    await page.evaluate(() => {
      performance.mark("load begins");
      window.start();
      window.start();
    });
    await page.waitForFunction(() => window.set && performance.mark("load is over"));
    const tasks = taskTimes(await browser.stopTracing());
    const [source, count, sets] = await page.evaluate(() => {
      const {set, sets} = window;
      return set && set !== "none" ? [set.source, set.train.count, sets] : [];
    });
    assert.deepEqual([source, count, sets], ["offline", 10_000, 1]);
    assert.equal(await bar().isVisible(), false);
    assert.equal(await page.locator(".badge").innerText(), "pretrained: offline digits, drawn by the pretrained model");
    assert.ok(tasks.length > 5, `the file was unpacked in ${tasks.length} tasks`);
    assert.ok(Math.max(...tasks) <= 50, `the page was held for ${Math.max(...tasks)} ms`);
  });

  it("says what went wrong, and loads again, past the browser's own copy, when the reader says so", async () => {
    answer = damaged;
    await page.evaluate(() => window.start());
    const alert = page.getByRole("alert").filter({hasText: "damaged"});
    await alert.waitFor();
    assert.equal(await bar().isVisible(), false);
    let asked: string | undefined;
    answer = (request, response) => {
      asked = request.headers["cache-control"];
      halfway(request, response);
    };
    await alert.getByRole("button", {name: "Try again"}).press("Enter");
    await bar().waitFor();
    await page.waitForFunction(() => Number(document.querySelector("[role=progressbar]")?.ariaValueNow) > 20);
    assert.equal(asked, "no-cache");
    assert.equal(await alert.isVisible(), false);
    assert.ok(await bar().evaluate((bar) => bar === document.activeElement), "the focus is lost with the button");
  });

  it("gives the digits to who has waited since before a failure", async () => {
    answer = damaged;
    await page.evaluate(() => window.start());
    const again = page.getByRole("button", {name: "Try again"});
    await again.waitFor();
    answer = good;
    await again.click();
    await page.waitForFunction(() => window.set && window.set !== "none");
  });

  it("ends with its figure: with nothing to say, and no digits", async () => {
    answer = halfway;
    await page.evaluate(() => window.start());
    await bar().waitFor();
    await page.evaluate(() => window.stop());
    await page.waitForFunction(() => window.set === "none");
    assert.equal(await page.getByRole("button").count(), 0);
  });
});
