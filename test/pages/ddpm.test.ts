import assert from "node:assert/strict";
import {before, describe, it} from "node:test";
import {openChapter} from "./chapter.js";

const {page, cells, figure} = await openChapter("ddpm.html");

describe("the chapter on ancestral sampling", () => {
  const ancestral = figure("ancestral");

  before(async () => {
    await ancestral.root.scrollIntoViewIfNeeded();
    await ancestral.says(/^Step 100 of 100/);
  });

  /** Waits for another text, since a run takes as long as it takes. */
  async function changed(act: () => Promise<unknown>): Promise<void> {
    const before = await ancestral.said();
    await act();
    for (let k = 0; k < 150; ++k, await page.waitForTimeout(100)) if ((await ancestral.said()) !== before) return;
    assert.fail(`after 15 s the figure still says: ${before}`);
  }

  it("shows thin modes with the variance β̃ and right ones with β, beside what true points score", async () => {
    const [thin, inside, truth] = await ancestral.readings();
    assert.ok(thin < 0.8 && inside > 97 && truth > 0.9, `${thin}, ${inside}, ${truth}`);
    await changed(() => ancestral.choose("noise in each step", "fixed_large"));
    const [wide] = await ancestral.readings();
    assert.ok(wide > 0.95, `with β the modes are ${wide} times as wide`);
  });

  it("loses all modes but one of an uneven set when the noise is switched off", async () => {
    await changed(() => ancestral.choose("noise in each step", "none"));
    await changed(() => ancestral.choose("data", "tri"));
    const [width, inside] = await ancestral.readings();
    assert.ok(width < 0.2, `the modes are ${width} times as wide`);
    assert.equal(inside, 100);
  });

  it("runs the step of the cell, and says when it is none", async () => {
    const code = await cells.source("ddpm-step");
    await cells.run("ddpm-step", code.replace("return mean + sigma * z;", 'return "mean" as unknown as number;'));
    await ancestral.alert.getByText(/The cell “ddpm-step” stopped/).waitFor();
    await changed(async () => {
      await ancestral.choose("noise in each step", "fixed_small");
      await cells.run("ddpm-step", code.replace("mean + sigma * z", "0 * mean + 0 * sigma * z"));
    });
    await ancestral.says(/: 0% of 600 points/);
    await cells.press("ddpm-step", "Reset");
    await ancestral.says(/: (9\d|100)% of 600 points/);
  });

  it("moves from one variance to the other with the width of the data", async () => {
    const last = async () => {
      const text = await figure("variances").said();
      return [...text.matchAll(/(\d\.\d{3})(?= by|\.$)/g)].map(([n]) => Number(n));
    };
    await figure("variances").drag("std of the data", 0);
    const [tilde, beta, right] = await last();
    assert.equal(right, tilde);
    await figure("variances").drag("std of the data", 1);
    assert.deepEqual((await last())[2], beta);
  });

  it("rescues data in the box by clipping, and spoils data outside", async () => {
    await figure("clip").root.scrollIntoViewIfNeeded();
    await figure("clip").says(/Clipping helps/);
    await figure("clip").drag("error of the denoiser", 0);
    await figure("clip").says(/Clipping makes no difference/);
    await figure("clip").drag("radius of the data", 1.8);
    await figure("clip").says(/Clipping hurts/);
  });
});
