import assert from "node:assert/strict";
import {before, describe, it} from "node:test";
import {assertSound} from "./cells.js";
import {openChapter} from "./chapter.js";

const {page, cells, figure} = await openChapter("playground.html#data=tri&steps=7&seed=3");
const {root, slider, list, field, enter, press, choose, says} = figure("playground");

describe("the playground", () => {
  before(() => root.scrollIntoViewIfNeeded());

  const hash = () => new URL(page.url()).hash;

  it("begins with what its link says", async () => {
    await says(/^500 points, ddim, S = 7: state 7 of 7/);
    assert.equal(await list("data").inputValue(), "tri");
    assert.equal(await field("seed of the start").inputValue(), "3");
  });

  it("writes every change into its link, by names that a person can read", async () => {
    await choose("step list", "quadratic");
    await choose("sampler", "heun");
    await says(/^500 points, heun, S = 7/);
    assert.equal(hash(), "#data=tri&sampler=heun&steps=7&list=quadratic&seed=3");
    assert.ok(await slider("eta").isDisabled(), "eta has no effect on Heun");
  });

  it("shows a preset and what to look at", async () => {
    await press("A network’s own errors");
    await says(/^500 points, ddim, S = 50/);
    await root.getByText("pretrained: a network").waitFor();
    assert.equal(hash(), "#data=moons&denoiser=pretrained&steps=50");
    await root.getByText(/No step list makes good/).waitFor();
  });

  it("says what is wrong with a link, and keeps the rest of it", async () => {
    await page.evaluate(() => (location.hash = "steps=12&eta=nine&data=cat"));
    await says(/^500 points, ddim, S = 12/);
    await root.getByText(/The link sets eta to “nine”.*The link sets data to “cat”/).waitFor();
  });

  it("refuses an eta beyond the limit with a sentence, keeps the picture, and offers a way back", async () => {
    await enter("eta", 3);
    await root.getByText(/The picture still shows the last run/).waitFor();
    await press("Back to the usual settings");
    await says(/^500 points, ddim, S = 20/);
    assert.equal(hash(), "");
  });

  it("did all this without an error in the console or a request to another host", () => assertSound(cells));
});
