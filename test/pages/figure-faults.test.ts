import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {Page} from "playwright-core";
import type {Use} from "./site.js";
import {desktop, openPage, openSiteAndBrowser} from "./site.js";

// What a reader does at an unlucky moment.

const {site, browser} = await openSiteAndBrowser();

describe("a figure", () => {
  /** Opens a page, and fails on whatever goes wrong in it. */
  async function visit(name: string, use: (page: Page) => Promise<void>, script?: () => void): Promise<void> {
    const read: Use = (page) => {
      page.setDefaultTimeout(60_000);
      return use(page);
    };
    const faults = await openPage(browser, site.url + name, {...desktop, height: 1000}, read, script);
    assert.deepEqual(faults, []);
  }

  it("takes back what it said of a number once a good one is typed", () =>
    visit("train.html", async (page) => {
      const root = page.locator("#fig-train");
      const rate = root.getByRole("spinbutton", {name: "learning rate, as a number", exact: true});
      const alert = root.getByRole("alert");
      await rate.fill("0");
      await rate.press("Tab");
      await alert.getByText(/^The learning rate is 0, but/).waitFor();
      await rate.fill("0.01");
      await rate.press("Tab");
      await alert.waitFor({state: "hidden"});
    }));

  it("can be stopped while the digits that it measures do not come", () =>
    visit("mnist.html", async (page) => {
      await page.route(/digits\.\w+\.bin/, () => {}); // never answered
      const root = page.locator("#fig-digit-quality");
      await root.scrollIntoViewIfNeeded();
      await root.getByRole("combobox", {name: "digits in each cell"}).selectOption("1000");
      await root.getByRole("button", {name: "Measure here", exact: true}).click();
      await root.getByText("Loading", {exact: false}).first().waitFor();
      await root.getByRole("button", {name: "Stop", exact: true}).click();
      await root.getByText("Stopped. The cells that are filled are complete.").waitFor();
      assert.equal(await root.getByRole("button", {name: "Measure here", exact: true}).isEnabled(), true);
      await root.getByRole("button", {name: "Show the recorded run", exact: true}).click();
      await root.locator(".badge", {hasText: /^recorded/}).waitFor();
    }));

  it("tells of a drawn digit once a frame, however often the pen moves", () =>
    visit("mnist.html", async (page) => {
      const pad = page.locator("#fig-digit-forward canvas[aria-label^=Pad]");
      await pad.scrollIntoViewIfNeeded();
      const asked = await pad.evaluate(async (canvas) => {
        const {left, top, width, height} = canvas.getBoundingClientRect();
        const send = (name: string, share: number) =>
          canvas.dispatchEvent(
            new PointerEvent(name, {
              pointerId: 1,
              clientX: left + share * width,
              clientY: top + 0.5 * height,
              bubbles: true
            })
          );
        canvas.setPointerCapture = () => {};
        let drawings = 0; // each is made by one such call
        const {from} = Uint8Array;
        Object.defineProperty(Uint8Array, "from", {
          value(this: unknown, ...rest: [Uint8Array]) {
            if (rest[0].length === 784) drawings += 1;
            return from.apply(Uint8Array, rest);
          }
        });
        send("pointerdown", 0.2);
        for (let i = 0; i < 40; ++i) send("pointermove", 0.2 + i / 80);
        send("pointerup", 0.7);
        for (let i = 0; i < 3; ++i) await new Promise(requestAnimationFrame);
        return drawings;
      });
      assert.ok(asked >= 1 && asked <= 2, `the drawing was computed ${asked} times in three frames`);
    }));

  it("shows what was asked for last, though what was asked for before comes later", () =>
    visit("playground.html", async (page) => {
      const root = page.locator(".live").first();
      await root.scrollIntoViewIfNeeded();
      await root.locator(".badge", {hasText: /^exact/}).waitFor();
      let release = (): void => {};
      const held = new Promise<void>((resolve) => (release = resolve));
      await page.route(/points-\w+\.\w+\.bin/, async (route) => {
        await held;
        await route.continue();
      });
      const asked = page.waitForRequest(/points-\w+\.\w+\.bin/);
      await root.getByRole("combobox", {name: "denoiser", exact: true}).selectOption("pretrained");
      await asked;
      await root.getByRole("combobox", {name: "denoiser", exact: true}).selectOption("exact");
      const answered = page.waitForResponse(/points-\w+\.\w+\.bin/);
      await page.evaluate(() => {
        const now = performance.now();
        performance.now = () => now; // a run that takes no time is not broken off on its way
      });
      release();
      await (await answered).finished();
      for (let i = 0; i < 20; ++i) await page.evaluate(() => new Promise(requestAnimationFrame));
      assert.match((await root.locator(".badge").textContent())!, /^exact/);
    }));

  it("that is played before its first picture is there plays on", () =>
    visit(
      "index.html",
      async (page) => {
        const root = page.getByRole("group", {name: "DDPM and DDIM from the same noise"});
        await root.getByRole("button", {name: "Play", exact: true}).click();
        await page.evaluate(() => (globalThis as unknown as {goOn: () => void}).goOn());
        await root.locator(".badge", {hasText: /^exact/}).waitFor();
        await root
          .getByText(/^\d+%$/)
          .first()
          .waitFor(); // the first picture is there
        await root.getByRole("button", {name: "Pause", exact: true}).waitFor({timeout: 2000});
      },
      () => {
        // What is paced waits for a frame, or for a tenth of a second where none comes: neither does until it is told to.
        const [frame, timer] = [requestAnimationFrame, setTimeout];
        const held = new Set<() => void>();
        let holding = true;
        globalThis.requestAnimationFrame = (callback) => (held.has(callback as () => void) ? 0 : frame(callback));
        globalThis.setTimeout = ((callback: () => void, ms?: number) => {
          if (!holding || ms !== 100) return timer(callback, ms);
          held.add(callback);
          return 0;
        }) as typeof setTimeout;
        Object.assign(globalThis, {
          goOn() {
            holding = false;
            const waiting = [...held];
            held.clear();
            for (const go of waiting) frame(go);
          }
        });
      }
    ));
});
