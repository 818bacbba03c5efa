import assert from "node:assert/strict";
import {after, before, describe, it} from "node:test";
import {gzipSync} from "node:zlib";
import type {Browser, Page} from "playwright-core";
import {drawnDigit} from "../../lib/digits/drawn-digit.js";
import type {DigitArray, DigitSource} from "../../lib/digits/digit-set.js";
import {packDigits} from "../../lib/digits/digit-set.js";
import {glyph} from "../../lib/points/stroke-font.js";
import {launchBrowser} from "../../tools/browser.js";
import type {CellPage} from "./cells.js";
import {assertSound, openCells} from "./cells.js";
import type {Site} from "./site.js";
import {openSite} from "./site.js";

const patience = 240_000; // a thousand steps on a slow machine with other tests beside it

describe("the chapter on digits", () => {
  let site: Site;
  let browser: Browser;
  let cells: CellPage;
  let page: Page;

  before(async () => {
    [site, browser] = await Promise.all([openSite(), launchBrowser()]);
    cells = await openCells(browser, `${site.url}mnist.html`);
    page = cells.page;
    page.setDefaultTimeout(60_000);
  });

  after(async () => {
    await cells.close();
    await browser.close();
    await site.close();
  });

  const figure = (name: string, on = page) => on.locator(`#fig-digit-${name}`);
  const status = (name: string, on = page) => figure(name, on).locator("p.live-status[role=status]");
  const says = (name: string, text: RegExp, on = page, timeout = 60_000) =>
    status(name, on).filter({hasText: text}).waitFor({timeout});
  const press = (name: string, button: string) => figure(name).getByRole("button", {name: button, exact: true}).click();
  const reading = async (name: string, label: RegExp) =>
    (await figure(name).locator(".reading", {hasText: label}).locator(".reading-value").first().textContent())!;
  const set = (name: string, slider: string, value: number) =>
    figure(name)
      .getByRole("slider", {name: slider, exact: true})
      .evaluate((input: HTMLInputElement, next) => {
        input.value = String(next);
        for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind, {bubbles: true}));
      }, value);
  /** What the classifier reads in DDIM's ten digits. */
  const drawn = async () => {
    const label = figure("samplers").locator('canvas[aria-label^="DDIM: the digits"]');
    return (await label.getAttribute("aria-label"))!.split("read as ")[1];
  };
  const rightOf = (text: string) => text.split(" ").filter((digit, k) => digit === String(k)).length;

  it("draws the first digits within five seconds of the press, and they are the digits asked for", async () => {
    await figure("samplers").scrollIntoViewIfNeeded();
    await says("samplers", /^DDIM took/);
    await press("samplers", "New noise");
    const start = performance.now();
    await figure("samplers").locator('canvas[aria-label^="DDIM: the digits"]').waitFor();
    const seconds = (performance.now() - start) / 1000;
    assert.ok(seconds < 5, `it took ${seconds.toFixed(1)} s`);
    await says("samplers", /^DDIM took/);
    const right = rightOf(await drawn());
    assert.ok(right >= 8, `${right} of 10 are the digit asked for`);
    assert.equal(await reading("samplers", /evaluations/), "–", "DDPM has not run");
  });

  it("gives the same digits for the same noise by DDIM, and others with an eta", async () => {
    const apart = async () => Number(await figure("samplers").locator(".reading-value").nth(7).textContent());
    await press("samplers", "Same noise again");
    await page.waitForFunction(
      () => !isNaN(Number(document.querySelectorAll("#fig-digit-samplers .reading-value")[7].textContent))
    );
    assert.equal(await apart(), 0);
    await set("samplers", "eta", 1);
    await says("samplers", /^DDIM took/);
    await press("samplers", "Same noise again");
    await page.waitForFunction(
      () => Number(document.querySelectorAll("#fig-digit-samplers .reading-value")[7].textContent) > 0.1
    );
    await set("samplers", "eta", 0);
    await says("samplers", /^DDIM took/);
  });

  it("runs a thousand steps of DDPM beside it, slower by about the ratio of the evaluations, with other digits again", async () => {
    await set("samplers", "guidance", 1); // one evaluation a step, for the test's sake
    await press("samplers", "Run both");
    await says("samplers", /^DDPM: step \d+ of 1000, about \d+ s to go/);
    await says("samplers", /^DDIM took .* for 20 evaluations of the network, DDPM .* for 1000\./, page, patience);
    const ratio = Number((await reading("samplers", /DDPM’s time over/)).replace(" ×", ""));
    assert.ok(ratio > 20 && ratio < 120, `DDPM took ${ratio} times as long`);
    const [right] = (await figure("samplers").locator(".reading-value").nth(2).textContent())!.match(/\d+/)!;
    assert.ok(Number(right) >= 6, `${right} of DDPM’s digits are those asked for`);
    await press("samplers", "Same noise again");
    await says("samplers", /^DDPM: step \d{2,} of/);
    await press("samplers", "Stop");
    await says("samplers", /^Stopped/);
    await set("samplers", "guidance", 1.5);
    await says("samplers", /^DDIM took/);
  });

  it("follows the cell of the guidance, and comes back with it", async () => {
    const before = await drawn();
    const code = await cells.cell("guide").locator("pre").first().innerText();
    await cells.run("guide", code.trimEnd().replace("plain + w", "plain - w"));
    await page.waitForFunction((old) => {
      const label = document.querySelector('#fig-digit-samplers canvas[aria-label^="DDIM: the digits"]')?.ariaLabel;
      return label && !label.endsWith(old);
    }, before);
    await says("samplers", /^DDIM took/);
    assert.ok(rightOf(await drawn()) < 5, "anything but the digit asked for");
    await cells.run("guide", "function guide() {\n  return;\n}");
    await figure("samplers")
      .getByRole("alert")
      .filter({hasText: /“guide” stopped: it returned nothing/})
      .waitFor();
    await cells.press("guide", "Reset");
    await says("samplers", /^DDIM took/);
    assert.equal(await drawn(), before, "the noise and the settings were kept");
    assert.equal(await figure("samplers").getByRole("alert").isVisible(), false);
  });

  it("reads what is drawn on the pad, with the pointer and with the keyboard", async () => {
    await figure("forward").scrollIntoViewIfNeeded();
    await says("forward", /^t = 500 of 1000.*reads as 5/);
    await press("forward", "Clear");
    await says("forward", /an empty pad/);
    const pad = figure("forward").locator("canvas[aria-label^=Pad]");
    const box = (await pad.boundingBox())!;
    await page.mouse.move(box.x + 0.5 * box.width, box.y + 0.15 * box.height);
    await page.mouse.down();
    await page.mouse.move(box.x + 0.5 * box.width, box.y + 0.85 * box.height, {steps: 10});
    await page.mouse.up();
    await says("forward", /reads as 1/);
    await press("forward", "Undo");
    await says("forward", /an empty pad/);
    await pad.focus();
    for (const [key, count] of [
      ["ArrowLeft", 4],
      ["ArrowUp", 7],
      ["Shift+ArrowRight", 8],
      ["Shift+ArrowDown", 14]
    ] as const)
      for (let k = 0; k < count; ++k) await page.keyboard.press(key);
    await says("forward", /reads as 7/);
  });

  it("predicts the digit better near the data, and the noise better near the noise", async () => {
    const errors = async (t: number) => {
      await set("forward", "time", t);
      await says("forward", new RegExp(`^t = ${t} of 1000`));
      return Promise.all([/predicted x₀ is off/, /predicted noise is off/].map((label) => reading("forward", label)));
    };
    const [near, far] = [await errors(200), await errors(900)];
    assert.ok(Number(near[0]) < Number(far[0]), `x_0: ${near[0]} at 200, ${far[0]} at 900`);
    assert.ok(Number(near[1]) > Number(far[1]), `noise: ${near[1]} at 200, ${far[1]} at 900`);
  });

  for (const source of ["mnist", "offline"] as const) {
    it(`says where the digits of the data come from: ${source}`, async () => {
      const context = await browser.newContext();
      try {
        await context.route(/\/digits\.[0-9a-f]+\.bin$/, (route) => route.fulfill({body: Buffer.from(pack(source))}));
        const visit = await openCells(context, `${site.url}mnist.html`);
        await figure("forward", visit.page).scrollIntoViewIfNeeded();
        await figure("forward", visit.page).getByRole("combobox", {name: "the digit is"}).selectOption("data");
        const name = source === "mnist" ? /\(MNIST\)/ : /\(offline digits, drawn by the pretrained model\)/;
        await says("forward", name, visit.page);
        await figure("forward", visit.page).getByRole("combobox", {name: "which"}).selectOption("8");
        await says("forward", /a 8 \(/, visit.page);
        assertSound(visit);
        await visit.close();
      } finally {
        await context.close();
      }
    });
  }

  it("takes a digit to its noise and back, nearer with more steps, and farther off with guidance", async () => {
    await figure("inversion").scrollIntoViewIfNeeded();
    await says("inversion", /The error falls from/, page, patience);
    const falls = async () => {
      const [, few, many] = (await status("inversion").textContent())!.match(
        /from (\S+(?: × \S+)?) with.* to (\S+(?: × \S+)?) with/
      )!;
      return [few, many].map(numberOf);
    };
    const [few, many] = await falls();
    assert.ok(many < few / 5, `${few} with 5 steps, ${many} with 200`);
    const spread = async () => Number(await reading("inversion", /standard deviation of x_T/));
    const with50 = await spread();
    assert.ok(with50 > 0.2 && with50 < 1.1, `the noise has the standard deviation ${with50}`);
    const kept = numberOf(await reading("inversion", /mean squared error/));
    await set("inversion", "guidance", 5);
    await says("inversion", /w = 5\.0, the mean squared error/);
    const otherText = await reading("inversion", /mean squared error/);
    const other = numberOf(otherText);
    assert.ok(other > 5 * kept, `${kept} without guidance, ${other} when only the way back has it`);
    await figure("inversion").getByRole("combobox", {name: "encode with"}).selectOption("same");
    await page.waitForFunction(
      (before) => document.querySelector("#fig-digit-inversion .reading-value")!.textContent !== before,
      otherText
    );
    const both = numberOf(await reading("inversion", /mean squared error/));
    assert.ok(both < other, `${both} when both ways have it, ${other} when one has`);
    await set("inversion", "guidance", 1);
    await figure("inversion").getByRole("combobox", {name: "decode as"}).selectOption("8");
    await figure("inversion").locator('canvas[aria-label^="decoded as 8"]').waitFor();
  });

  it("walks smoothly from noise to noise by DDIM, not by DDPM, and on the shell unless the cell says otherwise", async () => {
    await figure("interpolation").scrollIntoViewIfNeeded();
    await says("interpolation", /^9 frames of a 3/);
    const change = async (name: string) => Number(await reading("interpolation", new RegExp(`^${name}|${name}:`)));
    const [ddim, ddpm] = [await change("DDIM"), await change("DDPM")];
    assert.ok(ddpm > 1.3 * ddim, `DDIM changes by ${ddim}, DDPM by ${ddpm}`);
    const halfway = () => reading("interpolation", /halfway/);
    assert.ok(Math.abs(Number(await halfway()) - 1) < 0.08, "the noise halfway is noise");
    const code = (await cells.cell("slerp").locator("pre").first().innerText()).trimEnd();
    await cells.run("slerp", code.replace("near * value + far * b[i]", "(1 - share) * value + share * b[i]"));
    await says("interpolation", /^DD/);
    await says("interpolation", /^9 frames/);
    assert.ok(Math.abs(Number(await halfway()) - 0.71) < 0.06, "the straight line is short");
    await cells.press("slerp", "Reset");
    await says("interpolation", /^9 frames/);
  });

  it("measures the table cell by cell, stops, and shows the recorded run again", async () => {
    await figure("quality").scrollIntoViewIfNeeded();
    const first = figure("quality").locator("tbody td").first();
    const recorded = await first.textContent();
    await press("quality", "Measure here");
    await says("quality", /^S = 5, η = 0.5; about .* to go/, page, patience);
    assert.match((await first.textContent())!, /^\d+\.\d ± \d+\.\d%$/);
    await press("quality", "Stop");
    await says("quality", /^Stopped/);
    await press("quality", "Show the recorded run");
    assert.equal(await first.textContent(), recorded);
  });

  it("did all this without an error in the console or a request to another host", () => assertSound(cells));
});

/** A pack of ten digits in block letters, in the form of the page's file. */
function pack(source: DigitSource): Uint8Array {
  const digits: DigitArray = {
    count: 10,
    pixels: new Uint8Array(7840),
    labels: Uint8Array.from({length: 10}, (_, k) => k)
  };
  for (let k = 0; k < 10; ++k) {
    const strokes = glyph(String(k))!.strokes.map((stroke) => stroke.flat());
    digits.pixels.set(drawnDigit(strokes, 10), 784 * k);
  }
  return gzipSync(packDigits({source, train: digits, test: digits}));
}

/** A number as a figure writes it, such as `4.1 × 10⁻⁵`. */
function numberOf(text: string): number {
  const [factor, power] = text.split(" × 10");
  const digits = [...(power ?? "")].map((one) => (one === "⁻" ? "-" : String("⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(one)))).join("");
  return Number(factor) * 10 ** Number(digits || 0);
}
