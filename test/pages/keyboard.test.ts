// One reader, who has a keyboard and nothing else, goes through the course. No test here may click, fill or focus.
import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {Page} from "playwright-core";
import {assertSound, openCells} from "./cells.js";
import {desktop, openSiteAndBrowser, phone} from "./site.js";
import {where, reach} from "./keyboard-walk.js";

const {site, browser} = await openSiteAndBrowser();
const {width, height} = desktop;
const reader = await browser.newContext({viewport: {width, height}});
let link: string; // that the reader has made

/** A page as the reader opens it, and what went wrong in it. */
async function read(address: string, use: (page: Page) => Promise<void>, context = reader): Promise<void> {
  const cells = await openCells(context, address.startsWith("http") ? address : site.url + address);
  try {
    await use(cells.page);
    assertSound(cells);
  } finally {
    await cells.close();
  }
}

const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};

/** Puts a text in the place of the one in the field that has the focus. */
async function enter(page: Page, text: string): Promise<void> {
  await press(page, "ControlOrMeta+a");
  await page.keyboard.type(text);
}

const says = (page: Page, figure: string, text: RegExp) =>
  page.locator(`#fig-${figure} p[role=status]`).filter({hasText: text}).waitFor();

describe("by the keyboard alone a reader", () => {
  it("skips to the text, changes the theme, and finds a chapter by the key that the search shows", () =>
    read("index.html", async (page) => {
      await press(page, "Tab", "Enter", "Tab");
      assert.match(await where(page), /in main/);
      await reach(page, ".theme-switch", {back: true});
      await press(page, "Enter");
      await page.locator("html[data-theme=light]").waitFor();
      const shown = await page.locator("#observablehq-search").getAttribute("data-shortcut");
      assert.equal(shown, "Alt-K");
      await press(page, "/");
      assert.match(await where(page), /theme-switch/, "a key without Alt does nothing");
      await press(page, "Alt+k");
      assert.match(await where(page), /input/);
      const said = page.locator("#observablehq-sidebar [role=status]");
      await page.keyboard.type("noise");
      await said.filter({hasText: /^\d+ results\. Enter opens 1: \S/}).waitFor();
      await press(page, "ArrowDown");
      await said.filter({hasText: /^2: \S/}).waitFor();
      await enter(page, "ancestral");
      await page.locator("#observablehq-search-results a").first().waitFor();
      await press(page, "Enter");
      await page.waitForURL(/ddpm\.html/);
    }));

  it("scrubs, plays, sets eta, and picks a point whose place is said", () =>
    read("ddim.html", async (page) => {
      const figure = "#fig-sampler";
      await reach(page, `${figure} .plane`);
      await says(page, "sampler", /^Step 20 of 20/);
      await press(page, "ArrowRight");
      await says(page, "sampler", /^Step 20 of 20.*Point 0/);
      await press(page, "Escape");
      await reach(page, `${figure} .player input[type=range]`);
      await press(page, "Home");
      await says(page, "sampler", /^Step 0 of 20/);
      await press(page, "ArrowRight", "ArrowUp", "ArrowLeft");
      await says(page, "sampler", /^Step 1 of 20/);
      await press(page, "End");
      await says(page, "sampler", /^Step 20 of 20/);
      await reach(page, `${figure} .player button.primary`, {back: true});
      await press(page, "Enter");
      await page.locator(figure).getByRole("button", {name: "Pause"}).waitFor();
      await press(page, "Space");
      await page.locator(figure).getByRole("button", {name: "Play"}).waitFor();
      await reach(page, `${figure} input[type=range][aria-label=eta]`, {back: true});
      await press(page, "ArrowRight", "ArrowRight");
      await page.locator(`${figure} [aria-label=eta][aria-valuetext="0.02"]`).waitFor();
    }));

  it("trains a network, stops, goes on, and looks at what it has learned", () =>
    read("train.html", async (page) => {
      const figure = "#fig-train";
      const field = `${figure} input[aria-label="training steps, as a number"]`;
      await reach(page, field);
      await enter(page, "5000");
      await reach(page, `${figure} button.primary`);
      await press(page, "Enter");
      await says(page, "train", /^Training .* step [1-9]/);
      await press(page, "Tab");
      assert.match(await where(page), /button\S* “Stop”/);
      await press(page, "Space");
      await says(page, "train", /^Stopped at step [1-9]/);
      await press(page, "Space"); // nothing to stop
      assert.match(await where(page), /button\S* “Stop”/, "the focus is where it was");
      await reach(page, field, {back: true});
      const off = (button: HTMLButtonElement) => button.disabled && !button.hasAttribute("aria-disabled");
      assert.ok(await page.locator(`${figure} button:text-is("Stop")`).evaluate(off), "no stop of Tab once it is left");
      await enter(page, "60");
      await reach(page, `${figure} button.primary`);
      await says(page, "train", /goes on from here, to step \d+\.$/);
      await press(page, "Space");
      await says(page, "train", /^Done: \d+ steps/);
      await reach(page, `${figure} input[aria-label=snapshot]`);
      const words = () => page.locator(`${figure} input[aria-label=snapshot]`).getAttribute("aria-valuetext");
      const last = await words();
      await press(page, "Home");
      assert.notEqual(await words(), last, "an earlier snapshot is shown");
      await press(page, "End");
      assert.equal(await words(), last);
    }));

  it("comes by cells without being held, edits one, and leaves it both ways", () =>
    read("teach.html", async (page) => {
      const cell = 'live-cell[name="circle"]';
      await reach(page, `${cell} .live-cell-edit`);
      assert.equal(await page.locator(".cm-editor").count(), 0, "no editor has opened on the way");
      await press(page, "Enter");
      await page.locator(`${cell} .cm-editor.cm-focused`).waitFor();
      await press(page, "ControlOrMeta+a");
      await page.keyboard.type("const radius = 5;");
      await press(page, "Enter", "Tab");
      await page.keyboard.type("const area = 1;");
      assert.match(await page.locator(`${cell} .cm-content`).innerText(), /^ +const area/m, "Tab indents");
      await press(page, "Shift+Enter");
      await page.getByText("A circle of radius 5 has the area 1.00").waitFor();
      const text = await page.locator(`${cell} .cm-content`).innerText();
      await press(page, "Escape");
      assert.match(await where(page), /button\S* “Run”/);
      await press(page, "Tab", "Tab");
      assert.match(await where(page), /button\S* “Share”/, "forward, past Stop, which has nothing to stop");
      await press(page, "Shift+Tab", "Shift+Tab", "Shift+Tab");
      assert.match(await where(page), /cm-content/, "back to the code");
      await press(page, "Shift+Tab");
      assert.doesNotMatch(await where(page), /cm-content|button\S* “Run”/, "and out of it");
      await press(page, "Tab", "Tab");
      assert.match(await where(page), /button\S* “Run”/, "through it without being held");
      assert.equal(await page.locator(`${cell} .cm-content`).innerText(), text, "the Tab key has changed nothing");
    }));

  it("shares the change by a link, and says no to it, and yes", async () => {
    await read("teach.html", async (page) => {
      await reach(page, 'live-cell[name="circle"] [title^="Make a link"]');
      await press(page, "Enter");
      await reach(page, 'live-cell[name="circle"] .live-cell-notices a', {back: true});
      link = await page.evaluate(() => (document.activeElement as HTMLAnchorElement).href);
      await press(page, "Tab", "Enter"); // Close
      assert.match(await where(page), /button\S* “Run”/, "the keyboard stays in the cell");
    });
    const other = await browser.newContext();
    await read(
      link,
      async (page) => {
        await page.getByRole("region", {name: "Shared code"}).waitFor();
        await reach(page, ".shared-code button:not(.primary)");
        await press(page, "Enter");
        assert.equal(await page.locator(".shared-code").count(), 0);
        assert.match(await where(page), /main/, "the keyboard is at the text");
        await page.getByText("A circle of radius 2").waitFor();
      },
      other
    );
    await read(
      link,
      async (page) => {
        await page.getByRole("region", {name: "Shared code"}).waitFor();
        await reach(page, ".shared-code button.primary");
        await press(page, "Space");
        await page.getByText("A circle of radius 5 has the area 1.00").waitFor();
        await page.waitForFunction(() => document.activeElement?.textContent === "Run");
        assert.match(await where(page), /of circle/, "the keyboard is in the cell that has changed");
      },
      other
    );
    await other.close();
  });

  it("opens a hint, answers an exercise, and is told that it is right", () =>
    read("forward.html", async (page) => {
      const cell = 'live-cell[name="constant-beta"]';
      await reach(page, `${cell} .live-cell-edit`);
      await press(page, "Space");
      await page.locator(`${cell} .cm-editor.cm-focused`).waitFor();
      await press(page, "ControlOrMeta+a");
      await page.keyboard.insertText("const constantBeta = (T: number, last: number) => 1 - last ** (1 / T);");
      await press(page, "Shift+Enter");
      await page.locator(`${cell} .live-cell-notice`).getByText("✔ That is right.").waitFor();
      await press(page, "Escape");
      await reach(page, `${cell} ~ details.hint > summary`);
      await press(page, "Enter");
      assert.ok(await page.evaluate(() => (document.activeElement!.parentElement as HTMLDetailsElement).open));
    }));

  it("draws a digit, which is read", () =>
    read("mnist.html", async (page) => {
      await reach(page, "#fig-digit-forward canvas[aria-label^=Pad]");
      await says(page, "digit-forward", /^t = 500 of 1000.*reads as 5/);
      while (!/without|empty|0 strokes/.test((await page.evaluate(() => document.activeElement!.ariaLabel)) ?? ""))
        await press(page, "Backspace");
      for (const [key, count] of [
        ["ArrowLeft", 4],
        ["ArrowUp", 7],
        ["Shift+ArrowRight", 8],
        ["Shift+ArrowDown", 14]
      ] as const)
        for (let k = 0; k < count; ++k) await press(page, key);
      await says(page, "digit-forward", /reads as 7/);
    }));

  it("chooses from a list of the playground, which the address then says", () =>
    read("playground.html", async (page) => {
      const figure = "#fig-playground";
      await says(page, "playground", /^500 points/);
      await reach(page, `${figure} select[aria-label=sampler]`);
      const first = await page.evaluate(() => (document.activeElement as HTMLSelectElement).value);
      await press(page, "ArrowDown");
      await page.waitForFunction(
        (before) => !location.hash.includes(`sampler=${before}`) && location.hash.includes("sampler="),
        first
      );
    }));

  it("is told what is wrong with a number, takes the way on, and is not left nowhere", () =>
    read("index.html", async (page) => {
      const figure = "#fig-two-samplers";
      await says(page, "two-samplers", /^Step 50 of 50/);
      await reach(page, `${figure} input[aria-label="steps, as a number"]`);
      await enter(page, "1200");
      await page.locator(`${figure} [role=alert] button`).waitFor();
      await reach(page, `${figure} [role=alert] button`);
      await press(page, "Enter");
      await says(page, "two-samplers", /of 1000/);
      assert.match(await where(page), /live-status/, "the keyboard is where the answer is");
    }));

  it("opens the chapters on a narrow screen, and goes to one", async () => {
    const {width, height} = phone;
    const context = await browser.newContext({viewport: {width, height}});
    await read(
      "index.html",
      async (page) => {
        const shown = page.locator("#observablehq-sidebar");
        await reach(page, "#observablehq-sidebar-toggle");
        await press(page, "Space");
        await reach(page, ".theme-switch");
        await press(page, "Escape");
        assert.match(await where(page), /Sidebar/);
        await shown.waitFor({state: "hidden"});
        await press(page, "Space");
        await reach(page, "main a");
        await shown.waitFor({state: "hidden"}); // it would hide where the keyboard is
        await reach(page, "#observablehq-sidebar-toggle", {back: true});
        await press(page, "Space");
        await reach(page, '#observablehq-sidebar a[href$="forward.html"]');
        await press(page, "Enter");
        await page.waitForURL(/forward\.html/);
      },
      context
    );
    await context.close();
  });
});
