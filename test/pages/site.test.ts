import assert from "node:assert/strict";
import {before, describe, it} from "node:test";
import {desktop, openFolder, openSiteAndBrowser, phone, visit} from "./site.js";

const {site, browser} = await openSiteAndBrowser();
const small = await openFolder({path: "/some/course/"});

describe("the site, under a sub-path and from plain files", () => {
  it("has its pages", () => {
    for (const name of ["index.html", "forward.html", "train.html", "ddim.html"])
      assert.ok(site.pages.includes(name), name);
    assert.ok(site.pages.filter((name) => !name.includes("/")).length > 12, "some chapters are missing");
  });
});

/** Visits a small page of our own and returns what is reported. */
async function report(body: string, {html = `<html lang="en">`, view = phone} = {}): Promise<string[]> {
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A page</title>`;
  small.write("small.html", `<!doctype html>${html}<head>${head}</head><body>${body}</body></html>`);
  return visit(browser, `${small.url}small.html`, {...view, patience: 100});
}

const figure = `<figure><svg width="50" height="50"></svg><figcaption>A caption</figcaption></figure>`;

describe("a visit reports nothing of", () => {
  it("a sound page", async () => {
    const script = `<script>console.warn("a warning"); fetch("data:text/plain,x"); fetch(URL.createObjectURL(new Blob()))</script>`;
    const canvas = `<canvas aria-label="Eight points" role="img"></canvas><p role="alert" hidden>An error</p>`;
    const wide = `<div style="overflow-x: auto"><p style="width: 900px">Scrolls by itself</p></div>`;
    const body = `${figure}${canvas}${wide}<img alt="" src="data:,"><p id="a"></p><p id="b"></p>${script}`;
    assert.deepEqual(await report(body), []);
    assert.deepEqual(await report(body, {view: desktop}), []);
  });
});

describe("a visit reports", () => {
  const faults: [name: string, body: string, expected: RegExp][] = [
    [
      "a picture from another host",
      `<img alt="" src="https://example.org/a.png">`,
      /another host: https:\/\/example\.org\/a/
    ],
    [
      "a fetch from another host",
      `<script>fetch("https://example.org/b").catch(() => {})</script>`,
      /another host: .*\/b/
    ],
    [
      "a module from another host",
      `<script type="module" src="https://example.org/c.js"></script>`,
      /another host: .*c\.js/
    ],
    ["a fetch from another host in a worker", worker(`fetch("https://example.org/d")`), /another host: .*\/d/],
    [
      "a web socket to another host",
      `<script>new WebSocket("wss://example.org/e")</script>`,
      /another host: wss:.*\/e/
    ],
    [
      "another port of this host",
      `<script>fetch("http://127.0.0.1:9/f").catch(() => {})</script>`,
      /another host: .*:9\/f/
    ],
    ["an error in the console", `<script>console.error("loss is NaN")</script>`, /console error: loss is NaN/],
    ["an error that is thrown", `<script>throw new Error("thrown")</script>`, /page error: .*thrown/],
    ["a promise that is rejected", `<script>Promise.reject(new Error("rejected"))</script>`, /page error: .*rejected/],
    ["an error in a worker", worker(`throw new Error("within")`), /error: .*within/],
    ["an error box", `<div class="observablehq--error">SyntaxError: x</div>`, /error box: SyntaxError: x/],
    ["a figure's alert", `<p role="alert">steps is 1200</p>`, /alert: steps is 1200/],
    ["a file that is not there", `<script src="none.js"></script>`, /request failed: 404 .*none\.js/],
    ["a link that forgets the sub-path", `<img alt="" src="/a.png">`, /request failed: 404 .*1:\d+\/a\.png/],
    [
      "a request that breaks",
      `<script>fetch("blob:" + location.origin + "/none").catch(() => {})</script>`,
      /failed: net::ERR_\w+ blob:/
    ],
    [
      "a page that is too wide",
      `<p id="w" style="width: 500px">Wide</p>`,
      /is 50\d px wide in a window of 390 px: #w p "Wide"/
    ],
    [
      "a figure without a caption",
      `<figure><svg width="9" height="9"></svg></figure>`,
      /figure without a caption: <figure>/
    ],
    ["a figure with an empty caption", figure.replace("A caption", " "), /figure without a caption/],
    ["a figure that stays empty", `<figure><figcaption>A caption</figcaption></figure>`, /figure that shows nothing/],
    ["a cell that never ends", `<observablehq-loading></observablehq-loading>`, /a cell has shown nothing/],
    ["an image without alt", `<img src="data:,">`, /image without alt: <img src/],
    ["a canvas without a text", `<canvas role="img" aria-label=""></canvas>`, /canvas without a text: <canvas/],
    ["an id that is used twice", `<p id="a"></p><svg><g id="a"></g></svg>`, /duplicate id: a$/]
  ];
  for (const [name, body, expected] of faults) {
    it(name, async () => {
      const found = await report(body);
      assert.ok(
        found.some((fault) => expected.test(fault)),
        `found only: ${found.join("; ") || "nothing"}`
      );
    });
  }
  it("a page without a language", async () => {
    assert.deepEqual(await report(figure, {html: "<html>"}), ["<html> has no lang"]);
  });
  it("a figure that fails only when it comes into view, far down", async () => {
    const script = `new IntersectionObserver(([{isIntersecting}]) => isIntersecting && console.error("late")).observe(f)`;
    const body = `<p style="height: 9000px"></p><div id="f">Figure</div><p style="height: 9000px"></p><script>${script}</script>`;
    assert.match((await report(body)).join(), /console error: late/);
  });
  it("a figure far down that a busy page makes late", async () => {
    const script = `setTimeout(() => {
      document.querySelector("observablehq-loading").remove();
      new IntersectionObserver(([{isIntersecting}]) => isIntersecting && console.error("late")).observe(f);
    }, 1500)`;
    const body = `<observablehq-loading></observablehq-loading><p style="height: 9000px"></p><div id="f">Figure</div><p style="height: 9000px"></p><script>${script}</script>`;
    assert.match((await report(body)).join(), /console error: late/);
  });
  it("what depends on the colour scheme or the width, in the view that has it", async () => {
    const body = `<script>if (matchMedia("(prefers-color-scheme: dark)").matches) console.error("in dark");
      if (innerWidth > 1000) console.error("in wide")</script>`;
    assert.match((await report(body, {view: phone})).join(), /^console error: in dark \(\S+\)$/);
    assert.match((await report(body, {view: desktop})).join(), /^console error: in wide \(\S+\)$/);
  });
});

function worker(program: string): string {
  return `<script>new Worker(URL.createObjectURL(new Blob([${JSON.stringify(program)}])))</script>`;
}

describe("the browser", () => {
  before(() => small.write("plain.html", "<!doctype html><title>Plain</title>"));
  it("has WebGL2 and WebGPU, on the CPU", async () => {
    const page = await browser.newPage();
    await page.goto(`${small.url}plain.html`);
    const found = await page.evaluate(async () => {
      const adapter = await navigator.gpu?.requestAdapter();
      return {webgl: !!document.createElement("canvas").getContext("webgl2"), webgpu: adapter?.info.architecture};
    });
    await page.close();
    assert.deepEqual(found, {webgl: true, webgpu: "swiftshader"});
  });

  it("reaches no other host, not even one whose name leads to this machine", async () => {
    const page = await browser.newPage();
    const other = small.url.replace("127.0.0.1", "other.localhost");
    await page.goto(`${small.url}plain.html`);
    const asked = (url: string) =>
      page.evaluate((at) => fetch(at, {mode: "no-cors"}).then(({type}) => type, String), `${url}plain.html`);
    const found = [await asked(small.url), await asked(other)];
    await page.close();
    assert.deepEqual(found, ["basic", "TypeError: Failed to fetch"]);
  });
});
