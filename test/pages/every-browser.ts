/** What a reader gets in a browser, whichever it is. WebGL is drawn on the processor or not there; WebGPU is not asked for. */
import assert from "node:assert/strict";
import {after, before, describe, it} from "node:test";
import {deflateRawSync} from "node:zlib";
import type {Page} from "playwright-core";
import type {DrivenBrowser, DrivenPage} from "./driven-page.js";
import {faultsOf, watched} from "./driven-page.js";
import {openSite} from "./site.js";
import {breaches, chapterPages} from "./soundness.js";

const patience = 90_000;

/** Tests of what the pages do in a browser; axe looks at those of them that it is asked to. */
export async function pagesWork(
  name: string,
  open: () => Promise<DrivenBrowser>,
  {axe = [], half}: {axe?: readonly string[]; half: 0 | 1}
): Promise<void> {
  const site = await openSite({alter: watched});
  describe(`in ${name}`, () => {
    let browser: DrivenBrowser;

    before(async () => {
      browser = await open();
    });

    after(async () => {
      await browser?.close();
      await site.close();
    });

    /** Opens a page, lets `use` do with it what it wants, and fails on whatever went wrong in it. */
    async function visit(path: string, use: (page: DrivenPage) => Promise<void>): Promise<void> {
      const {page} = browser;
      await page.renew();
      await page.resize(1280, 1000);
      await page.go(`${site.url}licences.txt`);
      await page.run("localStorage.clear()"); // what another test has left
      await page.go(site.url + path);
      await page.until('!document.querySelector("observablehq-loading")', patience);
      await use(page);
      assert.deepEqual(await faultsOf(page), []);
    }

    const says = async (page: DrivenPage, selector: string, pattern: RegExp) => {
      const node = `document.querySelector(${JSON.stringify(selector)})`;
      try {
        await page.until(`${pattern}.test(${node}?.textContent)`, patience);
      } catch (error) {
        const state = await page.run<string>(
          `return JSON.stringify([${node}?.innerText.slice(-600), ${node}?.getBoundingClientRect(), scrollY, document.visibilityState])`
        );
        throw new Error(`${(error as Error).message}; it is ${state}`, {cause: error});
      }
    };
    // Again and again: what stands above it may grow, and not every browser keeps what is in view where it is.
    const bringUp = (page: DrivenPage, selector: string, until: string) => {
      const node = `document.querySelector(${JSON.stringify(selector)})`;
      return page.until(`(${node}?.scrollIntoView({behavior: "instant"}), ${until})`, patience);
    };
    const button = (figure: string, label: string) => `//*[@id="${figure}"]//button[normalize-space()="${label}"]`;

    // One browser opens every second page, the other one the others, and those that axe looks at.
    for (const path of chapterPages(site).filter((path, i) => i % 2 === half || axe.includes(path))) {
      it(`${path} shows its first figure`, () =>
        visit(path, (page) =>
          bringUp(
            page,
            "main figure",
            "!document.querySelector('main .badge') || document.querySelector('main .badge:not([hidden])')"
          )
        ));
      if (axe.includes(path))
        it(`axe finds no breach of WCAG 2.2 A and AA in ${path}`, async () => {
          assert.deepEqual(await breaches(evaluating(browser.page)), []); // as the test before has left it
        });
    }

    it("both samplers run on the first page, and Play plays", () =>
      visit("index.html", async (page) => {
        await says(page, "#fig-two-samplers", /DDIM: reach the same mode on a second run/);
        await page.click(button("fig-two-samplers", "Play"));
        await says(page, "#fig-two-samplers", /Pause/);
      }));

    it("a link to a figure leads to it, also when the figures above it have grown, and the pretrained network draws there", () =>
      visit("mnist.html#fig-digit-samplers", async (page) => {
        await says(page, "#fig-digit-samplers", /DDIM took .* for \d+ evaluations/);
        await page.until("(globalThis.at ??= performance.now()) < performance.now() - 1500", patience);
        // Where the browser shows it, in a frame of its own: between two frames a figure may have grown.
        const top = await page.run<number>(`
          const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
          return frame().then(frame).then(() => document.querySelector("#fig-digit-samplers").getBoundingClientRect().top)`);
        assert.ok(top > -5 && top < 300, `the figure begins at ${top} pixels`);
      }));

    it("an edited cell runs, what uses its names follows, and the keyboard leaves it", () =>
      visit("teach.html", async (page) => {
        await edit(page, "circle", "const radius = 7, area = 1;");
        await page.press("Shift+Enter");
        await says(page, "main", /A circle of radius 7 has the area 1\.00/);
        const editing = (inside: string) =>
          `Boolean(document.activeElement.closest('live-cell[name="circle"] .cm-content')) === ${inside}`;
        await page.press("Tab");
        await page.until(editing("true"));
        await page.press("Escape", "Tab");
        await page.until(editing("false"));
      }));

    it("an edit is kept for the next visit", () =>
      visit("teach.html", async (page) => {
        await edit(page, "circle", "const radius = 8, area = 1;");
        await page.press("Shift+Enter");
        await says(page, "main", /A circle of radius 8 /);
        await page.go(`${site.url}notation.html`);
        await page.go(`${site.url}teach.html`);
        await says(page, "main", /A circle of radius 8 /);
      }));

    it("code in a link is shown, and runs when the reader wants it", () => {
      const shared = {cells: {circle: "const radius = 9, area = 1;"}, settings: {}};
      return visit(
        `teach.html#live=1.${deflateRawSync(JSON.stringify(shared)).toString("base64url")}`,
        async (page) => {
          await says(page, "main", /Run shared code/);
          await says(page, "main", /A circle of radius 2 /);
          await page.click('//button[normalize-space()="Run shared code"]');
          await says(page, "main", /A circle of radius 9 /);
        }
      );
    });

    it("a network is trained in a worker, until its end", () =>
      visit("train.html", async (page) => {
        await bringUp(page, "#fig-train", "document.querySelector('#fig-train input[type=number]')");
        await page.run(`
          const input = document.querySelector("#fig-train input[type=number][aria-label^='training steps']");
          input.value = "200";
          for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind, {bubbles: true}));`);
        await page.click(button("fig-train", "Train"));
        await says(page, "#fig-train", /Done: 200 steps on our kernels/);
      }));
  });
}

// What is sent to the page as a function: tsx wraps named functions in __name.
function evaluating(page: DrivenPage): Pick<Page, "evaluate"> {
  const evaluate = (what: string | (() => unknown), argument?: unknown) =>
    page.run(
      typeof what === "string"
        ? what
        : `globalThis.__name = (f) => f; return (${String(what)})(${JSON.stringify(argument) ?? ""})`
    );
  return {evaluate} as Pick<Page, "evaluate">;
}

/** Opens the editor of a cell and puts a text into it, as if it were pasted: what is typed would be indented and closed. */
export async function edit(page: DrivenPage, cell: string, text: string): Promise<void> {
  const content = `document.querySelector('live-cell[name="${cell}"] .cm-content')`;
  await page.until("customElements.get('live-cell') && !document.querySelector('observablehq-loading')", patience);
  await page.click(`live-cell[name="${cell}"] pre`);
  await page.until(content);
  await page.run(`${content}.focus()`);
  await page.press("Control+a");
  await page.run(`
    const clipboardData = {getData: () => ${JSON.stringify(text)}};
    const event = Object.assign(new Event("paste", {bubbles: true, cancelable: true}), {clipboardData});
    ${content}.dispatchEvent(event);`);
}
