/** How pages are set: what stands together lines up, and nothing moves that was not touched. */
import assert from "node:assert/strict";
import {after, before, describe, it} from "node:test";
import type {Browser, Page} from "playwright-core";
import {launchBrowser} from "../../tools/browser.js";
import type {Site, Use, View} from "./site.js";
import {desktop, openPage, openSite, phone} from "./site.js";

describe("a page is set evenly:", () => {
  let site: Site;
  let browser: Browser;

  before(async () => {
    [site, browser] = await Promise.all([openSite(), launchBrowser()]);
  });

  after(async () => {
    await browser.close();
    await site.close();
  });

  const look = async (name: string, view: View, use: Use) =>
    assert.deepEqual(await openPage(browser, `${site.url}${name}.html`, view, use), []);

  it("in a low window Play is in sight beside the first picture, and stays where it is when it is pressed", () =>
    look("index", {...desktop, height: 650}, async (page) => {
      const figure = page.locator("#fig-two-samplers");
      await figure.getByRole("status").getByText("Step 50 of 50").waitFor();
      const [play, step] = ["Play", "Step"].map((name) => figure.getByRole("button", {name, exact: true}));
      assert.ok((await bottom(play)) <= 650, "Play is in the first view");
      const before = await step.boundingBox();
      await play.click();
      await figure.getByRole("button", {name: "Pause"}).waitFor();
      assert.deepEqual(await step.boundingBox(), before);
      await page.evaluate(() => scrollBy({top: 500, behavior: "instant"}));
      const canvas = figure.locator("canvas").first();
      assert.ok((await top(figure.locator(".player button").first())) >= (await bottom(canvas)), "below the picture");
    }));

  it("the names of the controls in a row stand at one height, those of lists and of sliders with a field too", () =>
    look("index", {...desktop, height: 900}, async (page) => {
      await page.locator("#fig-two-samplers .control label").first().waitFor();
      const middles = await page
        .locator("#fig-two-samplers .controls")
        .first()
        .locator("label")
        .evaluateAll((labels) =>
          labels.map((label) => label.getBoundingClientRect()).map(({top, bottom}) => (top + bottom) / 2)
        );
      assert.equal(middles.length, 5);
      assert.ok(Math.max(...middles) - Math.min(...middles) <= 1, String(middles));
    }));

  it("the lines of a list end where those of a paragraph do", () =>
    look("teach", desktop, async (page) => {
      const right = (selector: string) =>
        page
          .locator(selector)
          .first()
          .evaluate((box) => box.getBoundingClientRect().right);
      assert.equal(await right("#observablehq-main > ol"), await right("#observablehq-main > p"));
    }));

  it("on a phone the way to a download stands beside what the figure is", () =>
    look("index", phone, async (page) => {
      const figure = page.locator("#fig-two-samplers");
      await figure.locator(".badge").waitFor();
      assert.ok((await top(figure.locator(".live-download"))) < (await bottom(figure.locator(".badge"))));
    }));

  it("on a phone lists are as wide as their places, and show the whole text that is chosen", async () => {
    for (const name of ["speed", "train"])
      await look(name, phone, async (page) => {
        await page.locator(".live .control select").nth(1).waitFor();
        const lists = await page.locator(".live .control select").evaluateAll((all) =>
          all.map((list) => {
            const {font, paddingLeft, paddingRight} = getComputedStyle(list);
            const pen = document.createElement("canvas").getContext("2d")!;
            pen.font = font;
            const text = (list as HTMLSelectElement).selectedOptions[0].label;
            const arrow = 16;
            const needed = pen.measureText(text).width + parseFloat(paddingLeft) + parseFloat(paddingRight) + arrow;
            const place = list.closest(".control")!.clientWidth;
            return {
              text,
              whole: needed <= list.clientWidth,
              even: Math.abs(list.getBoundingClientRect().width - place) <= 1
            };
          })
        );
        const wrong = lists.filter(({whole, even}) => !whole || !even);
        assert.deepEqual(wrong, []);
      });
  });

  it("four numbers stand two and two", () =>
    look("few-steps", desktop, async (page) => {
      const numbers = page.locator("#fig-step-errors .reading");
      await numbers.nth(3).waitFor();
      const tops = await numbers.evaluateAll((boxes) => boxes.map((box) => box.getBoundingClientRect().top));
      assert.deepEqual(
        tops.map((y) => y === tops[0]),
        [true, true, false, false]
      );
    }));

  it("a chart has a line across it for each value that its axis names, and for no other", () =>
    look("few-steps", desktop, async (page) => {
      const chart = page.locator("#fig-step-errors svg.chart");
      await chart.scrollIntoViewIfNeeded();
      await chart.locator("circle").first().waitFor();
      const named = await chart.locator("g.axis").nth(1).locator(".tick text").allTextContents();
      assert.equal(await chart.locator("g.grid .tick").count(), named.filter((text) => text).length);
    }));

  it("solution, hints and reasons of an exercise stand at even distances", () =>
    look("index", desktop, async (page) => {
      const first = page.locator("live-cell", {has: page.locator(".live-cell-solution")}).first();
      await first.locator(".live-cell-edit").waitFor();
      const tops = await first.evaluate((cell) => {
        const places = [cell.querySelector(".live-cell-solution")!];
        for (let next = cell.nextElementSibling; next?.matches("details"); next = next.nextElementSibling) {
          if (next.checkVisibility()) places.push(next);
        }
        return places.map((place) => place.getBoundingClientRect().top);
      });
      assert.equal(tops.length, 3);
      assert.ok(Math.abs(tops[2] - 2 * tops[1] + tops[0]) <= 1, String(tops));
    }));
});

async function top(target: ReturnType<Page["locator"]>): Promise<number> {
  return (await target.boundingBox())!.y;
}

async function bottom(target: ReturnType<Page["locator"]>): Promise<number> {
  const {y, height} = (await target.boundingBox())!;
  return y + height;
}
