import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {gzipSync} from "node:zlib";
import {drawnDigit} from "../../lib/digits/drawn-digit.js";
import type {DigitArray, DigitSource} from "../../lib/digits/digit-set.js";
import {packDigits} from "../../lib/digits/digit-set.js";
import {glyph} from "../../lib/points/stroke-font.js";
import {assertSound, openCells} from "./cells.js";
import {figureOf, openChapter} from "./chapter.js";

const {site, browser, page, cells, figure} = await openChapter("mnist.html", 60_000);
const patience = 240_000; // a thousand steps on a slow machine with other tests beside it

describe("the chapter on digits", () => {
  const names = ["samplers", "forward", "inversion", "interpolation", "quality"];
  const [samplers, forward, inversion, interpolation, quality] = names.map((name) => figure(`digit-${name}`));
  /** What the classifier reads in DDIM's ten digits. */
  const drawn = async () => {
    const label = samplers.root.locator('canvas[aria-label^="DDIM: the digits"]');
    return (await label.getAttribute("aria-label"))!.split("read as ")[1];
  };
  const rightOf = (text: string) => text.split(" ").filter((digit, k) => digit === String(k)).length;

  it("draws the first digits within five seconds of the press, and they are the digits asked for", async () => {
    await samplers.root.scrollIntoViewIfNeeded();
    await samplers.says(/^DDIM took/);
    await samplers.press("New noise");
    const start = performance.now();
    await samplers.root.locator('canvas[aria-label^="DDIM: the digits"]').waitFor();
    const seconds = (performance.now() - start) / 1000;
    assert.ok(seconds < 5, `it took ${seconds.toFixed(1)} s`);
    await samplers.says(/^DDIM took/);
    const right = rightOf(await drawn());
    assert.ok(right >= 8, `${right} of 10 are the digit asked for`);
    assert.equal(await samplers.reading(/evaluations/), "–", "DDPM has not run");
  });

  it("gives the same digits for the same noise by DDIM, and others with an eta", async () => {
    const apart = async () => Number(await samplers.root.locator(".reading-value").nth(7).textContent());
    await samplers.press("Same noise again");
    await page.waitForFunction(
      () => !isNaN(Number(document.querySelectorAll("#fig-digit-samplers .reading-value")[7].textContent))
    );
    assert.equal(await apart(), 0);
    await samplers.slide("eta", 1);
    await samplers.says(/^DDIM took/);
    await samplers.press("Same noise again");
    await page.waitForFunction(
      () => Number(document.querySelectorAll("#fig-digit-samplers .reading-value")[7].textContent) > 0.1
    );
    await samplers.slide("eta", 0);
    await samplers.says(/^DDIM took/);
  });

  it("runs a thousand steps of DDPM beside it, slower by about the ratio of the evaluations, with other digits again", async () => {
    await samplers.slide("guidance", 1); // one evaluation a step, for the test's sake
    await samplers.press("Run both");
    await samplers.says(/^DDPM: step \d+ of 1000, about \d+ s to go/);
    await samplers.says(/^DDIM took .* for 20 evaluations of the network, DDPM .* for 1000\./, patience);
    const ratio = Number((await samplers.reading(/DDPM’s time over/)).replace(" ×", ""));
    assert.ok(ratio > 20 && ratio < 120, `DDPM took ${ratio} times as long`);
    const [right] = (await samplers.root.locator(".reading-value").nth(2).textContent())!.match(/\d+/)!;
    assert.ok(Number(right) >= 6, `${right} of DDPM’s digits are those asked for`);
    await samplers.press("Same noise again");
    await samplers.says(/^DDPM: step \d{2,} of/);
    await samplers.press("Stop");
    await samplers.says(/^Stopped/);
    await samplers.slide("guidance", 1.5);
    await samplers.says(/^DDIM took/);
  });

  it("follows the cell of the guidance, and comes back with it", async () => {
    const before = await drawn();
    const code = await cells.source("guide");
    await cells.run("guide", code.replace("plain + w", "plain - w"));
    await page.waitForFunction((old) => {
      const label = document.querySelector('#fig-digit-samplers canvas[aria-label^="DDIM: the digits"]')?.ariaLabel;
      return label && !label.endsWith(old);
    }, before);
    await samplers.says(/^DDIM took/);
    assert.ok(rightOf(await drawn()) < 5, "anything but the digit asked for");
    await cells.run("guide", "function guide() {\n  return;\n}");
    await samplers.alert.filter({hasText: /“guide” stopped: it returned nothing/}).waitFor();
    await cells.press("guide", "Reset");
    await samplers.says(/^DDIM took/);
    assert.equal(await drawn(), before, "the noise and the settings were kept");
    assert.equal(await samplers.alert.isVisible(), false);
  });

  it("reads what is drawn on the pad, with the pointer and with the keyboard", async () => {
    await forward.root.scrollIntoViewIfNeeded();
    await forward.says(/^t = 500 of 1000.*reads as 5/);
    await forward.press("Clear");
    await forward.says(/an empty pad/);
    const pad = forward.root.locator("canvas[aria-label^=Pad]");
    const box = (await pad.boundingBox())!;
    await page.mouse.move(box.x + 0.5 * box.width, box.y + 0.15 * box.height);
    await page.mouse.down();
    await page.mouse.move(box.x + 0.5 * box.width, box.y + 0.85 * box.height, {steps: 10});
    await page.mouse.up();
    await forward.says(/reads as 1/);
    await forward.press("Undo");
    await forward.says(/an empty pad/);
    await pad.focus();
    for (const [key, count] of [
      ["ArrowLeft", 4],
      ["ArrowUp", 7],
      ["Shift+ArrowRight", 8],
      ["Shift+ArrowDown", 14]
    ] as const)
      for (let k = 0; k < count; ++k) await page.keyboard.press(key);
    await forward.says(/reads as 7/);
  });

  it("predicts the digit better near the data, and the noise better near the noise", async () => {
    const errors = async (t: number) => {
      await forward.slide("time", t);
      await forward.says(new RegExp(`^t = ${t} of 1000`));
      return Promise.all([/predicted x₀ is off/, /predicted noise is off/].map((label) => forward.reading(label)));
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
        const {root, choose, says} = figureOf(visit.page.locator("#fig-digit-forward"));
        visit.page.setDefaultTimeout(60_000);
        await root.scrollIntoViewIfNeeded();
        await choose("the digit is", "data");
        const name = source === "mnist" ? /\(MNIST\)/ : /\(offline digits, drawn by the pretrained model\)/;
        await says(name);
        await choose("which", "8");
        await says(/a 8 \(/);
        assertSound(visit);
        await visit.close();
      } finally {
        await context.close();
      }
    });
  }

  it("takes a digit to its noise and back, nearer with more steps, and farther off with guidance", async () => {
    await inversion.root.scrollIntoViewIfNeeded();
    await inversion.says(/The error falls from/, patience);
    const falls = async () => {
      const [, few, many] = (await inversion.said()).match(
        /from (\S+(?:\s×\s\S+)?) with.* to (\S+(?:\s×\s\S+)?) with/
      )!;
      return [few, many].map(numberOf);
    };
    const [few, many] = await falls();
    assert.ok(many < few / 5, `${few} with 5 steps, ${many} with 200`);
    const spread = async () => Number(await inversion.reading(/standard deviation of x_T/));
    const with50 = await spread();
    assert.ok(with50 > 0.2 && with50 < 1.1, `the noise has the standard deviation ${with50}`);
    const kept = numberOf(await inversion.reading(/mean squared error/));
    await inversion.slide("guidance", 5);
    await inversion.says(/w = 5\.0, the mean squared error/);
    const otherText = await inversion.reading(/mean squared error/);
    const other = numberOf(otherText);
    assert.ok(other > 5 * kept, `${kept} without guidance, ${other} when only the way back has it`);
    await inversion.choose("encode with", "same");
    await page.waitForFunction(
      (before) => document.querySelector("#fig-digit-inversion .reading-value")!.textContent !== before,
      otherText
    );
    const both = numberOf(await inversion.reading(/mean squared error/));
    assert.ok(both < other, `${both} when both ways have it, ${other} when one has`);
    await inversion.slide("guidance", 1);
    await inversion.choose("decode as", "8");
    await inversion.root.locator('canvas[aria-label^="decoded as 8"]').waitFor();
  });

  it("walks smoothly from noise to noise by DDIM, not by DDPM, and on the shell unless the cell says otherwise", async () => {
    await interpolation.root.scrollIntoViewIfNeeded();
    await interpolation.says(/^9 frames of a 3/);
    const change = async (name: string) => Number(await interpolation.reading(new RegExp(`^${name}|${name}:`)));
    const [ddim, ddpm] = [await change("DDIM"), await change("DDPM")];
    assert.ok(ddpm > 1.3 * ddim, `DDIM changes by ${ddim}, DDPM by ${ddpm}`);
    const halfway = () => interpolation.reading(/halfway/);
    assert.ok(Math.abs(Number(await halfway()) - 1) < 0.08, "the noise halfway is noise");
    const code = await cells.source("slerp");
    await cells.run("slerp", code.replace("near * value + far * b[i]", "(1 - share) * value + share * b[i]"));
    await interpolation.says(/^DD/);
    await interpolation.says(/^9 frames/);
    assert.ok(Math.abs(Number(await halfway()) - 0.71) < 0.06, "the straight line is short");
    await cells.press("slerp", "Reset");
    await interpolation.says(/^9 frames/);
  });

  it("measures the table cell by cell, stops, and shows the recorded run again", async () => {
    await quality.root.scrollIntoViewIfNeeded();
    const first = quality.root.locator("tbody td").first();
    const recorded = await first.textContent();
    await quality.press("Measure here");
    await quality.says(/^S = 5, η = 0.5; about .* to go/, patience);
    assert.match((await first.textContent())!, /^\d+\.\d ± \d+\.\d%$/);
    await quality.press("Stop");
    await quality.says(/^Stopped/);
    await quality.press("Show the recorded run");
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
  const [factor, power] = text.split("\u00a0×\u00a010");
  const digits = [...(power ?? "")].map((one) => (one === "⁻" ? "-" : String("⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(one)))).join("");
  return Number(factor) * 10 ** Number(digits || 0);
}
