// Every page is walked through by the tests of accessibility.test.ts, which opens it anyway: see soundness.ts.
import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {Page} from "playwright-core";
import {unpaintedFocus} from "./keyboard-paint.js";
import {hearPointers, walkThrough} from "./keyboard-walk.js";
import {desktop, lastingFaults, openPage, openFolder, openSiteAndBrowser, phone, scrollThrough} from "./site.js";

const {site, browser} = await openSiteAndBrowser();
const small = await openFolder();

describe("the Tab key, by the focus that it moves,", () => {
  it("goes back the way it came, and nothing is hidden on it", async () => {
    const use = async (page: Page) => {
      await page.waitForFunction(() => !document.querySelector("observablehq-loading"));
      const there = await walkThrough(page);
      const back = await walkThrough(page, {back: true});
      assert.deepEqual(back.stops, there.stops.reverse());
      return back.faults;
    };
    for (const name of ["teach.html", "playground.html"])
      assert.deepEqual(await openPage(browser, site.url + name, {...desktop, height: 500}, use), [], name);
  });

  const known = new Set<string>();
  for (const [name, view] of [
    ["index.html", desktop],
    ["mnist.html", phone]
  ] as const)
    it(`leads to controls that are seen to have it: ${name}`, async () => {
      const use = async (page: Page) => {
        await scrollThrough(page);
        await lastingFaults(page, view);
        await walkThrough(page);
        return unpaintedFocus(page, known);
      };
      assert.deepEqual(await openPage(browser, site.url + name, {...view, phone: false}, use), []);
      assert.ok(known.size > 8, `there are ${known.size} kinds`);
    });
});

describe("the walk with the Tab key reports", () => {
  const sound = `<h1>A</h1><a href="#a">One</a><details><summary>Two</summary><button>Three</button></details>
    <label>Four <input></label><div tabindex="0" role="group" aria-label="Five"><canvas></canvas></div>`;
  const report = async (body: string, script = ""): Promise<string> => {
    const style = "<style>:focus-visible {outline: 2px solid #00f}</style>";
    const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title>${style}</head>`;
    small.write("small.html", `${page}<body><main>${body}</main><script>${script}</script></body></html>`);
    const context = await browser.newContext({viewport: {width: 800, height: 400}});
    try {
      const opened = await context.newPage();
      await opened.addInitScript("globalThis.__name = (f) => f");
      await opened.addInitScript(hearPointers);
      await opened.goto(`${small.url}small.html`);
      const {faults} = await walkThrough(opened);
      return [...faults, ...(await unpaintedFocus(opened, new Set()))].join("\n");
    } finally {
      await context.close();
    }
  };
  const field = "document.querySelector('input')";
  const hears = (type: string) => `document.querySelector('canvas').addEventListener('${type}', () => {})`;

  it("nothing of a sound page", async () => assert.equal(await report(sound, hears("pointerdown")), ""));
  for (const [what, body, script, fault] of [
    [
      "what holds the key",
      sound,
      `${field}.addEventListener("keydown", (e) => e.preventDefault())`,
      /holds the Tab key/
    ],
    [
      "what leads round",
      sound,
      `${field}.onkeydown = () => document.querySelector("summary").focus()`,
      /is come back to/
    ],
    ["a stop without a name", `${sound}<button></button>`, "", /button “” has no name/],
    ["a stop without a role", `${sound}<div tabindex="0" aria-label="Six">6</div>`, "", /“Six” has no role/],
    [
      "a focus that does not show",
      `${sound}<button style="outline: none">Six</button>`,
      "",
      /does not show.*\n.*the same/
    ],
    ["a ring too faint", `${sound}<button style="outline-color: #eef">Six</button>`, "", /too faint/],
    [
      "a ring that is cut off",
      `<p style="overflow: clip"><button style="width: 100%; height: 60px; margin: 0; border: 0">S</button></p>`,
      "",
      /pixels change/
    ],
    [
      "a stop behind a layer",
      `${sound}<div style="position: fixed; inset: 0; background: #fff"></div>`,
      "",
      /lies behind div/
    ],
    [
      "a stop that nobody sees",
      `${sound}<a href="#" style="position: absolute; left: -999px">Six</a>`,
      "",
      /outside of the window/
    ],
    [
      "an order of its own, which leaves a stop out",
      `${sound}<button tabindex="2">Six</button>`,
      "",
      /“Six” is a control, and the Tab key does not stop there/
    ],
    [
      "an order that goes up",
      `<div style="display: flex; flex-direction: column-reverse">${sound}</div>`,
      "",
      /stands above it/
    ],
    ["a control that is left out", `${sound}<button tabindex="-1">Six</button>`, "", /“Six” is a control, and/],
    ["what hears the pointer only", `<canvas></canvas>${sound}`, hears("pointermove"), /canvas “” hears pointermove/],
    ["what has a hand", `${sound}<b style="cursor: pointer">Six</b>`, "", /has the cursor pointer/]
  ] as const)
    it(what, async () => assert.match(await report(body, script), fault));
});
