import assert from "node:assert/strict";
import {before, describe, it} from "node:test";
import {assertSound} from "./cells.js";
import {openChapter} from "./chapter.js";

const {page, cells, figure} = await openChapter("ddim.html");
const {root, alert, slider, said, says, slide, choose, enter, readings, labels} = figure("sampler");

describe("the editable cells of the chapter on DDIM", () => {
  before(async () => {
    await root.scrollIntoViewIfNeeded();
    await says(/^Step 20 of 20/);
  });

  const wait = async (ready: () => Promise<boolean>, what: string) => {
    for (let k = 0; k < 100; ++k, await page.waitForTimeout(100)) if (await ready()) return;
    assert.fail(`after 10 s still not: ${what}`);
  };

  /** Puts the cell's own code back. */
  const reset = (name: string) => cells.press(name, "Reset");

  /** What the figure says of its picture. Pixels will not do: a browser that is asked for them paints otherwise. */
  const pictures = async () => [await said(), ...(await labels()), ...(await readings()).slice(0, 2)];

  it("show the published update fly off, and all in place again when it is set right", async () => {
    const [before, told] = [await pictures(), await said()];
    await cells.change("ddim-step", "x0.mul(Math.sqrt(alphaBarPrev))", "x0.div(Math.sqrt(alphaBarPrev))");
    await alert
      .filter({hasText: /DDIM step fly off.*should stay near 1; it grows to \d+ at step \d+ and ends/})
      .waitFor();
    await root
      .getByText(/times as far: the dashed square is the usual view/)
      .first()
      .waitFor();
    assert.notDeepEqual(await pictures(), before);
    await cells.run("ddim-step", await cells.source("ddim-step"));
    await alert.waitFor({state: "hidden"});
    assert.equal(await said(), told);
    assert.deepEqual(await pictures(), before, "the noise and the settings were kept");
    await reset("ddim-step");
    assert.deepEqual(await pictures(), before);
  });

  it("keep the last picture, and say whose fault it is, when a step throws or makes no points", async () => {
    const before = await pictures();
    const wrong: [from: string, to: string, says: RegExp][] = [
      [
        "x.sub(noisy)",
        "x.minus(noisy)",
        /The cell “ddim-step” stopped: .*minus.*Correct the cell, or reset it. The picture/
      ],
      ["return x0", "return [x0][1] ?? 3; x0", /“ddim-step” stopped: the step returned number.*a tensor \[500,2\]/],
      ["return x0", "return x0.mul(NaN)", /step 1 made numbers that are not finite out of points that are/]
    ];
    for (const [from, to, message] of wrong) {
      await cells.change("ddim-step", from, to);
      await alert.filter({hasText: message}).waitFor();
      assert.deepEqual(await pictures(), before, to);
      await reset("ddim-step");
      await alert.waitFor({state: "hidden"});
    }
    assert.deepEqual(await pictures(), before);
  });

  it("show that the DDPM step is the DDIM step at eta 1, and not without its noise", async () => {
    const zero = await said();
    await slide("eta", 1);
    await wait(async () => (await said()) !== zero, "another eta");
    const one = await said();
    await choose("sampler", "ddpm");
    await wait(() => slider("eta").isDisabled(), "DDPM has no eta");
    await page.waitForTimeout(300);
    assert.equal(await said(), one);
    const [near] = await readings();
    await cells.change("ddpm-step", "return mean.add(noise.mul(Math.sqrt(variance)))", "return mean");
    await wait(async () => (await readings())[0] > 3 * near, "the samples crowd into the middle");
    await reset("ddpm-step");
    await wait(async () => (await readings())[0] === near, "the noise is back");
    await choose("sampler", "ddim");
    await slide("eta", 0);
    await wait(async () => (await said()) === zero, "all is as it was");
  });

  it("give the list of steps to the figure and to the text", async () => {
    await enter("steps", 5);
    await says(/^Step 5 of 5/);
    const [coarse] = await readings();
    await cells.change("step-list", "T - (i * T) / steps", "T * (1 - i / steps) ** 2");
    await page.getByText("Ten steps are 999 → 809, 809 → 639").waitFor();
    await wait(async () => (await readings())[0] < coarse / 2, "fine steps at the end are better");
    await cells.change("step-list", "stepAt(i));", "i);");
    await alert.filter({hasText: /“step-list” stopped: .*must descend/}).waitFor();
    await page.getByText("Ten steps are not to be had").waitFor();
    await reset("step-list");
    await alert.waitFor({state: "hidden"});
    await page.getByText("Ten steps are 999 → 899, 899 → 799").waitFor();
    await enter("steps", 20);
    await says(/^Step 20 of 20/);
  });

  it("give the denoiser and the distance to the figure", async () => {
    const [before, [distance]] = [await said(), await readings()];
    await cells.change("denoiser", "pull(i)) / total", "0.9 * pull(i)) / total");
    await wait(async () => (await said()) !== before, "the timid denoiser samples otherwise");
    await cells.change("denoiser", "return [0, 1]", "return [0]");
    await alert.filter({hasText: /“denoiser” stopped: the denoiser returned \[.*2 finite numbers/}).waitFor();
    await reset("denoiser");
    await wait(async () => (await said()) === before, "the exact one is back");
    await cells.change("metric", "Math.sqrt(sum / lines)", "100 * Math.sqrt(sum / lines)");
    await wait(async () => Math.abs((await readings())[0] / distance - 100) < 5, "the distance is the cell’s");
    await cells.change("metric", "return Math.sqrt(sum / lines);", "");
    await alert.filter({hasText: /“metric” stopped: it returned nothing/}).waitFor();
    await reset("metric");
    await wait(async () => (await readings())[0] === distance, "the distance is back");
    assert.equal(await alert.isVisible(), false);
  });

  it("did all this without an error in the console", () => assertSound(cells));
});
